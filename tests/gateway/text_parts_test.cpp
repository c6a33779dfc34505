#include "gateway/text_parts.h"

#include <gtest/gtest.h>

namespace huiyin::gateway {
namespace {

using namespace std::chrono_literals;

constexpr Time kNoon{Millis{1795406400000}};

std::string described(const JoinedText& joined) {
  if (joined.waits) return "waits";
  return joined.text ? "whole " + *joined.text : "as it is";
}

struct Arrival {
  TextMessage message;
  const char* expect;
};

TextMessage piece(const char* text, int number, int of, const char* reference = "7") {
  return {.text = text, .part = TextPart{reference, number, of}};
}

void play(const std::vector<Arrival>& arrivals) {
  DialogState state;
  Time now = kNoon;
  for (const auto& [message, expect] : arrivals) {
    // As it is between two turns: stored, and read by whichever node comes next.
    state = decode_dialog_state(encode(state));
    EXPECT_EQ(described(join_text(state.parts, message, now += 1s)), expect) << message.text;
  }
  EXPECT_TRUE(state.parts.empty());
}

TEST(TextParts, AreJoinedInTheirOrder) {
  play({{piece("电梯", 1, 3), "waits"}, {piece("坏了", 3, 3), "waits"}, {piece("又", 2, 3), "whole 电梯又坏了"}});
  play(
      {{piece("b", 2, 2), "waits"}, {piece("b", 2, 2), "waits"}, {piece("a", 1, 2), "whole ab"}});  // one of them twice
}

TEST(TextParts, AnotherMessageEndsOneThatNeverGotWhole) {
  play({{piece("电梯", 1, 2, "7"), "waits"},
        {piece("水管", 1, 2, "8"), "waits"},
        {piece("漏水", 2, 2, "8"), "whole 电梯\n水管漏水"}});
}

TEST(TextParts, AFullPieceWaitsForWhatMayFollow) {
  TextMessage full{.text = "前", .part = TextPart{}};
  play({{full, "waits"}, {{.text = "后"}, "whole 前后"}});
  play({{full, "waits"}, {full, "waits"}, {{.text = "后"}, "whole 前前后"}});
  play({{{.text = "短"}, "as it is"}});
}

TEST(TextParts, WhatDoesNotComeIsGivenUp) {
  std::vector<HeldPart> held;
  EXPECT_EQ(described(join_text(held, piece("电梯坏", 1, 2), kNoon)), "waits");
  EXPECT_EQ(described(join_text(held, TimerFired{.kind = "draft"}, kNoon + 30s)), "as it is");
  EXPECT_EQ(described(join_text(held, TimerFired{.kind = kPartsTimer}, kNoon + 30s)), "whole 电梯坏");
  EXPECT_EQ(described(join_text(held, TimerFired{.kind = kPartsTimer}, kNoon + 31s)), "as it is");
}

TEST(TextParts, NobodyCanHaveUsHoldMoreThanAFew) {
  std::vector<HeldPart> held;
  int whole = 0;
  for (int i = 1; i <= 200; ++i) {
    whole += join_text(held, piece("x", i, 255), kNoon).text.has_value() ? 1 : 0;
    EXPECT_LE(held.size(), 12U);
  }
  EXPECT_GT(whole, 10);
}

}  // namespace
}  // namespace huiyin::gateway
