#include <gtest/gtest.h>

#include "tests/dialogs/dialog.h"

namespace huiyin::dialogs {
namespace {

Dialog with_tickets(std::vector<std::pair<std::int64_t, TicketStatus>> tickets) {
  Dialog dialog;
  for (const auto& [sequence, status] : tickets) {
    Ticket one{.id = TicketId{sequence}, .number = {sequence}, .peer = kWang};
    one.category = Category::repair;
    one.description = "电梯坏了";
    one.status = status;
    dialog.stored.tickets.push_back(one);
  }
  return dialog;
}

const ActOnTicket& acted(const Dialog& dialog) { return *find_effect<ActOnTicket>(dialog.effects); }

TEST(Urge, GoesToTheOneTicketThatIsOpen) {
  auto dialog = with_tickets({{1024, TicketStatus::assigned}, {1000, TicketStatus::closed}});
  EXPECT_EQ(dialog.owner("怎么还没人来，催一下"), "act(urge) say(ticket_urge)");
  EXPECT_EQ(acted(dialog).ticket, TicketId{1024});
  EXPECT_EQ(acted(dialog).text, "怎么还没人来，催一下");
}

TEST(Urge, AsksWhichOfSeveral) {
  auto dialog = with_tickets({{1024, TicketStatus::assigned}, {2048, TicketStatus::opened}});
  EXPECT_EQ(dialog.owner("催一下"), "ask(about)");
  EXPECT_EQ(find_effect<Ask>(dialog.effects)->choices.size(), 2U);
  EXPECT_EQ(dialog.owner("嗯嗯嗯"), "ask(about)");
  EXPECT_EQ(dialog.owner("2"), "act(urge) say(ticket_urge)");
  EXPECT_EQ(acted(dialog).ticket, TicketId{2048});
  EXPECT_EQ(acted(dialog).text, "催一下");
}

TEST(Urge, ANumberInTheWordsDecides) {
  auto dialog = with_tickets({{1024, TicketStatus::assigned}, {2048, TicketStatus::opened}});
  EXPECT_EQ(dialog.owner("HY2048 催一下"), "act(urge) say(ticket_urge)");
  EXPECT_EQ(acted(dialog).ticket, TicketId{2048});
}

TEST(Urge, WithoutATicketIsSaidSo) { EXPECT_EQ(Dialog{}.owner("催一下"), "say(progress_none) ask(menu)"); }

TEST(Withdraw, IsConfirmed) {
  auto dialog = with_tickets({{1024, TicketStatus::assigned}});
  EXPECT_EQ(dialog.owner("不用修了，自己搞定了"), "ask(about)");
  EXPECT_EQ(dialog.owner("1"), "act(withdraw) say(ticket_withdraw)");
  EXPECT_EQ(dialog.owner("不用修了，自己搞定了"), "ask(about)");
  EXPECT_EQ(dialog.owner("不是"), "say(ticket_left)");
}

TEST(NotFixed, OpensTheTicketAgain) {
  auto dialog = with_tickets({{1024, TicketStatus::resolved}});
  EXPECT_EQ(dialog.owner("根本没解决"), "act(reopen) say(ticket_reopen)");
  EXPECT_EQ(acted(dialog).ticket, TicketId{1024});
}

TEST(NotFixed, WhatIsStillBeingDoneIsUrged) {
  auto dialog = with_tickets({{1024, TicketStatus::in_progress}});
  EXPECT_EQ(dialog.owner("根本没解决"), "act(urge) say(ticket_urge)");
}

TEST(NotFixed, ThatOrANewProblemIsAsked) {
  auto dialog = with_tickets({{1024, TicketStatus::resolved}});
  EXPECT_EQ(dialog.owner("修了等于没修，门还是关不上"), "ask(about)");
  EXPECT_EQ(dialog.owner("1"), "act(reopen) say(ticket_reopen)");
  EXPECT_EQ(dialog.owner("修了等于没修，门还是关不上"), "ask(about)");
  EXPECT_EQ(dialog.owner("不是"), "say(consent) set(description) ask(name)");
}

TEST(Question, IsAnsweredFromTheLexicon) {
  Dialog dialog;
  EXPECT_EQ(dialog.owner("你们几点上班"), "say(faq)");
  EXPECT_NE(find_effect<Say>(dialog.effects)->data[0].second.find("办公时间"), std::string::npos);
  dialog.locale = "en";
  dialog.stored.conversation = Conversation{.locale = "en"};
  dialog.owner("what are the opening hours?");
  EXPECT_NE(find_effect<Say>(dialog.effects)->data[0].second.find("office hours"), std::string::npos);
}

TEST(Question, InTheMiddleOfAFormIsAnsweredAndTheFormGoesOn) {
  Dialog dialog;
  dialog.owner("厨房漏水");
  EXPECT_EQ(dialog.owner("物业费怎么交"), "say(faq) ask(name)");
}

TEST(OutOfScope, TellsWhomToCallAndKeepsTheWords) {
  Dialog dialog;
  EXPECT_EQ(dialog.owner("中国电信宽带断了"), "say(out_of_scope) ask(menu)");
  EXPECT_NE(find_effect<Say>(dialog.effects)->data[0].second.find("10000"), std::string::npos);
  dialog.owner("1");
  EXPECT_EQ(dialog.state.slots.at("description").value, "中国电信宽带断了");
}

TEST(AnotherReport, InTheMiddleOfAFormIsAskedAbout) {
  Dialog dialog;
  dialog.owner("厨房漏水，我姓王");
  EXPECT_EQ(dialog.owner("楼道垃圾也没人清运"), "ask(another)");
  EXPECT_EQ(dialog.owner("1"), "set(description) say(noted) ask(phone)");
  EXPECT_NE(dialog.state.slots.at("description").value.find("垃圾"), std::string::npos);
  EXPECT_EQ(dialog.owner("电梯又坏了"), "ask(another)");
  EXPECT_EQ(dialog.owner("2"), "say(another_later) ask(phone)");
  EXPECT_EQ(dialog.owner("13800138000"), "set(phone) ask(address)");
}

TEST(AnotherReport, TheSameOneToldAgainIsNone) {
  Dialog dialog;
  dialog.owner("厨房漏水，我姓王");
  EXPECT_EQ(dialog.owner("还在漏水").find("ask(another)"), std::string::npos);
}

}  // namespace
}  // namespace huiyin::dialogs
