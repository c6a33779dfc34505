#include "adapters/email/header_text.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>

#include "adapters/email/ascii.h"
#include "adapters/email/charsets.h"
#include "core/text.h"

namespace huiyin::email {
namespace {

constexpr std::size_t kMostIds = 200;
constexpr std::size_t kMostParameters = 100;

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char small = lower(c);
  return small >= 'a' && small <= 'f' ? small - 'a' + 10 : -1;
}

/// One encoded word, found at the beginning of a text.
struct Word {
  std::string charset{};
  char encoding = 'q';
  std::string bytes{};
  std::size_t length = 0;  ///< of the word in the text
};

std::optional<Word> read_word(std::string_view text) {
  if (!text.starts_with("=?")) return std::nullopt;
  const auto charset_end = text.find('?', 2);
  if (charset_end == std::string_view::npos || charset_end > 60 || charset_end + 2 >= text.size()) return std::nullopt;
  const char encoding = lower(text[charset_end + 1]);
  if ((encoding != 'b' && encoding != 'q') || text[charset_end + 2] != '?') return std::nullopt;
  const auto begin = charset_end + 3;
  auto end = text.find("?=", begin);
  // `?=` may be the end of the content and an escape at once: =?utf-8?Q?a=3F?= has it, =?utf-8?Q??= too.
  if (end == std::string_view::npos) return std::nullopt;
  const auto content = text.substr(begin, end - begin);
  return Word{.charset = normal_charset(text.substr(2, charset_end - 2)),
              .encoding = encoding,
              .bytes = encoding == 'b' ? decode_base64(content) : decode_q(content),
              .length = end + 2};
}

std::string decode_raw_bytes(std::string_view bytes, std::string_view body_charset) {
  if (is_valid_utf8(bytes) && (body_charset == "utf-8" || !is_rather_gbk(bytes))) return std::string(bytes);
  return to_utf8(bytes, body_charset.empty() ? "gb18030" : body_charset);
}

/// Takes a token or a quoted string from the front of `text`.
std::string take_value(std::string_view& text) {
  std::string out;
  if (text.starts_with('"')) {
    text.remove_prefix(1);
    while (!text.empty() && text.front() != '"') {
      // Some programs write a Windows path as it is.
      if (text.front() == '\\' && text.size() > 1 && (text[1] == '"' || text[1] == '\\')) text.remove_prefix(1);
      out += text.front();
      text.remove_prefix(1);
    }
    if (!text.empty()) text.remove_prefix(1);
    return out;
  }
  while (!text.empty() && text.front() != ';') {
    out += text.front();
    text.remove_prefix(1);
  }
  while (!out.empty() && is_blank(out.back())) out.pop_back();
  return out;
}

std::string percent_decode(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && hex_value(text[i + 1]) >= 0 && hex_value(text[i + 2]) >= 0) {
      out += static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

/// A piece of a parameter: `filename*1*`.
struct Piece {
  std::string name{};
  int section = -1;
  bool extended = false;
  std::string value{};
};

Piece piece_of(std::string name, std::string value) {
  Piece piece{.value = std::move(value)};
  if (name.ends_with('*')) {
    piece.extended = true;
    name.pop_back();
  }
  if (const auto star = name.rfind('*'); star != std::string::npos && star + 1 < name.size()) {
    int number = 0;
    for (std::size_t i = star + 1; i < name.size() && number >= 0; ++i)
      number = name[i] >= '0' && name[i] <= '9' && number < 1000 ? number * 10 + (name[i] - '0') : -1;
    if (number >= 0) {
      piece.section = number;
      name.resize(star);
    }
  }
  piece.name = std::move(name);
  return piece;
}

/// Takes `; name=value` from the front of `text`; nothing where there is no more.
std::optional<Piece> take_piece(std::string_view& text) {
  while (!text.empty()) {
    text.remove_prefix(1);  // the semicolon
    const auto equals = text.find('=');
    const auto semicolon = text.find(';');
    if (equals == std::string_view::npos) return std::nullopt;
    if (semicolon < equals) {
      text.remove_prefix(semicolon);
      continue;
    }
    std::string name;
    for (const char c : text.substr(0, equals))
      if (!is_blank(c)) name += lower(c);
    text.remove_prefix(equals + 1);
    text.remove_prefix(std::min(text.size(), text.find_first_not_of(" \t\r\n")));
    auto piece = piece_of(std::move(name), take_value(text));
    text.remove_prefix(std::min(text.size(), text.find(';')));
    return piece;
  }
  return std::nullopt;
}

/// All pieces of one parameter, joined as bytes and then converted.
std::string join_pieces(std::vector<Piece> pieces) {
  std::stable_sort(pieces.begin(), pieces.end(), [](const Piece& a, const Piece& b) { return a.section < b.section; });
  std::string charset, bytes;
  bool extended = false;
  for (auto& piece : pieces) {
    if (!piece.extended) {
      bytes += piece.value;
      continue;
    }
    std::string_view value = piece.value;
    const auto first = value.find('\'');
    const auto second = first == std::string_view::npos ? first : value.find('\'', first + 1);
    if (!extended && second != std::string_view::npos) {
      charset = std::string(value.substr(0, first));
      value.remove_prefix(second + 1);
    }
    extended = true;
    bytes += percent_decode(value);
  }
  return extended ? one_line(to_utf8(bytes, charset)) : decode_header(bytes);
}

bool is_direction_mark(std::string_view text, std::size_t at) {
  const auto three = text.substr(at, 3);
  return three == "\xE2\x80\x8E" || three == "\xE2\x80\x8F" || three == "\xE2\x80\xAA" || three == "\xE2\x80\xAB" ||
         three == "\xE2\x80\xAC" || three == "\xE2\x80\xAD" || three == "\xE2\x80\xAE" || three == "\xE2\x81\xA6" ||
         three == "\xE2\x81\xA7" || three == "\xE2\x81\xA8" || three == "\xE2\x81\xA9";
}

}  // namespace

std::string unfold(std::string_view raw) {
  constexpr std::size_t kMostBytes = 64U << 10U;
  std::string out;
  out.reserve(std::min(raw.size(), kMostBytes));
  for (const char c : raw.substr(0, kMostBytes)) {
    if (c == '\r' || c == '\n') continue;
    out += c == '\t' ? ' ' : c;
  }
  return out;
}

std::string one_line(std::string_view text) {
  auto clean = clean_text(text);
  std::replace(clean.begin(), clean.end(), '\n', ' ');
  std::replace(clean.begin(), clean.end(), '\t', ' ');
  return std::string(trim(clean));
}

std::string decode_base64(std::string_view text) {
  std::string out;
  out.reserve(text.size() * 3 / 4);
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    int value = -1;
    if (c >= 'A' && c <= 'Z') value = c - 'A';
    if (c >= 'a' && c <= 'z') value = c - 'a' + 26;
    if (c >= '0' && c <= '9') value = c - '0' + 52;
    if (c == '+' || c == '-') value = 62;
    if (c == '/' || c == '_') value = 63;
    if (value < 0) continue;  // padding, blanks and junk
    bits = (bits << 6U) | static_cast<std::uint32_t>(value);
    count += 6;
    if (count >= 8) {
      count -= 8;
      out += static_cast<char>((bits >> static_cast<unsigned>(count)) & 0xFFU);
    }
  }
  return out;
}

