#include "gateway/media_store.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <system_error>

#include "core/handle.h"
#include "gateway/assets.h"
#include "gateway/strip_metadata.h"

namespace huiyin::gateway {
namespace {

namespace fs = std::filesystem;
using HashContext = Handle<EVP_MD_CTX, EVP_MD_CTX_free>;

constexpr auto kLeftBehind = std::chrono::hours(24);
const std::string kMails = "mails/";

std::string last_error() { return std::generic_category().message(errno); }

std::string day_of(Time time) { return format_utc(time).substr(0, 10); }

class Descriptor {
 public:
  explicit Descriptor(int file) : file_(file) {}
  ~Descriptor() {
    if (file_ >= 0) ::close(file_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int get() const { return file_; }

 private:
  int file_;
};

/// A rename lasts only when its folder is on disk.
bool sync_folder(const std::string& folder) {
  const Descriptor opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return opened.get() >= 0 && ::fsync(opened.get()) == 0;
}

/// The folder, and its entry in the one above, on disk.
bool make_folder(const fs::path& folder) {
  std::error_code error;
  if (fs::create_directories(folder, error)) return sync_folder(folder.parent_path().string());
  return !error;
}

void remove_what_was_left(const fs::path& folder) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    const auto written = entry.last_write_time(error);
    if (!error && fs::file_time_type::clock::now() - written > kLeftBehind) fs::remove(entry.path(), error);
  }
}

std::string hex(const unsigned char* bytes, unsigned size) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  for (unsigned i = 0; i < size; ++i) {
    out += kDigits[bytes[i] >> 4U];
    out += kDigits[bytes[i] & 15U];
  }
  return out;
}

}  // namespace

struct MediaStore::Incoming::Hash {
  HashContext context{EVP_MD_CTX_new()};
};

MediaStore::Incoming::Incoming(int file, std::string path)
    : file_(file), path_(std::move(path)), hash_(std::make_unique<Hash>()) {
  EVP_DigestInit_ex(hash_->context.get(), EVP_sha256(), nullptr);
}

MediaStore::Incoming::~Incoming() {
  if (file_ >= 0) ::close(file_);
  if (!path_.empty()) ::unlink(path_.c_str());
}

bool MediaStore::Incoming::write(std::string_view bytes) {
  EVP_DigestUpdate(hash_->context.get(), bytes.data(), bytes.size());
  while (!bytes.empty()) {
    const auto written = ::write(file_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) {
      why_not_ = last_error();
      return false;
    }
    bytes_ += written;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

Expected<std::unique_ptr<MediaStore>> MediaStore::open(const std::string& folder) {
  for (const auto* below : {"tmp", "shared"})
    if (!make_folder(fs::path(folder) / below) || ::access((folder + "/" + below).c_str(), W_OK) != 0)
      return tl::unexpected(Error{folder, "the folder for media cannot be made or written: " + last_error(),
                                  "Give it to the user that runs huiyin"});
  remove_what_was_left(fs::path(folder) / "tmp");
  return std::unique_ptr<MediaStore>(new MediaStore(folder));
}

Expected<std::unique_ptr<MediaStore::Incoming>> MediaStore::receive() {
  std::string path = folder_ + "/tmp/XXXXXX";
  const int file = ::mkostemp(path.data(), O_CLOEXEC);  // 0600
  if (file < 0) return tl::unexpected(Error{folder_, "no file can be made: " + last_error(), "Is the disk full?"});
  return std::unique_ptr<Incoming>(new Incoming(file, std::move(path)));
}

std::string MediaStore::hash_of(Incoming& incoming) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  EVP_DigestFinal_ex(incoming.hash_->context.get(), digest.data(), &size);
  return hex(digest.data(), size);
}

std::optional<Error> MediaStore::put(Incoming& incoming, const std::string& target) {
  const auto below = fs::path(target).parent_path();
  // Renaming over a file that is there puts the same bytes in its place.
  const bool kept =
      ::fsync(incoming.file_) == 0 && make_folder(below) && ::rename(incoming.path_.c_str(), target.c_str()) == 0;
  if (!kept) return Error{target, "it cannot be kept: " + last_error(), "Is the disk full?"};
  incoming.path_.clear();
  if (!sync_folder(below.string())) return Error{target, "not on disk: " + last_error(), ""};
  return std::nullopt;
}

Expected<std::string> MediaStore::keep(Incoming& incoming) {
  auto sha256 = hash_of(incoming);
  if (auto error = put(incoming, path_of(sha256))) return tl::unexpected(*std::move(error));
  return sha256;
}

Expected<std::string> MediaStore::keep_mail(Incoming& incoming, Time received) {
  auto path = kMails + day_of(received) + "/" + hash_of(incoming);
  if (auto error = put(incoming, folder_ + "/" + path)) return tl::unexpected(*std::move(error));
  return path;
}

void MediaStore::forget_mails_before(Time time) {
  const auto day = day_of(time);
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder_ + "/" + kMails, error))
    if (entry.path().filename().string() < day) fs::remove_all(entry.path(), error);
}

std::string media_path(const std::string& folder, const std::string& sha256) {
  return folder + "/" + sha256.substr(0, 2) + "/" + sha256;
}

std::string MediaStore::path_of(const std::string& sha256) const { return media_path(folder_, sha256); }

bool MediaStore::holds(const std::string& sha256) const { return ::access(path_of(sha256).c_str(), R_OK) == 0; }

Expected<std::string> MediaStore::shareable_copy(const std::string& sha256, const std::string& mime_type) {
  const auto target = media_path(folder_ + "/shared", sha256);
  if (::access(target.c_str(), R_OK) == 0) return target;
  const auto original = read_file(path_of(sha256));
  if (!original) return tl::unexpected(original.error());
  const auto stripped = strip_metadata(*original, mime_type);
  if (!stripped)
    return tl::unexpected(
        Error{path_of(sha256), "metadata cannot be taken out of " + mime_type, "Show it to staff only"});
  auto copy = receive();
  if (!copy) return tl::unexpected(copy.error());
  if (!(*copy)->write(*stripped) || ::fsync((*copy)->file_) != 0 || !make_folder(fs::path(target).parent_path()) ||
      ::rename((*copy)->path_.c_str(), target.c_str()) != 0)
    return tl::unexpected(Error{target, "the copy cannot be written: " + last_error(), "Is the disk full?"});
  (*copy)->path_.clear();
  return target;
}

}  // namespace huiyin::gateway
