#include <gtest/gtest.h>

#include "tests/dialogs/dialog.h"

namespace huiyin::dialogs {
namespace {

TEST(Media, AcceptedAtAnyMomentAndKept) {
  play({
      {"先发照片",
       {{"[照片]", "say(consent) attach say(media_received) ask(description)"},
        {"电梯坏了", "set(description) set(category) ask(name)"},
        {"王建国", "set(name) ask(phone)"},
        {"[视频]", "attach say(media_received) ask(phone)"},
        {"13800138000", "set(phone) ask(address)"},
        {"3栋2单元", "set(address) ask(confirm)"}}},  // photos are there: not asked for
      {"连发照片_只答一次",
       {{"3号楼2单元电梯坏了，我是王建国，13800138000",
         "say(consent) set(address) set(description) set(category) set(name) set(phone) ask(attachments)"},
        {"[照片]", "attach say(media_received) ask(confirm)"},
        {"+3s [照片]", "attach"},
        {"+6s [照片]", "attach"},
        {"+5s [照片]", "attach say(media_received) ask(confirm)"},
        {"1", "open_ticket(repair) say(ticket_received)"},
        {"[照片]", "attach say(media_added)"}}},
      {"位置和链接",
       {{"报修", "say(consent) ask(name)"},
        {"[链接]", "say(link_received) ask(name)"},
        {"王建国", "set(name) ask(phone)"},
        {"13800138000", "set(phone) ask(address)"},
        {"[位置 滨江花园东门]", "set(location) say(location_received) set(address) ask(description)"}}},
      {"语音听得出字就用",
       {{"[语音 3栋2单元电梯坏了]",
         "say(consent) attach say(media_received) set(address) set(description) set(category) ask(name)"}}},
      {"语音听不出字也收", {{"[语音]", "say(consent) attach say(media_received) ask(description)"}}},
      {"工单刚提交_补充说明",
       {{"3号楼2单元电梯坏了，我是王建国，13800138000",
         "say(consent) set(address) set(description) set(category) set(name) set(phone) ask(attachments)"},
        {"跳过", "ask(confirm)"},
        {"1", "open_ticket(repair) say(ticket_received)"},
        {"谢谢", "say(thanks_reply)"},
        {"补充一下，晚上声音更大", "act(add_details) say(details_added)"},
        {"电话改成13900139000", "act(add_details) say(details_added)"},
        {"楼道灯也不亮了", "set(description) set(category) ask(name)"}}},
  });
}

TEST(Media, TheTicketGetsThemAll) {
  Dialog dialog;
  for (const auto* line : {"[照片]", "[位置 东门]", "3号楼2单元电梯坏了，我是王建国，13800138000", "+1s [照片]", "1"})
    dialog.owner(line);
  ASSERT_EQ(dialog.opened.size(), 1U);
  EXPECT_EQ(dialog.opened[0].attachments.size(), 2U);
  EXPECT_EQ(dialog.opened[0].ticket.description, "电梯坏了\n📍 东门 (31.230000,121.470000)");
}

TEST(Media, APhotoOfTheLastTicketIsNotTheNextOnes) {
  Dialog dialog;
  for (const auto* line : {"3号楼2单元电梯坏了，我是王建国，13800138000", "跳过", "1", "[照片]",
                           "3栋5楼楼道灯不亮，我是王建国，13800138000", "跳过", "1"})
    dialog.owner(line);
  ASSERT_EQ(dialog.opened.size(), 2U);
  EXPECT_TRUE(dialog.opened[1].attachments.empty());
}

TEST(Media, ThereIsALimit) {
  Dialog dialog;
  for (int i = 0; i < 20; ++i) EXPECT_NE(dialog.owner("+1s [照片]").find("attach"), std::string::npos);
  EXPECT_EQ(dialog.owner("+1s [照片]"), "say(media_full) ask(description)");
  EXPECT_EQ(dialog.state.attachments.size(), 20U);
}

}  // namespace
}  // namespace huiyin::dialogs
