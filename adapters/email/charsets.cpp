#include "adapters/email/charsets.h"

#include <iconv.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "core/text.h"

namespace huiyin::email {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

/// An open conversion; closes itself.
class Converter {
 public:
  explicit Converter(const std::string& from) : handle_(::iconv_open("UTF-8", from.c_str())) {}
  ~Converter() {
    if (is_open()) ::iconv_close(handle_);
  }
  Converter(const Converter&) = delete;
  Converter& operator=(const Converter&) = delete;
  [[nodiscard]] bool is_open() const { return reinterpret_cast<std::intptr_t>(handle_) != -1; }

  /// Appends what `in` means; false at the first byte that means nothing, with `in` standing there.
  bool convert(std::string_view& in, std::string& out) {
    std::array<char, 4096> room{};
    while (!in.empty()) {
      auto* from = const_cast<char*>(in.data());  // iconv's signature; it changes nothing
      std::size_t from_left = in.size();
      auto* to = room.data();
      std::size_t to_left = room.size();
      const auto result = ::iconv(handle_, &from, &from_left, &to, &to_left);
      out.append(room.data(), room.size() - to_left);
      const bool moved = from_left != in.size();
      in.remove_prefix(in.size() - from_left);
      if (result == static_cast<std::size_t>(-1) && to_left >= 16 && !(moved && to_left < room.size() / 2))
        return false;
    }
    return true;
  }
  void reset() { ::iconv(handle_, nullptr, nullptr, nullptr, nullptr); }

 private:
  iconv_t handle_;
};

std::optional<std::string> decode_strictly(std::string_view bytes, const std::string& charset) {
  Converter converter(charset);
  if (!converter.is_open()) return std::nullopt;
  std::string out;
  out.reserve(bytes.size() + bytes.size() / 2);
  return converter.convert(bytes, out) ? std::optional(std::move(out)) : std::nullopt;
}

std::string decode_leniently(std::string_view bytes, const std::string& charset) {
  Converter converter(charset);
  std::string out;
  if (!converter.is_open()) return out;
  while (!converter.convert(bytes, out)) {
    if (bytes.empty()) break;
    out += kReplacement;
    bytes.remove_prefix(1);
    converter.reset();
  }
  return out;
}

/// HZ (RFC 1843), which the C library does not know: `~{` … `~}` around 7-bit GB 2312.
std::string hz_to_gb(std::string_view bytes) {
  std::string out;
  bool chinese = false;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const char c = bytes[i];
    const char next = i + 1 < bytes.size() ? bytes[i + 1] : '\0';
    if (c == '~' && (next == '{' || next == '}' || next == '~' || next == '\n')) {
      if (next == '~') out += '~';
      if (next == '{' || next == '}') chinese = next == '{';
      ++i;
    } else {
      out += chinese && c > 0x20 ? static_cast<char>(static_cast<unsigned char>(c) | 0x80U) : c;
    }
  }
  return out;
}

bool is_seven_bit(std::string_view bytes) {
  return std::none_of(bytes.begin(), bytes.end(), [](char c) { return (static_cast<unsigned char>(c) & 0x80U) != 0; });
}

std::uint32_t code_point(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(text[i])); };
  const auto rest = [&](std::size_t i) { return byte(at + i) & 0x3FU; };
  const auto lead = byte(at);
  if (lead < 0x80) return lead;
  if (lead < 0xE0) return ((lead & 0x1FU) << 6U) | rest(1);
  if (lead < 0xF0) return ((lead & 0x0FU) << 12U) | (rest(1) << 6U) | rest(2);
  return ((lead & 0x07U) << 18U) | (rest(1) << 12U) | (rest(2) << 6U) | rest(3);
}

/// Bytes of Western text decode as GB18030 as well, into rare characters: of what is not ASCII nine in ten must be Han
/// or East Asian punctuation of everyday use.
bool looks_chinese(std::string_view utf8) {
  std::size_t han = 0, all = 0;
  for (std::size_t i = 0; i < utf8.size();) {
    const auto c = code_point(utf8, i);
    i += c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    if (c < 0x80) continue;
    ++all;
    if ((c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x3000 && c <= 0x303F) || (c >= 0xFF00 && c <= 0xFFEF) ||
        (c >= 0x2010 && c <= 0x2033))
      ++han;
  }
  return all > 0 && han * 10 >= all * 9;
}

/// In Western text bytes above ASCII stand alone, in Chinese they come in pairs.
bool stands_alone_often(std::string_view bytes) {
  const auto is_high = [&](std::size_t i) {
    return i < bytes.size() && (static_cast<unsigned char>(bytes[i]) & 0x80U) != 0;
  };
  std::size_t high = 0, alone = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (!is_high(i)) continue;
    ++high;
    if (!is_high(i + 1) && (i == 0 || !is_high(i - 1))) ++alone;
  }
  return alone * 4 >= high;
}

