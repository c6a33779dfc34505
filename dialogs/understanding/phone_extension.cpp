// Extensions behind landlines.
#include "dialogs/understanding/phone_extension.h"

#include <algorithm>
#include <array>
#include <string>

#include "dialogs/understanding/phone_digits.h"
#include "dialogs/understanding/phone_words.h"

namespace huiyin::dialogs {

void add_extension(std::string_view text, Found& found) {
  constexpr std::array<std::string_view, 15> kWords{"转分机", "转接", "转",        "分机号码", "分机号",
                                                    "分机",   "内线", "extension", "extn",     "ext.",
                                                    "ext",    "x",    "#",         "*",        "-"};
  // 「按801」: three digits at least, for 「按2次门铃」 tells of none.
  constexpr std::array<std::string_view, 3> kLoose{"按", "拨", "接"};
  constexpr std::size_t kLeastLoose = 3;
  constexpr std::size_t kMost = 6;
  constexpr std::size_t kLongestWord = 12;
  auto at = found.end;
  while (at < text.size() && (text[at] == ' ' || text[at] == ',' || text[at] == '(')) ++at;
  const auto lead = in_small_letters(text.substr(at, kLongestWord));
  const auto begins = [&](auto word) { return begins_with(lead, word); };
  const auto* word = std::find_if(kWords.begin(), kWords.end(), begins);
  const auto* loose = std::find_if(kLoose.begin(), kLoose.end(), begins);
  if (word == kWords.end() && loose == kLoose.end()) return;
  at += word != kWords.end() ? word->size() : loose->size();
  while (at < text.size() && (text[at] == ' ' || text[at] == ':')) ++at;
  std::string digits;
  bool chinese = false;
  for (int digit = 0; at < text.size() && digits.size() <= kMost; digits += static_cast<char>('0' + digit)) {
    digit = take_digit(text, at, chinese);
    if (digit < 0) break;
  }
  if (digits.size() < (word != kWords.end() ? 1 : kLeastLoose) || digits.size() > kMost) return;
  found.value += ";ext=" + digits;
  found.end = at;
}

}  // namespace huiyin::dialogs
