#include "dialogs/understanding/phone_digits.h"

#include <algorithm>
#include <array>

#include "dialogs/understanding/characters.h"

namespace huiyin::dialogs {
namespace {

constexpr std::size_t kMostGroups = 400;  // looked at in one message

int chinese_digit(char32_t c) {
  constexpr std::u32string_view kDigits = U"零一二三四五六七八九〇幺两壹贰叁肆伍陆柒捌玖洞";
  constexpr std::string_view kValues = "01234567890121234567890";
  const auto at = kDigits.find(c);
  return at == std::u32string_view::npos ? -1 : kValues[at] - '0';
}

/// What may stand inside a number: one sign and spaces; a comma (voices pause); an emoji.
char joint_of(std::string_view between, bool chinese) {
  if (between.empty()) return '~';
  constexpr std::array<std::string_view, 8> kFillers{"嗯", "啊", "呃", "哦", "那个", "然后", "杠", "后面是"};
  if (chinese && std::find(kFillers.begin(), kFillers.end(), between) != kFillers.end()) return ',';
  char sign = ' ';
  std::size_t signs = 0;
  for (std::size_t at = 0; at < between.size();) {
    const auto c = take_character(between, at);
    if (c == ' ') continue;
    if (++signs > 2) return 0;
    if (c == '-' || c == '.' || c == '(' || c == ')' || c == '/')
      sign = sign == ' ' ? static_cast<char>(c) : sign;
    else if (c == U'（' || c == U'）')
      sign = ')';
    else if (c == U'·' || c == U'•' || c == U'—' || c == '_' || c == '~' || c == '*')
      sign = '-';
    else if (c == ',' || c == U'，' || c == U'、' || (chinese && c == U'。'))
      sign = ',';
    else if (c < 0x1F000 && (c < 0x2600 || c > 0x27BF))
      return 0;
  }
  return between.size() > 12 ? '\0' : sign;
}

}  // namespace

int take_digit(std::string_view text, std::size_t& at, bool& chinese) {
  if (is_digit(text[at])) return chinese = false, text[at++] - '0';
  if (static_cast<unsigned char>(text[at]) < 0xE3) return -1;
  auto next = at;
  const int digit = chinese_digit(take_character(text, next));
  if (digit < 0) return -1;
  chinese = true;
  at = next;
  return digit;
}

Digits read_digits(std::string_view text) {
  Digits digits;
  for (std::size_t at = 0; at < text.size() && digits.groups.size() < kMostGroups;) {
    Group group{.begin = at, .first = digits.all.size()};
    bool chinese = false;
    for (int digit = 0; at < text.size();) {
      const auto before = at;
      digit = take_digit(text, at, chinese);
      if (digit < 0 || (group.count > 0 && chinese != group.chinese)) {
        at = before;
        break;
      }
      group.chinese = chinese;
      digits.all += static_cast<char>('0' + digit);
      ++group.count;
    }
    if (group.count == 0) {
      (void)take_character(text, at);
      continue;
    }
    group.end = at;
    if (!digits.groups.empty()) {
      const auto& last = digits.groups.back();
      group.joint = joint_of(text.substr(last.end, group.begin - last.end), group.chinese || last.chinese);
    }
    digits.groups.push_back(group);
  }
  return digits;
}

}  // namespace huiyin::dialogs
