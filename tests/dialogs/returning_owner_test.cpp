#include <gtest/gtest.h>

#include "tests/dialogs/dialog.h"

namespace huiyin::dialogs {
namespace {

Dialog returning() {
  Dialog dialog;
  dialog.stored.conversation->contact = ContactId{5};
  dialog.stored.conversation->consented = kNoonInShanghai;
  dialog.stored.contact =
      Contact{.id = ContactId{5}, .name = "王建国", .phone = "+8613800138000", .addresses = {{"3栋2单元602", {}}}};
  return dialog;
}

TEST(ReturningOwner, IsOfferedWhatHeGaveLastTime) {
  auto dialog = returning();
  EXPECT_EQ(dialog.owner("厨房漏水"), "set(description) set(category) ask(offer)");
  EXPECT_EQ(dialog.needs, 1);
  const auto* ask = find_effect<Ask>(dialog.effects);
  EXPECT_EQ(ask->data, (decltype(ask->data){{"name", "王建国"}, {"phone", "13800138000"}, {"address", "3栋2单元602"}}));
  EXPECT_EQ(dialog.owner("1"), "set(name) set(phone) set(address) ask(attachments)");
  EXPECT_EQ(dialog.state.slots.at("phone").value, "+8613800138000");
}

TEST(ReturningOwner, MayRefuseOrChangeOneThing) {
  auto refuses = returning();
  refuses.owner("厨房漏水");
  EXPECT_EQ(refuses.owner("不是"), "ask(name)");
  EXPECT_EQ(refuses.owner("李秀英"), "set(name) ask(phone)");

  auto changes = returning();
  changes.owner("厨房漏水");
  EXPECT_EQ(changes.owner("地址改成5栋1单元301"),
            "set(name) set(phone) set(address) set(address) say(changed) ask(attachments)");
  EXPECT_EQ(changes.state.slots.at("address").value, "5栋1单元301");

  auto told = returning();  // what he tells now is not offered from the book
  EXPECT_EQ(told.owner("5栋1单元301厨房漏水"), "set(address) set(description) set(category) ask(offer)");
  EXPECT_EQ(told.owner("好的"), "set(name) set(phone) ask(attachments)");
  EXPECT_EQ(told.state.slots.at("address").value, "5栋1单元301");
}

TEST(ReturningOwner, UnclearAnswersDoNotLoop) {
  auto dialog = returning();
  dialog.owner("报修");
  EXPECT_EQ(dialog.owner("哈哈"), "say(not_understood) ask(offer)");
  EXPECT_EQ(dialog.owner("嘻嘻"), "say(not_understood.2) ask(offer)");
  EXPECT_EQ(dialog.owner("呵呵"), "ask(name)");
}

TEST(Draft, IsResumedByChoiceAfterADay) {
  play({
      {"继续",
       {{"报修", "say(consent) ask(name)"},
        {"王建国", "set(name) ask(phone)"},
        {"+23h 帮助", "say(help) ask(phone)"},
        {"+24h 在吗", "ask(resume)"},
        {"1", "ask(phone)"},
        {"13800138000", "set(phone) ask(address)"}}},
      {"重新开始_刚才那句话还在",
       {{"报修", "say(consent) ask(name)"},
        {"王建国", "set(name) ask(phone)"},
        {"+25h 厨房水管漏水了", "ask(resume)"},
        {"重新开始", "set(description) ask(name)"}}},
      {"直接接着填",
       {{"报修", "say(consent) ask(name)"},
        {"王建国", "set(name) ask(phone)"},
        {"+30h 我想问问", "ask(resume)"},
        {"13800138000", "set(phone) ask(address)"}}},
      {"定时器到了_不打扰",
       {{"报修", "say(consent) ask(name)"},
        {"+24h [定时 draft]", ""},
        {"王建国", "ask(resume)"},
        {"继续", "ask(name)"}}},
      {"提醒之后_一句继续就接着填",
       {{"报修", "say(consent) ask(name)"},
        {"王建国", "set(name) ask(phone)"},
        {"+24h [定时 draft]", ""},
        {"继续", "ask(phone)"},
        {"13800138000", "set(phone) ask(address)"}}},
      {"提醒之后_重来",
       {{"报修", "say(consent) ask(name)"},
        {"王建国", "set(name) ask(phone)"},
        {"+24h [定时 draft]", ""},
        {"重来", "ask(name)"}}},
      {"照片也先问", {{"报修", "say(consent) ask(name)"}, {"+25h [照片]", "attach ask(resume)"}, {"1", "ask(name)"}}},
  });
}

TEST(Draft, IsNotLostWithTheOldAnswers) {
  Dialog dialog;
  dialog.owner("报修");
  dialog.owner("王建国");
  dialog.owner("+25h 在吗");
  const auto* ask = find_effect<Ask>(dialog.effects);
  ASSERT_NE(ask, nullptr);
  EXPECT_EQ(ask->data, (decltype(ask->data){{"name", "王建国"}}));
}

}  // namespace
}  // namespace huiyin::dialogs
