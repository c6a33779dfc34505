#include "gateway/strip_metadata.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace huiyin::gateway {
namespace {

using namespace std::string_view_literals;

unsigned byte_at(std::string_view bytes, std::size_t at) { return static_cast<unsigned char>(bytes[at]); }

/// A number of 2 or 4 bytes; 0 where they are not there.
std::uint32_t number_at(std::string_view bytes, std::size_t at, std::size_t size, bool little_endian) {
  if (at > bytes.size() || bytes.size() - at < size) return 0;
  std::uint32_t out = 0;
  for (std::size_t i = 0; i < size; ++i) out = out << 8U | byte_at(bytes, at + (little_endian ? size - 1 - i : i));
  return out;
}

std::uint32_t big(std::string_view bytes, std::size_t at, std::size_t size) {
  return number_at(bytes, at, size, false);
}

// --- JPEG (ITU T.81 annex B; JFIF 1.02; Exif 2.3)

constexpr unsigned kStartOfImage = 0xD8, kEndOfImage = 0xD9, kStartOfScan = 0xDA, kComment = 0xFE;
constexpr unsigned kApp0 = 0xE0, kApp1 = 0xE1, kApp2 = 0xE2, kApp14 = 0xEE, kApp15 = 0xEF;
constexpr std::size_t kJfifWithoutThumbnail = 14;  // bytes of the segment's content

struct Segment {
  unsigned marker = 0;
  std::string_view content{};  ///< without marker and length
  std::string_view scan{};     ///< of a start of scan: the coded data that follows
};

/// Where the coded data from `at` on ends: at a marker that is neither a stuffed byte nor a restart.
std::size_t end_of_scan(std::string_view bytes, std::size_t at) {
  for (; at + 1 < bytes.size(); ++at) {
    if (byte_at(bytes, at) != 0xFF) continue;
    const auto next = byte_at(bytes, at + 1);
    if (next != 0 && next != 0xFF && (next < 0xD0 || next > 0xD7)) return at;
  }
  return bytes.size();
}

/// Moves through the segments of a JPEG file. `broken` where the bytes are none.
class Segments {
 public:
  explicit Segments(std::string_view bytes) : bytes_(bytes) {
    broken_ = bytes.size() < 4 || byte_at(bytes, 0) != 0xFF || byte_at(bytes, 1) != kStartOfImage;
  }
  /// Nothing at the end of the image, or of the bytes.
  std::optional<Segment> next() {
    while (at_ + 1 < bytes_.size() && byte_at(bytes_, at_) == 0xFF && byte_at(bytes_, at_ + 1) == 0xFF) ++at_;
    if (broken_ || at_ + 1 >= bytes_.size()) return std::nullopt;
    Segment out{.marker = byte_at(bytes_, at_ + 1)};
    if (out.marker == kEndOfImage) return std::nullopt;
    const auto length = big(bytes_, at_ + 2, 2);
    // Markers that stand alone have no place between segments; before them would stand what is dropped.
    const bool alone = out.marker < 0xC0 || (out.marker >= 0xD0 && out.marker <= kStartOfImage);
    broken_ = byte_at(bytes_, at_) != 0xFF || alone || length < 2 || length > bytes_.size() - at_ - 2;
    if (broken_) return std::nullopt;
    out.content = bytes_.substr(at_ + 4, length - 2);
    at_ += 2 + length;
    if (out.marker == kStartOfScan) {
      const auto end = end_of_scan(bytes_, at_);
      out.scan = bytes_.substr(at_, end - at_);
      at_ = end;
    }
    return out;
  }
  [[nodiscard]] bool broken() const { return broken_; }

