#include "tickets/staff_sentences.h"

#include <algorithm>
#include <array>

#include "core/text.h"

namespace huiyin::tickets {
namespace {

using Text = std::string_view;
using enum ActionKind;

constexpr std::array<Text, 4> kMarks = {":", "：", "#", "＃"};
constexpr std::array<Text, 20> kGaps = {" ", "\t", "\n", "\r", ",", "，", "。", ";", "；", "、",
                                        "!", "！", "/",  "@",  "-", "—",  "–",  "~", "～", "\u3000"};
constexpr std::array<Text, 6> kRoundings = {"好了", "了", "啦", "吧", "喽", "咯"};
// With these at its start the rest asks or denies, wherever it stands: 完成 了吗, 完成 不了.
constexpr std::array<Text, 14> kAsks = {"了吗", "了没", "了么", "吗",   "么",   "呢",     "没有吗",
                                        "没呢", "不了", "不成", "不掉", "不下", "得了吗", "yet"};
constexpr std::array<Text, 7> kAskingEnds = {"?", "？", "吗", "呢", "了没", "没有啊", "么"};
// With these a word that is glued on goes on: 退回来的零件, 接单的人, 进度没变.
constexpr std::array<Text, 30> kGoesOn = {"不", "没", "未", "的", "来", "去", "得", "过", "起", "着",
                                          "中", "时", "后", "前", "以", "之", "期", "率", "度", "表",
                                          "单", "人", "者", "员", "费", "款", "是", "有", "和", "也"};
// English words stand apart by themselves: with these a sentence goes on.
constexpr std::array<Text, 30> kEnglishGoesOn = {
    "the", "a",  "an",  "it",    "me",   "my", "us", "to",  "that", "this", "of",  "for",  "is", "was", "are",
    "not", "no", "yet", "later", "soon", "on", "in", "off", "up",   "back", "you", "your", "we", "i",   "at"};
// What is often said of something else, and so needs the number.
constexpr std::array<Text, 5> kWeak = {"我来", "不归我们", "归我们", "归物业", "take"};

template <std::size_t N>
bool starts_with_any(Text text, const std::array<Text, N>& words) {
  return std::any_of(words.begin(), words.end(), [&](Text word) { return text.starts_with(word); });
}

bool is_english(Text word) { return word.front() >= 'a' && word.front() <= 'z'; }

/// What is said to the owner or to colleagues may be a question.
bool may_ask(ActionKind kind) {
  constexpr std::array kinds = {tell, note, arrange_visit, add_details, call_back};
  return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

bool ends_asking(Text rest) {
  return std::any_of(kAskingEnds.begin(), kAskingEnds.end(), [&](Text end) { return trim(rest).ends_with(end); });
}

bool goes_on_in_english(Text rest) {
  const auto word = rest.substr(0, rest.find(' '));
  return std::find(kEnglishGoesOn.begin(), kEnglishGoesOn.end(), word) != kEnglishGoesOn.end();
}

/// Nobody speaks so but who means the command: 「完成换了轴承，电话告知」, 「转派给李四」, 「改类保洁」.
bool is_telling(const CommandWord& word, Text rest) {
  if (word.action == complete) {
    const auto words = read_completion(rest);
    return !words.result.empty() && !words.told_by.empty();
  }
  if (word.action == assign) return word.word.ends_with("给") || rest.starts_with("给") || rest.starts_with("到");
  if (word.action == set_category) return find_category(rest).has_value();
  return word.action == set_priority && find_priority(rest).has_value();
}

bool is_glued_sentence(const CommandWord& word, const AfterCommand& after) {
  if (after.rest.empty()) return false;
  if (!takes_words(word.action) || starts_with_any(after.rest, kGoesOn)) return true;
  if (word.action == tell && after.rest.starts_with("了")) return true;  // that he did, not that he wants to
  return !after.names_ticket && !is_telling(word, after.rest);
}

}  // namespace

Gap gap_at_start(std::string_view folded) {
  if (folded.empty() || starts_with_any(folded, kGaps)) {
    const auto rest = trim(folded);
    return starts_with_any(rest, kMarks) ? Gap::marked : Gap::apart;
  }
  return starts_with_any(folded, kMarks) ? Gap::marked : Gap::none;
}

std::size_t rounding_at_start(std::string_view folded) {
  for (const auto word : kRoundings) {
    if (!folded.starts_with(word)) continue;
    const auto rest = folded.substr(word.size());
    const bool ends = gap_at_start(rest) != Gap::none || (rest.front() >= '0' && rest.front() <= '9');
    return ends ? word.size() : 0;
  }
  return 0;
}

bool is_sentence(const CommandWord& word, const AfterCommand& after) {
  if (word.wish == StaffWish::help) return after.rest.find_first_not_of("? ") != Text::npos;
  if (word.wish != StaffWish::act) return !after.rest.empty();
  if (!after.names_ticket && std::find(kWeak.begin(), kWeak.end(), word.word) != kWeak.end()) return true;
  if (after.gap == Gap::marked) return false;
  if (starts_with_any(after.rest, kAsks) || (ends_asking(after.rest) && !may_ask(word.action))) return true;
  if (after.gap == Gap::none) return is_glued_sentence(word, after);
  if (!is_english(word.word) || after.names_ticket || after.rest.empty()) return false;
  return !takes_words(word.action) || (goes_on_in_english(after.rest) && !is_telling(word, after.rest));
}

bool takes_words(ActionKind kind) {
  constexpr std::array kinds = {accept, resume, withdraw, urge, audit, mark_out_of_scope};
  return std::find(kinds.begin(), kinds.end(), kind) == kinds.end();
}

}  // namespace huiyin::tickets
