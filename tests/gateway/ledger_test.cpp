#include "gateway/ledger.h"

#include <gtest/gtest.h>

namespace huiyin::gateway {
namespace {

using namespace std::chrono_literals;

constexpr Time kNoon = Time{std::chrono::sys_days{std::chrono::year{2026} / 11 / 23}} + 4h;

std::vector<PushWindow> after(std::vector<PushWindow> before, EventBody body, Time at = kNoon) {
  Conversation conversation{.windows = std::move(before)};
  note_inbound(conversation, {.sent_at = at, .body = std::move(body)}, at);
  return conversation.windows;
}

TEST(Ledger, EachActionAllowsWhatTheProviderCounts) {
  const PushWindow message{kNoon + 48h, 5}, action{kNoon + 1min, 3};
  const struct {
    const char* name;
    EventBody body;
    std::vector<PushWindow> expect;
  } table[] = {
      {"text", TextMessage{"电梯坏了"}, {message}},
      {"photo", MediaMessage{}, {message}},
      {"location", LocationMessage{}, {message}},
      {"a tap on our own menu is a click", TextMessage{"满意", "70005"}, {action}},
      {"menu click", MenuClick{"MENU_REPAIR"}, {action}},
      {"follow", Followed{}, {action}},
      {"scan", Followed{"b3", true}, {action}},
      {"unfollow", Unfollowed{}, {}},
      {"VIEW and the like open nothing", Notice{"VIEW"}, {}},
      {"a receipt is not his doing", Receipt{}, {}},
  };
  for (const auto& row : table) EXPECT_EQ(after({}, row.body), row.expect) << row.name;
}

TEST(Ledger, ANewMessageReplacesWhatIsLeftOfTheOneBefore) {
  EXPECT_EQ(after({{kNoon + 10h, 2}, {kNoon + 30s, 3}}, TextMessage{}),
            (std::vector<PushWindow>{{kNoon + 30s, 3}, {kNoon + 48h, 5}}));
}

TEST(Ledger, WhatIsOverOrUsedUpGoes) {
  EXPECT_EQ(after({{kNoon, 2}, {kNoon + 30s, 0}}, Notice{"VIEW"}), (std::vector<PushWindow>{}));
}

TEST(Ledger, CountsTheNoticesThatHeAllows) {
  Conversation conversation;
  const auto answers = [&](const char* template_id, bool accepted) {
    note_inbound(conversation, {.sent_at = kNoon, .body = NoticeConsent{template_id, accepted}}, kNoon);
    return conversation.consents;
  };
  using List = std::vector<std::string>;
  EXPECT_EQ(answers("RESULT", true), (List{"RESULT"}));
  EXPECT_EQ(answers("SURVEY", true), (List{"RESULT", "SURVEY"}));
  EXPECT_EQ(answers("RESULT", true), (List{"RESULT", "SURVEY", "RESULT"})) << "one for each yes";
  EXPECT_EQ(answers("RESULT", false), (List{"SURVEY"})) << "a no ends them all";
  EXPECT_EQ(answers("OTHER", false), (List{"SURVEY"}));
  EXPECT_TRUE(conversation.windows.empty()) << "an answer to the pop-up opens no window";
  for (int i = 0; i < 100; ++i) (void)answers("RESULT", true);
  EXPECT_LE(conversation.consents.size(), 20U);
  note_inbound(conversation, {.sent_at = kNoon, .body = Unfollowed{}}, kNoon);
  EXPECT_TRUE(conversation.consents.empty());
}

TEST(Ledger, KnowsWhenHeWasHereAndWhetherHeFollows) {
  Conversation conversation;
  note_inbound(conversation, {.sent_at = kNoon, .body = TextMessage{}}, kNoon);
  EXPECT_EQ(conversation.last_inbound, kNoon);
  note_inbound(conversation, {.sent_at = kNoon - 1h, .body = TextMessage{}}, kNoon);  // one that was late
  EXPECT_EQ(conversation.last_inbound, kNoon);
  note_inbound(conversation, {.sent_at = kNoon + 1h, .body = Unfollowed{}}, kNoon + 1h);
  EXPECT_TRUE(conversation.gone);
  note_inbound(conversation, {.sent_at = kNoon + 2h, .body = Receipt{}}, kNoon + 2h);
  EXPECT_TRUE(conversation.gone);
  EXPECT_EQ(conversation.last_inbound, kNoon + 1h);
  note_inbound(conversation, {.sent_at = kNoon + 3h, .body = Followed{}}, kNoon + 3h);
  EXPECT_FALSE(conversation.gone);
}

}  // namespace
}  // namespace huiyin::gateway
