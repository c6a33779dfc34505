#include "gateway/qr_image.h"

#include <fmt/format.h>
#include <qrencode.h>
#include <zlib.h>

#include <cstdint>
#include <stdexcept>

#include "core/handle.h"

namespace huiyin::gateway {
namespace {

using QrCode = Handle<QRcode, QRcode_free>;

constexpr int kQuiet = 4;  // ISO 18004: blank modules on each side
constexpr int kLine = 4;   // of the caption, in modules

QrCode encode(std::string_view text) {
  QrCode code(QRcode_encodeString(std::string(text).c_str(), 0, QR_ECLEVEL_M, QR_MODE_8, 1));
  if (!code) throw std::runtime_error("this is too long for a QR code");
  return code;
}

bool is_dark(const QRcode& code, int x, int y) {
  if (x < 0 || y < 0 || x >= code.width || y >= code.width) return false;
  return (code.data[y * code.width + x] & 1U) != 0;
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '<')
      out += "&lt;";
    else if (c == '&')
      out += "&amp;";
    else
      out += c;
  }
  return out;
}

void append_number(std::string& out, std::uint32_t number) {
  for (const unsigned shift : {24U, 16U, 8U, 0U}) out += static_cast<char>((number >> shift) & 255U);
}

/// Length, type, data, checksum.
void append_chunk(std::string& out, std::string_view type, std::string_view data) {
  append_number(out, static_cast<std::uint32_t>(data.size()));
  const auto from = out.size();
  out.append(type).append(data);
  const auto* bytes = reinterpret_cast<const Bytef*>(out.data() + from);
  append_number(out, static_cast<std::uint32_t>(crc32(0, bytes, static_cast<uInt>(out.size() - from))));
}

std::string deflated(const std::string& data) {
  auto size = compressBound(static_cast<uLong>(data.size()));
  std::string out(size, '\0');
  const auto* bytes = reinterpret_cast<const Bytef*>(data.data());
  if (compress(reinterpret_cast<Bytef*>(out.data()), &size, bytes, static_cast<uLong>(data.size())) != Z_OK)
    throw std::runtime_error("zlib cannot compress the image");
  out.resize(size);
  return out;
}

/// Rows of one bit a pixel, each after its filter byte; a set bit is white.
std::string pixels(const QRcode& code, int scale) {
  const int side = (code.width + 2 * kQuiet) * scale;
  std::string out;
  for (int y = 0; y < side; ++y) {
    std::string row(static_cast<std::size_t>(side + 7) / 8, '\0');
    for (int x = 0; x < side; ++x) {
      if (is_dark(code, x / scale - kQuiet, y / scale - kQuiet)) continue;
      auto& byte = row[static_cast<std::size_t>(x) / 8];
      byte = static_cast<char>(static_cast<unsigned char>(byte) | (0x80U >> (static_cast<unsigned>(x) % 8)));
    }
    out += '\0';
    out += row;
  }
  return out;
}

}  // namespace

std::string qr_svg(std::string_view text, const std::vector<std::string>& caption) {
  const auto code = encode(text);
  const int side = code->width + 2 * kQuiet;
  const int height = side + kLine * static_cast<int>(caption.size());
  std::string path;
  for (int y = 0; y < code->width; ++y)
    for (int x = 0; x < code->width; ++x)
      if (is_dark(*code, x, y)) path += fmt::format("M{} {}h1v1h-1z", x + kQuiet, y + kQuiet);
  auto out = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" width=\"{2}mm\" height=\"{3}mm\">\n"
      "<rect width=\"{0}\" height=\"{1}\" fill=\"#fff\"/>\n<path d=\"{4}\"/>\n",
      side, height, side * 2, height * 2, path);
  int line = side - 1;
  for (const auto& words : caption) {
    out += fmt::format(
        "<text x=\"{}\" y=\"{}\" font-size=\"3\" text-anchor=\"middle\" font-family=\"sans-serif\">{}</text>\n",
        static_cast<double>(side) / 2, line + kLine - 1, escaped(words));
    line += kLine;
  }
  return out + "</svg>\n";
}

std::string qr_png(std::string_view text, int scale) {
  const auto code = encode(text);
  const auto side = static_cast<std::uint32_t>((code->width + 2 * kQuiet) * scale);
  std::string header;
  append_number(header, side);
  append_number(header, side);
  header += std::string("\1\0\0\0\0", 5);  // one bit, grey, deflate, no filter but the rows', not interlaced
  std::string out = "\x89PNG\r\n\x1a\n";
  append_chunk(out, "IHDR", header);
  append_chunk(out, "IDAT", deflated(pixels(*code, scale)));
  append_chunk(out, "IEND", {});
  return out;
}

}  // namespace huiyin::gateway
