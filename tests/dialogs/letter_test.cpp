// Mails: the whole form may be in the first one; what is missing is asked for once, in one list.
#include <gtest/gtest.h>

#include "tests/dialogs/dialog.h"

namespace huiyin::dialogs {
namespace {

MailMessage mail(std::string text, std::int64_t ticket = 0) {
  MailMessage out{.text = std::move(text)};
  out.thread.message_id = "<1@qq.com>";
  out.thread.ticket = ticket;
  if (ticket != 0) out.thread.references = {"<0@wuye.example.cn>"};
  return out;
}

std::string missing_of(const Dialog& dialog) {
  for (const auto& effect : dialog.effects)
    if (const auto* said = std::get_if<Say>(&effect); said != nullptr && said->name == "letter_ask")
      return said->data.front().second;
  return "";
}

TEST(Letter, AWholeFormOpensATicketAndAsksNothing) {
  Dialog dialog;
  EXPECT_EQ(dialog.send(mail("报修\n姓名：王建国\n电话：13800138000\n地址：3栋2单元602\n厨房水管漏水，请尽快来修。")),
            "open_ticket(repair) say(letter_received)");
  const auto& ticket = dialog.opened.front().ticket;
  EXPECT_EQ(ticket.name, "王建国");
  EXPECT_EQ(ticket.phone, "+8613800138000");
  EXPECT_EQ(ticket.address, "3栋2单元602");
  EXPECT_EQ(ticket.subcategory, "water");
  EXPECT_NE(ticket.description.find("厨房水管漏水"), std::string::npos);
  EXPECT_EQ(ticket.description.find("13800138000"), std::string::npos) << "it has a field of its own";
  EXPECT_EQ(ticket.audit, "");
}

TEST(Letter, WhatIsTooShortWithoutItsFieldsAndWhatIsLongStaysAsItIs) {
  const std::string form = "姓名：王建国\n电话：13800138000\n地址：3栋2单元602";
  Dialog bare;
  (void)bare.send(mail(form));
  EXPECT_EQ(bare.opened.front().ticket.description, form);
  std::string story = form;
  for (int i = 0; i < 20; ++i) story += "\n楼道的灯坏了很久，我们说过很多次。";
  Dialog telling;
  (void)telling.send(mail(story));
  EXPECT_EQ(telling.opened.front().ticket.description, story);
}

TEST(Letter, WhatIsMissingIsAskedOnceInOneList) {
  Dialog dialog;
  EXPECT_EQ(dialog.send(mail("楼道灯坏了，请来修一下")),
            "open_ticket(repair) say(letter_received) say(consent) say(letter_ask)");
  EXPECT_EQ(missing_of(dialog), "1. 姓名\n2. 电话\n3. 地址");
  const auto number = dialog.opened.front().ticket.number.sequence;
  EXPECT_EQ(dialog.send(mail("我是王建国，电话13800138000，3栋2单元", number)), "act(add_details) say(details_added)");
  EXPECT_EQ(dialog.opened.size(), 1U);
}

TEST(Letter, AfterTwoListsPeopleTakeOver) {
  Dialog dialog;
  (void)dialog.send(mail("楼道灯坏了，请来修一下"));
  EXPECT_EQ(dialog.send(mail("我是王建国")), "act(add_details) say(details_added) say(letter_ask)");
  EXPECT_EQ(missing_of(dialog), "1. 电话\n2. 地址");
  EXPECT_EQ(dialog.send(mail("我的电话你们有")), "act(add_details) say(details_added)");
}

TEST(Letter, ADisplayNameThatIsOneIsTaken) {
  Dialog dialog;
  auto letter = mail("楼道灯坏了");
  letter.sender_name = "李秀英";
  (void)dialog.send(letter);
  EXPECT_EQ(dialog.opened.front().ticket.name, "李秀英");
  Dialog other;
  letter.sender_name = "wang_1988";
  (void)other.send(letter);
  EXPECT_EQ(other.opened.front().ticket.name, "");
}

TEST(Letter, DangerComesFirst) {
  Dialog dialog;
  const auto effects = dialog.send(mail("3号楼2单元有人被困在电梯里"));
  EXPECT_EQ(effects.substr(0, effects.find(' ', effects.find("say"))), "open_ticket(repair) say(danger_trapped)");
  EXPECT_EQ(dialog.opened.front().ticket.priority, Priority::urgent);
}

TEST(Letter, TicketsAreShownOnlyToWhomOurServerKnows) {
  Dialog dialog;
  EXPECT_EQ(dialog.send(mail("查进度")), "say(letter_unverified)");
  auto trusted = mail("查进度");
  trusted.trusted = true;
  EXPECT_EQ(dialog.send(trusted), "say(progress_none)");
}

/// One who was asked how he found the result of ticket 1024.
Dialog surveyed() {
  Dialog dialog;
  dialog.flow.site.read_survey = [](std::string_view text) {
    if (text.size() == 1 && text[0] >= '1' && text[0] <= '5')
      return SurveyWords{.kind = SurveyWords::Kind::answer, .score = text[0] - '0'};
    return SurveyWords{.kind = SurveyWords::Kind::other};
  };
  dialog.stored.survey = Survey{.id = SurveyId{7},
                                .ticket = TicketId{1024},
                                .peer = kWang,
                                .asked = dialog.now,
                                .expires = dialog.now + std::chrono::hours(72)};
  dialog.stored.tickets = {Ticket{.id = TicketId{1024},
                                  .number = TicketNumber{1024},
                                  .peer = kWang,
                                  .status = TicketStatus::resolved,
                                  .version = 1}};
  dialog.state.survey = SurveyId{7};
  dialog.state.surveyed = dialog.now;
  return dialog;
}

TEST(Letter, AScoreInReplyAnswersTheSurvey) {
  auto dialog = surveyed();
  EXPECT_EQ(dialog.send(mail("5", 1024)), "answer_survey(5) say(survey_thanks)");
  EXPECT_FALSE(dialog.state.survey);
  auto low = surveyed();
  EXPECT_EQ(low.send(mail("1", 1024)), "answer_survey(1) say(survey_low)");
  EXPECT_EQ(low.send(mail("地都没擦干净", 1024)), "answer_survey() say(survey_reason_noted)");
  auto trusted = surveyed();
  auto from_him = mail("4");
  from_him.trusted = true;
  EXPECT_EQ(trusted.send(from_him), "answer_survey(4) say(survey_thanks)");
}

TEST(Letter, NobodyScoresWithoutHavingSeenTheQuestion) {
  auto dialog = surveyed();
  EXPECT_EQ(dialog.send(mail("1")).find("answer_survey"), std::string::npos);
  EXPECT_TRUE(dialog.state.survey);
}

TEST(Letter, OtherWordsLeaveTheSurveyOpen) {
  auto dialog = surveyed();
  EXPECT_EQ(dialog.send(mail("门禁卡什么时候能拿", 1024)), "act(add_details) say(details_added)");
  EXPECT_TRUE(dialog.state.survey);
}

TEST(Letter, ThanksOpenNothing) {
  Dialog dialog;
  EXPECT_EQ(dialog.send(mail("谢谢！")), "say(thanks_reply)");
  EXPECT_TRUE(dialog.opened.empty());
}

TEST(Letter, UnsubscribingIsAnswered) {
  Dialog dialog;
  EXPECT_EQ(dialog.send(mail("退订")), "opt_out say(letter_opted_out)");
}

}  // namespace
}  // namespace huiyin::dialogs
