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

TEST(OutOfScope, TellsWhomToCallAndKeepsATicketOfIt) {
  Dialog dialog;
  EXPECT_EQ(dialog.owner("中国电信宽带断了，3号楼2单元602"), "open_ticket(out_of_scope) say(out_of_scope) ask(menu)");
  EXPECT_NE(find_effect<Say>(dialog.effects)->data[0].second.find("10000"), std::string::npos);
  ASSERT_EQ(dialog.opened.size(), 1U);
  EXPECT_EQ(dialog.opened[0].ticket.description, "中国电信宽带断了，3号楼2单元602");
  EXPECT_NE(dialog.opened[0].ticket.address.find("602"), std::string::npos);
  dialog.owner("1");
  EXPECT_EQ(dialog.state.slots.at("description").value, "中国电信宽带断了，3号楼2单元602")
      << "he wants it all the same";
}

TEST(OutOfScope, WhatFollowsBelongsToTheKeptTicket) {
  play({{"说两遍_只有一张",
         {{"中国电信宽带断了", "open_ticket(out_of_scope) say(out_of_scope) ask(menu)"},
          {"中国电信宽带断了", "say(out_of_scope) ask(menu)"},
          {"中国电信的人不来", "act(add_details) say(out_of_scope) ask(menu)"}}},
        {"还是不行_记进那一张",
         {{"中国电信宽带断了", "open_ticket(out_of_scope) say(out_of_scope) ask(menu)"},
          {"还是没网", "act(add_details) say(out_of_scope) ask(menu)"},
          {"催一下", "act(add_details) say(details_added)"}}},
        {"照片放进那一张",
         {{"中国电信宽带断了", "open_ticket(out_of_scope) say(out_of_scope) ask(menu)"},
          {"[照片]", "attach say(media_added)"}}},
        {"要人工_有人看那一张",
         {{"中国电信宽带断了", "open_ticket(out_of_scope) say(out_of_scope) ask(menu)"},
          {"人工", "act(request_human) hand_over(service) say(human_ticket)"}}},
        {"另报一件_不混在一起",
         {{"中国电信宽带断了", "open_ticket(out_of_scope) say(out_of_scope) ask(menu)"},
          {"3号楼2单元电梯坏了", "say(consent) set(address) set(description) set(category) ask(name)"}}},
        {"过了一小时_照片是新的事",
         {{"中国电信宽带断了", "open_ticket(out_of_scope) say(out_of_scope) ask(menu)"},
          {"+1h [照片]", "say(consent) attach say(media_received) ask(description)"}}}});
}

TEST(OutOfScope, WhoIsKnownIsNamedInTheKeptTicket) {
  Dialog dialog;
  dialog.stored.conversation = Conversation{.contact = ContactId{5}};
  dialog.stored.contact = Contact{.id = ContactId{5}, .name = "王建国", .phone = "+8613800138000"};
  dialog.owner("中国电信宽带断了");
  ASSERT_EQ(dialog.opened.size(), 1U);
  EXPECT_EQ(dialog.opened[0].ticket.name, "王建国");
  EXPECT_EQ(dialog.opened[0].ticket.phone, "+8613800138000");
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
