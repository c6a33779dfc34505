// A lexicon of a few words: what sets, `together` and the words that speak against a danger do, and what is refused.
#include <gtest/gtest.h>

#include "tests/dialogs/dialog.h"

namespace huiyin::dialogs {
namespace {

constexpr const char* kSmall = R"(
sets:
  lift: [电梯, 货梯]
  halted: [停了, 不动]
  inside: [里面有人, 出不来]
  nobody: [里面没人]
  pipe: [水管, 龙头]
  spouts: [喷, 滋]
danger:
  trapped:
    phrases: [困人, 救我]
    surely: [人质]
    except: [困人游戏]
    together: [lift halted inside -nobody]
danger_unless: [演习]
danger_before: [怕]
danger_denied: [没, 不是, (no|not)]
danger_now: [快来, 现在]
danger_calm: [上次, 哈哈]
danger_aside: [谁管, 别当我笑]
danger_plea: [笑什么快派人]
danger_if: [万一]
danger_unless_intent: [praise]
danger_doubted_by_intent: [question_sure]
categories:
  repair:
    words: ["{lift}坏了"]
    sub: {elevator: [电梯], water: [水管]}
    sub_together: {water: [pipe spouts]}
  cleaning:
    words: [脏]
intents:
  praise: [表扬]
  question_sure: [要收费吗]
)";

Lexicon parsed(const std::string& text) {
  auto lexicon = Lexicon::parse({{"small.yaml", text}});
  if (!lexicon) throw std::runtime_error(describe(lexicon.error().front()));
  return *std::move(lexicon);
}

TEST(LexiconSets, WordsTogetherTellADanger) {
  const auto lexicon = parsed(kSmall);
  const struct {
    const char *text, *danger;
  } table[] = {
      {"电梯停了，里面有人", "trapped"},
      {"出不来了！货梯不动", "trapped"},  // in any order
      {"电梯停了", ""},
      {"电梯停了，里面没人，门开着", ""},
      {"电梯停了。我们小区的业主大会下周三晚上七点在会所二楼会议室召开请大家务必准时参加带好证件不要迟到。里面有人",
       ""},
      {"电梯没停，里面有人", ""},  // 停了 is not there
      {"是不是停了，电梯里面有人", "trapped"},
      {"电梯停了，不是里面有人", ""}};  // denied before a later word of it
  for (const auto& row : table) EXPECT_EQ(understand(lexicon, row.text).danger, row.danger) << row.text;
  const auto found = understand(lexicon, "电梯停了，里面有人");
  ASSERT_TRUE(found.danger_by);
  EXPECT_EQ(found.danger_by->rule, "lift halted inside -nobody");
}

TEST(LexiconSets, AnOverlappingWordIsNotTwoWords) {
  const auto lexicon = parsed("sets: {a: [水电, 水], b: [水电]}\ndanger: {fire: {phrases: [火], together: [a b]}}");
  EXPECT_EQ(understand(lexicon, "水电").danger, "");
  EXPECT_EQ(understand(lexicon, "水和水电").danger, "fire");
}

TEST(LexiconSets, HowAMessageSoundsIsWeighed) {
  const auto lexicon = parsed(kSmall);
  const struct {
    const char *text, *danger;
  } table[] = {{"困人", "trapped"},
               {"上次困人", ""},
               {"上次困人，现在又困人，快来", "trapped"},
               {"上次电梯停了，里面有人", "trapped"},  // several words together weigh more
               {"上次电梯停了，里面有人，哈哈", ""},
               {"表扬保安，困人来得快", ""},
               {"困人，上门要收费吗", ""},
               {"电梯停了出不来，要收费吗", "trapped"},
               {"没困人", ""},
               {"没人管，困人", "trapped"},
               {"怕困人", ""},
               {"演习：困人", ""},
               {"困人游戏", ""},
               {"not 困人", ""}};
  for (const auto& row : table) EXPECT_EQ(understand(lexicon, row.text).danger, row.danger) << row.text;
}

TEST(LexiconSets, WhatStandsBesideADangerIsReadOver) {
  const auto lexicon = parsed(std::string(kSmall) + "  human: [哈哈哈]\n");
  const struct {
    const char *text, *danger;
  } table[] = {{"困人，上次谁管", "trapped"},
               {"困人，上次", ""},
               {"困人上次谁管", ""},  // in the danger's own clause
               {"上次谁管 困人", "trapped"},
               {"上次。困人", "trapped"},  // a sentence that tells of none
               {"困人，上次谁管，万一", ""},
               {"演习，困人，上次谁管", ""},
               {"哈哈笑什么快派人，困人", "trapped"},
               {"上次哈哈，人质", "trapped"},  // surely
               {"没人质", ""}};
  for (const auto& row : table) EXPECT_EQ(understand(lexicon, row.text).danger, row.danger) << row.text;
  const auto found = understand(lexicon, "上次谁管，困人");
  ASSERT_TRUE(found.danger_by);
  EXPECT_EQ(found.danger_by->begin, std::string("上次谁管，").size());
}

TEST(LexiconSets, TellASubcategoryAndStandInPhrases) {
  const auto lexicon = parsed(kSmall);
  EXPECT_EQ(understand(lexicon, "货梯坏了").category, Category::repair);
  const auto found = understand(lexicon, "龙头一直滋，电梯里很脏");
  EXPECT_EQ(found.category, Category::repair);
  EXPECT_EQ(found.subcategory, "water");
}

TEST(LexiconSets, WhatIsBrokenIsNamed) {
  const struct {
    const char *text, *complaint;
  } table[] = {
      {"sets: {a: [水]}\ndanger: {fire: {phrases: [火], together: [a b]}}", "there is no set \"b\""},
      {"sets: {a: [水]}\ndanger: {fire: {phrases: [火], together: [a]}}", "\"a\" does not name two different sets"},
      {"sets: {a: [水]}\ndanger: {fire: {phrases: [火], together: [a a]}}", "\"a a\" does not name two different sets"},
      {"danger: {fire: {phrases: [\"{a}火\"]}}", "phrase \"{a}火\": there is no set {a} of plain words"},
      {"sets: {a: [水…火]}\ndanger: {fire: {phrases: [\"{a}火\"]}}",
       "phrase \"{a}火\": there is no set {a} of plain words"},
      {"danger: {fire: {phrases: [\"{a火\"]}}", "phrase \"{a火\": there is no set {} of plain words"},
      {"sets: {a: 水}", "\"a\" is no list of words"},
      {"sets: [水]", "sets is no map"}};
  for (const auto& row : table) {
    const auto lexicon = Lexicon::parse({{"small.yaml", row.text}});
    ASSERT_FALSE(lexicon) << row.text;
    EXPECT_NE(describe(lexicon.error().front()).find(row.complaint), std::string::npos)
        << describe(lexicon.error().front());
  }
  const auto twice = Lexicon::parse({{"a.yaml", "sets: {a: [水]}"}, {"b.yaml", "sets: {a: [火]}"}});
  ASSERT_FALSE(twice);
  EXPECT_EQ(twice.error().front().where, "b.yaml:1");
}

}  // namespace
}  // namespace huiyin::dialogs
