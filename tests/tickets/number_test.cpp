#include "tickets/number.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace huiyin::tickets {
namespace {

using testing::ElementsAre;

std::string parsed(std::string_view text) {
  const auto number = parse_number(text, "HY");
  if (number) return std::to_string(number->sequence);
  return number.error() == NumberFault::wrong_check_digit ? "wrong check digit" : "not a number";
}

TEST(TicketNumber, IsWrittenWithItsCheckDigit) {
  EXPECT_EQ(format_number({1024}, "HY"), "HY1024-4");
  EXPECT_EQ(format_number({572}, "HY"), "HY572-4") << "the example of Damm's thesis";
  EXPECT_EQ(format_number({1}, "WY"), "WY1-3");
}

TEST(TicketNumber, IsReadHoweverItIsWritten) {
  struct {
    const char *text, *expect;
  } const table[] = {
      {"HY1024-4", "1024"},
      {"HY10244", "1024"},
      {"10244", "1024"},
      {"1024-4", "1024"},
      {"hy1024-4", "1024"},
      {"Hy10244", "1024"},
      {"ＨＹ１０２４－４", "1024"},
      {"１０２４４", "1024"},
      {"　HY1024-4　", "1024"},
      {"HY 1024-4", "1024"},
      {"HY 1024 4", "1024"},
      {"HY-1024-4", "1024"},
      {"HY1024 - 4", "1024"},
      {"HY1024–4", "1024"},
      {"HY1024—4", "1024"},
      {"HY1024−4", "1024"},
      {"#10244", "1024"},
      {"# HY10244", "1024"},
      {"HY1-3", "1"},
      {"HY13", "1"},
      {"HY010244", "1024"},
      {"HY1024-5", "wrong check digit"},
      {"HY1042-4", "wrong check digit"},
      {"10245", "wrong check digit"},
      {"13", "not a number"},  // an answer to a question
      {"572", "not a number"},
      {"13800138000", "not a number"},  // a phone
      {"HY", "not a number"},
      {"", "not a number"},
      {"HY0-0", "not a number"},
      {"HY00", "not a number"},
      {"WY1024-4", "not a number"},
      {"HY1024-4号", "not a number"},
      {"HY1024-44", "not a number"},
      {"3-4-5", "not a number"},
      {"HY99999999999999999999", "not a number"},
      {"电梯坏了", "not a number"},
      {"HY\xff", "not a number"},
  };
  for (const auto& row : table) EXPECT_EQ(parsed(row.text), row.expect) << row.text;
}

TEST(TicketNumber, WithoutAPrefixInConfigOnlyDigitsAreRead) {
  EXPECT_TRUE(parse_number("10244", ""));
  EXPECT_FALSE(parse_number("HY10244", ""));
}

// What the check digit is for: every wrong digit and every swap of neighbours is found, for all four-digit sequences.
TEST(TicketNumber, OneSlipIsAlwaysFound) {
  for (std::int64_t sequence = 1000; sequence < 10'000; ++sequence) {
    const auto good = std::to_string(sequence * 10 + check_digit(sequence));
    ASSERT_TRUE(parse_number(good, "HY"));
    for (std::size_t i = 0; i < good.size(); ++i) {
      auto wrong = good;
      wrong[i] = static_cast<char>('0' + (good[i] - '0' + 1 + static_cast<int>(sequence % 9)) % 10);
      if (wrong != good) {
        ASSERT_FALSE(parse_number("HY" + wrong, "HY")) << good << " → " << wrong;
      }
      auto swapped = good;
      if (i + 1 < good.size()) std::swap(swapped[i], swapped[i + 1]);
      if (swapped != good) {
        ASSERT_FALSE(parse_number("HY" + swapped, "HY")) << good << " → " << swapped;
      }
    }
  }
}

TEST(TicketNumber, WhatIsWrittenIsReadAgain) {
  for (const std::int64_t sequence : {1LL, 9LL, 10LL, 999LL, 1024LL, 1'000'000LL, 99'999'999'999'999'999LL})
    EXPECT_EQ(parse_number(format_number({sequence}, "HY"), "HY"), TicketNumber{sequence});
}

TEST(TicketNumber, IsFoundInsideAText) {
  struct {
    const char* text;
    std::vector<std::int64_t> expect;
  } const table[] = {
      {"进度 HY1024-4", {1024}},
      {"请问HY1024-4怎么样了？", {1024}},
      {"工单10244到哪了", {1024}},
      {"工单号：１０２４－４", {1024}},
      {"单号是 10244，谢谢", {1024}},
      {"ticket #10244 please", {1024}},
      {"ticket number 1024-4", {1024}},
      {"HY10244和HY572-4是同一件", {1024, 572}},
      {"HY1024-4 HY10244", {1024}},
      {"HY10244 3号楼", {1024}},
      {"HY1024 4", {1024}},
      {"HY1024-5", {}},     // a slip is no mention
      {"13800138000", {}},  // nothing announces it
      {"我的电话 10244", {}},
      {"3号楼2单元 10244", {}},
      {"shy10244", {}},
      {"工单", {}},
      {"", {}},
  };
  for (const auto& row : table) {
    std::vector<std::int64_t> found;
    for (const auto& number : find_numbers(row.text, "HY")) found.push_back(number.sequence);
    EXPECT_EQ(found, row.expect) << row.text;
  }
}

}  // namespace
}  // namespace huiyin::tickets
