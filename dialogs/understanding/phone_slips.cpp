// Last digits that are said again, because they were wrong.
#include "dialogs/understanding/phone_slips.h"

#include <algorithm>
#include <array>
#include <string>

#include "dialogs/understanding/phone_words.h"

namespace huiyin::dialogs {
namespace {

constexpr std::size_t kMostBetween = 48;  // bytes from the number to what is said again
constexpr std::size_t kMostDigits = 4;    // said again; more are a number of their own

/// They say that something was wrong, or which digits come: 不对, 最后一位. Longer words first.
constexpr std::array<std::string_view, 27> kSlips{
    "反了", "搞反", "颠倒", "弄错", "有误", "不对", "说错", "写错", "打错", "发错",  "错",   "更正",  "改成", "改为",
    "应该", "不是", "不",   "一位", "两位", "二位", "三位", "四位", "唔系", "sorry", "wait", "wrong", "digit"};
/// What else may stand between.
constexpr std::array<std::string_view, 31> kBesides{" ",        ",",      ":",    ".",    "。", "…",    "哦",   "噢",
                                                    "啊",       "嗯",     "呃",   "是",   "了", "最后", "后面", "末尾",
                                                    "尾号",     "后",     "末",   "尾",   "数", "我",   "刚才", "刚",
                                                    "不好意思", "should", "last", "the ", "no", "is",   "be"};
/// Behind digits they make these the right ones.
constexpr std::array<std::string_view, 3> kNotThose{"不是", ",不是", "，不是"};
/// Behind digits they make them a place, a time or a sum.
constexpr std::array<std::string_view, 21> kCounted{"栋", "幢", "座", "单元", "号", "楼", "层", "室", "房", "点", "月",
                                                    "天", "日", "元", "块",   "次", "个", "期", "户", "分", ":"};

/// 「，不对，是」; `text` in small letters. `told`: what stands behind the digits says it already, 「尾数是6不是0」.
bool tells_of_slip(std::string_view text, bool told) {
  const auto drop = [&](PhoneWords words) {
    const auto word = std::find_if(words.begin(), words.end(), [&](auto one) { return text.starts_with(one); });
    if (word != words.end()) text.remove_prefix(word->size());
    return word != words.end();
  };
  while (!text.empty())
    if (drop(kSlips))
      told = true;
    else if (!drop(kBesides))
      return false;
  return told;
}

}  // namespace

bool is_said_again(std::string_view tail, std::string_view next) {
  constexpr std::array<std::string_view, 8> kWrong{"反了", "颠倒", "错了", "写错", "打错", "说错", "弄错", "不对"};
  constexpr std::size_t kFewest = 10;  // digits of a whole number
  const auto end = std::min(next.find_first_not_of("0123456789 -"), next.size());
  return tail.size() <= kMostBetween && has_any(tail, kWrong) &&
         std::count_if(next.begin(), next.begin() + static_cast<std::ptrdiff_t>(end), is_digit) >=
             static_cast<std::ptrdiff_t>(kFewest);
}

void put_right(std::string_view text, const Digits& digits, Found& found) {
  const auto& groups = digits.groups;
  const auto next = std::lower_bound(groups.begin(), groups.end(), found.end,
                                     [](const Group& group, std::size_t end) { return group.begin < end; });
  if (next == groups.end() || next->count > kMostDigits || next->begin - found.end > kMostBetween) return;
  if (next + 1 != groups.end() && (next + 1)->joint != 0 && (next + 1)->joint != ',') return;
  if (starts_with_any(text.substr(next->end), kCounted)) return;
  const bool told = starts_with_any(text.substr(next->end), kNotThose);
  if (!tells_of_slip(in_small_letters(text.substr(found.end, next->begin - found.end)), told)) return;
  if (found.value.find(';') != std::string::npos) return;
  found.value.replace(found.value.size() - next->count, next->count, digits.all, next->first, next->count);
  found.end = next->end;
}

}  // namespace huiyin::dialogs
