// What is not ours to do: the owner hears whom to call, the ticket is kept, and staff can say that it is ours after
// all.
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

constexpr auto kBroadband = "中国电信宽带断了，3号楼2单元602，我是王建国，13800138000";

class Scope : public testing::Test {
 protected:
  Scope() {
    house_.hire("zhang");
    house_.hire("chen", StaffRole::dispatcher, "");
  }
  /// Its number.
  std::string kept(const char* words = kBroadband) {
    const auto number = House::number_in(house_.owner(words));
    house_.let_timers_fire();
    return number;
  }

  House house_{};
};

TEST_F(Scope, WhatTheLexiconKnowsAsOthersIsKept) {
  const auto answer = house_.owner(kBroadband);
  EXPECT_THAT(answer, AllOf(HasSubstr("不归物业管"), HasSubstr("10000")));
  const auto number = House::number_in(answer);
  ASSERT_FALSE(number.empty());
  house_.let_timers_fire();
  const auto ticket = house_.ticket(number);
  EXPECT_EQ(ticket.status, TicketStatus::out_of_scope);
  EXPECT_THAT(ticket.description, AllOf(HasSubstr("中国电信宽带断了"), Not(HasSubstr("13800138000"))));
  EXPECT_EQ(ticket.phone, "+8613800138000");
  EXPECT_THAT(house_.mail("oWang"), IsEmpty()) << "he was told already";
  EXPECT_THAT(house_.mail("zhang"), IsEmpty());
  const auto told = house_.mail("chen");
  ASSERT_THAT(told, SizeIs(1));
  EXPECT_THAT(told[0].text, AllOf(HasSubstr(number), HasSubstr("归我们 " + number)));
  EXPECT_THAT(told[0].text, Not(HasSubstr("13800138000")));
  house_.pass(48h);
  EXPECT_THAT(house_.mail("chen"), IsEmpty()) << "once";
  EXPECT_THAT(house_.owner("进度"), AllOf(HasSubstr(number), HasSubstr("不在物业服务范围")));
}

TEST_F(Scope, StaffOverruleByWordAndTheOwnerHears) {
  const auto number = kept();
  EXPECT_THAT(house_.staff("chen", "列表"), AllOf(HasSubstr(number), HasSubstr("范围外")));
  EXPECT_THAT(house_.staff("zhang", "列表"), Not(HasSubstr(number)));
  EXPECT_THAT(house_.staff("zhang", "归我们 " + number), Not(HasSubstr("待受理")));
  EXPECT_EQ(house_.ticket(number).status, TicketStatus::out_of_scope) << "not an agent's to say";
  EXPECT_THAT(house_.staff("chen", "归我们 " + number + " 维修"), HasSubstr(number));
  house_.let_timers_fire();
  EXPECT_EQ(house_.ticket(number).status, TicketStatus::assigned);
  EXPECT_EQ(house_.ticket(number).category, Category::repair);
  EXPECT_THAT(house_.heard("oWang"), AllOf(HasSubstr(number), HasSubstr("由物业处理")));
  EXPECT_THAT(house_.heard("zhang"), AllOf(HasSubstr(number), HasSubstr("接单")));
  EXPECT_THAT(house_.staff("zhang", "接单 " + number), HasSubstr("归您了"));
}

TEST_F(Scope, StaffOverruleByButtonAndSayLaterWhoseItIs) {
  const auto number = kept();
  const auto notice = house_.mail("chen").front();
  const auto offers = std::any_of(notice.choices.begin(), notice.choices.end(), [](const Choice& choice) {
    return choice.id == "reopen" && choice.label == "归我们处理";
  });
  EXPECT_TRUE(offers);
  EXPECT_THAT(house_.staff_taps("chen", notice.card.id, "reopen").text, HasSubstr(number));
  house_.let_timers_fire();
  EXPECT_EQ(house_.ticket(number).status, TicketStatus::opened);
  EXPECT_THAT(house_.heard("chen"), HasSubstr("待派单 " + number)) << "of no kind, it is the dispatcher's to hand out";
  EXPECT_THAT(house_.heard("oWang"), HasSubstr("由物业处理"));
  EXPECT_THAT(house_.staff("chen", "转派 " + number + " zhang"), HasSubstr("已转出"));
  EXPECT_EQ(house_.ticket(number).status, TicketStatus::assigned);
  house_.pass(1h);
  EXPECT_THAT(house_.staff_taps("chen", notice.card.id, "reopen").text, HasSubstr("zhang")) << "an old button";
  EXPECT_EQ(house_.ticket(number).status, TicketStatus::assigned);
}

TEST_F(Scope, WhatIsMissingIsAskedForOnceItIsOurs) {
  const auto number = kept("中国电信宽带断了");
  EXPECT_THAT(house_.mail("oWang"), IsEmpty());
  (void)house_.staff("chen", "归我们 " + number + " 维修");
  house_.let_timers_fire();
  EXPECT_THAT(house_.heard("oWang"), AllOf(HasSubstr("由物业处理"), HasSubstr("地址")));
  EXPECT_THAT(house_.owner("3号楼2单元602"), HasSubstr(number));
  EXPECT_THAT(house_.ticket(number).address, HasSubstr("602"));
}

TEST_F(Scope, NoRuleOverrulesAPerson) {
  house_.office().scope = {{.words = {"宽带"}, .call = "中国电信 10000"}};
  const auto number = kept();
  (void)house_.staff("chen", "归我们 " + number + " 维修");
  house_.let_timers_fire();
  house_.pass(1h);
  EXPECT_NE(house_.ticket(number).status, TicketStatus::out_of_scope);
}

TEST_F(Scope, WhoInsistsIsReadByAPerson) {
  const auto number = kept();
  (void)house_.mail("chen");
  EXPECT_THAT(house_.owner("人工"), HasSubstr(number));
  EXPECT_THAT(house_.heard("chen"), AllOf(HasSubstr(number), HasSubstr("人工")));
}

// Where a dispatcher hands out by hand, he has to hear of what was opened again.
TEST_F(Scope, WhatIsHandedOutByHandIsToldAgainWhenItIsReopened) {
  for (auto& department : house_.office().departments) department.mode = tickets::AssignmentMode::dispatcher;
  const auto number = house_.report("3号楼2单元602厨房水管漏水，我是王建国，13800138000");
  house_.let_timers_fire();
  EXPECT_THAT(house_.heard("chen"), HasSubstr("待派单 " + number));
  (void)house_.staff("chen", "转派 " + number + " zhang");
  (void)house_.staff("zhang", "接单 " + number);
  (void)house_.staff("zhang", "完成 " + number + " 换了水管，电话告知");
  house_.let_timers_fire();
  (void)house_.mail("chen");
  (void)house_.owner("没修好");
  house_.let_timers_fire();
  EXPECT_THAT(house_.heard("chen"), HasSubstr("待派单 " + number));
}

}  // namespace
}  // namespace huiyin::gateway
