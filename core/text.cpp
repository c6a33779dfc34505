#include "core/text.h"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <numeric>

namespace huiyin {
namespace {

struct CodePoint {
  char32_t value = 0;
  std::size_t bytes = 0;  ///< 0: no valid UTF-8 here
};

bool continues(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }

/// The code point at the beginning of `text`, which must not be empty. Written out, because every message passes here
/// several times: the library's takes ten times as long.
inline CodePoint decode(std::string_view text) {
  const auto byte = [&](std::size_t at) { return static_cast<char32_t>(static_cast<unsigned char>(text[at])); };
  const char32_t first = byte(0);
  if (first < 0x80) return {first, 1};
  if (first < 0xE0) {
    if (first < 0xC2 || text.size() < 2 || !continues(text[1])) return {};
    return {(first & 0x1F) << 6 | (byte(1) & 0x3F), 2};
  }
  if (first < 0xF0) {
    if (text.size() < 3 || !continues(text[1]) || !continues(text[2])) return {};
    const char32_t value = (first & 0x0F) << 12 | (byte(1) & 0x3F) << 6 | (byte(2) & 0x3F);
    return value < 0x800 || (value >= 0xD800 && value <= 0xDFFF) ? CodePoint{} : CodePoint{value, 3};
  }
  if (first > 0xF4 || text.size() < 4 || !continues(text[1]) || !continues(text[2]) || !continues(text[3])) return {};
  const char32_t value = (first & 0x07) << 18 | (byte(1) & 0x3F) << 12 | (byte(2) & 0x3F) << 6 | (byte(3) & 0x3F);
  return value < 0x10000 || value > 0x10FFFF ? CodePoint{} : CodePoint{value, 4};
}

void append(std::string& out, char32_t value) {
  std::array<utf8proc_uint8_t, 4> bytes{};
  const auto length = utf8proc_encode_char(static_cast<utf8proc_int32_t>(value), bytes.data());
  out.append(reinterpret_cast<const char*>(bytes.data()), static_cast<std::size_t>(length));
}

bool begins_character(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) != 0x80; }

bool is_zero_width(char32_t c) { return c == 0x200B || c == 0x200C || c == 0x200D || c == 0x2060 || c == 0xFEFF; }

bool is_space(char32_t c) { return c == ' ' || (c >= '\t' && c <= '\r') || c == 0x3000 || c == 0xA0; }

bool is_blank(char32_t c) { return is_space(c) || is_zero_width(c); }

/// Where the last character of `text` (not empty) begins.
std::size_t last_character(std::string_view text) {
  std::size_t at = text.size() - 1;
  while (at > 0 && !begins_character(text[at])) --at;
  return at;
}

char32_t folded(char32_t c) {
  if (c >= 0xFF01 && c <= 0xFF5E) c -= 0xFEE0;  // full-width ASCII
  if (c >= 'A' && c <= 'Z') c += 'a' - 'A';
  return is_space(c) ? U' ' : c;
}

int digit_of(char32_t c) {
  constexpr std::u32string_view kRows[] = {U"0123456789", U"零一二三四五六七八九", U"〇壹贰叁肆伍陆柒捌玖",
                                           U"零壹貳參肆伍陸柒捌玖"};
  for (const auto row : kRows)
    if (const auto at = row.find(c); at != std::u32string_view::npos) return static_cast<int>(at);
  if (c == U'两' || c == U'兩') return 2;
  if (c == U'叄' || c == U'弎') return 3;
  return -1;
}

/// ①…⑳, ⑴…, ❶…: numbers that are one character.
int enclosed_number(char32_t c) {
  if (c >= 0x2460 && c <= 0x2473) return static_cast<int>(c - 0x2460) + 1;
  if (c >= 0x2474 && c <= 0x2487) return static_cast<int>(c - 0x2474) + 1;
  if (c >= 0x2488 && c <= 0x249B) return static_cast<int>(c - 0x2488) + 1;
  if (c >= 0x2776 && c <= 0x277F) return static_cast<int>(c - 0x2776) + 1;
  return -1;
}

/// "12", "十二", "二十", "3"; at most two digits.
std::optional<int> small_number(std::u32string_view text) {
  if (text.empty() || text.size() > 3) return std::nullopt;
  if (text.size() == 1 && enclosed_number(text[0]) > 0) return enclosed_number(text[0]);
  const auto ten = text.find_first_of(U"十拾");
  if (ten == std::u32string_view::npos) {
    int value = 0;
    if (text.size() > 2) return std::nullopt;
    for (const char32_t c : text) {
      if (digit_of(c) < 0) return std::nullopt;
      value = value * 10 + digit_of(c);
    }
    return value;
  }
  const auto tens = text.substr(0, ten);
  const auto ones = text.substr(ten + 1);
  if (tens.size() > 1 || ones.size() > 1) return std::nullopt;
  const int high = tens.empty() ? 1 : digit_of(tens[0]);
  const int low = ones.empty() ? 0 : digit_of(ones[0]);
  if (high < 1 || low < 0) return std::nullopt;
  return high * 10 + low;
}

std::u32string to_code_points(std::string_view text) {
  std::u32string out;
  while (!text.empty()) {
    const auto [value, bytes] = decode(text);
    if (bytes == 0) return {};
    out += value;
    text.remove_prefix(bytes);
  }
  return out;
}

bool remove_prefix(std::u32string_view& text, std::u32string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0U : 1U)});
      diagonal = above;
    }
  }
  return row[b.size()];
}

