#include "core/json_writer.h"

#include <array>

#include "core/text.h"

namespace huiyin {
namespace {

/// What JSON does not take as it is.
constexpr auto kIsSpecial = [] {
  std::array<bool, 256> is{};
  for (std::size_t c = 0; c < 0x20; ++c) is[c] = true;
  is['"'] = is['\\'] = true;
  return is;
}();

}  // namespace

void JsonWriter::quote(std::string_view text) {
  if (!is_valid_utf8(text)) return quote(clean_text(text));
  out_ += '"';
  std::size_t plain = 0;  // where what has not been written yet begins
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (!kIsSpecial[static_cast<unsigned char>(c)]) continue;
    out_.append(text.substr(plain, at - plain));
    plain = at + 1;
    constexpr std::string_view kHex = "0123456789abcdef";
    if (c == '"' || c == '\\')
      (out_ += '\\') += c;
    else if (c == '\n' || c == '\t')  // providers that show \uXXXX as it is written take these two
      out_ += c == '\n' ? "\\n" : "\\t";
    else
      ((out_ += "\\u00") += kHex[static_cast<unsigned char>(c) >> 4]) += kHex[c & 0xF];
  }
  out_.append(text.substr(plain));
  out_ += '"';
}

}  // namespace huiyin
