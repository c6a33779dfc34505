#pragma once

#include <string>

namespace huiyin::gateway {

/// A new folder below the system's temporary one, that goes with all that is in it when this does.
class ScratchFolder {
 public:
  /// `/tmp/huiyin-<what>-XXXXXX`. Throws std::filesystem::filesystem_error where none can be made.
  explicit ScratchFolder(const std::string& what);
  ~ScratchFolder();
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace huiyin::gateway
