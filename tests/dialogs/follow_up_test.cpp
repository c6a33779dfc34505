// Surveys, words for who has the ticket, and what was missing.
#include <gtest/gtest.h>

#include "tests/dialogs/dialog.h"

namespace huiyin::dialogs {
namespace {

using namespace std::chrono_literals;

class FollowUp : public testing::Test {
 protected:
  FollowUp() {
    Ticket ticket;
    ticket.id = TicketId{5};
    ticket.number = {5};
    ticket.peer = kWang;
    ticket.description = "水管漏水";
    ticket.status = TicketStatus::resolved;
    dialog_.stored.tickets = {ticket};
    dialog_.stored.survey = Survey{.id = SurveyId{7},
                                   .ticket = TicketId{5},
                                   .peer = kWang,
                                   .asked = kNoonInShanghai,
                                   .expires = kNoonInShanghai + 72h};
  }
  std::string taps(const std::string& choice) { return dialog_.send(TextMessage{.text = "tap", .choice = choice}); }
  void asked() {
    dialog_.state.survey = SurveyId{7};
    dialog_.state.surveyed = dialog_.now;
  }

  Dialog dialog_{};
};

TEST_F(FollowUp, ATapOnASurveyIsItsAnswer) {
  asked();
  EXPECT_EQ(taps("survey:7:5"), "answer_survey(5) say(survey_thanks)");
  EXPECT_FALSE(dialog_.state.survey) << "a number is no answer from now on";
  dialog_.stored.survey->answered = dialog_.now;
  EXPECT_EQ(taps("survey:7:1"), "say(survey_over)");
}

TEST_F(FollowUp, APageBringsScoreAndWords) {
  asked();
  EXPECT_EQ(dialog_.send(TextMessage{.text = "师傅很好", .choice = "survey:7:4:words"}),
            "answer_survey(4) say(survey_thanks)");
  EXPECT_EQ(find_effect<AnswerSurvey>(dialog_.effects)->words.words, "师傅很好");
}

TEST_F(FollowUp, APageBringsScoreAndOutcomeTogetherAndIsNotAskedWhy) {
  asked();
  EXPECT_EQ(dialog_.send(TextMessage{.text = "", .choice = "survey:7:2+partly:words"}),
            "answer_survey(2) say(survey_low)");
  EXPECT_EQ(find_effect<AnswerSurvey>(dialog_.effects)->words.outcome, "partly");
  EXPECT_EQ(dialog_.state.asking, "");
  EXPECT_FALSE(dialog_.state.survey);
}

TEST_F(FollowUp, WhatNoSurveyOffersIsNoAnswer) {
  asked();
  for (const char* choice : {"survey:7:6", "survey:7:fixed!", "survey:7:", "survey:7", "survey::5", "survey:7:5+"})
    EXPECT_EQ(taps(choice).find("answer_survey"), std::string::npos) << choice;
}

TEST_F(FollowUp, ATapCountsThoughAPersonHasTheConversation) {
  asked();
  dialog_.stored.conversation = Conversation{.peer = kWang, .with_human = true};
  EXPECT_EQ(taps("survey:7:5"), "answer_survey(5) say(survey_thanks)");
}

TEST_F(FollowUp, SomebodyElsesSurveyAndOneThatIsOverAreRefused) {
  EXPECT_EQ(taps("survey:8:5"), "say(survey_over)");
  dialog_.stored.survey->peer = kLi;
  EXPECT_EQ(taps("survey:7:5"), "say(survey_over)");
  dialog_.stored.survey->peer = kWang;
  dialog_.now += 73h;
  EXPECT_EQ(taps("survey:7:5"), "say(survey_over)");
}

TEST_F(FollowUp, ALowScoreIsAskedWhyOnce) {
  asked();
  EXPECT_EQ(taps("survey:7:1"), "answer_survey(1) say(survey_low)");
  dialog_.stored.survey->answered = dialog_.now;
  EXPECT_EQ(dialog_.owner("地都没擦干净"), "answer_survey() say(survey_reason_noted)");
  EXPECT_EQ(find_effect<AnswerSurvey>(dialog_.effects)->words.words, "地都没擦干净");
  EXPECT_FALSE(dialog_.state.survey);
}

TEST_F(FollowUp, NotFixedReopensAndASurveyOutlivesAForm) {
  asked();
  (void)dialog_.owner("报修");
  (void)dialog_.owner("取消");
  (void)dialog_.owner("1");
  EXPECT_TRUE(dialog_.state.survey);
  EXPECT_EQ(taps("survey:7:not_fixed"), "answer_survey(not_fixed) say(survey_reopened)");
}

TEST_F(FollowUp, WordsForWhoHasTheTicket) {
  dialog_.stored.tickets[0].status = TicketStatus::accepted;
  EXPECT_EQ(dialog_.owner("留言 明天上午在家"), "act(tell) say(ticket_tell)");
  EXPECT_EQ(find_effect<ActOnTicket>(dialog_.effects)->text, "明天上午在家");
  dialog_.state.talk = TicketId{5};
  dialog_.state.talked = dialog_.now;
  EXPECT_EQ(dialog_.owner("下午三点以后"), "act(tell) say(ticket_tell)");
  EXPECT_EQ(dialog_.owner("谢谢"), "say(thanks_reply)") << "is no message to anybody";
  dialog_.stored.tickets[0].status = TicketStatus::closed;
  EXPECT_NE(dialog_.owner("下午三点以后"), "act(tell) say(ticket_tell)");
}

// A menu that was shown once was taken for the newer question when he had said thanks since.
TEST_F(FollowUp, AMenuWaitsForItsNumbersAlone) {
  dialog_.flow.site.read_survey = [](std::string_view) {
    return SurveyWords{.kind = SurveyWords::Kind::answer, .score = 4};
  };
  const auto said = [&](const char* words) {
    asked();
    dialog_.state.asking = "menu";
    dialog_.state.touched = dialog_.now + 1s;
    return dialog_.owner(words);
  };
  for (const char* words : {"4 师傅很好但来晚了", "5分", "很满意"})
    EXPECT_EQ(said(words), "answer_survey(4) say(survey_thanks)") << words;
  EXPECT_EQ(said("1").find("answer_survey("), std::string::npos) << "the menu was shown since";
}

// A report was once passed on to who had another ticket, and opened none.
TEST_F(FollowUp, ANewReportIsNoAnswerToWhoHasAnother) {
  auto& ticket = dialog_.stored.tickets[0];
  ticket.status = TicketStatus::accepted;
  ticket.address = "3号楼2单元602";
  const auto said = [&](const char* words) {
    dialog_.state = {};
    dialog_.state.talk = TicketId{5};
    dialog_.state.talked = dialog_.now;
    return dialog_.owner(words);
  };
  EXPECT_EQ(said("三点不在家，五点行吗"), "act(tell) say(ticket_tell)");
  EXPECT_EQ(said("3号楼2单元602还在漏水"), "act(tell) say(ticket_tell)") << "the same place";
  EXPECT_EQ(said("5号楼1单元301还在漏水").find("act(tell)"), std::string::npos);
  dialog_.state = {};
  dialog_.state.talk = TicketId{5};
  dialog_.state.talked = dialog_.now - 3h;
  EXPECT_EQ(dialog_.owner("3号楼2单元602还在漏水"), "ask(about)") << "no answer any more";
  EXPECT_EQ(said("5号楼1单元301厨房水管漏水").find("act(tell)"), std::string::npos);
  EXPECT_EQ(said("厨房水管漏水，我是李秀英，13900139000").find("act(tell)"), std::string::npos);
  ticket.status = TicketStatus::resolved;
  EXPECT_EQ(said("4 师傅很好但来晚了").find("act(tell)"), std::string::npos) << "he has done his work";
  EXPECT_EQ(said("留言 工具落在我家了"), "act(tell) say(ticket_tell)") << "unless that is said";
}

TEST_F(FollowUp, WordsThatOnlyBeginLikeAMessageAreNone) {
  dialog_.stored.tickets[0].status = TicketStatus::accepted;
  EXPECT_EQ(dialog_.owner("留言：明天上午在家"), "act(tell) say(ticket_tell)");
  EXPECT_EQ(dialog_.owner("给师傅留言明天上午在家"), "act(tell) say(ticket_tell)");
  EXPECT_EQ(dialog_.owner("留言了没人回").find("act(tell)"), std::string::npos);
}

TEST_F(FollowUp, WhatWasMissingIsAdded) {
  dialog_.state.asking = "missing";
  dialog_.state.ticket = TicketId{5};
  dialog_.state.ticket_number = "HY5";
  dialog_.state.touched = dialog_.now;
  EXPECT_EQ(dialog_.owner("3号楼2单元602，13800138000"), "act(add_details) say(details_added)");
  const auto* added = find_effect<ActOnTicket>(dialog_.effects);
  EXPECT_EQ(added->details.phone, "+8613800138000");
  EXPECT_NE(added->details.address, "");
}

}  // namespace
}  // namespace huiyin::dialogs
