// `huiyin staff` and `huiyin ticket` on an installation: what an operator does, and what is refused with words.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sysexits.h>

#include "gateway/cli.h"
#include "tests/gateway/installation.h"
#include "tests/gateway/said.h"

namespace huiyin::gateway {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class CliStaff : public testing::TestWithParam<db::Driver> {
 protected:
  Said add(StaffOptions options) {
    options.config_file = config_;
    return said_by([&](Console console) { return run_staff_add(options, console); });
  }
  Said duty(StaffOptions options) {
    options.config_file = config_;
    return said_by([&](Console console) { return run_staff_duty(options, console); });
  }
  Said list() {
    const StaffOptions options{.config_file = config_};
    return said_by([&](Console console) { return run_staff_list(options, console); });
  }
  Said disable(const std::string& name) {
    const StaffOptions options{.config_file = config_, .name = name};
    return said_by([&](Console console) { return run_staff_disable(options, true, console); });
  }
  Said open(TicketOpenOptions options) {
    options.config_file = config_;
    return said_by([&](Console console) { return run_ticket_open(options, console); });
  }
  Said act(TicketActOptions options) {
    options.config_file = config_;
    return said_by([&](Console console) { return run_ticket_act(options, console); });
  }

  Installation installation_{GetParam()};
  std::string config_ = installation_.write_config(0);
};

TEST_P(CliStaff, StaffAreAddedChangedPutOnDutyAndDisabled) {
  EXPECT_THAT(add({.name = "张三", .role = "agent", .department = "repair", .phone = "13800138000"}).out,
              HasSubstr("added 张三"));
  EXPECT_THAT(add({.name = "张三", .role = "manager", .peers = {"wechat:main/oZhang"}}).out, HasSubstr("changed 张三"));
  EXPECT_THAT(duty({.name = "张三", .from = "2099-11-26 08:00", .until = "2099-11-26 18:00", .days = 3}).out,
              HasSubstr("3 days"));
  EXPECT_EQ(installation_.count("duties"), 3);
  EXPECT_THAT(list().out, AllOf(HasSubstr("张三  manager"), HasSubstr("2099-11-28 08:00"), Not(HasSubstr("oZhang"))));
  EXPECT_EQ(disable("张三").code, EX_OK);
  EXPECT_EQ(installation_.ask("SELECT disabled FROM staff"), "1");
  EXPECT_EQ(installation_.ask("SELECT version FROM staff"), "3");
}

TEST_P(CliStaff, MistakesAreSaidAndChangeNothing) {
  ASSERT_EQ(add({.name = "张三", .peers = {"wechat:main/oZhang"}}).code, EX_OK);
  const struct {
    StaffOptions options;
    const char* says;
  } table[] = {{{.name = "李四", .role = "king"}, "no such role"},
               {{.name = "李四", .department = "magic"}, "no department \"magic\": repair"},
               {{.name = "李四", .estate = "nowhere"}, "no estate \"nowhere\""},
               {{.name = "李四", .peers = {"workchat:none/li"}}, "names no channel"},
               {{.name = "李四", .peers = {"wechat:main/oZhang"}}, "is 张三's already"}};
  for (const auto& row : table) {
    const auto said = add(row.options);
    EXPECT_EQ(said.code, EX_USAGE) << row.says;
    EXPECT_THAT(said.errors, HasSubstr(row.says));
  }
  EXPECT_EQ(installation_.count("staff"), 1);
  EXPECT_EQ(disable("王五").code, EX_DATAERR);
  EXPECT_THAT(duty({.name = "张三", .from = "tomorrow", .until = "later"}).errors, HasSubstr("2026-11-26 08:00"));
}

TEST_P(CliStaff, ACallIsATicketAndIsActedOn) {
  ASSERT_EQ(add({.name = "张三", .department = "repair"}).code, EX_OK);
  const auto opened = open({.description = "3号楼2单元电梯不动了", .name = "王建国", .phone = "138 0013 8000"});
  ASSERT_EQ(opened.code, EX_OK) << opened.errors;
  const auto number = ticket_number_in(opened.out);
  ASSERT_NE(number, "");
  EXPECT_EQ(installation_.ask("SELECT phone FROM tickets"), "+8613800138000");
  EXPECT_EQ(installation_.ask("SELECT category FROM tickets"), "repair");
  EXPECT_EQ(installation_.count("timers WHERE kind='ticket'"), 1) << "serve hands it out";
  EXPECT_EQ(installation_.ask("SELECT actor_kind FROM ticket_history"), "operator");

  EXPECT_THAT(act({.number = number, .action = "progress", .text = "明早上门"}).errors,
              AllOf(HasSubstr("not_now"), HasSubstr("assign")))
      << "told what is allowed now";
  EXPECT_THAT(act({.number = number, .action = "assign", .to = "赵六"}).errors, HasSubstr("赵六"));
  EXPECT_EQ(act({.number = number, .action = "assign", .to = "张三"}).code, EX_OK);
  EXPECT_EQ(installation_.ask("SELECT status FROM tickets"), "assigned");
  EXPECT_EQ(act({.number = number, .action = "progress", .text = "明早上门"}).code, EX_OK) << "he is in no work chat";
  EXPECT_THAT(act({.number = number, .action = "close"}).errors, HasSubstr("needs_text"));
  EXPECT_THAT(act({.number = number, .action = "close", .text = "业主自行处理"}).out, HasSubstr("closed"));
  EXPECT_THAT(act({.number = number, .action = "reopen"}).out, HasSubstr(number));
  EXPECT_EQ(act({.number = "HY9999-9", .action = "reopen"}).code, EX_USAGE);
  EXPECT_EQ(installation_.count("ticket_history"), 5);
}

INSTANTIATE_TEST_SUITE_P(Drivers, CliStaff, testing::ValuesIn(db::drivers()),
                         [](const auto& driver) { return driver.param.name; });

}  // namespace
}  // namespace huiyin::gateway