/// Where a page that may hold `head` best ends: after a line or sentence in its second half, else at its end.
std::size_t page_end(std::string_view head) {
  constexpr std::string_view kStops[] = {"\n", "。", "！", "？", "；", ". ", "! ", "? "};
  for (const auto stop : kStops)
    if (const auto at = head.rfind(stop); at != std::string_view::npos && at + stop.size() > head.size() / 2)
      return at + stop.size();
  return head.size();
}

bool is_shown(char32_t c) {
  if (c < 0x20) return c == '\t' || c == '\n';
  return !(c >= 0x7F && c < 0xA0) && c != 0xFFFE && c != 0xFFFF;
}

/// How many bytes of `text` may stand as they are.
std::size_t shown_prefix(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    const auto [value, bytes] = decode(text.substr(at));
    if (bytes == 0 || !is_shown(value)) break;
    at += bytes;
  }
  return at;
}

/// Are the first eight bytes there, and ASCII? Most of what arrives is: XML, base64, JSON.
bool begins_with_ascii(std::string_view text) {
  std::uint64_t eight = 0;
  if (text.size() < sizeof eight) return false;
  std::memcpy(&eight, text.data(), sizeof eight);
  return (eight & 0x8080808080808080U) == 0;
}

}  // namespace

bool is_valid_utf8(std::string_view text) {
  while (!text.empty()) {
    if (begins_with_ascii(text)) {
      text.remove_prefix(sizeof(std::uint64_t));
      continue;
    }
    const auto bytes = decode(text).bytes;
    if (bytes == 0) return false;
    text.remove_prefix(bytes);
  }
  return true;
}

std::string clean_text(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::size_t good = shown_prefix(text);
    out.append(text.substr(0, good));
    text.remove_prefix(good);
    if (text.empty()) break;
    const auto bytes = decode(text).bytes;
    if (bytes == 0) append(out, 0xFFFD);
    if (text[0] == '\r' && !text.starts_with("\r\n")) out += '\n';
    text.remove_prefix(std::max<std::size_t>(bytes, 1));
  }
  return out;
}

std::size_t count_characters(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), begins_character));
}

std::string_view first_characters(std::string_view text, std::size_t characters) {
  for (std::size_t at = 0; at < text.size(); ++at)
    if (begins_character(text[at]) && characters-- == 0) return text.substr(0, at);
  return text;
}

std::string_view first_bytes(std::string_view text, std::size_t bytes) {
  if (text.size() <= bytes) return text;
  std::size_t at = 0, whole_code_points = 0, whole_clusters = 0;
  utf8proc_int32_t state = 0;
  char32_t before = 0;
  while (at < text.size()) {
    const auto [value, length] = decode(text.substr(at));
    if (at > 0 && utf8proc_grapheme_break_stateful(static_cast<utf8proc_int32_t>(before),
                                                   static_cast<utf8proc_int32_t>(value), &state))
      whole_clusters = at;
    if (at > 0) whole_code_points = at;
    at += std::max<std::size_t>(length, 1);
    before = value;
    if (at > bytes) break;
  }
  return text.substr(0, whole_clusters > 0 ? whole_clusters : whole_code_points);
}