/// No label, or one that lies.
std::string guess(std::string_view bytes) {
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  if (bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF"))
    if (auto text = decode_strictly(bytes, "UTF-16")) return *std::move(text);
  if (is_valid_utf8(bytes)) return std::string(bytes);
  if (stands_alone_often(bytes)) return decode_leniently(bytes, "WINDOWS-1252");
  if (auto text = decode_strictly(bytes, "GB18030"); text && looks_chinese(*text)) return *std::move(text);
  if (auto text = decode_strictly(bytes, "BIG5-HKSCS"); text && looks_chinese(*text)) return *std::move(text);
  if (looks_chinese(decode_leniently(bytes, "GB18030"))) return decode_leniently(bytes, "GB18030");
  // A few broken bytes in UTF-8 are still UTF-8: clean_text() marks them.
  if (looks_chinese(clean_text(bytes))) return clean_text(bytes);
  return decode_leniently(bytes, "WINDOWS-1252");
}

std::string without_nul(std::string text) {
  std::erase(text, '\0');
  if (text.starts_with("\xEF\xBB\xBF")) text.erase(0, 3);
  return is_valid_utf8(text) ? text : clean_text(text);
}

/// What to try for a name, in order.
std::vector<std::string> names_to_try(const std::string& charset) {
  if (charset == "big5") return {"BIG5-HKSCS", "CP950", "BIG5"};
  if (charset == "shift_jis") return {"CP932", "SHIFT_JIS"};
  if (charset == "euc-kr") return {"CP949", "EUC-KR"};
  if (charset == "iso-2022-jp") return {"ISO-2022-JP", "ISO-2022-JP-2"};
  return {charset};
}

/// What the label says, where the bytes are valid in it. Big5 under GB's label is valid too, and means rare and private
/// characters.
std::optional<std::string> decode_as_labelled(std::string_view bytes, const std::string& charset) {
  for (const auto& name : names_to_try(charset)) {
    auto text = decode_strictly(bytes, name);
    if (!text) continue;
    if (charset != "gb18030" || looks_chinese(*text)) return text;
    auto big5 = decode_strictly(bytes, "BIG5-HKSCS");
    return big5 && looks_chinese(*big5) ? big5 : text;
  }
  return std::nullopt;
}

bool has_long_characters(std::string_view utf8) {
  return std::any_of(utf8.begin(), utf8.end(), [](char c) { return static_cast<unsigned char>(c) >= 0xE0; });
}

/// Of valid UTF-8: does all that is not ASCII stand in runs of two-byte characters, with signs among them? One alone
/// is what it seems: `5°C`.
bool has_signs_together(std::string_view utf8) {
  std::size_t signs = 0, run = 0;
  for (std::size_t i = 0; i < utf8.size();) {
    const auto c = code_point(utf8, i);
    if (c >= 0x800) return false;
    if (c < 0x80 && run == 1) return false;
    i += c < 0x80 ? 1 : 2;
    run = c < 0x80 ? 0 : run + 1;
    signs += (c >= 0x80 && c < 0xC0) || (c >= 0x2B0 && c < 0x370) ? 1 : 0;
  }
  return signs > 0 && run != 1;
}

}  // namespace

std::string normal_charset(std::string_view label) {
  std::string name;
  for (const char c : label)
    if (c != '"' && c != '\'' && static_cast<unsigned char>(c) > ' ')
      name += static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  if (const auto star = name.find('*'); star != std::string::npos) name.resize(star);  // RFC 2231 language
  const auto is = [&](std::initializer_list<std::string_view> names) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  if (is({"gb2312", "gb_2312-80", "gb2312-80", "x-gbk", "gbk", "cp936", "ms936", "windows-936", "cn-gb", "euc-cn",
          "chinese", "csgb2312", "gb18030", "gb_18030"}))
    return "gb18030";
  if (is({"utf8", "utf-8", "unicode-1-1-utf-8", "x-utf-8", "utf-8mb4", "utf8mb4"})) return "utf-8";
  if (is({"big5", "big-5", "x-big5", "cn-big5", "cp950", "big5-hkscs", "x-x-big5"})) return "big5";
  if (is({"unicode-1-1-utf-7", "x-unicode-1-1-utf-7"})) return "utf-7";
  if (is({"shift_jis", "shift-jis", "sjis", "x-sjis", "cp932", "windows-31j"})) return "shift_jis";
  if (is({"euc-kr", "ks_c_5601-1987", "ks_c_5601", "cp949", "korean"})) return "euc-kr";
  if (is({"hz-gb-2312", "hz"})) return "hz";
  if (is({"latin1", "iso-8859-1", "iso8859-1", "windows-1252", "cp1252", "us-ascii", "ascii", "ansi_x3.4-1968"}))
    return "ascii";
  if (is({"unknown-8bit", "x-unknown", "default", "unknown", "default_charset", "binary", "none", "charset"}))
    return {};
  return name.size() <= 40 ? name : std::string();
}

bool is_rather_gbk(std::string_view bytes) {
  if (!is_valid_utf8(bytes) || is_seven_bit(bytes) || !has_signs_together(bytes)) return false;
  const auto text = decode_strictly(bytes, "GB18030");
  return text && looks_chinese(*text);
}

std::string to_utf8(std::string_view bytes, std::string_view label) {
  const auto charset = normal_charset(label);
  if (charset == "utf-7")
    if (auto text = decode_strictly(bytes, "UTF-7")) return without_nul(*std::move(text));
  if (charset == "hz") return without_nul(decode_leniently(hz_to_gb(bytes), "GB18030"));
  const bool shifted =
      charset.starts_with("iso-2022") || charset.starts_with("utf-16") || charset.starts_with("utf-32");
  if (!shifted && is_seven_bit(bytes)) return without_nul(std::string(bytes));
  if (charset.empty() || charset == "ascii") return without_nul(guess(bytes));
  if (charset == "utf-8") return without_nul(guess(bytes));
  // UTF-8 under a wrong label is common; that other bytes are valid UTF-8 with characters of three is not.
  if (!shifted && is_valid_utf8(bytes) && has_long_characters(bytes)) return without_nul(std::string(bytes));
  if (auto text = decode_as_labelled(bytes, charset)) return without_nul(*std::move(text));
  if (is_valid_utf8(bytes)) return without_nul(std::string(bytes));
  if (auto text = decode_strictly(bytes, "GB18030"); text && looks_chinese(*text)) return without_nul(*std::move(text));
  auto lenient = decode_leniently(bytes, names_to_try(charset).front());
  return without_nul(lenient.empty() ? guess(bytes) : std::move(lenient));
}

}  // namespace huiyin::email
