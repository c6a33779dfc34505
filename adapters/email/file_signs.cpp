#include "adapters/email/file_signs.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>

namespace huiyin::email {
namespace {

unsigned byte(std::string_view bytes, std::size_t at) { return static_cast<unsigned char>(bytes[at]); }
unsigned big16(std::string_view bytes, std::size_t at) { return (byte(bytes, at) << 8U) | byte(bytes, at + 1); }
unsigned big32(std::string_view bytes, std::size_t at) { return (big16(bytes, at) << 16U) | big16(bytes, at + 2); }
unsigned little16(std::string_view bytes, std::size_t at) { return byte(bytes, at) | (byte(bytes, at + 1) << 8U); }

struct Sign {
  std::string_view begin, type;
};
constexpr std::array kSigns{Sign{"\xFF\xD8\xFF", "image/jpeg"},
                            Sign{"\x89PNG\r\n\x1A\n", "image/png"},
                            Sign{"GIF8", "image/gif"},
                            Sign{"BM", "image/bmp"},
                            Sign{"II*\0", "image/tiff"},
                            Sign{"%PDF-", "application/pdf"},
                            Sign{"PK\x03\x04", "application/zip"},
                            Sign{"Rar!\x1A\x07", "application/vnd.rar"},
                            Sign{"7z\xBC\xAF\x27\x1C", "application/x-7z-compressed"},
                            Sign{"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "application/x-ole-storage"},
                            Sign{"ID3", "audio/mpeg"},
                            Sign{"#!AMR", "audio/amr"},
                            Sign{"OggS", "audio/ogg"}};

/// The size in a JPEG's frame header.
std::optional<PictureSize> jpeg_size(std::string_view bytes) {
  for (std::size_t at = 2; at + 9 < bytes.size();) {
    if (byte(bytes, at) != 0xFF) return std::nullopt;
    const unsigned marker = byte(bytes, at + 1);
    if (marker == 0xFF || marker == 0x01 || (marker >= 0xD0 && marker <= 0xD8)) {
      at += marker == 0xFF ? 1 : 2;
      continue;
    }
    if (marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC)
      return PictureSize{big16(bytes, at + 7), big16(bytes, at + 5)};
    at += 2 + std::max(2U, big16(bytes, at + 2));
  }
  return std::nullopt;
}

}  // namespace

std::string type_by_bytes(std::string_view bytes) {
  for (const auto& sign : kSigns)
    if (bytes.starts_with(sign.begin) && bytes.size() > 8) return std::string(sign.type);
  if (bytes.size() >= 12 && bytes.starts_with("RIFF")) {
    if (bytes.substr(8, 4) == "WEBP") return "image/webp";
    if (bytes.substr(8, 4) == "WAVE") return "audio/wav";
  }
  if (bytes.size() >= 12 && bytes.substr(4, 4) == "ftyp") {
    const auto brand = bytes.substr(8, 4);
    if (brand == "heic" || brand == "heix" || brand == "mif1" || brand == "heim") return "image/heic";
    if (brand == "avif") return "image/avif";
    return brand == "qt  " ? "video/quicktime" : "video/mp4";
  }
  return {};
}

std::optional<PictureSize> picture_size(std::string_view bytes) {
  if (bytes.starts_with("\x89PNG") && bytes.size() >= 24) return PictureSize{big32(bytes, 16), big32(bytes, 20)};
  if (bytes.starts_with("GIF8") && bytes.size() >= 10) return PictureSize{little16(bytes, 6), little16(bytes, 8)};
  if (bytes.starts_with("BM") && bytes.size() >= 26) return PictureSize{little16(bytes, 18), little16(bytes, 22)};
  if (bytes.starts_with("\xFF\xD8")) return jpeg_size(bytes);
  return std::nullopt;
}

bool is_logo_size(PictureSize size) {
  if (size.width == 0 || size.height == 0) return true;
  if (size.width <= 32 && size.height <= 32) return true;
  return size.height <= 80 && size.width * 2 >= size.height * 5;
}

bool is_camera_name(std::string_view name) {
  std::string small(name);
  std::transform(small.begin(), small.end(), small.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  static constexpr std::array<std::string_view, 9> kBeginnings{"img_",  "dsc",  "mmexport",   "微信图片", "wx_camera",
                                                               "photo", "pxl_", "screenshot", "照片"};
  return std::any_of(kBeginnings.begin(), kBeginnings.end(), [&](auto begin) { return small.starts_with(begin); });
}

}  // namespace huiyin::email