std::string_view trim(std::string_view text) {
  while (!text.empty()) {
    const auto [value, bytes] = decode(text);
    if (bytes == 0 || !is_blank(value)) break;
    text.remove_prefix(bytes);
  }
  while (!text.empty()) {
    const auto at = last_character(text);
    const auto [value, bytes] = decode(text.substr(at));
    if (bytes == 0 || !is_blank(value)) break;
    text.remove_suffix(text.size() - at);
  }
  return text;
}

std::string fold(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const auto [value, bytes] = decode(text);
    if (bytes == 0) {
      text.remove_prefix(1);
      continue;
    }
    if (!is_zero_width(value)) append(out, folded(value));
    text.remove_prefix(bytes);
  }
  return std::string(trim(out));
}

std::optional<int> parse_ordinal(std::string_view text) {
  const std::u32string points = to_code_points(fold(text));
  std::u32string_view rest = points;
  while (!rest.empty() &&
         (rest.front() == '(' || rest.front() == U'（' || rest.front() == '[' || rest.front() == U'【'))
    rest.remove_prefix(1);
  remove_prefix(rest, U"选") || remove_prefix(rest, U"選");
  remove_prefix(rest, U"第");
  constexpr std::u32string_view kTail = U".。、)）]】!！,， 个個项項种種条條号號";
  while (!rest.empty() && kTail.find(rest.back()) != std::u32string_view::npos) rest.remove_suffix(1);
  return small_number(rest);
}

std::string mask_phone(std::string_view phone) {
  const auto is_ascii = [](char c) { return static_cast<unsigned char>(c) < 0x80; };
  if (!std::all_of(phone.begin(), phone.end(), is_ascii)) {
    const auto plain = fold(phone);  // full-width digits
    if (std::all_of(plain.begin(), plain.end(), is_ascii)) return mask_phone(plain);
    return std::string(first_characters(phone, 1)) + "****";
  }
  if (phone.size() < 8) {
    if (phone.size() <= 2) return std::string(phone.size(), '*');
    return std::string(first_characters(phone, 1)) + std::string(phone.size() - 2, '*') + std::string(1, phone.back());
  }
  const std::size_t shown = phone.starts_with("+86") ? 6 : phone.starts_with('+') ? 5 : 3;
  return std::string(phone.substr(0, shown)) + "****" + std::string(phone.substr(phone.size() - 4));
}

std::string mask_name(std::string_view name) {
  if (name.empty()) return {};
  const auto first = first_characters(name, 1);
  const std::size_t rest = count_characters(name) - 1;
  return std::string(first) + std::string(std::clamp<std::size_t>(rest, 1, 2), '*');
}

std::string mask_peer(std::string_view peer) {
  if (peer.starts_with('+') || (!peer.empty() && peer.find_first_not_of("0123456789") == std::string_view::npos))
    return mask_phone(peer);
  const auto at = peer.find('@');
  if (at != std::string_view::npos)
    return std::string(first_characters(peer, 1)) + "***" + std::string(peer.substr(at));
  const std::size_t characters = count_characters(peer);
  if (characters <= 4) return std::string(characters, '*');
  return std::string(first_characters(peer, 4)) + "***" + std::string(peer.substr(last_character(peer)));
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> out;
  for (std::size_t at = 0;;) {
    const auto end = text.find(separator, at);
    out.push_back(text.substr(at, end - at));
    if (end == std::string_view::npos) return out;
    at = end + 1;
  }
}

std::vector<std::string> paginate(std::string_view text, std::size_t bytes) {
  std::vector<std::string> pages;
  while (text.size() > bytes) {
    const auto head = first_bytes(text, bytes);
    if (head.empty()) break;  // a limit under one character: better one long page than none
    const auto page = text.substr(0, page_end(head));
    if (const auto shown = trim(page); !shown.empty()) pages.emplace_back(shown);
    text.remove_prefix(page.size());
  }
  if (const auto shown = trim(text); !shown.empty() || pages.empty()) pages.emplace_back(shown);
  return pages;
}

std::optional<std::string_view> closest(std::string_view word, const std::vector<std::string_view>& known) {
  constexpr std::size_t kFarthest = 2;
  std::optional<std::string_view> best;
  std::size_t best_distance = kFarthest + 1;
  for (const auto candidate : known) {
    const auto distance = edit_distance(word, candidate);
    if (distance < best_distance && distance < std::max(word.size(), candidate.size())) {
      best = candidate;
      best_distance = distance;
    }
  }
  return best;
}

}  // namespace huiyin
