// What all words of a message together speak for: how weights are found, refused, weighed against rules, and learned.
#include "dialogs/understanding/weights.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "dialogs/understanding/learn.h"
#include "dialogs/understanding/understand.h"

namespace huiyin::dialogs {
namespace {

Lexicon parsed(const std::string& text, const std::string& weights = {}) {
  auto lexicon = Lexicon::parse({{"small.yaml", text}, {"weights.txt", weights}});
  if (!lexicon) throw std::runtime_error(describe(lexicon.error().front()));
  return *std::move(lexicon);
}

std::string complaint_about(const std::string& text, const std::string& file = "small.yaml") {
  const auto lexicon = Lexicon::parse({{file, text}});
  return lexicon ? "" : describe(lexicon.error().front());
}

TEST(Weights, WordsOfAText) {
  const struct {
    const char *text, *words;
  } table[] = {
      {"冒烟了", "冒|烟|冒烟|了|烟了|"},
      {"冒，烟", "冒|烟|"},  // no neighbours
      {"gas smell?", "gas|smell|gas smell|?|"},
      {"Gas, smell", "Gas|smell|Gas, smell|"},  // what stands between two words of Latin script parts them not
      {"煤气gas味", "煤|气|煤气|gas|味|"},
      {"3栋1201", "栋|"},
      {"", ""},
      {"\xFF\xE4\xB8", ""},
  };
  for (const auto& row : table) {
    const std::string_view text = row.text;
    std::vector<WeighedWord> found;
    find_weighed_words(text, found);
    std::string words;
    for (const auto& word : found) words += std::string(text.substr(word.begin, word.end - word.begin)) + "|";
    EXPECT_EQ(words, row.words) << row.text;
  }
}

TEST(Weights, WhatIsRefused) {
  const struct {
    const char *line, *complaint;
  } table[] = {
      {"冒烟 danger +3", "it has no `: ` behind the word"},
      {"冒烟: danger +128", "\"+128\" is no number from -127 to +127"},
      {"冒烟: danger +3x", "\"+3x\" is no number from -127 to +127"},
      {"冒烟: +3", "\"+3\" stands behind no class"},
      {"冒烟了: danger +3", "\"冒烟了\" is more than two Chinese characters or two words"},
  };
  for (const auto& row : table) {
    Weights weights;
    EXPECT_EQ(weights.add(row.line).value_or("added"), row.complaint) << row.line;
  }
  Weights weights;
  EXPECT_FALSE(weights.add("冒烟: danger +3"));
  EXPECT_EQ(weights.add("冒烟: danger +4").value_or("added"), "\"冒烟\" is there already");
  for (std::size_t i = 1; i < Weights::kMostClasses; ++i)
    EXPECT_FALSE(weights.add("{" + std::to_string(i) + "}: c" + std::to_string(i) + " +1"));
  EXPECT_EQ(weights.add("一: more +1").value_or("added"), "\"more\" is one class too many");
  EXPECT_EQ(complaint_about("weights: [\"冒烟\"]"),
            "small.yaml:1: weights: it has no `: ` behind the word. Let `huiyin learn` write this list.");
}

TEST(Weights, AFileOfTheirOwn) {
  const struct {
    std::string text, complaint;
  } table[] = {
      {"# learned\n\n: danger -10\r\n冒烟: danger +30\n", ""},
      {"", ""},
      {"# learned\n冒烟\n",
       "weights.txt:2: weights: it has no `: ` behind the word. Let `huiyin learn` write this file."},
      {"冒烟: danger +3\n冒烟: danger +4",
       "weights.txt:2: weights: \"冒烟\" is there already. Let `huiyin learn` write this file."},
      {std::string((4U << 20) + 1, 'x'), "weights.txt: the file is over 4 MB. Teach it less at once."},
  };
  for (const auto& row : table)
    EXPECT_EQ(complaint_about(row.text, "weights.txt"), row.complaint) << row.text.substr(0, 40);
  EXPECT_EQ(complaint_about("faq: {}", "questions.txt"), "") << "a company's own file may be called so";
  const auto torn = Lexicon::parse({{"weights.txt", "冒烟\n\xFF\n着火\n"}});
  ASSERT_FALSE(torn);
  EXPECT_EQ(torn.error().size(), 1U) << "a file of other things has thousands of such lines";
  const auto both =
      Lexicon::parse({{"weights.txt", "冒烟: danger +30"}, {"weights.yaml", "weights: [\"冒烟: danger +3\"]"}});
  ASSERT_FALSE(both);
  EXPECT_EQ(describe(both.error().front()),
            "weights.yaml:1: weights stand in another file too. Remove the older of the two.");
}

constexpr const char* kSmall = R"(
sets: {lift: [电梯], burnt: [糊味]}
danger:
  fire: {phrases: [着火], except: [着火点]}
  trapped: {phrases: [困人]}
categories:
  repair: {words: [坏了], sub: {water: [水管]}}
  cleaning: {words: [脏]}
intents: {thanks: [谢谢]}
)";

constexpr const char* kWeights = R"(
: danger -14 /fire +0 /trapped +0 repair +0 /water +0 /gone +0 cleaning +0 none +10 intent /report +0 /other +5 /thanks +0
浓烟: danger +100 /fire +50
冒烟: danger +30
{lift}: danger +1 /trapped +60
{burnt}{lift}: danger +100
电影: danger -120
影着: danger -50
<phone>: intent /report +30
滴水: repair +60 /water +20 /gone +90 intent /report +60 none -20
smell smoke: danger +120
)";

