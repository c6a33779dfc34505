#include <gtest/gtest.h>

#include "tests/dialogs/dialog.h"

namespace huiyin::dialogs {
namespace {

TEST(FeedbackFlow, EachDialog) {
  play({
      {"一次说完_只问缺的",
       {{"3号楼2单元电梯坏了，我是王建国",
         "say(consent) set(address) set(description) set(category) set(name) ask(phone)"},
        {"13800138000", "set(phone) ask(attachments)"},
        {"跳过", "ask(confirm)"},
        {"1", "open_ticket(repair) say(ticket_received)"},
        {"1", "say(ticket_already_received)"}}},  // a second tap opens no second ticket
      {"手机号_全角可以_汉字再问一次",
       {{"报修", "say(consent) ask(name)"},
        {"王建国", "set(name) ask(phone)"},
        {"一三八零零", "say(phone_invalid) ask(phone)"},
        {"138001", "say(phone_invalid.2) ask(phone)"},  // no words: nor is it a description
        {"１３８００１３８０００", "set(phone) ask(address)"}}},
      {"七句话一张工单",
       {{"报修", "say(consent) ask(name)"},
        {"王建国", "set(name) ask(phone)"},
        {"13800138000", "set(phone) ask(address)"},
        {"3号楼2单元602", "set(address) ask(description)"},
        {"厨房水管漏水", "set(description) set(category) ask(attachments)"},
        {"[照片]", "attach say(media_received) ask(confirm)"},
        {"1", "open_ticket(repair) say(ticket_received)"}}},
      {"一句话全说完",
       {{"我姓王，13812345678，3栋2单元1201厨房漏水",
         "say(consent) set(name) set(phone) set(address) set(description) set(category) ask(attachments)"},
        {"没有", "ask(confirm)"},
        {"确认提交", "open_ticket(repair) say(ticket_received)"}}},
      {"逗号隔开的清单",
       {{"3栋2单元1201，李梅，13900139000，马桶堵了",
         "say(consent) set(address) set(name) set(phone) set(description) set(category) ask(attachments)"}}},
      {"类型说不出来_给选项_再给子类",
       {{"反馈", "say(consent) ask(name)"},
        {"李秀英", "set(name) ask(phone)"},
        {"13900139000", "set(phone) ask(address)"},
        {"小区东门", "set(address) ask(description)"},
        {"那个东西每天晚上都那样", "set(description) ask(category)"},
        {"第四个", "set(category) ask(category)"},
        {"①", "set(category) ask(attachments)"},
        {"没拍", "ask(confirm)"},
        {"好的", "open_ticket(security) say(ticket_received)"}}},
      {"菜单点了保洁_说不出类型就按保洁",
       {{"[菜单 MENU_CLEAN]", "say(consent) ask(name)"},
        {"王建国", "set(name) ask(phone)"},
        {"13800138000", "set(phone) ask(address)"},
        {"3栋大堂", "set(address) ask(description)"},
        {"好几天没人来了，看着难受", "set(description) set(category) ask(category)"},
        {"跳过", "set(category) ask(attachments)"}}},
      {"选项可用汉字_繁体_序数",
       {{"反馈", "say(consent) ask(name)"},
        {"陳小姐", "set(name) ask(phone)"},
        {"021-58881234", "set(phone) ask(address)"},
        {"六座十五樓", "set(address) ask(description)"},
        {"希望你們多關心一下老人家的需要", "set(description) set(category) ask(attachments)"}}},
      {"两次答错_第三次照收_标给人看",
       {{"报修", "say(consent) ask(name)"},
        {"王建国", "set(name) ask(phone)"},
        {"我不记得", "say(phone_invalid) ask(phone)"},
        {"123", "say(phone_invalid.2) ask(phone)"},
        {"打我老婆的", "say(taken_for_audit) set(phone) ask(address)"}}},
      {"必填不能跳过_也不为难人",
       {{"报修", "say(consent) ask(name)"},
        {"跳过", "say(required) ask(name)"},
        {"不方便", "say(required) ask(name)"},
        {"不填", "say(taken_for_audit) set(name) ask(phone)"}}},
      {"问为什么要电话_不当成描述",
       {{"报修", "say(consent) ask(name)"},
        {"王建国", "set(name) ask(phone)"},
        {"为什么要我的手机号码啊", "say(phone_invalid) ask(phone)"}}},
      {"没问到的先说了_也记下",
       {{"报修", "say(consent) ask(name)"},
        {"我家厨房漏水了", "set(description) set(category) ask(name)"},
        {"王建国 13800138000", "set(name) set(phone) ask(address)"},
        {"3栋2单元602门口", "set(address) ask(attachments)"}}},
      {"发照片时补充了描述",
       {{"3号楼2单元电梯坏了，我是王建国，13800138000",
         "say(consent) set(address) set(description) set(category) set(name) set(phone) ask(attachments)"},
        {"昨天晚上开始就有很大的声音", "set(description) say(noted) ask(attachments)"},
        {"好了", "ask(confirm)"}}},
      {"不同意登记",
       {{"报修", "say(consent) ask(name)"}, {"不同意", "say(consent_declined)"}, {"你好", "say(greeting) ask(menu)"}}},
      {"告知只说一次",
       {{"报修", "say(consent) ask(name)"}, {"取消", "ask(cancel)"}, {"1", "say(cancelled)"}, {"报修", "ask(name)"}}},
      {"看不懂_给菜单_选了就用上那句话",
       {{"天上一只鸟飞过去啊", "say(not_understood) ask(menu)"},
        {"1", "say(consent) set(description) set(category) ask(name)"}}},
      {"两次看不懂_照收_请人看",
       {{"天上一只鸟飞过去啊", "say(not_understood) ask(menu)"},
        {"地上两个人跑过来呀", "say(not_understood.2) ask(menu)"},
        {"水里三条鱼游过去哟", "say(consent) set(description) say(taken_for_audit) ask(name)"}}},
      {"看不懂的话之后_一句话报修_什么都不丢",
       {{"天上一只鸟飞过去啊", "say(not_understood) ask(menu)"},
        {"3号楼2单元电梯坏了，我是王建国，13800138000",
         "say(consent) set(address) set(description) set(category) set(name) set(phone) ask(attachments)"}}},
      {"看不懂的话之后_只说了地址",
       {{"天上一只鸟飞过去啊", "say(not_understood) ask(menu)"},
        {"3栋2单元602", "say(consent) set(address) set(description) ask(name)"}}},
      {"空话_表情_零宽",
       {{"报修", "say(consent) ask(name)"},
        {"😀😀", "say(name_invalid) ask(name)"},
        {"\xE2\x80\x8B", "say(name_invalid.2) ask(name)"},
        {"王建国", "set(name) ask(phone)"}}},
  });
}

TEST(FeedbackFlow, TheTicketHoldsWhatWasTold) {
  Dialog dialog;
  for (const auto* line : {"赶紧的！3号楼2单元602厨房水管爆裂，我是王建国，１３８-0013-8000", "[照片]", "1"})
    dialog.owner(line);
  ASSERT_EQ(dialog.opened.size(), 1U);
  const auto& ticket = dialog.opened.front().ticket;
  EXPECT_EQ(ticket.name, "王建国");
  EXPECT_EQ(ticket.phone, "+8613800138000");
  EXPECT_EQ(ticket.address, "3号楼2单元602");
  EXPECT_EQ(ticket.description, "赶紧，厨房水管爆裂");
  EXPECT_EQ(ticket.category, Category::repair);
  EXPECT_EQ(ticket.subcategory, "water");
  EXPECT_EQ(ticket.priority, Priority::high);
  EXPECT_EQ(ticket.audit, "");
  EXPECT_EQ(ticket.peer, kWang);
  EXPECT_EQ(dialog.opened.front().attachments.size(), 1U);
}

TEST(FeedbackFlow, WhatWasNotUnderstoodStandsBeforeTheReport) {
  Dialog dialog;
  for (const auto* line : {"天上一只鸟飞过去啊", "3号楼2单元电梯坏了，我是王建国，13800138000", "跳过", "1"})
    dialog.owner(line);
  ASSERT_EQ(dialog.opened.size(), 1U);
  EXPECT_EQ(dialog.opened.front().ticket.description, "天上一只鸟飞过去啊\n电梯坏了");
  EXPECT_EQ(dialog.opened.front().ticket.subcategory, "elevator");
}

TEST(FeedbackFlow, ConsentIsRecordedOnceWhenHeAnswers) {
  Dialog dialog;
  dialog.owner("报修");
  EXPECT_EQ(describe_all(dialog.effects), "say(consent) ask(name)");
  dialog.owner("王建国");
  EXPECT_EQ(describe_all(dialog.effects), "record_consent set(name) ask(phone)");
  dialog.owner("13800138000");
  EXPECT_EQ(describe_all(dialog.effects), "set(phone) ask(address)");
}

TEST(FeedbackFlow, WhatWasTakenAfterTwoMissesIsMarkedForAudit) {
  Dialog dialog;
  for (const auto* line : {"3号楼2单元602漏水", "王建国", "不记得", "123", "打我老婆的", "跳过", "1"})
    dialog.owner(line);
  ASSERT_EQ(dialog.opened.size(), 1U);
  EXPECT_EQ(dialog.opened.front().ticket.audit, "phone");
  EXPECT_EQ(dialog.opened.front().ticket.phone, "打我老婆的");
}

TEST(FeedbackFlow, ALongDescriptionIsCutAndTheOwnerTold) {
  Dialog dialog;
  dialog.owner("报修");
  dialog.owner("王建国");
  dialog.owner("13800138000");
  dialog.owner("3栋2单元602");
  std::string text = "漏水";
  while (text.size() < 30000) text += "水";
  EXPECT_EQ(dialog.owner(text), "set(description) say(text_cut) set(category) ask(attachments)");
  EXPECT_EQ(dialog.state.slots.at("description").value.size(), 4000U * 3U);
  Dialog whole;
  whole.owner("报修");
  whole.owner("王建国");
  whole.owner("13800138000");
  whole.owner("3栋2单元602");
  EXPECT_EQ(whole.owner(text.substr(0, 12000)), "set(description) set(category) ask(attachments)");
  EXPECT_EQ(whole.state.slots.at("description").value, text.substr(0, 12000));
}

TEST(FeedbackFlow, InternalIsNotOfferedToOwners) {
  Dialog dialog;
  for (const auto* line : {"反馈", "王建国", "13800138000", "东门", "那个东西天天都那样"}) dialog.owner(line);
  const auto* ask = find_effect<Ask>(dialog.effects);
  ASSERT_NE(ask, nullptr);
  ASSERT_EQ(ask->choices.size(), 4U);
  EXPECT_EQ(ask->choices[0], (Choice{"repair", "设施故障"}));
  EXPECT_EQ(ask->choices[3], (Choice{"security", "安全秩序"}));
}

}  // namespace
}  // namespace huiyin::dialogs
