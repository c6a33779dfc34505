// Two nodes work on one company's tickets, on one MariaDB.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "tests/gateway/company.h"

namespace huiyin::gateway {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

/// The company of one node, and a second node as a process of its own, which its work chat also speaks to.
class LifeOnTwoNodes : public testing::Test {
 protected:
  LifeOnTwoNodes() {
    company_.hire("张三", "zhangsan");
    company_.hire("李四", "lisi");
    other_ = std::make_unique<ServeProcess>(company_.config_for(port_), installation_.file("other.log"), port_);
    to_other_ = std::make_unique<simulators::WeComPlatform>(
        simulators::WeComPlatform::Config{.token = "wecomToken",
                                          .encoding_aes_key = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
                                          .corp_id = "ww0123456789abcdef",
                                          .hook_url = fmt::format("http://127.0.0.1:{}/hook/workchat/wecom", port_)},
        company_.wecom(), clock_, random_);
  }
  /// Reports of as many owners, each from a flat of his own.
  std::vector<std::string> report(int count) {
    std::vector<std::string> numbers;
    for (int i = 0; i < count; ++i)
      numbers.push_back(company_.report("oOwner" + std::to_string(i), fmt::format("3号楼2单元{}01", i + 1)));
    return numbers;
  }
  std::string assigned() { return "SELECT count(DISTINCT ticket_id) FROM ticket_history WHERE action='assign'"; }

  SystemClock clock_{};
  SystemRandom random_{};
  Company company_{db::drivers().front()};
  Installation& installation_ = company_.installation();
  const int port_ = free_port();
  std::unique_ptr<ServeProcess> other_{};
  std::unique_ptr<simulators::WeComPlatform> to_other_{};
};

TEST_F(LifeOnTwoNodes, OfTwoWhoTakeATicketAtOnceOneHasItAndTheOtherIsToldWho) {
  constexpr int kTickets = 8;
  const auto numbers = report(kTickets);
  ASSERT_EQ(company_.wait_for_row(assigned(), std::to_string(kTickets)), std::to_string(kTickets));
  for (const auto& number : numbers) {
    auto& here = company_.staff_platform();
    const auto of_zhang = here.write("zhangsan", "接单 " + number), of_li = to_other_->write("lisi", "接单 " + number);
    std::string shown[2];
    std::thread other([&] { shown[1] = to_other_->deliver(of_li).shown; });
    shown[0] = here.deliver(of_zhang).shown;
    other.join();
    const int first = shown[0].find("归您了") != std::string::npos ? 0 : 1;
    EXPECT_THAT(shown[first], HasSubstr("归您了"));
    EXPECT_THAT(shown[1 - first], HasSubstr(first == 0 ? "已由张三" : "已由李四"));
  }
  EXPECT_EQ(installation_.count("ticket_history WHERE action='accept'"), kTickets);
}

TEST_F(LifeOnTwoNodes, AKilledNodesTimersFireOnTheOtherAndEachOnce) {
  constexpr int kTickets = 24;
  std::thread owners([&] { (void)report(kTickets); });
  while (installation_.ask(assigned()) == "0") std::this_thread::sleep_for(5ms);
  other_->kill();
  owners.join();
  EXPECT_EQ(company_.wait_for_row(assigned(), std::to_string(kTickets)), std::to_string(kTickets));
  EXPECT_EQ(installation_.count("ticket_history WHERE action='assign'"), kTickets) << "each is handed out once";
  EXPECT_EQ(installation_.count("outbox WHERE message LIKE '%\"staff.offer\"%'"), 2 * kTickets)
      << "and each of the two hears of it once";
}

}  // namespace
}  // namespace huiyin::gateway
