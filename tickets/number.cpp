#include "tickets/number.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "core/text.h"

namespace huiyin::tickets {
namespace {

// The quasigroup of order 10 from Damm's thesis, whose diagonal is zero, so that leading zeros do not count.
constexpr std::array<std::array<int, 10>, 10> kDamm = {{{0, 3, 1, 7, 5, 9, 8, 6, 4, 2},
                                                        {7, 0, 9, 2, 1, 5, 4, 8, 6, 3},
                                                        {4, 2, 0, 6, 8, 7, 1, 3, 5, 9},
                                                        {1, 7, 5, 0, 9, 8, 3, 4, 2, 6},
                                                        {6, 1, 2, 3, 0, 4, 5, 9, 7, 8},
                                                        {3, 6, 7, 4, 2, 0, 9, 5, 8, 1},
                                                        {5, 8, 6, 9, 7, 2, 0, 1, 3, 4},
                                                        {8, 9, 4, 5, 3, 6, 2, 0, 1, 7},
                                                        {9, 4, 3, 8, 6, 1, 7, 2, 0, 5},
                                                        {2, 5, 8, 1, 4, 3, 6, 7, 9, 0}}};

constexpr std::size_t kLeastBareDigits = 4;
constexpr std::size_t kMostBareDigits = 10;  // a mobile number has 11
constexpr std::size_t kMostDigits = 18;      // what an int64 holds whatever the digits are

using Text = std::string_view;
constexpr std::array<Text, 8> kDashes = {"‐", "‑", "‒", "–", "—", "―", "−", "﹣"};
constexpr std::array<Text, 9> kAnnouncements = {"工单", "工單", "单号", "單號", "编号", "編號", "ticket", "no.", "#"};
constexpr std::array<Text, 10> kFillers = {" ", ":", "#", "-", "号", "號", "是", "为", "為", "number"};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_word(char c) { return is_digit(c) || (c >= 'a' && c <= 'z'); }

template <std::size_t N>
std::size_t length_at_start(Text text, const std::array<Text, N>& words) {
  for (const auto word : words)
    if (text.starts_with(word)) return word.size();
  return 0;
}

/// Folded, with every kind of dash as `-`.
std::string normalised(Text text) {
  const auto folded = fold(text);
  std::string out;
  for (Text rest = folded; !rest.empty();) {
    const auto dash = length_at_start(rest, kDashes);
    out += dash > 0 ? '-' : rest.front();
    rest.remove_prefix(dash > 0 ? dash : 1);
  }
  return out;
}

/// `digits`: those of the sequence and the check digit.
tl::expected<TicketNumber, NumberFault> number_of(const std::string& digits) {
  if (digits.size() < 2 || digits.size() > kMostDigits) return tl::unexpected(NumberFault::not_a_number);
  std::int64_t all = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), all);
  if (all < 10) return tl::unexpected(NumberFault::not_a_number);
  if (check_digit(all / 10) != all % 10) return tl::unexpected(NumberFault::wrong_check_digit);
  return TicketNumber{all / 10};
}

struct Reading {
  std::string digits;
  std::size_t bytes;
};

std::size_t skip(Text text, std::size_t at, char what) {
  while (at < text.size() && text[at] == what) ++at;
  return at;
}

/// The ways to read a text's start as a number, the likeliest first: of `1024-4 …` 10244, then 1024; of `10244 3号楼`
/// 10244, then 102443.
std::vector<Reading> readings(Text text) {
  std::size_t end = 0;
  while (end < text.size() && is_digit(text[end])) ++end;
  if (end == 0) return {};
  const Reading run{std::string(text.substr(0, end)), end};
  const auto gap = skip(text, end, ' ');
  const bool has_dash = gap < text.size() && text[gap] == '-';
  const auto last = has_dash ? skip(text, gap + 1, ' ') : gap;
  const bool has_last = last > end && last < text.size() && is_digit(text[last]) &&
                        (last + 1 == text.size() || !is_digit(text[last + 1]));
  if (!has_last) return {run};
  const Reading with_last{run.digits + text[last], last + 1};
  return has_dash ? std::vector{with_last, run} : std::vector{run, with_last};
}

/// Bytes of a number that begins `text`, which stands behind a prefix or an announcement; 0: there is none.
std::size_t take_number(Text text, std::vector<TicketNumber>& found) {
  for (const auto& reading : readings(text)) {
    const auto number = number_of(reading.digits);
    if (!number) continue;
    if (std::find(found.begin(), found.end(), *number) == found.end()) found.push_back(*number);
    return reading.bytes;
  }
  return 0;
}

/// Bytes of the prefix and what may stand between it and the digits; 0: the text begins otherwise.
std::size_t length_of_prefix(Text text, Text prefix) {
  if (prefix.empty() || !text.starts_with(prefix)) return 0;
  return skip(text, skip(text, prefix.size(), ' '), '-');
}

/// Bytes of an announcement with all that may follow it: `工单号: `.
std::size_t length_of_announcement(Text text) {
  auto at = length_at_start(text, kAnnouncements);
  if (at == 0) return 0;
  while (const auto filler = length_at_start(text.substr(at), kFillers)) at += filler;
  return at;
}

}  // namespace

int check_digit(std::int64_t sequence) {
  std::size_t interim = 0;
  for (const char c : std::to_string(sequence))
    interim = static_cast<std::size_t>(kDamm.at(interim).at(static_cast<std::size_t>(c - '0')));
  return static_cast<int>(interim);
}

std::string format_number(TicketNumber number, std::string_view prefix) {
  return std::string(prefix) + std::to_string(number.sequence) + "-" + std::to_string(check_digit(number.sequence));
}

tl::expected<TicketNumber, NumberFault> parse_number(std::string_view text, std::string_view prefix) {
  const auto whole = normalised(text);
  Text rest = whole;
  rest.remove_prefix(skip(rest, skip(rest, 0, '#'), ' '));
  const auto prefix_bytes = length_of_prefix(rest, fold(prefix));
  rest.remove_prefix(prefix_bytes);
  auto fault = NumberFault::not_a_number;
  for (const auto& reading : readings(rest)) {
    const auto digits = reading.digits.size();
    const bool is_likely = prefix_bytes > 0 || (digits >= kLeastBareDigits && digits <= kMostBareDigits);
    if (reading.bytes != rest.size() || !is_likely) continue;
    const auto number = number_of(reading.digits);
    if (number) return number;
    fault = number.error();
  }
  return tl::unexpected(fault);
}

std::vector<TicketNumber> find_numbers(std::string_view text, std::string_view prefix) {
  const auto whole = normalised(text);
  const auto lower_prefix = fold(prefix);
  std::vector<TicketNumber> found;
  for (std::size_t at = 0; at < whole.size();) {
    const auto rest = Text(whole).substr(at);
    const bool is_inside_word = at > 0 && is_word(whole[at - 1]);
    auto lead = is_inside_word ? 0 : length_of_announcement(rest);
    const auto prefix_bytes = is_inside_word ? 0 : length_of_prefix(rest.substr(lead), lower_prefix);
    lead += prefix_bytes;
    const auto bytes = lead > 0 ? take_number(rest.substr(lead), found) : 0;
    at += bytes > 0 ? lead + bytes : 1;
  }
  return found;
}

}  // namespace huiyin::tickets
