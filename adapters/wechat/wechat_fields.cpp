#include "adapters/wechat/wechat_fields.h"

#include <algorithm>
#include <array>
#include <utility>

#include <re2/re2.h>

#include "core/text.h"

namespace huiyin::wechat {
namespace {

using Fitted = tl::expected<std::string, std::string>;

constexpr std::size_t kMostThing = 20;
constexpr std::size_t kMostKeyword = 200;  // ours: the older templates have no stated limit
constexpr std::size_t kMostCharacters = 32;
constexpr std::size_t kMostSymbols = 5;
constexpr std::size_t kMostChineseName = 10;
constexpr std::size_t kMostLetterName = 20;
constexpr std::size_t kMostPhrase = 5;

constexpr std::array<std::pair<std::string_view, FieldKind>, 15> kKinds = {{
    {"thing", FieldKind::thing},
    {"number", FieldKind::number},
    {"letter", FieldKind::letter},
    {"symbol", FieldKind::symbol},
    {"character_string", FieldKind::character_string},
    {"time", FieldKind::time},
    {"date", FieldKind::date},
    {"amount", FieldKind::amount},
    {"phone_number", FieldKind::phone_number},
    {"car_number", FieldKind::car_number},
    {"name", FieldKind::name},
    {"phrase", FieldKind::phrase},
    {"enum", FieldKind::enumeration},
    {"const", FieldKind::constant},
    {"keyword", FieldKind::keyword},
}};

/// The platform's own count is not documented for characters outside the basic plane: they count twice, to be safe.
std::size_t width(std::string_view character) { return character.size() > 3 ? 2 : 1; }

std::size_t width_of(std::string_view text) {
  std::size_t sum = 0;
  while (!text.empty()) {
    const auto character = first_characters(text, 1);
    sum += width(character);
    text.remove_prefix(character.size());
  }
  return sum;
}

/// At most `most` wide, with `mark` at the end of what was cut.
std::string shorten(std::string_view text, std::size_t most, std::string_view mark) {
  if (width_of(text) <= most) return std::string(text);
  const auto room = most - width_of(mark);
  std::size_t used = 0, bytes = 0;
  while (true) {
    const auto character = first_characters(text.substr(bytes), 1);
    if (used + width(character) > room) break;
    used += width(character);
    bytes += character.size();
  }
  // first_bytes() does not cut inside what shows as one (an emoji with its joiners), but may find nothing else to keep.
  const auto whole = first_bytes(text, bytes);
  return std::string(trim(whole)) + std::string(mark);
}

/// One line of valid text: the platform refuses control characters and line breaks in a value.
std::string one_line(std::string_view value) {
  const auto clean = clean_text(value);
  std::string out;
  for (const char c : clean) {
    const bool blank = c == '\n' || c == '\t' || c == ' ';
    if (!blank)
      out += c;
    else if (!out.empty() && out.back() != ' ')
      out += ' ';
  }
  return std::string(trim(out));
}

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

Fitted matching(const std::string& value, const RE2& rule, std::string_view what) {
  if (RE2::FullMatch(value, rule)) return value;
  return tl::unexpected(std::string(what));
}

#define HAN "\\p{Han}"

Fitted fit_date_or_time(const std::string& value, bool with_day) {
  static const std::string kClock = "(?:[01]?\\d|2[0-3]):[0-5]\\d(?::[0-5]\\d)?";
  static const std::string kDay =
      "\\d{4}(?:年(?:0?[1-9]|1[0-2])月(?:0?[1-9]|[12]\\d|3[01])日|-(?:0?[1-9]|1[0-2])-(?:0?[1-9]|[12]\\d|3[01])|"
      "/(?:0?[1-9]|1[0-2])/(?:0?[1-9]|[12]\\d|3[01])|\\.(?:0?[1-9]|1[0-2])\\.(?:0?[1-9]|[12]\\d|3[01]))";
  static const std::string kTimeMoment = "(?:" + kDay + " )?" + kClock, kDateMoment = kDay + "(?: " + kClock + ")?";
  static const RE2 kTime(kTimeMoment + "(?:~" + kTimeMoment + ")?"), kDate(kDateMoment + "(?:~" + kDateMoment + ")?");
  return with_day ? matching(value, kDate, "not a date such as 2026-11-23")
                  : matching(value, kTime, "not a time such as 15:01 or 2026年11月23日 15:01");
}

/// Ten Chinese characters, or twenty letters; a mixed one counts as Chinese.
std::string fit_name(const std::string& value) {
  return shorten(value, is_ascii(value) ? kMostLetterName : kMostChineseName, is_ascii(value) ? "..." : "…");
}

Fitted fit_characters(const std::string& value) {
  if (!is_ascii(value)) return tl::unexpected(std::string("holds more than letters, digits and symbols"));
  return shorten(value, kMostCharacters, "...");
}

Fitted fit_strict(FieldKind kind, const std::string& value) {
  static const RE2 kNumber("\\d{1,32}|(?:\\d+\\.\\d+)"), kLetter("[A-Za-z]{1,32}"), kSymbol("[!-/:-@\\[-`{-~]+");
  static const RE2 kAmount("\\p{Sc}?\\d{1,10}(?:\\.\\d+)?元?"), kPhone("[0-9+() -]{1,17}");
  static const RE2 kCar("[" HAN "A-Za-z0-9][A-Za-z0-9]{0,6}[" HAN "A-Za-z0-9]?"), kPhrase(HAN "{1,5}");
  static_assert(kMostPhrase == 5);
  switch (kind) {
    case FieldKind::number:
      if (value.size() > kMostCharacters + 1) return tl::unexpected(std::string("over 32 digits"));
      return matching(value, kNumber, "not a number");
    case FieldKind::letter:
      return matching(value, kLetter, "not at most 32 letters");
    case FieldKind::symbol:
      if (width_of(value) > kMostSymbols) return tl::unexpected(std::string("over 5 symbols"));
      return matching(value, kSymbol, "not only symbols");
    case FieldKind::amount:
      return matching(value, kAmount, "not an amount such as ¥12.50");
    case FieldKind::phone_number:
      return matching(value, kPhone, "not a phone number of at most 17 digits and symbols");
    case FieldKind::car_number:
      return matching(value, kCar, "not a car's number of at most 8");
    default:
      return matching(value, kPhrase, "not at most 5 Chinese characters");
  }
}

#undef HAN

}  // namespace

std::optional<FieldKind> field_kind(std::string_view key) {
  constexpr std::string_view kDigits = "0123456789";
  const auto digits = key.find_last_not_of(kDigits) + 1;
  if (digits == 0 || digits == key.size() || key.size() - digits > 3) return {};
  const auto* const found =
      std::find_if(kKinds.begin(), kKinds.end(), [&](const auto& row) { return row.first == key.substr(0, digits); });
  return found == kKinds.end() ? std::nullopt : std::optional(found->second);
}

Fitted fit_field(FieldKind kind, std::string_view value) {
  const auto line = one_line(value);
  if (line.empty()) return tl::unexpected(std::string("empty"));
  switch (kind) {
    case FieldKind::thing:
      return shorten(line, kMostThing, "…");
    case FieldKind::keyword:
      return shorten(line, kMostKeyword, "…");
    case FieldKind::name:
      return fit_name(line);
    case FieldKind::character_string:
      return fit_characters(line);
    case FieldKind::time:
      return fit_date_or_time(line, false);
    case FieldKind::date:
      return fit_date_or_time(line, true);
    case FieldKind::enumeration:
    case FieldKind::constant:  // from a set that was reviewed: a shortened one is in no set
      if (width_of(line) > kMostThing) return tl::unexpected(std::string("over 20 characters"));
      return line;
    case FieldKind::number:
    case FieldKind::letter:
    case FieldKind::symbol:
    case FieldKind::amount:
    case FieldKind::phone_number:
    case FieldKind::car_number:
    case FieldKind::phrase:
      return fit_strict(kind, line);
  }
  return tl::unexpected(std::string("of no known kind"));
}

}  // namespace huiyin::wechat
