#include <gtest/gtest.h>

#include "dialogs/flow_rules.h"
#include "tests/dialogs/dialog.h"

namespace huiyin::dialogs {
namespace {

TEST(Commands, AtAnyTimeAndBackToTheQuestion) {
  play({
      {"帮助_重复_谢谢_问好_等一下",
       {{"报修", "say(consent) ask(name)"},
        {"帮助", "say(help) ask(name)"},
        {"王建国", "set(name) ask(phone)"},
        {"再说一遍", "ask(phone)"},
        {"更多", "ask(phone)"},
        {"谢谢", "say(thanks_reply) ask(phone)"},
        {"你好", "ask(phone)"},
        {"等一下我找找", "say(wait_ok)"},
        {"13800138000", "set(phone) ask(address)"}}},
      {"返回上一题_改了就说改了",
       {{"报修", "say(consent) ask(name)"},
        {"返回", "say(back_at_start) ask(name)"},
        {"王建国", "set(name) ask(phone)"},
        {"13800138000", "set(phone) ask(address)"},
        {"返回", "ask(phone)"},
        {"13900139000", "set(phone) say(changed) ask(address)"},
        {"上一步", "ask(phone)"},
        {"跳过", "ask(address)"}}},
      {"取消要确认一次",
       {{"报修", "say(consent) ask(name)"},
        {"王建国", "set(name) ask(phone)"},
        {"取消", "ask(cancel)"},
        {"2", "ask(phone)"},
        {"算了", "ask(cancel)"},
        {"13800138000", "set(phone) ask(address)"},  // he goes on: so he does not cancel
        {"取消", "ask(cancel)"},
        {"确定", "say(cancelled)"},
        {"取消", "say(nothing_to_cancel)"}}},
      {"重来",
       {{"报修", "say(consent) ask(name)"},
        {"王建国", "set(name) ask(phone)"},
        {"重新开始", "say(restarted) ask(name)"},
        {"李秀英", "set(name) ask(phone)"}}},
      {"繁体_全角_客气话都行",
       {{"報修", "say(consent) ask(name)"},
        {"幫助", "say(help) ask(name)"},
        {"請幫我取消一下吧，謝謝", "ask(cancel)"},
        {"２", "ask(name)"},
        {"ＨＥＬＰ", "say(help) ask(name)"}}},
      {"表单里又点菜单词_不会当成姓名",
       {{"报修", "say(consent) ask(name)"}, {"报修", "ask(name)"}, {"投诉", "ask(name)"}}},
      {"看不了的消息", {{"报修", "say(consent) ask(name)"}, {"[动图]", "say(unsupported) ask(name)"}}},
      {"菜单按键",
       {{"[菜单 MENU_PROGRESS]", "say(progress_none)"},
        {"[菜单 NO_SUCH]", "ask(menu)"},
        {"[菜单 MENU_REPAIR]", "say(consent) ask(name)"},
        {"[菜单 MENU_SERVICE]", "ask(name)"},  // nothing told yet: the form simply changes its kind
        {"王建国", "set(name) ask(phone)"},
        {"[菜单 MENU_REPAIR]", "ask(resume)"},
        {"1", "ask(phone)"}}},
      {"关注_带码", {{"[关注 ]", "say(welcome) ask(menu)"}, {"2", "say(consent) ask(name)"}}},
      {"扫电梯里的码",
       {{"[关注 category=repair/elevator&address=3栋2单元电梯]", "say(consent) say(welcome) set(address) ask(name)"},
        {"王建国", "set(name) ask(phone)"},
        {"13800138000", "set(phone) ask(description)"},
        {"一直在抖", "set(description) set(category) ask(attachments)"}}},
      {"不认识的码", {{"[关注 campaign_7]", "say(welcome) ask(menu)"}}},
      {"取关又回来_问是否继续",
       {{"报修", "say(consent) ask(name)"},
        {"王建国", "set(name) ask(phone)"},
        {"[取关]", ""},
        {"你好", "ask(resume)"},
        {"继续", "ask(phone)"}}},
  });
}

TEST(Commands, APersonTakesTheDraft) {
  Dialog dialog;
  dialog.owner("3号楼2单元电梯坏了，我是王建国");
  EXPECT_EQ(dialog.owner("转人工"), "open_ticket(repair) hand_over(service) say(human)");
  ASSERT_EQ(dialog.opened.size(), 1U);
  EXPECT_EQ(dialog.opened[0].ticket.audit, "human");
  EXPECT_EQ(dialog.opened[0].ticket.name, "王建国");
  const auto* say = find_effect<Say>(dialog.effects);
  EXPECT_EQ(say->data, (decltype(say->data){{"number", ""}, {"hotline", "400-800-1234"}}));
  // Asked again, the same ticket is marked: there is no second one.
  EXPECT_EQ(dialog.owner("人工！"), "act(request_human) hand_over(service) say(human_ticket)");
  EXPECT_EQ(dialog.opened.size(), 1U);
}

TEST(Commands, APersonWithoutADraft) {
  Dialog none;
  EXPECT_EQ(none.owner("我要找人工客服"), "open_ticket(service) hand_over(service) say(human)");
  Dialog has;
  has.stored.tickets = {Ticket{.id = TicketId{7}, .number = {1024}, .peer = kWang}};
  EXPECT_EQ(has.owner("报修"), "say(consent) ask(name)");
  EXPECT_EQ(has.owner("转人工"), "act(request_human) hand_over(service) say(human_ticket) ask(name)");
  EXPECT_EQ(find_effect<ActOnTicket>(has.effects)->ticket, TicketId{7});
  EXPECT_TRUE(has.opened.empty());
}

TEST(Commands, SilentWhileAPersonHasTheConversation) {
  Dialog dialog;
  dialog.owner("报修");
  dialog.stored.conversation->with_human = true;
  EXPECT_EQ(dialog.owner("王建国"), "");
  EXPECT_EQ(dialog.owner("[照片]"), "attach");
  EXPECT_EQ(dialog.send(HumanDesk{false}), "");
  EXPECT_EQ(dialog.owner("厨房着火了"),
            "open_ticket(security) say(danger_fire) set(description) set(category)");  // but not to this
  dialog.stored.conversation->with_human = false;
  EXPECT_EQ(dialog.owner("王建国"), "set(name) ask(phone) act(add_details)");
}

TEST(Commands, WhatIsFromNobodyChangesNothing) {
  Dialog dialog;
  dialog.owner("报修");
  const auto before = dialog.state;
  for (const EventBody& body :
       {EventBody{Receipt{"o1"}}, EventBody{Notice{"VIEW"}}, EventBody{NoticeConsent{"t", true}},
        EventBody{DataWithdrawal{}}, EventBody{TimerFired{TimerId{1}, "draft", "1"}}}) {
    EXPECT_EQ(dialog.send(body), "");
    EXPECT_EQ(dialog.state, before);
  }
}

TEST(Commands, UnsubscribingIsOnSmsOnly) {
  const auto turn = [](const char* channel) {
    const Event event{.peer = {channel, "x"}, .body = TextMessage{"退订"}};
    return describe(
        std::get<Turn>(step(shipped_flow(), {}, event, understand(shipped_lexicon(), "退订"), {}, kNoonInShanghai))
            .effects);
  };
  EXPECT_EQ(turn("sms:estate"), "opt_out say(opted_out)");
  EXPECT_EQ(turn("wechat:main"), "say(not_understood) ask(menu)");
}

TEST(Commands, UnsubscribingIsConfirmedOnce) {
  Snapshot stored{.conversation = Conversation{.opted_out = true}};
  const Event event{.peer = {"sms:estate", "x"}, .body = TextMessage{"TD"}};
  const auto stepped = step(shipped_flow(), {}, event, understand(shipped_lexicon(), "TD"), stored, kNoonInShanghai);
  EXPECT_EQ(describe(std::get<Turn>(stepped).effects), "opt_out");
}

TEST(Commands, AWordMeansEveryCommandAndEntryThatHasIt) {
  const auto& flow = shipped_flow();
  for (const auto& [command, words] : flow.commands)
    for (const auto& word : words) EXPECT_TRUE(read_words(flow, word).is(command)) << command << ": " << word;
  for (const auto& entry : flow.menu)
    for (const auto& word : entry.words) EXPECT_TRUE(read_words(flow, word).menu) << entry.id << ": " << word;
  const auto both = read_words(flow, "错了！");
  EXPECT_TRUE(both.is("no") && both.is("change"));
  EXPECT_FALSE(both.is("yes") || both.menu);
}

TEST(Commands, PoliteWordsAndMarksAroundACommandChangeNothing) {
  const auto& flow = shipped_flow();
  EXPECT_TRUE(read_words(flow, "你好，请取消一下吧，谢谢。").is("cancel"));
  EXPECT_TRUE(read_words(flow, "Could you ＣＡＮＣＥＬ, please?").is("cancel"));
  EXPECT_FALSE(read_words(flow, "取消水表").is("cancel"));
  EXPECT_TRUE(read_words(flow, "").commands.empty());
  std::string long_winded = "取消";
  for (int i = 0; i < 30; ++i) long_winded += "谢谢";
  EXPECT_TRUE(read_words(flow, long_winded).commands.empty()) << "a command is short";
}

}  // namespace
}  // namespace huiyin::dialogs
