// 常见问题: listed, chosen by number, asked in words, and never in the way of anything else.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/dialogs/dialog.h"

namespace huiyin::dialogs {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

std::string answer_of(const Dialog& dialog) {
  for (const auto& effect : dialog.effects)
    if (const auto* said = std::get_if<Say>(&effect); said != nullptr && said->name == "faq")
      return said->data[0].second;
  return "";
}

TEST(Questions, AreListedAndChosenByNumber) {
  Dialog dialog;
  EXPECT_EQ(dialog.owner("常见问题"), "ask(faq)");
  const auto choices = find_effect<Ask>(dialog.effects)->choices;
  ASSERT_EQ(choices.size(), shipped_lexicon().faq().size());
  EXPECT_EQ(choices[0].id, "faq:hours");
  EXPECT_EQ(dialog.owner("2"), "say(faq)");
  EXPECT_THAT(answer_of(dialog), HasSubstr("收费标准"));
  EXPECT_EQ(dialog.owner("第一个"), "say(faq)") << "and another one";
  EXPECT_THAT(answer_of(dialog), HasSubstr("办公时间"));
  EXPECT_EQ(dialog.owner("８"), "say(ask_faq.again)");
  EXPECT_EQ(dialog.owner("5"), "say(faq)");
}

TEST(Questions, TheMenuOffersThemWhereThereAreAny) {
  Dialog dialog;
  EXPECT_EQ(dialog.owner("[菜单 MENU_FAQ]"), "ask(faq)");
  dialog.owner("菜单");
  const auto with = find_effect<Ask>(dialog.effects)->choices;
  EXPECT_EQ(with.back().id, "faq");
  EXPECT_EQ(dialog.owner(std::to_string(with.size())), "ask(faq)");
  dialog.flow.site.faq.clear();
  dialog.owner("菜单");
  EXPECT_EQ(find_effect<Ask>(dialog.effects)->choices.size(), with.size() - 1);
  EXPECT_EQ(dialog.owner("常见问题"), "say(faq_none)");
}

TEST(Questions, EachListedOneIsKnownByItsOwnWords) {
  for (const auto& entry : shipped_lexicon().faq())
    for (const auto& [language, words] : entry.question) {
      const auto said = understand(shipped_lexicon(), words);
      EXPECT_EQ(said.faq, entry.name) << words;
      EXPECT_EQ(said.intent, "question") << words;
      EXPECT_FALSE(said.report) << words;
      EXPECT_EQ(said.danger, "") << words;
      EXPECT_EQ(said.reply, entry.answer) << words;
    }
}

TEST(Questions, AreAnsweredInTheOwnersLanguage) {
  Dialog dialog;
  EXPECT_EQ(dialog.owner("你们几点上班"), "say(faq)");
  EXPECT_THAT(answer_of(dialog), HasSubstr("办公时间"));
  dialog.locale = "en";
  dialog.stored.conversation = Conversation{.locale = "en"};
  dialog.owner("what are the opening hours?");
  EXPECT_THAT(answer_of(dialog), HasSubstr("office hours"));
  EXPECT_EQ(dialog.owner("faq"), "ask(faq)");
  EXPECT_EQ(find_effect<Ask>(dialog.effects)->choices[0].label, "When are you open?");
}

TEST(Questions, AReportThatSoundsLikeOneIsAReport) {
  const struct {
    const char* text;
    bool is_question;
  } table[] = {{"物业费多少钱", true},
               {"物业费怎么交？", true},
               {"请问停车怎么收费", true},
               {"门禁卡丢了，怎么补办", true},
               {"我身份证330102198805123456能办业主卡吗", true},
               {"交了物业费还没人修电梯", false},
               {"物业费交了这么多，电梯坏了几点来修", false},
               {"停车收费的杆子坏了，抬不起来", false},
               {"你们几点上班？厨房水管爆了", false},
               {"装修的把楼道墙砸坏了", false},
               {"门禁卡刷不开门，门禁坏了", false}};
  for (const auto& row : table) {
    Dialog dialog;
    const auto effects = dialog.owner(row.text);
    EXPECT_EQ(effects == "say(faq)", row.is_question) << row.text << ": " << effects;
  }
}

TEST(Questions, InAFormItGoesOnAfterwards) {
  play({{"用自己的话问",
         {{"厨房漏水", "say(consent) set(description) set(category) ask(name)"},
          {"物业费怎么交", "say(faq) ask(name)"},
          {"王建国", "set(name) ask(phone)"}}},
        {"要列表_数字仍是表单的",
         {{"报修", "say(consent) ask(name)"},
          {"王建国", "set(name) ask(phone)"},
          {"13800138000", "set(phone) ask(address)"},
          {"3号楼2单元602", "set(address) ask(description)"},
          {"有点问题", "set(description) set(category) ask(category)"},
          {"常见问题", "say(faq_topics) ask(category)"}}},
        {"问他什么问题_再问一遍就是他要说的",
         {{"投诉", "say(consent) ask(name)"},
          {"王建国", "set(name) ask(phone)"},
          {"13800138000", "set(phone) ask(address)"},
          {"3号楼2单元602", "set(address) ask(description)"},
          {"物业费怎么交", "say(faq) ask(description)"},
          {"物业费怎么交", "set(description) set(category) ask(category)"}}}});
}

TEST(Questions, AnythingElseEndsTheList) {
  Dialog dialog;
  dialog.owner("常见问题");
  EXPECT_EQ(dialog.owner("谢谢"), "say(thanks_reply)");
  EXPECT_THAT(dialog.owner("2"), Not(HasSubstr("faq")));
  dialog.owner("常见问题");
  EXPECT_EQ(dialog.owner("3号楼2单元电梯坏了"), "say(consent) set(address) set(description) set(category) ask(name)");
  dialog.owner("取消");
  dialog.owner("1");
  dialog.owner("常见问题");
  EXPECT_THAT(dialog.owner("+1h 2"), Not(HasSubstr("faq"))) << "nobody remembers it";
}

TEST(Questions, ATappedLineIsAnsweredWheneverItWasShown) {
  Dialog dialog;
  dialog.owner("报修");
  EXPECT_EQ(dialog.send(TextMessage{.text = "停车怎么收费？", .choice = "faq:parking"}), "say(faq) ask(name)");
  EXPECT_THAT(answer_of(dialog), HasSubstr("停车收费标准"));
}

TEST(Questions, TheTicketThatWasJustOpenedIsStillTalkedOf) {
  Dialog dialog;
  dialog.owner("3号楼2单元电梯坏了，我是王建国，13800138000");
  dialog.owner("跳过");
  dialog.owner("1");
  ASSERT_EQ(dialog.opened.size(), 1U);
  dialog.owner("常见问题");
  EXPECT_EQ(dialog.owner("[照片]"), "attach say(media_added)");
  EXPECT_EQ(dialog.owner("谢谢"), "say(thanks_reply)");
  EXPECT_EQ(dialog.owner("[照片]"), "attach say(media_added)");
  EXPECT_EQ(dialog.opened.size(), 1U);
}

class QuestionsAndSurveys : public testing::Test {
 protected:
  QuestionsAndSurveys() {
    dialog_.flow.site.read_survey = [](std::string_view text) {
      SurveyWords words;
      if (text.size() == 1 && text[0] >= '1' && text[0] <= '5')
        words = {.kind = SurveyWords::Kind::answer, .score = text[0] - '0'};
      return words;
    };
    Ticket ticket{.id = TicketId{5}, .number = {1024}, .peer = kWang};
    ticket.status = TicketStatus::resolved;
    dialog_.stored.tickets = {ticket};
  }
  /// As the gateway does it (ticket_timer.cpp): a list that is open is closed.
  void ask_survey() {
    dialog_.now += 20s;
    dialog_.stored.survey = Survey{
        .id = SurveyId{7}, .ticket = TicketId{5}, .peer = kWang, .asked = dialog_.now, .expires = dialog_.now + 72h};
    dialog_.state.survey = SurveyId{7};
    dialog_.state.surveyed = dialog_.now;
    if (dialog_.state.asking == "faq") dialog_.state.asking.clear();
  }
  Dialog dialog_;
};

TEST_F(QuestionsAndSurveys, AnEarlierListEatsNoScore) {
  dialog_.owner("常见问题");
  ask_survey();
  EXPECT_EQ(dialog_.owner("5"), "answer_survey(5) say(survey_thanks)");
}

TEST_F(QuestionsAndSurveys, NorAfterThanks) {
  dialog_.owner("常见问题");
  ask_survey();
  dialog_.owner("谢谢");
  EXPECT_EQ(dialog_.owner("5"), "answer_survey(5) say(survey_thanks)");
}

TEST_F(QuestionsAndSurveys, AListThatWasAskedForSinceTakesItsNumbers) {
  ask_survey();
  dialog_.owner("常见问题");
  EXPECT_EQ(dialog_.owner("2"), "say(faq)");
  dialog_.owner("好的谢谢");
  EXPECT_EQ(dialog_.owner("5"), "answer_survey(5) say(survey_thanks)") << "the list is over";
}

TEST(QuestionsBriefly, TheListFitsTwoPartsAndIsNoChatter) {
  Dialog dialog;
  dialog.flow.manners.brief = true;
  for (int i = 0; i < 20; ++i)
    dialog.flow.site.faq.push_back({.name = "more" + std::to_string(i), .question = {{"zh-CN", "小区有没有快递柜？"}}});
  EXPECT_EQ(dialog.owner("常见问题"), "ask(faq)");
  const auto choices = find_effect<Ask>(dialog.effects)->choices;
  EXPECT_GE(choices.size(), 5U);
  EXPECT_LE(choices.size(), 9U);
  for (const char* number : {"1", "2", "3", "4"}) EXPECT_EQ(dialog.owner(number), "say(faq)") << "he asked for it";
}

Lexicon parsed(const std::string& more) {
  std::vector<std::pair<std::string, std::string>> files;
  for (const auto* name : {"categories.yaml", "faq.yaml", "intents.yaml", "sets.yaml"})
    files.emplace_back(name, read_file(std::string("dialogs/lexicon/") + name));
  files.emplace_back("own.yaml", more);
  return Lexicon::parse(files).value();
}

TEST(QuestionsOfACompany, TakeThePlaceOfThoseShippedOrAreAdded) {
  const auto lexicon = parsed(
      "faq:\n  hours:\n    question: {zh-CN: 几点上班？}\n    words: [开到几点]\n    answer: {zh-CN: 8 点到 20 点}\n"
      "  pool:\n    words: [游泳池…(开|几点)]\n    answer: {zh-CN: 夏天开放}\n");
  EXPECT_EQ(lexicon.faq().size(), shipped_lexicon().faq().size() + 1);
  EXPECT_EQ(lexicon.answer("faq.hours", "zh-CN"), "8 点到 20 点");
  EXPECT_EQ(understand(lexicon, "你们几点上班").reply.at("zh-CN"), "8 点到 20 点") << "the shipped words ask it still";
  EXPECT_EQ(understand(lexicon, "你们开到几点").faq, "hours");
  EXPECT_EQ(understand(lexicon, "游泳池几点开").faq, "pool");
}

TEST(QuestionsOfACompany, MayBeOneEstates) {
  const auto lexicon =
      parsed("faq:\n  hours_lake:\n    words: [几点上班]\n    estates: [lake]\n    answer: {zh-CN: 湖畔 9 点}\n");
  const auto asked = [&](const char* estate) { return understand(lexicon, "你们几点上班", {.estate = estate}).faq; };
  EXPECT_EQ(asked("lake"), "hours_lake") << "before the one for all";
  EXPECT_EQ(asked("riverside"), "hours");
  EXPECT_EQ(asked(""), "hours");
}

TEST(QuestionsOfACompany, WhatIsWrongIsSaidWithItsLine) {
  const struct {
    const char *yaml, *complaint;
  } table[] = {
      {"faq:\n  h: {words: [], answer: {zh-CN: a}}",
       "own.yaml:2: faq h: nobody's question is known by no words. "
       "Write the words that it is asked with: [几点上班, opening hours]."},
      {"faq:\n  h: {words: [几点], answer: {zh-CN: ''}}",
       "own.yaml:2: has no words in zh-CN. Write them, or leave zh-CN out."},
      {"faq:\n  h: {words: [几点], answer: 8点}", "own.yaml:2: is no text in a language. Write `{zh-CN: …, en: …}`."},
      {"faq:\n  h: {words: [几点]}", "own.yaml:2: faq h: answer is missing."},
      {"faq:\n  时间: {words: [几点], answer: {zh-CN: a}}",
       "own.yaml:2: faq \"时间\" has a name that is no key. Take a-z, 0-9, _ and -; what people read is `question:`."},
      {"faq:\n  h: {words: [几点], answr: {zh-CN: a}, answer: {zh-CN: a}}",
       "own.yaml:2: faq h: unknown key \"answr\". Did you mean \"answer\"?"},
      {"faq:\n  h:\n    words: [几点]\n    answer: {zh-CN: a}\n    question: "
       "{zh-CN: 一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一}",
       "own.yaml:5: the question in zh-CN is longer than 40 characters. Say it shorter, or make two entries of it."},
  };
  for (const auto& row : table) {
    const auto lexicon = Lexicon::parse({{"own.yaml", row.yaml}});
    ASSERT_FALSE(lexicon) << row.yaml;
    EXPECT_EQ(describe(lexicon.error().front()), row.complaint);
  }
}

}  // namespace
}  // namespace huiyin::dialogs