std::string decode_q(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '=' && i + 2 < text.size() && hex_value(text[i + 1]) >= 0 && hex_value(text[i + 2]) >= 0) {
      out += static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
      i += 2;
    } else {
      out += text[i] == '_' ? ' ' : text[i];
    }
  }
  return out;
}

std::string decode_header(std::string_view raw, std::string_view body_charset) {
  const auto text = unfold(raw);
  std::string out, plain;
  std::optional<Word> pending;
  const auto flush_word = [&] {
    if (pending) out += to_utf8(pending->bytes, pending->charset);
    pending.reset();
  };
  const auto flush_plain = [&] {
    if (!plain.empty()) out += decode_raw_bytes(plain, body_charset);
    plain.clear();
  };
  for (std::size_t i = 0; i < text.size();) {
    auto word = read_word(std::string_view(text).substr(i));
    if (!word) {
      plain += text[i++];
      continue;
    }
    i += word->length;
    const bool only_blanks = std::all_of(plain.begin(), plain.end(), is_blank);
    if (pending && only_blanks) {
      plain.clear();
      if (pending->charset == word->charset && pending->encoding == word->encoding) {
        pending->bytes += word->bytes;
        continue;
      }
    }
    flush_word();
    flush_plain();
    pending = std::move(word);
  }
  flush_word();
  flush_plain();
  return one_line(out);
}

