#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/error.h"
#include "core/time.h"

namespace huiyin::gateway {

/// The bytes of what owners sent, in a folder of this machine (or shared by the nodes): each file named by its SHA-256,
/// so that the same photo is there once, and a file that is there is whole. Originals are never changed. Thread-safe,
/// also between processes.
///
///     <folder>/ab/abcdef…        an original
///     <folder>/shared/ab/abcd…   its copy for groups, without metadata
///     <folder>/mails/2026-11-23/abcdef…  a mail as it came, for some days
///     <folder>/tmp/              what is being received; what a killed process left is removed after a day
class MediaStore {
 public:
  /// Makes the folder. An Error where it cannot be written.
  [[nodiscard]] static Expected<std::unique_ptr<MediaStore>> open(const std::string& folder);

  /// A file that is being received. Gone unless it is kept.
  class Incoming {
   public:
    ~Incoming();
    Incoming(const Incoming&) = delete;
    Incoming& operator=(const Incoming&) = delete;
    /// False where the disk takes no more.
    [[nodiscard]] bool write(std::string_view bytes);
    [[nodiscard]] const std::string& path() const { return path_; }
    [[nodiscard]] std::int64_t bytes() const { return bytes_; }
    [[nodiscard]] const std::string& why_not() const { return why_not_; }  ///< after a write() that was false

   private:
    friend class MediaStore;
    struct Hash;
    Incoming(int file, std::string path);
    int file_;
    std::string path_;
    std::int64_t bytes_ = 0;
    std::string why_not_{};
    std::unique_ptr<Hash> hash_;
  };
  [[nodiscard]] Expected<std::unique_ptr<Incoming>> receive();
  /// Makes it last: on disk, under its hash (hex), which is returned. Nothing doubles where it was there already.
  [[nodiscard]] Expected<std::string> keep(Incoming& incoming);

  /// The same for a mail as it came, beside the others of its day (UTC). Its path below the folder is returned.
  [[nodiscard]] Expected<std::string> keep_mail(Incoming& incoming, Time received);
  /// Removes the mails of whole days before `time`'s.
  void forget_mails_before(Time time);

  [[nodiscard]] std::string path_of(const std::string& sha256) const;
  [[nodiscard]] bool holds(const std::string& sha256) const;
  /// The path of the copy that may leave the house, made when it is first asked for. An Error where the original is not
  /// here, or metadata cannot be taken out of its type: such a file is shown to staff, and not sent to groups.
  [[nodiscard]] Expected<std::string> shareable_copy(const std::string& sha256, const std::string& mime_type);

 private:
  explicit MediaStore(std::string folder) : folder_(std::move(folder)) {}
  [[nodiscard]] static std::string hash_of(Incoming& incoming);
  [[nodiscard]] static std::optional<Error> put(Incoming& incoming, const std::string& target);
  std::string folder_;
};

/// Where a file of this hash lies below `folder`.
[[nodiscard]] std::string media_path(const std::string& folder, const std::string& sha256);

}  // namespace huiyin::gateway
