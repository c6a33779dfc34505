#include "tickets/survey.h"

#include <gtest/gtest.h>

#include <random>
#include <stdexcept>

#include "core/text.h"
#include "tests/tickets/life.h"

namespace huiyin::tickets {
namespace {

using namespace std::chrono_literals;
using enum ActionKind;

std::string describe(const SurveyReading& reading) {
  switch (reading.kind) {
    case SurveyReading::Kind::thanks:
      return "thanks";
    case SurveyReading::Kind::out_of_range:
      return "out_of_range";
    case SurveyReading::Kind::other:
      return "other";
    case SurveyReading::Kind::answer:
      break;
  }
  std::string out = reading.score ? std::to_string(*reading.score) : "-";
  if (!reading.outcome.empty()) out += " " + reading.outcome;
  return reading.words.empty() ? out : out + " [" + reading.words + "]";
}

TEST(SurveyAnswer, EachWayOfSayingIt) {
  struct {
    const char *text, *expect;
  } const table[] = {
      {"5", "5"},
      {"５", "5"},
      {"5分", "5"},
      {"５分", "5"},
      {"五", "5"},
      {"五分", "5"},
      {"⑤", "5"},
      {"①", "1"},
      {"5星", "5"},
      {"四颗星", "4"},
      {" 3 ", "3"},
      {"2.", "2"},
      {"4 师傅很好但来晚了", "4 [师傅很好但来晚了]"},
      {"4分，师傅很好但来晚了", "4 [师傅很好但来晚了]"},
      {"1 还是漏水，没修好", "1 not_fixed [还是漏水，没修好]"},
      {"很满意", "5"},
      {"非常满意！", "5"},
      {"满意", "4"},
      {"一般", "3"},
      {"一般，来得太慢", "3 [来得太慢]"},
      {"不满意", "2"},
      {"非常不满意", "1"},
      {"很不满意，等了三天", "1 [等了三天]"},
      {"不太满意", "2"},
      {"Very good", "5"},
      {"good", "4"},
      {"bad", "2"},
      {"very dissatisfied", "1"},
      {"好了", "- fixed"},
      {"修好了", "- fixed"},
      {"已经好了", "other"},
      {"没修好", "- not_fixed"},
      {"没修好，还在漏", "- not_fixed [还在漏]"},
      {"还没修好", "- not_fixed"},
      {"刚才看了下，没修好", "- not_fixed [刚才看了下，没修好]"},
      {"没完全好", "- partly"},
      {"没完全好，灯还闪", "- partly [灯还闪]"},
      {"not fixed", "- not_fixed"},
      {"it is still broken", "- not_fixed [it is still broken]"},
      {"fixed", "- fixed"},
      {"谢谢", "thanks"},
      {"谢谢师傅", "thanks"},
      {"好的，谢谢", "thanks"},
      {"👍", "thanks"},
      {"ok thanks", "thanks"},
      {"收到", "thanks"},
      {"0", "out_of_range"},
      {"6", "out_of_range"},
      {"10分", "out_of_range"},
      {"3号楼电梯坏了", "other"},
      {"5楼漏水", "other"},
      {"13800138000", "other"},
      {"电梯又停了", "other"},
      {"", "other"},
      {"一", "1"},
      {"一直没人来", "other"},
  };
  for (const auto& row : table) EXPECT_EQ(describe(read_survey_answer(row.text)), row.expect) << row.text;
}

TEST(SurveyAnswer, SurvivesWhateverIsTyped) {
  std::mt19937_64 random(12);
  const std::vector<std::string> parts = {"5",  "分", "五", "没",   "修好", "满意", "　",  "\u200b",
                                          "𠮷", "👍",  "，", "not ", "９",   "很",   "good"};
  for (int run = 0; run < 5000; ++run) {
    std::string text;
    for (auto left = random() % 7; left > 0; --left) text += parts[random() % parts.size()];
    const auto reading = read_survey_answer(text);
    EXPECT_TRUE(is_valid_utf8(reading.words)) << text;
    if (reading.score) {
      EXPECT_GE(*reading.score, 1) << text;
      EXPECT_LE(*reading.score, 5) << text;
    }
  }
}

Life done(Category category = Category::repair) {
  return Life("2026-11-23 10:00", category)
      .agent("2026-11-23 10:05", accept)
      .agent("2026-11-23 11:00", complete, "修好了");
}

Survey survey_of(const char* asked, std::optional<int> score, const char* outcome = "", TicketId ticket = TicketId{1}) {
  return {.ticket = ticket, .peer = kWang, .score = score, .outcome = outcome, .asked = at(asked)};
}

TEST(Survey, IsAskedWhereWorkWasDoneAndNotTooOften) {
  struct {
    const char* name;
    Life life;
    std::optional<Survey> last;
    const char* expect;
  } const table[] = {
      {"the first", done(), {}, "ask"},
      {"not of an employee", done(Category::internal), {}, "internal"},
      {"not of a withdrawn one", Life("2026-11-23 10:00").owner("2026-11-23 10:05", withdraw), {}, "not_done"},
      {"not of one that is closed unrepaired",
       Life("2026-11-23 10:00").by(Role::manager, "2026-11-23 10:05", {.kind = close, .text = "业主不修了"}),
       {},
       "not_done"},
      {"not of one that closed by itself", done().system("2026-11-26 11:00", close), {}, "not_done"},
      {"not twice for one closing", done(), survey_of("2026-11-23 11:00", {}, "", TicketId{77}), "asked_already"},
      {"not within a fortnight", done(), survey_of("2026-11-10 11:00", 5), "too_soon"},
      {"nor where he did not answer", done(), survey_of("2026-11-10 11:00", {}), "too_soon"},
      {"a fortnight later", done(), survey_of("2026-11-09 11:00", 5), "ask"},
      {"sooner where he was not content", done(), survey_of("2026-11-22 11:00", 2), "ask"},
      {"three is content enough", done(), survey_of("2026-11-22 11:00", 3), "too_soon"},
      {"sooner where it was not repaired", done(), survey_of("2026-11-22 11:00", {}, "not_fixed"), "ask"},
      {"again after a reopening for it was not repaired",
       done()
           .owner("2026-11-23 12:00", reopen)
           .agent("2026-11-23 12:05", accept)
           .agent("2026-11-23 13:00", complete, "换了水管"),
       survey_of("2026-11-23 11:00", {}, "not_fixed", TicketId{77}), "ask"},
  };
  for (const auto& row : table) {
    EXPECT_EQ(to_string(choose_survey(row.life.ticket, row.life.history, row.last, at("2026-11-23 13:00"), {})),
              row.expect)
        << row.name;
  }
  EXPECT_EQ(choose_survey(done().ticket, done().history, {}, at("2026-11-23 13:00"), {.enabled = false}),
            SurveyChoice::disabled);
}

TEST(Survey, NamesItsClosing) {
  auto life = done();
  EXPECT_EQ(make_survey(SurveyId{9}, life.ticket, life.history, at("2026-11-23 11:00"), {}).closing, 1);
  life.owner("2026-11-23 12:00", reopen).agent("2026-11-23 12:05", accept).agent("2026-11-23 13:00", complete, "好了");
  const auto survey = make_survey(SurveyId{9}, life.ticket, life.history, at("2026-11-23 13:00"), {});
  EXPECT_EQ(survey.closing, 2);
  EXPECT_EQ(survey.peer, kWang);
  EXPECT_TRUE(is_waiting(survey, at("2026-11-26 12:59")));
  EXPECT_FALSE(is_waiting(survey, at("2026-11-26 13:00")));
}

TEST(Survey, WhatAnAnswerLeadsTo) {
  struct {
    const char *text, *expect;
  } const table[] = {
      {"5", "5 close"},
      {"好了", "fixed close"},
      {"3", "3 close"},
      {"2", "2 close call_back ask_why"},
      {"1 师傅态度差", "1 close call_back"},
      {"没修好", "not_fixed reopen call_back ask_why"},
      {"没修好，还在漏", "not_fixed reopen call_back"},
      {"5 没修好", "5 not_fixed reopen call_back"},
      {"没完全好", "partly call_back ask_why"},
  };
  for (const auto& row : table) {
    const auto life = done();
    const auto survey = make_survey(SurveyId{9}, life.ticket, life.history, at("2026-11-23 11:00"), {});
    const auto out = take_answer(survey, read_survey_answer(row.text), at("2026-11-23 12:00"), {});
    std::string told = out.survey.score ? std::to_string(*out.survey.score) : "";
    if (!out.survey.outcome.empty()) told += (told.empty() ? "" : " ") + out.survey.outcome;
    if (out.close) told += " close";
    if (out.reopen) told += " reopen";
    if (out.call_back) told += " call_back";
    if (out.ask_why) told += " ask_why";
    EXPECT_EQ(told, row.expect) << row.text;
    EXPECT_TRUE(out.survey.answered);
  }
}

TEST(Survey, TheReasonComesAfterTheScore) {
  const auto life = done();
  const auto survey = make_survey(SurveyId{9}, life.ticket, life.history, at("2026-11-23 11:00"), {});
  const auto low = take_answer(survey, read_survey_answer("1"), at("2026-11-23 12:00"), {});
  ASSERT_TRUE(low.ask_why);
  const SurveyReading reason{.kind = SurveyReading::Kind::answer, .words = "等了三天"};
  const auto why = take_answer(low.survey, reason, at("2026-11-23 12:05"), {});
  EXPECT_EQ(why.survey.score, 1) << "the score stays";
  EXPECT_EQ(why.survey.suggestion, "等了三天");
  EXPECT_FALSE(why.call_back) << "it was asked for already";
}

}  // namespace
}  // namespace huiyin::tickets
