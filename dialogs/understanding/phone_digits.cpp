#include "dialogs/understanding/phone_digits.h"

#include <algorithm>
#include <array>

#include "dialogs/understanding/characters.h"

namespace huiyin::dialogs {
namespace {

constexpr std::size_t kMostGroups = 400;  // looked at in one message

int chinese_digit(char32_t c) {
  constexpr std::u32string_view kDigits = U"零一二三四五六七八九〇幺两壹贰叁肆伍陆柒捌玖洞拐勾";
  constexpr std::string_view kValues = "0123456789012123456789079";
  const auto at = kDigits.find(c);
  return at == std::u32string_view::npos ? -1 : kValues[at] - '0';
}

/// What a sign between digits makes of them; ' ' for an emoji, which is none; 0: they are no one number.
char sign_of(char32_t c, bool chinese) {
  constexpr std::u32string_view kAsTheyAre = U"-.()/";
  constexpr std::u32string_view kDashes = U"·•—_~*";
  constexpr std::u32string_view kCommas = U",，、";
  if (kAsTheyAre.find(c) != kAsTheyAre.npos) return static_cast<char>(c);
  if (c == U'（' || c == U'）') return ')';
  if (kDashes.find(c) != kDashes.npos) return '-';
  if (kCommas.find(c) != kCommas.npos || (chinese && c == U'。')) return ',';
  return c < 0x1F000 && (c < 0x2600 || c > 0x27BF) ? '\0' : ' ';
}

/// 「嗯」, 「然后」 between digits that are spoken.
bool is_filler(std::string_view between) {
  constexpr std::array<std::string_view, 10> kFillers{"嗯",   "啊", "呃",     "哦",     "那个",
                                                      "然后", "杠", "后面是", "然后是", "接着是"};
  while (between.starts_with(' ')) between.remove_prefix(1);
  while (between.ends_with(' ')) between.remove_suffix(1);
  return std::find(kFillers.begin(), kFillers.end(), between) != kFillers.end();
}

/// What may stand inside a number: one sign and spaces; a comma (voices pause); an emoji.
char joint_of(std::string_view between, bool chinese) {
  if (between.empty()) return '~';
  if (chinese && is_filler(between)) return ',';
  char sign = ' ';
  std::size_t signs = 0;
  for (std::size_t at = 0; at < between.size();) {
    const auto c = take_character(between, at);
    if (c == ' ') continue;
    const char now = sign_of(c, chinese);
    if (now == 0 || ++signs > 2) return 0;
    const bool first_stays = now != ')' && now != '-' && now != ',';
    if (now != ' ' && (sign == ' ' || !first_stays)) sign = now;
  }
  return between.size() > 12 ? '\0' : sign;
}

/// 三个零 → 3 times 0, and `at` behind it; 0: no such thing stands there.
std::size_t take_repeated(std::string_view text, std::size_t& at, int& digit) {
  auto next = at;
  const auto c = take_character(text, next);
  constexpr std::u32string_view kTimes = U"二三四五两俩仨";
  constexpr std::array<std::size_t, 7> kValues{2, 3, 4, 5, 2, 2, 3};
  const auto times = kTimes.find(c);
  if (times == kTimes.npos || text.substr(next, kHan) != "个") return 0;
  next += kHan;
  bool chinese = false;
  if (next >= text.size() || (digit = take_digit(text, next, chinese)) < 0 || !chinese) return 0;
  at = next;
  return kValues[times];
}

/// 138OO138OOO: the letter that looks like a nought, behind the beginning of a number.
bool looks_like_nought(std::string_view text, std::size_t at, const Group& group) {
  constexpr std::size_t kBegun = 3;
  return !group.chinese && group.count >= kBegun && (text[at] == 'O' || text[at] == 'o');
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

namespace {

/// Takes what goes on with the group's number: a digit, 三个零, an O; false: nothing does.
bool take_more(std::string_view text, std::size_t& at, Group& group, std::string& all) {
  auto next = at;
  int digit = 0;
  bool chinese = false;
  std::size_t times = 1;
  if (looks_like_nought(text, at, group)) {
    ++next;
  } else if (const auto repeated = take_repeated(text, next, digit); repeated > 0) {
    times = repeated, chinese = true;
  } else {
    digit = take_digit(text, next, chinese);
  }
  if (digit < 0 || (group.count > 0 && chinese != group.chinese)) return false;
  group.chinese = chinese;
  group.count += times;
  all.append(times, static_cast<char>('0' + digit));
  at = next;
  return true;
}

}  // namespace

Digits read_digits(std::string_view text) {
  Digits digits;
  for (std::size_t at = 0; at < text.size() && digits.groups.size() < kMostGroups;) {
    Group group{.begin = at, .first = digits.all.size()};
    while (at < text.size() && take_more(text, at, group, digits.all)) {
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
