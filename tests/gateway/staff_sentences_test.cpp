// What staff write that begins like a command and is none, and names that are more than one word.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/gateway/house.h"

namespace huiyin::gateway {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;

class StaffSentences : public testing::Test {
 protected:
  StaffSentences() {
    house_.hire("zhang");
    house_.hire("chen", StaffRole::dispatcher, "");
  }
  /// Reported, and taken by zhang.
  std::string taken() {
    const auto number = house_.report(kLeak);
    house_.let_timers_fire();
    (void)house_.staff("zhang", "接单 " + number);
    for (const char* who : {"zhang", "chen", "oWang"}) (void)house_.mail(who);
    return number;
  }

  House house_{};
};

TEST_F(StaffSentences, ANameOfTwoWordsIsOneReceiver) {
  house_.hire("Li Si");
  house_.hire("Li");
  const auto first = house_.report(kLeak),
             second = house_.report("8号楼1单元101厨房水管漏水，我是李秀英，13900139000", "oLi");
  house_.let_timers_fire();
  EXPECT_THAT(house_.staff("chen", "assign " + first + " Li Si, he knows it"), HasSubstr(first));
  EXPECT_THAT(house_.heard("Li Si"), AllOf(HasSubstr(first), HasSubstr("he knows it")));
  EXPECT_THAT(house_.staff("chen", "转派 " + second + " Li 他在附近"), HasSubstr(second));
  EXPECT_THAT(house_.heard("Li"), AllOf(HasSubstr(second), HasSubstr("：他在附近")));
}

TEST_F(StaffSentences, ASentenceIsTheAnswerAndNoCommand) {
  const auto number = taken();
  (void)house_.staff("zhang", "退回 " + number);
  EXPECT_THAT(house_.staff("zhang", "完成不了，要找电工"), HasSubstr("已退回")) << "the reason that was asked for";
  EXPECT_THAT(house_.heard("chen"), HasSubstr("完成不了，要找电工"));
  (void)house_.staff("zhang", "接单 " + number);
  (void)house_.owner("留言 配件到了吗");
  EXPECT_THAT(house_.staff("zhang", "退回来的零件到了"), HasSubstr("已转给"));
  EXPECT_THAT(house_.heard("oWang"), HasSubstr("退回来的零件到了"));
  EXPECT_THAT(house_.staff("zhang", "建议您先关水阀"), HasSubstr("已转给")) << "no suggestion to the company";
  EXPECT_THAT(house_.heard("oWang"), HasSubstr("建议您先关水阀"));
  EXPECT_EQ(house_.ticket(number).status, TicketStatus::accepted);
  house_.pass(3h);
  EXPECT_THAT(house_.staff("zhang", "完成不了"), HasSubstr("没有当作命令"))
      << "nobody waits: he is told how to write it";
  EXPECT_EQ(house_.ticket(number).status, TicketStatus::accepted);
}

}  // namespace
}  // namespace huiyin::gateway
