#include "gateway/file_type.h"

#include <magic.h>

#include <algorithm>
#include <array>
#include <type_traits>

#include "core/handle.h"

namespace huiyin::gateway {
namespace {

using namespace std::string_view_literals;
using Magic = Handle<std::remove_pointer_t<magic_t>, magic_close>;

constexpr std::array kImages = {"image/jpeg"sv, "image/png"sv,  "image/gif"sv, "image/webp"sv,
                                "image/heic"sv, "image/heif"sv, "image/bmp"sv, "image/x-ms-bmp"sv};
constexpr std::array kVoices = {"audio/amr"sv, "audio/AMR"sv,   "audio/mpeg"sv,          "audio/mp4"sv, "audio/x-m4a"sv,
                                "audio/ogg"sv, "audio/x-wav"sv, "audio/x-hx-aac-adts"sv, "audio/aac"sv};
constexpr std::array kVideos = {"video/mp4"sv, "video/quicktime"sv, "video/3gpp"sv, "video/webm"sv, "video/x-m4v"sv};

template <class List>
bool has(const List& list, std::string_view type) {
  return std::find(list.begin(), list.end(), type) != list.end();
}

}  // namespace

struct FileTypes::Impl {
  Magic magic{};
};

FileTypes::FileTypes(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
FileTypes::~FileTypes() = default;

Expected<std::unique_ptr<FileTypes>> FileTypes::load() {
  auto impl = std::make_unique<Impl>();
  // Archives are not looked into: what they hold does not matter, and opening them is what a bomb wants.
  impl->magic.reset(magic_open(MAGIC_MIME_TYPE | MAGIC_NO_CHECK_COMPRESS | MAGIC_NO_CHECK_TAR | MAGIC_NO_CHECK_CDF |
                               MAGIC_NO_CHECK_ELF));
  if (!impl->magic || magic_load(impl->magic.get(), nullptr) != 0)
    return tl::unexpected(Error{"libmagic", impl->magic ? magic_error(impl->magic.get()) : "out of memory",
                                "Install the package libmagic-mgc"});
  return std::unique_ptr<FileTypes>(new FileTypes(std::move(impl)));
}

std::string FileTypes::type_of(const std::string& path) {
  const std::lock_guard lock(mutex_);
  const char* type = magic_file(impl_->magic.get(), path.c_str());
  return type == nullptr ? "" : type;
}

bool is_accepted(std::string_view mime_type, MediaKind kind) {
  switch (kind) {
    case MediaKind::image:
      return has(kImages, mime_type);
    case MediaKind::voice:
      return has(kVoices, mime_type);
    case MediaKind::video:
      return has(kVideos, mime_type);
    case MediaKind::file:
      return has(kImages, mime_type) || has(kVoices, mime_type) || has(kVideos, mime_type);
  }
  return false;
}

bool is_words(std::string_view mime_type) {
  return mime_type.starts_with("text/") || mime_type == "application/json" || mime_type == "inode/x-empty";
}

}  // namespace huiyin::gateway