 private:
  std::string_view bytes_;
  std::size_t at_ = 2;
  bool broken_ = false;
};

/// 1 to 8; 0 where the segment tells none.
std::uint32_t orientation_in(std::string_view exif) {
  if (!exif.starts_with("Exif\0\0"sv)) return 0;
  const auto tiff = exif.substr(6);
  const bool little = tiff.starts_with("II");
  const auto directory = number_at(tiff, 4, 4, little);
  if (directory >= tiff.size()) return 0;
  const auto entries = number_at(tiff, directory, 2, little);
  for (std::size_t i = 0; i < entries; ++i) {
    const auto entry = directory + 2 + i * 12;
    if (entry + 12 > tiff.size()) return 0;
    if (number_at(tiff, entry, 2, little) != 0x0112) continue;
    const auto value = number_at(tiff, entry + 8, 2, little);
    return value <= 8 ? value : 0;
  }
  return 0;
}

void put_segment(std::string& out, unsigned marker, std::string_view content) {
  const auto length = content.size() + 2;
  out += '\xFF';
  out += static_cast<char>(marker);
  out += static_cast<char>(length >> 8U);
  out += static_cast<char>(length & 0xFFU);
  out += content;
}

/// An EXIF segment that says nothing but the orientation.
void put_orientation(std::string& out, std::uint32_t orientation) {
  std::string exif("Exif\0\0MM\0\x2A\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0"sv);
  exif += static_cast<char>(orientation);
  exif += "\0\0\0\0\0\0"sv;
  put_segment(out, kApp1, exif);
}

bool is_needed(const Segment& segment) {
  if (segment.marker == kApp2) return segment.content.starts_with("ICC_PROFILE\0"sv);
  if (segment.marker == kApp14) return segment.content.starts_with("Adobe");  // tells how the colours are coded
  return segment.marker != kComment && (segment.marker < kApp0 || segment.marker > kApp15);
}

std::optional<std::string> strip_jpeg(std::string_view bytes) {
  std::uint32_t orientation = 0;
  std::string_view jfif;
  Segments first(bytes);
  bool has_scan = false;
  while (const auto segment = first.next()) {
    if (segment->marker == kApp0 && segment->content.starts_with("JFIF\0"sv)) jfif = segment->content;
    if (segment->marker == kApp1 && orientation == 0) orientation = orientation_in(segment->content);
    has_scan |= segment->marker == kStartOfScan;
  }
  if (first.broken() || !has_scan) return std::nullopt;
  std::string out("\xFF\xD8"sv);
  out.reserve(bytes.size());
  if (jfif.size() >= kJfifWithoutThumbnail)
    put_segment(out, kApp0, std::string(jfif.substr(0, kJfifWithoutThumbnail - 2)) + std::string(2, '\0'));
  if (orientation > 1) put_orientation(out, orientation);
  Segments segments(bytes);
  while (const auto segment = segments.next()) {
    if (!is_needed(*segment)) continue;
    put_segment(out, segment->marker, segment->content);
    out += segment->scan;
  }
  return out += "\xFF\xD9"sv;  // what stood behind the end (a second picture, a film) is gone
}

// --- PNG (third edition, 5 and 11)

constexpr auto kPngSignature = "\x89PNG\r\n\x1A\n"sv;
constexpr std::array kPngChunks = {"IHDR"sv, "PLTE"sv, "IDAT"sv, "IEND"sv, "tRNS"sv, "cHRM"sv,
                                   "gAMA"sv, "iCCP"sv, "sBIT"sv, "sRGB"sv, "cICP"sv, "bKGD"sv,
                                   "hIST"sv, "pHYs"sv, "acTL"sv, "fcTL"sv, "fdAT"sv};

std::optional<std::string> strip_png(std::string_view bytes) {
  if (!bytes.starts_with(kPngSignature)) return std::nullopt;
  std::string out(kPngSignature);
  out.reserve(bytes.size());
  for (std::size_t at = kPngSignature.size(); at + 12 <= bytes.size();) {
    const std::size_t size = big(bytes, at, 4);
    if (size > bytes.size() - at - 12) return std::nullopt;
    const auto type = bytes.substr(at + 4, 4);
    if (std::find(kPngChunks.begin(), kPngChunks.end(), type) != kPngChunks.end()) out += bytes.substr(at, size + 12);
    if (type == "IEND") return out;
    at += size + 12;
  }
  return std::nullopt;
}

// --- WebP (RFC 9649)

constexpr std::array kWebpChunks = {"VP8 "sv, "VP8L"sv, "VP8X"sv, "ALPH"sv, "ANIM"sv, "ANMF"sv, "ICCP"sv};
constexpr unsigned kWebpExif = 0x08, kWebpXmp = 0x04;  // flags of VP8X

std::optional<std::string> strip_webp(std::string_view bytes) {
  if (bytes.size() < 12 || !bytes.starts_with("RIFF") || bytes.substr(8, 4) != "WEBP") return std::nullopt;
  const std::size_t end = std::size_t{8} + number_at(bytes, 4, 4, true);
  if (end > bytes.size() || end < 12) return std::nullopt;
  bytes = bytes.substr(0, end);
  std::string out(bytes.substr(0, 12));
  out.reserve(bytes.size());
  for (std::size_t at = 12; at + 8 <= bytes.size();) {
    const std::size_t size = number_at(bytes, at + 4, 4, true);
    const auto padded = size + (size & 1U);
    if (size > bytes.size() - at - 8) return std::nullopt;
    const auto type = bytes.substr(at, 4);
    if (std::find(kWebpChunks.begin(), kWebpChunks.end(), type) != kWebpChunks.end()) {
      const auto begin = out.size();
      out += bytes.substr(at, 8 + std::min(padded, bytes.size() - at - 8));
      if (type == "VP8X" && size > 0)
        out[begin + 8] = static_cast<char>(byte_at(out, begin + 8) & ~(kWebpExif | kWebpXmp) & 0xFFU);
    }
    at += 8 + padded;
  }
  if (out.size() == 12) return std::nullopt;
  for (std::size_t i = 0; i < 4; ++i) out[4 + i] = static_cast<char>((out.size() - 8) >> (8 * i) & 0xFFU);
  return out;
}

}  // namespace

std::optional<std::string> strip_metadata(std::string_view bytes, std::string_view mime_type) {
  if (mime_type == "image/jpeg") return strip_jpeg(bytes);
  if (mime_type == "image/png") return strip_png(bytes);
  if (mime_type == "image/webp") return strip_webp(bytes);
  return std::nullopt;
}

}  // namespace huiyin::gateway
