// A ticket's whole life between the simulators of WeChat and WeCom: what `huiyin demo` plays, on both stores; then two
// who reach for one ticket at once, and taps that are repeated, old or forged.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <thread>

#include "gateway/assets.h"
#include "simulators/conversation.h"
#include "tests/gateway/company.h"

namespace huiyin::gateway {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::IsEmpty;

class LifeEnd : public testing::TestWithParam<db::Driver> {
 protected:
  LifeEnd() {
    company_.hire("张三", "zhangsan");
    company_.hire("李四", "lisi");
  }

  Company company_{GetParam()};
  Installation& installation_ = company_.installation();
};

TEST_P(LifeEnd, AsTheDemoPlaysIt) {
  const auto file = share_folder() + "/simulators/conversations/ticket-life.yaml";
  const auto conversation = simulators::parse_conversation(read_file(file).value(), "ticket-life.yaml");
  ASSERT_TRUE(conversation) << describe(conversation.error().front());
  std::ostringstream out;
  const auto played = simulators::play(*conversation, company_.owners(), out, 0ms, {}, &company_.staff_platform());
  EXPECT_THAT(played.failures, IsEmpty()) << out.str();
  EXPECT_EQ(installation_.ask("SELECT status FROM tickets"), "closed");
  EXPECT_EQ(installation_.ask("SELECT score FROM surveys"), "5");
  EXPECT_EQ(installation_.count("surveys"), 1);
  EXPECT_EQ(installation_.count("attachments WHERE stage='after'"), 1);
}

TEST_P(LifeEnd, OneOfTwoHasItAndRepeatsOldAndForgedTapsDoNothing) {
  const auto number = company_.report();
  ASSERT_NE(number, "");
  for (const char* member : {"zhangsan", "lisi"}) (void)company_.wait_for(member, number);
  auto& staff = company_.staff_platform();
  const auto of_zhang = staff.tap("zhangsan", "接单"), of_li = staff.tap("lisi", "接单");
  ASSERT_TRUE(of_zhang && of_li);
  std::string shown[2];
  std::thread other([&] { shown[1] = staff.deliver(*of_li).shown; });
  shown[0] = staff.deliver(*of_zhang).shown;
  other.join();
  EXPECT_EQ(installation_.count("ticket_history WHERE action='accept'"), 1) << shown[0] << "\n" << shown[1];
  const bool zhang_has_it =
      installation_.ask("SELECT s.name FROM tickets t JOIN staff s ON s.id=t.assignee_id") == "张三";
  EXPECT_THAT(shown[zhang_has_it ? 0 : 1], HasSubstr("归您了"));
  EXPECT_THAT(shown[zhang_has_it ? 1 : 0], HasSubstr(zhang_has_it ? "张三" : "李四"));

  const auto before = installation_.count("ticket_history");
  (void)staff.deliver(zhang_has_it ? *of_zhang : *of_li);  // a repeat
  EXPECT_THAT(company_.staff("stranger", "接单 " + number), HasSubstr("登记过的员工"));
  EXPECT_EQ(installation_.count("ticket_history"), before);
}

INSTANTIATE_TEST_SUITE_P(Drivers, LifeEnd, testing::ValuesIn(db::drivers()),
                         [](const auto& driver) { return driver.param.name; });

}  // namespace
}  // namespace huiyin::gateway
