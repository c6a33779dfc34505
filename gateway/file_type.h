#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "core/error.h"
#include "core/event.h"

namespace huiyin::gateway {

/// Tells a file's type by its bytes (libmagic), whatever its name or a header says. Thread-safe; one question at a
/// time.
class FileTypes {
 public:
  /// An Error where libmagic's table cannot be read.
  [[nodiscard]] static Expected<std::unique_ptr<FileTypes>> load();
  ~FileTypes();
  FileTypes(const FileTypes&) = delete;
  FileTypes& operator=(const FileTypes&) = delete;

  /// `image/jpeg`, `video/mp4` …; empty where the file cannot be read.
  [[nodiscard]] std::string type_of(const std::string& path);

 private:
  struct Impl;
  explicit FileTypes(std::unique_ptr<Impl> impl);
  std::mutex mutex_;
  std::unique_ptr<Impl> impl_;
};

/// Is it a photo, a voice message or a video of a kind that people can open, and what the owner's app said it is? What
/// can hold a program (SVG, HTML, documents, archives) is not.
[[nodiscard]] bool is_accepted(std::string_view mime_type, MediaKind kind);

/// Is it words rather than media: a provider's error page or message in place of what was asked for?
[[nodiscard]] bool is_words(std::string_view mime_type);

}  // namespace huiyin::gateway
