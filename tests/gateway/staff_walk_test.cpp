// Each command of staff, by words and by the button of the same name: one state machine, whichever way they come.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <sstream>

#include "tests/gateway/house.h"

namespace huiyin::gateway {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

struct Row {
  const char* key;     ///< of the button
  const char* word;    ///< of the command
  const char* rest;    ///< what is said with it, or after the button was tapped; empty: nothing
  const char* before;  ///< commands that lead to where it may be done, by `;`
  const char* status;  ///< that it leads to
};
constexpr Row kRows[] = {
    {"accept", "接单", "", "", "accepted"},
    {"inspect", "勘查", "阀芯坏了", "接单", "in_progress"},
    {"plan", "方案", "换阀芯", "接单", "in_progress"},
    {"progress", "进度", "阀芯买到了", "接单", "in_progress"},
    {"arrange_visit", "预约", "明早9点到10点", "接单", "accepted"},
    {"tell", "留言", "您几点在家？", "接单", "accepted"},
    {"suspend", "挂起", "等配件", "接单", "suspended"},
    {"resume", "恢复", "", "接单;挂起 等配件", "in_progress"},
    {"complete", "完成", "换了阀芯，电话告知", "接单", "resolved"},
    {"assign", "转派", "li", "接单", "assigned"},
    {"send_back", "退回", "要找电工", "接单", "opened"},
};

/// A company in which leaks are reported, each from a flat of its own.
class StaffWalk : public testing::Test {
 protected:
  StaffWalk() {
    house_.hire("zhang");
    house_.hire("li");
    house_.hire("chen", StaffRole::dispatcher, "");
  }

  /// A leak that zhang and li were offered.
  struct Leak {
    std::string owner{}, number{}, card{};
  };
  Leak leak() {
    Leak out{.owner = "o" + std::to_string(++leaks_)};
    out.number =
        house_.report("3号楼2单元" + std::to_string(leaks_) + "01厨房水管漏水，我是王建国，13800138000", out.owner);
    house_.let_timers_fire();
    for (const auto& message : house_.mail("zhang"))
      if (!message.card.id.empty() && message.card.title.find(out.number) != std::string::npos)
        out.card = message.card.id;
    return out;
  }
  /// `挂起 等配件`, with the ticket's number.
  std::string says(const Leak& about, const std::string& command) {
    const auto space = std::min(command.find(' '), command.size());
    return house_.staff("zhang", command.substr(0, space) + " " + about.number + command.substr(space));
  }
  Leak leak_before(const Row& row) {
    auto out = leak();
    std::istringstream commands(row.before);
    for (std::string command; std::getline(commands, command, ';');) (void)says(out, command);
    return out;
  }
  [[nodiscard]] std::string outcome(const Leak& of) const {
    const auto rows = house_.history(of.number);
    const auto ticket = house_.ticket(of.number);
    return std::string(to_string(ticket.status)) + " " + rows.back().action + " [" + rows.back().text + "] " +
           ticket.told_by;
  }
  static std::string command_of(const Row& row) {
    return *row.rest == '\0' ? std::string(row.word) : std::string(row.word) + " " + row.rest;
  }

  House house_{};
  int leaks_ = 0;
};

TEST_F(StaffWalk, AButtonDoesWhatTheCommandOfItsNameDoes) {
  for (const auto& row : kRows) {
    const auto by_words = leak_before(row), by_button = leak_before(row);
    (void)says(by_words, command_of(row));
    EXPECT_THAT(outcome(by_words), HasSubstr(std::string(row.status) + " " + row.key)) << row.key;
    const auto asked = house_.staff_taps("zhang", by_button.card, row.key).text;
    if (*row.rest != '\0') {
      EXPECT_THAT(asked, HasSubstr(by_button.number)) << row.key << ": what is missing is asked for";
      (void)house_.staff("zhang", row.rest);
    }
    EXPECT_EQ(outcome(by_button), outcome(by_words)) << row.key;
  }
}

TEST_F(StaffWalk, EachCommandHasAButtonOnSomeCard) {
  std::set<std::string> offered;
  const auto see = [&offered](const OutboundMessage& message) {
    EXPECT_LE(message.choices.size(), 9U);
    for (const auto& choice : message.choices) offered.insert(choice.id);
  };
  const auto one = leak();
  for (const auto& message : house_.mail("li")) see(message);
  see(house_.staff_taps("zhang", one.card, "accept"));
  (void)says(one, "挂起 等配件");
  house_.pass(96h);  // he is reminded of what he suspended
  for (const auto& message : house_.mail("zhang")) see(message);
  for (const auto& row : kRows) EXPECT_TRUE(offered.contains(row.key)) << row.key;
}

TEST_F(StaffWalk, WhatIsOverIsNotActedOnAndIsTold) {
  const auto over = leak();
  (void)says(over, "接单");
  (void)says(over, "完成 换了阀芯，电话告知");
  house_.let_timers_fire();
  (void)house_.owner("5", over.owner);
  ASSERT_EQ(house_.ticket(over.number).status, TicketStatus::closed);
  const auto before = house_.story(over.number);
  for (const auto& row : kRows) {
    EXPECT_THAT(says(over, command_of(row)), HasSubstr("已关闭")) << row.key;
    EXPECT_THAT(house_.staff_taps("zhang", over.card, row.key).text, HasSubstr("已关闭")) << row.key;
    EXPECT_EQ(house_.story(over.number), before) << row.key;
  }
}

}  // namespace
}  // namespace huiyin::gateway
