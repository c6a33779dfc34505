// A ticket's whole life, told as stories: owners on WeChat, staff on work chat, the clock.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway/stable_id.h"
#include "tests/gateway/house.h"

namespace huiyin::gateway {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;

class TicketLife : public testing::Test {
 protected:
  /// Two agents and those above them.
  void hire_all() {
    house_.hire("zhang");
    house_.hire("li");
    house_.hire("chen", StaffRole::dispatcher, "");
    house_.hire("boss", StaffRole::manager, "");
  }
  /// Reported, handed out, and taken by zhang.
  std::string taken() {
    hire_all();
    const auto number = house_.report(kLeak);
    house_.let_timers_fire();
    (void)house_.staff("zhang", "接单 " + number);
    for (const char* who : {"zhang", "li", "chen", "boss", "oWang"}) (void)house_.mail(who);
    return number;
  }
  /// And done, with the survey asked.
  std::string done() {
    const auto number = taken();
    EXPECT_THAT(house_.staff("zhang", "完成 " + number + " 换了水管，电话告知"), HasSubstr("已完成"));
    house_.let_timers_fire();
    return number;
  }

  House house_{};
};

TEST_F(TicketLife, FromReportToSurvey) {
  hire_all();
  const auto number = house_.report(kLeak);
  EXPECT_EQ(house_.story(number), "open assign") << "in the turn that opens it";
  EXPECT_TRUE(house_.ticket(number).respond_by);

  const auto offered = house_.mail("zhang");
  ASSERT_THAT(offered, SizeIs(1));
  EXPECT_THAT(offered[0].text,
              AllOf(HasSubstr(number), HasSubstr("602"), HasSubstr("水管漏水"), HasSubstr("接单 " + number)));
  EXPECT_THAT(offered[0].text, Not(HasSubstr("13800138000"))) << "neither sees the other's number";
  ASSERT_FALSE(offered[0].choices.empty());
  EXPECT_EQ(offered[0].choices[0].id, "accept");
  const auto card = offered[0].card.id;
  EXPECT_THAT(house_.mail("li"), SizeIs(1));

  const auto changed = house_.staff_taps("zhang", card, "accept");
  EXPECT_EQ(changed.card.id, card) << "the tapped card is changed";
  EXPECT_EQ(changed.card.replaces, "rc");
  EXPECT_THAT(changed.text, HasSubstr("归您了"));
  EXPECT_EQ(house_.ticket(number).status, TicketStatus::accepted);
  EXPECT_THAT(house_.heard("li"), AllOf(HasSubstr("zhang"), HasSubstr("接单"))) << "the others see who and when";
  EXPECT_THAT(house_.staff("zhang", "预约 明早9点"), HasSubstr("已约好"));
  EXPECT_THAT(house_.heard("oWang"), AllOf(HasSubstr("zhang"), HasSubstr(number), HasSubstr("明早9点"))) << "in one";
  EXPECT_THAT(house_.staff("zhang", "完成"), HasSubstr("怎么处理好的"));
  EXPECT_THAT(house_.staff("zhang", "换了水管"), HasSubstr("怎么告知"));
  EXPECT_EQ(house_.ticket(number).status, TicketStatus::accepted);
  EXPECT_THAT(house_.staff("zhang", "电话"), HasSubstr("已完成"));
  EXPECT_EQ(house_.ticket(number).told_by, "phone");

  house_.let_timers_fire();
  const auto asked = house_.mail("oWang");
  ASSERT_THAT(asked, SizeIs(1)) << "result and survey in one";
  EXPECT_THAT(asked[0].text,
              AllOf(HasSubstr("换了水管"), HasSubstr("602"), HasSubstr("水管漏水"), HasSubstr("5. 很满意")));
  EXPECT_THAT(asked[0].choices, SizeIs(6));
  EXPECT_THAT(house_.owner("５分，师傅很专业"), HasSubstr("谢谢您的评价"));
  EXPECT_EQ(house_.survey("oWang")->score, 5);
  EXPECT_THAT(house_.survey("oWang")->suggestion, HasSubstr("师傅很专业"));
  EXPECT_EQ(house_.ticket(number).status, TicketStatus::closed);
  house_.pass(std::chrono::days(10));
  EXPECT_THAT(house_.mail("oWang"), IsEmpty()) << "asked once";
  for (const auto& row : house_.history(number)) EXPECT_THAT(row.delivery_key, Not(IsEmpty())) << row.action;
}

TEST_F(TicketLife, WhoComesSecondIsToldWhoHasIt) {
  hire_all();
  const auto number = house_.report(kLeak);
  house_.let_timers_fire();
  const auto card = house_.mail("li").at(0).card.id;
  // Both decide on the same ticket; one commits first.
  const auto first =
      house_.decided(house_.incoming(TextMessage{.text = "接单 " + number}, {"workchat:wecom", "zhang"}));
  const auto second = house_.incoming(CardTap{.card = card, .key = "accept"}, {"workchat:wecom", "li"});
  const auto too_late = house_.decided(second);
  EXPECT_TRUE(std::holds_alternative<Committed>(house_.store().commit(first)));
  EXPECT_TRUE(std::holds_alternative<Conflict>(house_.store().commit(too_late)));
  const auto again = house_.decided(second);
  EXPECT_TRUE(std::holds_alternative<Committed>(house_.store().commit(again)));
  EXPECT_THAT(again.reply->text, AllOf(HasSubstr("zhang"), HasSubstr("接手")));
  EXPECT_TRUE(again.tickets.empty());
  EXPECT_EQ(house_.ticket(number).assignee, first.tickets.at(0).assignee);
}

TEST_F(TicketLife, OnlyKnownStaffActAndOnlyOnWhatTheyMay) {
  hire_all();
  house_.hire("guard", StaffRole::agent, "security");
  const auto number = house_.report(kLeak);
  house_.let_timers_fire();
  const auto card = house_.mail("zhang").at(0).card.id;
  const auto unknown = house_.staff("stranger", "接单 " + number);
  EXPECT_THAT(unknown, AllOf(HasSubstr("登记过的员工"), Not(HasSubstr(number))));
  EXPECT_EQ(house_.staff_taps("stranger", card, "accept").text, unknown) << "always the same";
  EXPECT_THAT(house_.staff("guard", "详情 " + number), HasSubstr("不归您看"));
  EXPECT_THAT(house_.staff("guard", "接单 " + number), HasSubstr("不归您看"));
  EXPECT_THAT(house_.staff("li", "完成 " + number + " 好了，电话告知"), HasSubstr("不能完成"));
  EXPECT_THAT(house_.staff_taps("zhang", "t123-4", "accept").text, HasSubstr("不能用了"));
  EXPECT_THAT(house_.staff_taps("zhang", card, "explode").text, HasSubstr("不能用了"));
  EXPECT_EQ(house_.story(number), "open assign") << "none of it did anything";
}

TEST_F(TicketLife, AReplayedTapDoesNothingAndAnOldButtonIsToldSo) {
  hire_all();
  const auto number = house_.report(kLeak);
  house_.let_timers_fire();
  const auto card = house_.mail("zhang").at(0).card.id;
  const Peer zhang{"workchat:wecom", "zhang"};
  const auto tapped = house_.process(CardTap{.card = card, .key = "accept"}, zhang, false, "tap1");
  const auto replayed = house_.process(CardTap{.card = card, .key = "accept"}, zhang, false, "tap1");
  EXPECT_EQ(replayed.reply, tapped.reply);
  EXPECT_EQ(house_.story(number), "open assign accept");
  (void)house_.staff("zhang", "完成 " + number + " 换了水管，电话告知");
  house_.let_timers_fire();
  (void)house_.owner("5");
  ASSERT_EQ(house_.ticket(number).status, TicketStatus::closed);
  const auto before = house_.story(number);
  EXPECT_THAT(house_.staff_taps("zhang", card, "accept").text, HasSubstr("已关闭"));
  EXPECT_EQ(house_.story(number), before);
}

TEST_F(TicketLife, NotFixedGoesToOtherHandsWithACallBack) {
  const auto number = done();
  (void)house_.mail("zhang");
  (void)house_.mail("li");
  EXPECT_THAT(house_.owner("没修好"), AllOf(HasSubstr("重新打开"), HasSubstr("直接回复")));
  EXPECT_THAT(house_.heard("boss"), AllOf(HasSubstr("回访"), HasSubstr(number)));
  EXPECT_THAT(house_.owner("还在滴水，地都湿了"), HasSubstr("转给负责人"));
  EXPECT_THAT(house_.survey("oWang")->suggestion, HasSubstr("还在滴水"));
  house_.let_timers_fire();
  EXPECT_EQ(house_.ticket(number).status, TicketStatus::assigned);
  EXPECT_THAT(house_.heard("li"), HasSubstr("待接单"));
  EXPECT_THAT(house_.heard("zhang"), Not(HasSubstr("待接单"))) << "to other hands";
  EXPECT_THAT(house_.story(number), HasSubstr("reopen"));
  EXPECT_THAT(house_.staff("boss", "回访 " + number + " 已道歉，明天再修"), HasSubstr(number));
}

TEST_F(TicketLife, ALowScoreIsCalledBackAndStaffNeverSeeIt) {
  const auto number = done();
  EXPECT_THAT(house_.owner("1"), HasSubstr("回电"));
  EXPECT_THAT(house_.heard("boss"), HasSubstr("回访"));
  EXPECT_EQ(house_.ticket(number).status, TicketStatus::closed);
  const auto shown = house_.staff("zhang", "详情 " + number);
  EXPECT_THAT(shown, AllOf(Not(HasSubstr("survey")), Not(HasSubstr("answered"))));
  house_.pass(std::chrono::days(2));
  EXPECT_THAT(house_.heard("boss"), HasSubstr("回访超时")) << "the call-back has a deadline";
}

TEST_F(TicketLife, ThanksNeverReopensAndANumberIsAnAnswerOnlyWhileOneWaits) {
  const auto number = done();
  (void)house_.mail("oWang");
  for (const char* thanks : {"谢谢", "好的", "👍"}) (void)house_.owner(thanks);
  EXPECT_EQ(house_.ticket(number).status, TicketStatus::resolved);
  EXPECT_FALSE(house_.survey("oWang")->answered);
  EXPECT_THAT(house_.owner("9"), HasSubstr("1 到 5"));
  EXPECT_THAT(house_.owner("4"), HasSubstr("谢谢您的评价"));
  (void)house_.owner("1");
  EXPECT_EQ(house_.survey("oWang")->score, 4) << "the second number answers the menu, or nothing";
  EXPECT_EQ(house_.ticket(number).status, TicketStatus::closed);
}

TEST_F(TicketLife, AMenuFromBeforeTakesNoScore) {
  const auto number = taken();
  EXPECT_THAT(house_.owner("你好"), HasSubstr("6. 人工")) << "a menu";
  (void)house_.staff("zhang", "完成 " + number + " 换了水管，电话告知");
  house_.let_timers_fire();
  (void)house_.owner("谢谢");
  EXPECT_THAT(house_.owner("5"), HasSubstr("谢谢您的评价"));
  EXPECT_EQ(house_.survey("oWang")->score, 5);
}

TEST_F(TicketLife, ASurveyIsRemindedOfOnceAndExpires) {
  const auto number = done();
  (void)house_.mail("oWang");
  house_.pass(std::chrono::hours(30));
  EXPECT_THAT(house_.heard("oWang"), HasSubstr("还没收到您的评价"));
  house_.pass(std::chrono::days(5));
  EXPECT_THAT(house_.mail("oWang"), IsEmpty());
  EXPECT_EQ(house_.ticket(number).status, TicketStatus::closed);
  (void)house_.owner("5");
  EXPECT_FALSE(house_.survey("oWang")->answered);
}

TEST_F(TicketLife, AnOwnerIsAskedOnceInAFortnight) {
  (void)done();
  (void)house_.owner("5");
  const auto second = house_.report("3号楼2单元602客厅灯不亮，我是王建国，13800138000");
  house_.let_timers_fire();
  (void)house_.staff("li", "接单 " + second);
  (void)house_.mail("oWang");
  (void)house_.staff("li", "完成 " + second + " 换了灯泡，当面告知");
  house_.let_timers_fire();
  const auto told = house_.mail("oWang");
  ASSERT_THAT(told, SizeIs(1));
  EXPECT_THAT(told[0].text, HasSubstr("换了灯泡"));
  EXPECT_THAT(told[0].choices, IsEmpty()) << "told, and not asked";
}

TEST_F(TicketLife, WordsAreRelayedBothWays) {
  const auto number = taken();
  EXPECT_THAT(house_.staff("zhang", "回复 " + number + " 明天几点在家？"), HasSubstr("已转给"));
  house_.let_timers_fire();
  const auto asked = house_.heard("oWang");
  EXPECT_THAT(asked, AllOf(HasSubstr("明天几点在家"), HasSubstr("zhang")));
  EXPECT_THAT(house_.owner("上午九点以后"), HasSubstr("已转告"));
  EXPECT_THAT(house_.heard("zhang"), AllOf(HasSubstr("上午九点以后"), Not(HasSubstr("oWang")), Not(HasSubstr("138"))));
  EXPECT_THAT(house_.staff("zhang", "好的，九点到"), HasSubstr("已转给")) << "the relayed message is answered";
  EXPECT_THAT(house_.heard("oWang"), HasSubstr("九点到"));
  EXPECT_THAT(house_.owner("留言 门铃坏了，请敲门"), HasSubstr("已转告"));
  EXPECT_THAT(house_.heard("zhang"), HasSubstr("请敲门"));
}

TEST_F(TicketLife, TheOwnerUrgesAddsAndWithdraws) {
  const auto number = taken();
  EXPECT_THAT(house_.owner("怎么还没人来"), AllOf(HasSubstr("催办"), HasSubstr("已接单"))) << "with the real state";
  EXPECT_THAT(house_.heard("zhang"), HasSubstr("第 1 次催单"));
  house_.pass(1h);
  (void)house_.mail("zhang");
  (void)house_.owner("怎么还没人来");
  EXPECT_THAT(house_.heard("boss"), HasSubstr("第 2 次催单")) << "the lead hears";
  EXPECT_EQ(house_.ticket(number).priority, Priority::high);
  EXPECT_THAT(house_.owner("补充：水表间的门锁着"), HasSubstr("已补充"));
  EXPECT_THAT(house_.heard("zhang"), HasSubstr("水表间"));
  (void)house_.owner_sends_photo();
  EXPECT_THAT(house_.heard("zhang"), HasSubstr("照片"));
  (void)house_.owner("不用修了");
  EXPECT_THAT(house_.owner("1"), HasSubstr("撤回"));
  EXPECT_EQ(house_.ticket(number).status, TicketStatus::withdrawn);
  EXPECT_THAT(house_.heard("zhang"), HasSubstr("撤回"));
}

TEST_F(TicketLife, WithNobodyOnDutyNothingIsLost) {
  house_.hire("zhang");
  house_.hire("chen", StaffRole::dispatcher, "");
  house_.on_duty("zhang", house_.now() + 3h, house_.now() + 9h);
  const auto number = house_.report(kLeak);
  house_.let_timers_fire();
  EXPECT_THAT(house_.mail("zhang"), IsEmpty());
  EXPECT_THAT(house_.heard("chen"), AllOf(HasSubstr("没人值班"), HasSubstr(number)));
  house_.pass(3h + 1min);
  EXPECT_THAT(house_.heard("zhang"), HasSubstr(number)) << "as soon as somebody is there";
}

TEST_F(TicketLife, AnUrgentTicketIsCalledUntilSomebodyTakesIt) {
  hire_all();
  const auto said = house_.owner("3号楼2单元电梯困人了，快来");
  EXPECT_THAT(said, HasSubstr("HY"));
  house_.let_timers_fire();
  EXPECT_THAT(house_.heard("zhang"), HasSubstr("紧急"));
  house_.pass(6min);
  EXPECT_THAT(house_.heard("zhang"), HasSubstr("还没人接"));
  house_.pass(30min);
  EXPECT_THAT(house_.heard("boss"), HasSubstr("还没人接")) << "and further up";
  const auto number = House::number_in(said);
  (void)house_.staff("li", "接单 " + number);
  (void)house_.mail("zhang");
  house_.pass(20min);
  EXPECT_THAT(house_.heard("zhang"), Not(HasSubstr("还没人接")));
}

TEST_F(TicketLife, WhoReportsASharedThingThatIsKnownIsSparedTheForm) {
  hire_all();
  const auto first = house_.report("3号楼2单元电梯坏了，我是王建国，13800138000");
  (void)house_.staff("zhang", "接单 " + first);
  EXPECT_THAT(house_.owner("3号楼2单元电梯不动了", "oLi"),
              AllOf(HasSubstr("已有人报过（" + first + "，已接单）"), HasSubstr("1. 是同一件事")));
  const auto said = house_.owner("1", "oLi");
  EXPECT_THAT(said, AllOf(HasSubstr("工单号"), HasSubstr("和 " + first + " 一起跟进")));
  house_.let_timers_fire();
  EXPECT_EQ(house_.ticket(House::number_in(said)).merged_into, house_.ticket(first).id);

  EXPECT_THAT(house_.owner("3号楼2单元电梯按钮掉了", "oZhao"), HasSubstr("已有人报过"));
  EXPECT_THAT(house_.owner("2", "oZhao"), HasSubstr("怎么称呼"));
  (void)house_.owner("赵强", "oZhao");
  const auto other = house_.report("13700137000", "oZhao");
  house_.let_timers_fire();
  EXPECT_EQ(house_.ticket(other).status, TicketStatus::assigned) << "he said that it is another thing";
  EXPECT_EQ(house_.ticket(other).audit, "duplicate");

  EXPECT_THAT(house_.owner("3号楼1单元电梯坏了", "oSun"), Not(HasSubstr("已有人报过"))) << "another lift";
  (void)house_.report(kLeak, "oZhou");
  EXPECT_THAT(house_.owner("3号楼2单元602厨房水管漏水", "oQian"), Not(HasSubstr("已有人报过")))
      << "a home is nobody else's to hear of";
}

TEST_F(TicketLife, ASecondReportOfTheSameIsLinkedAndBothOwnersHearTheResult) {
  hire_all();
  const auto first = house_.report("3号楼2单元电梯坏了，我是王建国，13800138000");
  house_.let_timers_fire();
  const auto second = house_.report("3号楼2单元电梯不动了，我是李秀英，13900139000", "oLi");
  house_.let_timers_fire();
  EXPECT_EQ(house_.ticket(second).status, TicketStatus::merged);
  EXPECT_EQ(house_.ticket(second).merged_into, house_.ticket(first).id);
  EXPECT_THAT(house_.heard("oLi"), HasSubstr("已有人报过"));
  (void)house_.staff("zhang", "接单 " + first);
  (void)house_.mail("oLi");
  (void)house_.staff("zhang", "完成 " + first + " 换了主板，电话告知");
  house_.let_timers_fire();
  EXPECT_THAT(house_.heard("oLi"), HasSubstr("换了主板"));
  EXPECT_THAT(house_.heard("oWang"), HasSubstr("换了主板"));
}

TEST_F(TicketLife, AnEmployeesSuggestionIsAnsweredAndNotSurveyed) {
  hire_all();
  house_.hire("office", StaffRole::agent, "internal");
  EXPECT_THAT(house_.staff("zhang", "建议 给门岗配一台风扇"), HasSubstr("谢谢您的建议"));
  house_.let_timers_fire();
  const auto offered = house_.heard("office");
  EXPECT_THAT(offered, HasSubstr("风扇"));
  const auto number = House::number_in(offered);
  (void)house_.staff("office", "接单 " + number);
  (void)house_.staff("office", "完成 " + number + " 下周配好，当面告知");
  house_.let_timers_fire();
  EXPECT_THAT(house_.heard("zhang"), AllOf(HasSubstr("下周配好"), Not(HasSubstr("满意吗"))));
}

TEST_F(TicketLife, WhoIsNotRegisteredMaySuggestAndIsAnswered) {
  house_.hire("office", StaffRole::agent, "internal");
  EXPECT_THAT(house_.staff("newcomer", "接单 1"), HasSubstr("建议 …"));
  EXPECT_THAT(house_.staff("newcomer", "建议：食堂晚一点关门"), HasSubstr("谢谢您的建议"));
  house_.let_timers_fire();
  const auto number = House::number_in(house_.heard("office"));
  EXPECT_EQ(house_.ticket(number).category, Category::internal);
  (void)house_.staff("office", "接单 " + number);
  (void)house_.staff("office", "完成 " + number + " 改到八点，留言");
  house_.let_timers_fire();
  EXPECT_THAT(house_.heard("newcomer"), AllOf(HasSubstr("改到八点"), Not(HasSubstr("满意吗"))));
  EXPECT_THAT(house_.staff("newcomer", "列表"), HasSubstr("登记过的员工")) << "and may do nothing else";
}

TEST_F(TicketLife, WhatTheCompanyCallsOthersBusinessIsKeptAndMayBeOverruled) {
  hire_all();
  house_.office().scope = {{.words = {"水管"}, .call = "自来水公司 96390"}};
  const auto number = house_.report(kLeak);
  house_.let_timers_fire();
  EXPECT_EQ(house_.ticket(number).status, TicketStatus::out_of_scope);
  EXPECT_THAT(house_.heard("oWang"), AllOf(HasSubstr("不归物业处理"), HasSubstr("自来水公司 96390")));
  EXPECT_THAT(house_.mail("zhang"), IsEmpty());
  EXPECT_THAT(house_.staff("chen", "重开 " + number), HasSubstr(number));
  house_.let_timers_fire();
  EXPECT_EQ(house_.ticket(number).status, TicketStatus::assigned) << "a person's word stands against the rule";
  EXPECT_THAT(house_.heard("zhang"), HasSubstr(number));
}

TEST_F(TicketLife, WhatWasMergedGoesAlongAndNothingIsMergedIntoWhatIsOver) {
  hire_all();
  const auto leak = [](const char* place) { return std::string(place) + "厨房水管漏水，我是王建国，13800138000"; };
  const auto b = house_.report(leak("3号楼2单元602"), "oB"), a = house_.report(leak("3号楼2单元502"), "oA"),
             z = house_.report(leak("3号楼2单元402"), "oZ");
  house_.let_timers_fire();
  EXPECT_THAT(house_.staff("chen", "并单 " + b + " " + a), HasSubstr(b));
  EXPECT_THAT(house_.staff("chen", "并单 " + a + " " + z), HasSubstr(a));
  EXPECT_EQ(house_.ticket(b).merged_into, house_.ticket(z).id) << "B follows A to Z";
  EXPECT_THAT(house_.staff("chen", "并单 " + z + " " + a), HasSubstr("不能再并进去")) << "A is in Z itself";
  EXPECT_EQ(house_.ticket(z).status, TicketStatus::assigned);
  for (const char* who : {"oA", "oB", "oZ"}) (void)house_.mail(who);
  (void)house_.staff("zhang", "接单 " + z);
  (void)house_.staff("zhang", "完成 " + z + " 换了总阀，电话告知");
  house_.let_timers_fire();
  for (const char* who : {"oA", "oB", "oZ"}) EXPECT_THAT(house_.heard(who), HasSubstr("换了总阀")) << who;
  const auto late = house_.report(leak("3号楼2单元302"), "oLate");
  house_.let_timers_fire();
  EXPECT_THAT(house_.staff("chen", "并单 " + late + " " + z), HasSubstr("不能再并进去"));
}

TEST_F(TicketLife, PhotosOfStaffGoToTheTicketAtHand) {
  const auto number = taken();
  EXPECT_THAT(house_.staff_sends_photo("zhang"), HasSubstr(number));
  const auto files = house_.store().attachments_of(house_.ticket(number).id).value();
  ASSERT_THAT(files, SizeIs(1));
  EXPECT_EQ(files[0].stage, AttachmentStage::after);
  EXPECT_THAT(house_.staff_sends_photo("li"), HasSubstr("没有工单"));
}

TEST_F(TicketLife, PassedOnReturnedAndHeldUp) {
  const auto number = taken();
  EXPECT_THAT(house_.staff("zhang", "挂起 等配件"), HasSubstr("已挂起"));
  EXPECT_THAT(house_.heard("oWang"), HasSubstr("等配件"));
  EXPECT_THAT(house_.staff("zhang", "恢复"), HasSubstr(number));
  EXPECT_THAT(house_.staff("zhang", "转派 " + number), HasSubstr("转给谁"));
  EXPECT_THAT(house_.staff("zhang", "li"), HasSubstr("已转出"));
  EXPECT_THAT(house_.heard("li"), AllOf(HasSubstr("派给您"), HasSubstr(number)));
  EXPECT_THAT(house_.staff("li", "退回 " + number + " 不会修"), HasSubstr("已退回"));
  EXPECT_THAT(house_.heard("chen"), AllOf(HasSubstr("退回"), HasSubstr("不会修")));
  EXPECT_THAT(house_.staff("chen", "转派 " + number + " zhang"), HasSubstr("已转出"));
  EXPECT_EQ(house_.ticket(number).status, TicketStatus::assigned);
  EXPECT_THAT(house_.staff("zhang", "列表"), HasSubstr(number));
}

}  // namespace
}  // namespace huiyin::gateway
