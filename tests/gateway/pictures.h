#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace huiyin::gateway {

/// Small pictures made by hand, with the metadata that a phone would write.
namespace pictures {

using std::string_view_literals::operator""sv;

inline std::string big(std::uint32_t number, int bytes) {
  std::string out;
  for (int i = bytes - 1; i >= 0; --i) out += static_cast<char>(number >> (8 * i) & 0xFFU);
  return out;
}
inline std::string little(std::uint32_t number, int bytes) {
  const auto out = big(number, bytes);
  return {out.rbegin(), out.rend()};
}
inline std::string segment(unsigned marker, std::string_view content) {
  return std::string("\xFF") + static_cast<char>(marker) + big(static_cast<std::uint32_t>(content.size() + 2), 2) +
         std::string(content);
}
/// A TIFF directory with an orientation and, as a stand-in for all else, the words GPS-31.23N.
inline std::string exif(std::uint32_t orientation, bool little_endian) {
  const auto number = [&](std::uint32_t value, int bytes) {
    return little_endian ? little(value, bytes) : big(value, bytes);
  };
  return std::string("Exif\0\0"sv) + (little_endian ? "II" : "MM") + number(42, 2) + number(8, 4) + number(2, 2) +
         number(0x010F, 2) + number(2, 2) + number(10, 4) + number(38, 4) +  // Make
         number(0x0112, 2) + number(3, 2) + number(1, 4) + number(orientation, 2) + number(0, 2) + number(0, 4) +
         "GPS-31.23N";
}
inline std::string jpeg_end() {
  // One grey block: tables that are no real ones, but of the right shape, then coded data with a stuffed byte and a
  // restart marker.
  return segment(0xDB, std::string(65, '\1')) + segment(0xC0, "\x08\0\x08\0\x08\1\1\x11\0"sv) +
         segment(0xC4, std::string(29, '\2')) + segment(0xDA, "\1\1\0\0\x3F\0"sv) +
         std::string("ab\xFF\0cd\xFF\xD0\0ef\xFF\xD9"sv);
}
inline std::string jpeg(std::uint32_t orientation = 6, bool little_endian = false) {
  return "\xFF\xD8" + segment(0xE0, "JFIF\0\1\2\0\0\1\0\1\1\1RGB"sv) + segment(0xE1, exif(orientation, little_endian)) +
         segment(0xE1, "http://ns.adobe.com/xap/1.0/\0<x>GPS-31.23N</x>"sv) +
         segment(0xE2, "ICC_PROFILE\0\1\1colours"sv) + segment(0xE2, "MPF\0second picture"sv) +
         segment(0xED, "Photoshop 3.0\0GPS-31.23N"sv) + segment(0xFE, "GPS-31.23N") + jpeg_end() +
         "a second picture behind the end GPS-31.23N";
}
/// Larger than it looks: padded with a comment of so many bytes.
inline std::string jpeg_of(std::size_t bytes) {
  std::string out = "\xFF\xD8";
  while (out.size() + 300 < bytes)
    out += segment(0xFE, std::string(std::min<std::size_t>(60000, bytes - out.size() - 200), 'x'));
  return out + jpeg_end();
}
inline std::string chunk(std::string_view type, std::string_view data) {
  return big(static_cast<std::uint32_t>(data.size()), 4) + std::string(type) + std::string(data) + "crc!";
}
inline std::string png() {
  return std::string("\x89PNG\r\n\x1A\n"sv) + chunk("IHDR", "\0\0\0\1\0\0\0\1\x08\2\0\0\0"sv) +
         chunk("iCCP", "colours") + chunk("eXIf", "GPS-31.23N") + chunk("tEXt", "Comment\0GPS-31.23N"sv) +
         chunk("tIME", "2026") + chunk("IDAT", "pixels") + chunk("IEND", "") + "behind the end GPS-31.23N";
}
inline std::string riff(std::string_view type, std::string_view data) {
  return std::string(type) + little(static_cast<std::uint32_t>(data.size()), 4) + std::string(data) +
         std::string(data.size() % 2, '\0');
}
inline std::string webp() {
  const auto body = "WEBP" + riff("VP8X", "\x2C\0\0\0\0\0\0\0\0\0"sv) + riff("ICCP", "colours") +
                    riff("VP8L", "pixels!") + riff("EXIF", "GPS-31.23N") + riff("XMP ", "GPS-31.23N");
  return "RIFF" + little(static_cast<std::uint32_t>(body.size()), 4) + body + "behind GPS-31.23N";
}

}  // namespace pictures
}  // namespace huiyin::gateway
