#include "dialogs/understanding/phone_digits.h"

#include <algorithm>
#include <array>

#include "dialogs/understanding/characters.h"

namespace huiyin::dialogs {
namespace {

constexpr std::size_t kMostGroups = 400;  // looked at in one message

/// Besides, as soldiers and drivers say them.
int spoken_digit(char32_t c) { return c == U'洞' ? 0 : c == U'拐' ? 7 : c == U'勾' ? 9 : chinese_digit(c); }

/// What a sign between digits makes of them; ' ' for an emoji, which is none; 0: they are no one number.
char sign_of(char32_t c, bool said) {
  constexpr std::u32string_view kAsTheyAre = U"-.()/";
  constexpr std::u32string_view kDashes = U"·•—_~*";
  constexpr std::u32string_view kCommas = U",，、\n";
  if (c == U'…') return '.';
  if (kAsTheyAre.find(c) != kAsTheyAre.npos) return static_cast<char>(c);
  if (c == U'（' || c == U'）') return ')';
  if (kDashes.find(c) != kDashes.npos) return '-';
  if (kCommas.find(c) != kCommas.npos || (said && c == U'。')) return ',';
  return c < 0x1F000 && (c < 0x2600 || c > 0x27BF) ? '\0' : ' ';
}

/// 「嗯」, 「，最后四位是」 between digits that are told one part after the other.
bool is_filler(std::string_view between) {
  constexpr std::array<std::string_view, 21> kPauses{"嗯", "啊", "呃",   "哦",     "那个", "然后", "接着",
                                                     "杠", "再", "再来", "接下来", "跟着", "加",   "额",
                                                     "诶", "哎", "em",   "um",     "uh",   "then", "dash"};
  constexpr std::array<std::string_view, 8> kParts{"后面", "中间", "最后",     "后四位",
                                                   "末尾", "后边", "最后四位", "后面四位"};
  const auto drop = [&](std::string_view sign) {
    const bool there = between.starts_with(sign);
    if (there) between.remove_prefix(sign.size());
    return there;
  };
  while (drop(" ") || drop(",") || drop("，")) {
  }
  while (between.ends_with(' ')) between.remove_suffix(1);
  if (between.ends_with("是")) between.remove_suffix(kHan);
  const auto is = [&](std::string_view word) { return word == between; };
  return std::any_of(kPauses.begin(), kPauses.end(), is) || std::any_of(kParts.begin(), kParts.end(), is);
}

/// What may stand inside a number: one sign and spaces; a comma (voices pause); an emoji.
char joint_of(std::string_view between, bool said) {
  if (between.empty()) return '~';
  if (is_filler(between)) return ',';
  char sign = ' ';
  std::size_t signs = 0;
  char32_t last = 0;
  for (std::size_t at = 0; at < between.size();) {
    const auto c = take_character(between, at);
    const bool drawn_out = c == last && (c == '.' || c == '-' || c == U'…' || c == U'—');  // 138...0013...8000
    if (c == ' ' || drawn_out) continue;
    last = c;
    const char now = sign_of(c, said);
    if (now == 0 || ++signs > 2) return 0;
    const bool first_stays = now != ')' && now != '-' && now != ',';
    if (now != ' ' && (sign == ' ' || !first_stays)) sign = now;
  }
  return between.size() > 12 ? '\0' : sign;
}

/// 三个零, 双零 → so many times 0, and `at` behind it; 0: no such thing stands there.
std::size_t take_repeated(std::string_view text, std::size_t& at, int& digit) {
  auto next = at;
  const auto c = take_character(text, next);
  constexpr std::u32string_view kTimes = U"二三四五两俩仨双";
  constexpr std::array<std::size_t, 8> kValues{2, 3, 4, 5, 2, 2, 3, 2};
  const auto times = kTimes.find(c);
  if (times == kTimes.npos) return 0;
  if (c != U'双') {
    if (text.substr(next, kHan) != "个") return 0;
    next += kHan;
  }
  bool chinese = false;
  if (next >= text.size() || (digit = take_digit(text, next, chinese)) < 0 || !chinese) return 0;
  at = next;
  return kValues[times];
}

/// 138OO138OOO: the letter that looks like a nought, behind the beginning of a number.
bool looks_like_nought(std::string_view text, std::size_t at, const Group& group) {
  constexpr std::size_t kBegun = 3;
  return group.kind != DigitKind::word && group.count >= kBegun && (text[at] == 'O' || text[at] == 'o');
}

/// l38OOl38OOO: the letter that looks like a one, where a mobile begins or inside a number.
bool looks_like_one(std::string_view text, std::size_t at, const Group& group) {
  constexpr std::size_t kBegun = 3;
  if (text[at] != 'l' && text[at] != 'I') return false;
  const auto digit_at = [&](std::size_t i) { return i < text.size() && is_digit(text[i]); };
  if (group.count == 0)
    return (at == 0 || !is_word(text[at - 1])) && digit_at(at + 1) && text[at + 1] >= '3' && digit_at(at + 2);
  return group.kind == DigitKind::arabic && group.count >= kBegun && digit_at(at + 1);
}

/// 「么」 and 「腰」 for 「幺」, before another digit and not in 什么, 怎么.
bool is_one_misspelt(std::string_view text, std::size_t begin, std::size_t end) {
  constexpr std::u32string_view kWordsEnd = U"什怎那这多要";
  if (end + kHan > text.size()) return false;
  if (const auto lead = han_before(text, begin); !lead.empty()) {
    std::size_t at = 0;
    if (kWordsEnd.find(take_character(lead, at)) != kWordsEnd.npos) return false;
  }
  const auto next = take_character(text, end);
  return spoken_digit(next) >= 0 || next == U'腰';
}

struct SpelledWord {
  std::string_view word;
  int digit;
};
constexpr std::array<SpelledWord, 13> kSpelled{{{"zero", 0},
                                                {"oh", 0},
                                                {"o", 0},
                                                {"nought", 0},
                                                {"one", 1},
                                                {"two", 2},
                                                {"three", 3},
                                                {"four", 4},
                                                {"five", 5},
                                                {"six", 6},
                                                {"seven", 7},
                                                {"eight", 8},
                                                {"nine", 9}}};

/// The word of letters that begins at `at`, which is moved behind it, in small letters; empty: none does, or it is
/// long.
std::string take_word(std::string_view text, std::size_t& at) {
  constexpr std::size_t kLongest = 6;
  std::string word;
  if (at > 0 && is_word(text[at - 1])) return word;
  auto end = at;
  while (end < text.size() && is_letter(text[end]) && end - at <= kLongest)
    word += static_cast<char>(text[end++] | 0x20);
  if (word.size() > kLongest || (end < text.size() && is_digit(text[end]))) return {};
  at = end;
  return word;
}

}  // namespace

int take_digit(std::string_view text, std::size_t& at, bool& chinese) {
  if (is_digit(text[at])) return chinese = false, text[at++] - '0';
  if (static_cast<unsigned char>(text[at]) < 0xE3) return -1;
  auto next = at;
  const auto c = take_character(text, next);
  const int digit = (c == U'么' || c == U'腰') && is_one_misspelt(text, at, next) ? 1 : spoken_digit(c);
  if (digit < 0) return -1;
  chinese = true;
  at = next;
  return digit;
}

Spelled take_spelled(std::string_view text, std::size_t& at) {
  if (!is_letter(text[at])) return {};
  auto next = at;
  auto word = take_word(text, next);
  Spelled spelled{.times = 1};
  if (word == "double" || word == "triple" || word == "treble") {
    spelled.times = word == "double" ? 2 : 3;
    if (next >= text.size() || text[next] != ' ') return {};
    word = take_word(text, ++next);
  }
  const auto known = std::find_if(kSpelled.begin(), kSpelled.end(), [&](const auto& one) { return one.word == word; });
  if (known == kSpelled.end()) return {};
  spelled.digit = known->digit;
  at = next;
  return spelled;
}

namespace {

/// 「one three eight」: the words of a group stand apart by a space or a dash.
bool take_more_words(std::string_view text, std::size_t& at, Group& group, std::string& all) {
  auto next = at;
  if (group.count > 0 && (group.kind != DigitKind::word || (text[next] != ' ' && text[next] != '-'))) return false;
  if (group.count > 0 && ++next >= text.size()) return false;
  const auto spelled = take_spelled(text, next);
  if (spelled.times == 0) return false;
  group.kind = DigitKind::word;
  group.count += spelled.times;
  all.append(spelled.times, static_cast<char>('0' + spelled.digit));
  at = next;
  return true;
}

/// Takes what goes on with the group's number: a digit, 三个零, an O; false: nothing does.
bool take_more(std::string_view text, std::size_t& at, Group& group, std::string& all) {
  if (take_more_words(text, at, group, all)) return true;
  auto next = at;
  int digit = 0;
  bool chinese = false;
  std::size_t times = 1;
  if (looks_like_nought(text, at, group)) {
    ++next, chinese = group.kind == DigitKind::han;
  } else if (looks_like_one(text, at, group)) {
    ++next, digit = 1;
  } else if (const auto repeated = take_repeated(text, next, digit); repeated > 0) {
    times = repeated, chinese = true;
  } else {
    digit = take_digit(text, next, chinese);
  }
  const auto kind = chinese ? DigitKind::han : DigitKind::arabic;
  if (digit < 0 || (group.count > 0 && kind != group.kind)) return false;
  group.kind = kind;
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
      const bool said = group.kind != DigitKind::arabic || last.kind != DigitKind::arabic;
      group.joint = joint_of(text.substr(last.end, group.begin - last.end), said);
    }
    // 「two lights」, 「the second one」 are no digits of a number, unless others stand beside them; 「最后四位」
    // never.
    const bool among_words = group.joint != 0 && !digits.groups.empty() && digits.groups.back().kind == DigitKind::word;
    const bool how_many = group.kind == DigitKind::han && group.count == 1 && text.substr(at).starts_with("位");
    if ((group.kind == DigitKind::word && group.count == 1 && !among_words) || how_many) {
      digits.all.resize(group.first);
      continue;
    }
    digits.groups.push_back(group);
  }
  return digits;
}

}  // namespace huiyin::dialogs