TEST(Evidence, RulesAndWeightsDecideTogether) {
  const auto lexicon = parsed(kSmall, kWeights);
  const struct {
    const char *text, *read;
  } table[] = {
      {"着火", "danger=fire repair=0 report"},           // a rule alone
      {"电影着火", "danger= repair=0 other"},            // weights against it
      {"影着火", "danger=fire repair=0 report"},         // a word alone is what the lexicon says
      {"好大的浓烟", "danger=fire repair=0 report"},     // weights alone
      {"着火的电影", "danger= repair=0 other"},          // weights against a rule
      {"楼道里冒烟", "danger=fire repair=0 report"},     // a little, where no rule says otherwise
      {"着火点冒烟", "danger= repair=0 other"},          // and too little where one took it back
      {"电梯里困人", "danger=trapped repair=0 report"},  // both
      {"电梯里糊味", "danger=trapped repair=0 report"},  // two sets together, of which neither tells it alone
      {"锅里糊味", "danger= repair=0 other"},
      {"I smell smoke", "danger=fire repair=0 report"},
      {"一直滴水", "danger= repair=1 report water"},  // `repair/gone` is no sub-category of this lexicon
      {"谢谢", "danger= repair=0 thanks"},
  };
  for (const auto& row : table) {
    auto found = understand(lexicon, row.text);
    if (found.guess) {  // as `huiyin understand` tells it
      EXPECT_EQ(found.category, Category::none) << row.text;
      found.category = found.guess->category;
      found.subcategory = found.guess->subcategory;
      found.intent = found.guess->intent;
    }
    auto read =
        "danger=" + found.danger + " repair=" + (found.category == Category::repair ? "1 " : "0 ") + found.intent;
    if (!found.subcategory.empty()) read += " " + found.subcategory;
    EXPECT_EQ(read, row.read) << row.text;
  }
  const auto found = understand(lexicon, "好大的浓烟");
  ASSERT_TRUE(found.danger_by);
  EXPECT_EQ(found.danger_by->rule, "weights: 浓烟 +100");
  EXPECT_EQ(found.danger_by->end, std::string("好大的浓烟").size());
}

TEST(Evidence, WithoutWeightsTheRulesDecideAlone) {
  const auto lexicon = parsed(kSmall);
  EXPECT_EQ(understand(lexicon, "好大的浓烟").danger, "");
  EXPECT_EQ(understand(lexicon, "着火的电影").danger, "fire");
  EXPECT_EQ(understand(lexicon, "水管坏了").category, Category::repair);
}

TEST(Learn, WhatIsLearnedIsReadAgain) {
  std::vector<LabelledMessage> messages;
  for (const char* room : {"客厅", "卧室", "厨房", "书房"}) {
    messages.push_back({std::string(room) + "浓烟滚滚", "fire", "security", "fire", "report"});
    messages.push_back({std::string(room) + "滴水", "", "repair", "water", "report"});
    messages.push_back({std::string(room) + "真好看", "", "none", "", "other"});
  }
  const auto learned = learn_weights(parsed(kSmall), messages);
  EXPECT_EQ(learned, learn_weights(parsed(kSmall), messages));  // the same again
  const auto lexicon = parsed(kSmall, learned);
  EXPECT_EQ(learned, learn_weights(lexicon, messages));  // weights that are there play no part
  EXPECT_EQ(understand(lexicon, "阳台浓烟").danger, "fire");
  EXPECT_EQ(understand(lexicon, "阳台滴水").danger, "");
  ASSERT_TRUE(understand(lexicon, "阳台滴水").guess);
  EXPECT_EQ(understand(lexicon, "阳台滴水").guess->category, Category::repair);
  EXPECT_EQ(understand(lexicon, "阳台好看").category, Category::none);
  EXPECT_FALSE(understand(lexicon, "阳台好看").guess);
}

TEST(Learn, NothingToLearnFrom) { EXPECT_EQ(complaint_about(learn_weights(parsed(kSmall), {}), "weights.txt"), ""); }

}  // namespace
}  // namespace huiyin::dialogs
