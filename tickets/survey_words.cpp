// Reads what an owner answers to a survey. Words are few and fixed here, since they mean a number: a company that asks
// in other words still gets these answers.
#include <algorithm>
#include <array>
#include <utility>

#include "core/text.h"
#include "tickets/survey.h"

namespace huiyin::tickets {
namespace {

using Text = std::string_view;

struct Meaning {
  Text words;
  int score;     ///< 0: says none
  Text outcome;  ///< empty: says none
};

// Longer words first: 非常不满意 has 满意 in it. A word of trouble counts wherever it stands; the others only where the
// message begins with them.
constexpr std::array<Meaning, 45> kMeanings = {{
    {"没有完全修好", 0, kPartly},
    {"没完全修好", 0, kPartly},
    {"没有完全好", 0, kPartly},
    {"没完全好", 0, kPartly},
    {"没全好", 0, kPartly},
    {"好了一半", 0, kPartly},
    {"不完全", 0, kPartly},
    {"partly", 0, kPartly},
    {"partially", 0, kPartly},
    {"not completely", 0, kPartly},
    {"还没修好", 0, kNotFixed},
    {"没有修好", 0, kNotFixed},
    {"没修好", 0, kNotFixed},
    {"未修好", 0, kNotFixed},
    {"冇整好", 0, kNotFixed},
    {"没解决", 0, kNotFixed},
    {"没有解决", 0, kNotFixed},
    {"未解决", 0, kNotFixed},
    {"又坏了", 0, kNotFixed},
    {"还是坏的", 0, kNotFixed},
    {"not fixed", 0, kNotFixed},
    {"still broken", 0, kNotFixed},
    {"not solved", 0, kNotFixed},
    {"非常不满意", 1, ""},
    {"很不满意", 1, ""},
    {"very dissatisfied", 1, ""},
    {"very bad", 1, ""},
    {"很差", 1, ""},
    {"不太满意", 2, ""},
    {"不满意", 2, ""},
    {"dissatisfied", 2, ""},
    {"bad", 2, ""},
    {"一般", 3, ""},
    {"还行", 3, ""},
    {"average", 3, ""},
    {"非常满意", 5, ""},
    {"很满意", 5, ""},
    {"very good", 5, ""},
    {"excellent", 5, ""},
    {"满意", 4, ""},
    {"satisfied", 4, ""},
    {"good", 4, ""},
    {"修好了", 0, kFixed},
    {"好了", 0, kFixed},
    {"fixed", 0, kFixed},
}};

constexpr std::array<Text, 14> kThanks = {"谢谢", "多谢", "感谢",   "谢了",   "辛苦了",    "好的", "收到",
                                          "ok",   "okay", "知道了", "thanks", "thank you", "👍",    "🙏"};
constexpr std::array<Text, 14> kNegations = {"没", "未", "不", "冇",  "not ", "isn't ", "n't ",
                                             "别", "非", "in", "dis", "un",   "无",     "沒"};
constexpr std::array<Text, 8> kUnits = {"分", "星", "颗星", "个星", "points", "point", "stars", "star"};
constexpr std::array<Text, 10> kLinks = {",", "，", "。", ".", "、", ":", "：", "!", "！", ";"};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

template <std::size_t N>
std::size_t length_at_start(Text text, const std::array<Text, N>& words) {
  std::size_t longest = 0;
  for (const auto word : words)
    if (text.starts_with(word)) longest = std::max(longest, word.size());
  return longest;
}

Text without_links(Text text) {
  for (text = trim(text);; text = trim(text)) {
    const auto link = length_at_start(text, kLinks);
    if (link == 0) return text;
    text.remove_prefix(link);
  }
}

/// A number at the start, and how many bytes it takes with its unit; -1: none, or more than a number (`3栋`, `4楼`).
struct Number {
  int value = -1;
  std::size_t bytes = 0;
};

std::size_t first_character(Text text) { return first_characters(text, 1).size(); }

Number number_at_start(Text folded) {
  std::size_t digits = 0;
  while (digits < folded.size() && is_digit(folded[digits])) ++digits;
  const auto length = digits > 0 ? digits : first_character(folded);
  if (length == 0 || digits > 4) return {};
  const auto value = digits > 0 ? std::stoi(std::string(folded.substr(0, digits)))
                                : parse_ordinal(folded.substr(0, length)).value_or(-1);
  if (value < 0) return {};
  auto rest = folded.substr(length);
  const auto unit = length_at_start(rest, kUnits);
  rest.remove_prefix(unit);
  const bool is_parted = unit > 0 || rest.empty() || rest.front() == ' ' || length_at_start(rest, kLinks) > 0;
  return is_parted ? Number{value, length + unit} : Number{};
}

/// Not a negation's other half: 没好了 is no 好了.
bool is_negated(Text folded, std::size_t at) {
  const auto before = folded.substr(0, at);
  return std::any_of(kNegations.begin(), kNegations.end(), [&](Text word) { return before.ends_with(word); });
}

bool is_of_trouble(const Meaning& meaning) { return meaning.outcome == kNotFixed || meaning.outcome == kPartly; }

const Meaning* find_meaning(Text folded) {
  for (const auto& meaning : kMeanings) {
    const auto at = folded.find(meaning.words);
    if (at == Text::npos || is_negated(folded, at)) continue;
    const bool is_near = at == 0 || is_of_trouble(meaning);
    if (is_near) return &meaning;
  }
  return nullptr;
}

bool is_thanks(Text folded) {
  for (auto rest = without_links(folded); !rest.empty(); rest = without_links(rest)) {
    auto thanks = length_at_start(rest, kThanks);
    if (thanks == 0) thanks = length_at_start(rest, std::array<Text, 5>{"师傅", "你们", "您", "啦", "了"});
    if (thanks == 0) return false;
    rest.remove_prefix(thanks);
  }
  return !folded.empty();
}

/// What of the owner's own words follows the first `bytes` of their folded form. Folding keeps the number of characters
/// but for white space at the ends and what cannot be seen, so characters are counted.
std::string words_after(Text text, Text folded, std::size_t bytes) {
  const auto skipped = count_characters(folded.substr(0, bytes));
  const auto whole = trim(text);
  const auto rest = without_links(whole.substr(first_characters(whole, skipped).size()));
  return std::string(rest);
}

}  // namespace

SurveyReading read_survey_answer(std::string_view text) {
  const auto folded = fold(text);
  SurveyReading out;
  if (is_thanks(folded)) return {.kind = SurveyReading::Kind::thanks};
  const auto number = number_at_start(folded);
  if (number.value >= 0 && (number.value < 1 || number.value > 5)) return {.kind = SurveyReading::Kind::out_of_range};
  const auto* meaning = find_meaning(folded);
  if (number.value < 0 && meaning == nullptr) return out;
  out.kind = SurveyReading::Kind::answer;
  if (number.value > 0) out.score = number.value;
  if (meaning != nullptr) {
    if (!out.score && meaning->score > 0) out.score = meaning->score;
    out.outcome = std::string(meaning->outcome);
  }
  const bool is_first = meaning != nullptr && number.value < 0 && folded.starts_with(meaning->words);
  const bool is_whole = meaning != nullptr && number.value < 0 && !is_first;
  out.words = is_whole ? std::string(trim(text))
                       : words_after(text, folded, number.value > 0 ? number.bytes : meaning->words.size());
  return out;
}

}  // namespace huiyin::tickets
