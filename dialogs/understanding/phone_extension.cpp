// Extensions behind landlines.
#include "dialogs/understanding/phone_extension.h"

#include <string>

#include "dialogs/understanding/phone_digits.h"
#include "dialogs/understanding/phone_words.h"

namespace huiyin::dialogs {

void add_extension(std::string_view text, Found& found) {
  auto at = found.end;
  while (at < text.size() && (text[at] == ' ' || text[at] == ',' || text[at] == '(')) ++at;
  std::size_t lead = 0;
  for (const std::string_view word :
       {"转分机", "转接", "转", "分机号", "分机", "内线", "extension", "extn", "ext.", "ext", "x", "#", "*", "-"})
    if (in_small_letters(text.substr(at, 9)).starts_with(word)) {
      lead = word.size();
      break;
    }
  if (lead == 0) return;
  at += lead;
  while (at < text.size() && (text[at] == ' ' || text[at] == ':')) ++at;
  std::string digits;
  bool chinese = false;
  for (int digit = 0; at < text.size() && digits.size() <= 6; digits += static_cast<char>('0' + digit)) {
    digit = take_digit(text, at, chinese);
    if (digit < 0) break;
  }
  if (digits.empty() || digits.size() > 6) return;
  found.value += ";ext=" + digits;
  found.end = at;
}

}  // namespace huiyin::dialogs