std::vector<std::string> parse_message_ids(std::string_view raw) {
  std::vector<std::string> out;
  const auto text = unfold(raw);
  for (std::size_t at = text.find('<'); at != std::string::npos && out.size() < kMostIds; at = text.find('<', at + 1)) {
    const auto end = text.find('>', at);
    if (end == std::string::npos) break;
    auto id = text.substr(at, end - at + 1);
    std::erase_if(id, [](unsigned char c) { return c <= ' ' || c == 0x7F; });
    if (id.size() > 2 && id.size() <= 998 && is_valid_utf8(id)) out.push_back(std::move(id));
  }
  return out;
}

std::string ParameterizedValue::parameter(std::string_view name) const {
  for (const auto& [its_name, its_value] : parameters)
    if (its_name == name) return its_value;
  return {};
}

ParameterizedValue parse_parameters(std::string_view raw) {
  const auto unfolded = unfold(raw);
  std::string_view text = unfolded;
  ParameterizedValue out;
  const auto head = text.substr(0, text.find(';'));
  for (const char c : head)
    if (c > ' ' && c < 0x7F && c != '"') out.value += lower(c);
  text.remove_prefix(head.size());
  std::vector<std::pair<std::string, std::vector<Piece>>> found;
  while (auto piece = take_piece(text)) {
    // RFC 2231's form wins over the plain one of the same name, whichever comes first.
    const auto key = piece->name + (piece->extended || piece->section >= 0 ? "*" : "");
    const auto known = std::find_if(found.begin(), found.end(), [&](const auto& one) { return one.first == key; });
    if (known != found.end())
      known->second.push_back(*std::move(piece));
    else if (found.size() < kMostParameters)
      found.emplace_back(key, std::vector{*std::move(piece)});
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const auto& a, const auto& b) { return a.first.ends_with('*') && !b.first.ends_with('*'); });
  for (auto& [key, pieces] : found) {
    auto name = pieces.front().name;
    out.parameters.emplace_back(std::move(name), join_pieces(std::move(pieces)));
  }
  return out;
}

std::string safe_file_name(std::string_view name) {
  const auto clean = one_line(name);
  const auto slash = clean.find_last_of("/\\");
  const std::string_view last =
      slash == std::string::npos ? std::string_view(clean) : std::string_view(clean).substr(slash + 1);
  std::string out;
  for (std::size_t i = 0; i < last.size();) {
    if (is_direction_mark(last, i)) {
      i += 3;
      continue;
    }
    const auto c = static_cast<unsigned char>(last[i++]);
    if (c >= 0x20 && c != 0x7F) out += static_cast<char>(c);
  }
  out = std::string(trim(out));
  if (out == "." || out == "..") return {};
  if (out.size() <= 255) return out;
  const auto dot = out.rfind('.');
  const auto ending = dot != std::string::npos && out.size() - dot <= 16 ? out.substr(dot) : std::string();
  return std::string(first_bytes(out, 255 - ending.size())) + ending;
}

}  // namespace huiyin::email
