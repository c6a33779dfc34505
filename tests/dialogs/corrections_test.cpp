#include <gtest/gtest.h>

#include "tests/dialogs/dialog.h"

namespace huiyin::dialogs {
namespace {

TEST(Corrections, AtAnyTurn) {
  const Exchange all{"我姓王，13812345678，3栋2单元1201厨房漏水",
                     "say(consent) set(name) set(phone) set(address) set(description) set(category) ask(attachments)"};
  play({
      {"核对时回复数字",
       {all,
        {"跳过", "ask(confirm)"},
        {"2", "ask(name)"},
        {"王建国", "set(name) say(changed) ask(confirm)"},
        {"1", "open_ticket(repair) say(ticket_received)"}}},
      {"核对时直接说改成什么",
       {all,
        {"跳过", "ask(confirm)"},
        {"地址改成3栋2单元", "set(address) say(changed) ask(confirm)"},
        {"电话写错了，是13900139000", "set(phone) say(changed) ask(confirm)"},
        {"把姓名改为李梅", "set(name) say(changed) ask(confirm)"},
        {"类型改成保洁", "set(category) say(changed) ask(category)"},
        {"3", "set(category) ask(confirm)"}}},
      {"改地址_再给新地址",
       {all, {"改地址", "ask(address)"}, {"5栋1单元301", "set(address) say(changed) ask(attachments)"}}},
      {"不说改哪项_看内容就知道",
       {all,
        {"不是3栋，是5栋", "set(address) say(changed) ask(attachments)"},
        {"说错了，应该是13900139000", "set(phone) say(changed) ask(attachments)"}}},
      {"新值不对_保留旧值",
       {all,
        {"电话改成123", "say(phone_invalid) say(value_kept) ask(phone)"},
        {"45", "say(phone_invalid.2) ask(phone)"},
        {"不改了", "ask(attachments)"},
        {"没有", "ask(confirm)"}}},
      {"中途改前面的_接着问现在的",
       {{"报修", "say(consent) ask(name)"},
        {"王建国", "set(name) ask(phone)"},
        {"13800138000", "set(phone) ask(address)"},
        {"名字改成李秀英", "set(name) say(changed) ask(address)"},
        {"3栋", "set(address) ask(description)"}}},
      {"没有改口的话_不替换",
       {{"报修", "say(consent) ask(name)"},
        {"王建国", "set(name) ask(phone)"},
        {"13800138000", "set(phone) ask(address)"},
        {"3栋2单元602", "set(address) ask(description)"},
        {"楼上5栋1单元301漏水，他电话13900139000", "set(description) set(category) ask(attachments)"}}},
      {"核对时说不对_问改哪项",
       {all,
        {"跳过", "ask(confirm)"},
        {"不对", "ask(change)"},
        {"3", "ask(address)"},
        {"6栋", "set(address) say(changed) ask(confirm)"},
        {"修改", "ask(change)"},
        {"电话", "ask(phone)"},
        {"不变", "ask(confirm)"}}},
      {"不对劲不是改口",
       {{"报修", "say(consent) ask(name)"}, {"不对劲，电梯有异响", "set(description) set(category) ask(name)"}}},
  });
}

TEST(Corrections, OldAndNewAreNamed) {
  Dialog dialog;
  dialog.owner("我姓王，13812345678，3栋2单元1201厨房漏水");
  dialog.owner("电话改成 139-0013-9000");
  const auto* say = find_effect<Say>(dialog.effects);
  ASSERT_NE(say, nullptr);
  EXPECT_EQ(say->data, (decltype(say->data){{"field", "电话"}, {"old", "13812345678"}, {"new", "13900139000"}}));
  dialog.owner("改成13812345678吧");
  EXPECT_EQ(dialog.state.slots.at("phone").value, "+8613812345678");
}

}  // namespace
}  // namespace huiyin::dialogs
