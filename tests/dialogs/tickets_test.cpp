#include <gtest/gtest.h>

#include "tests/dialogs/dialog.h"

namespace huiyin::dialogs {
namespace {

Dialog with_tickets() {
  Dialog dialog;
  Ticket own{.id = TicketId{1}, .number = {1024}, .peer = kWang};
  own.category = Category::repair;
  own.description = "电梯坏了";
  own.status = TicketStatus::in_progress;
  own.opened = kNoonInShanghai;
  Ticket other = own;
  other.id = TicketId{2};
  other.number = {2048};
  other.peer = kLi;
  dialog.stored.tickets = {own, other};
  HistoryRow change{.id = HistoryId{1}, .ticket = TicketId{1}, .at = kNoonInShanghai + std::chrono::hours{2}};
  change.owner_visible = true;
  change.text = "师傅已到现场";
  dialog.stored.last_changes = {change};
  return dialog;
}

TEST(Progress, ShowsHisOwnTicketsAndReturns) {
  auto dialog = with_tickets();
  EXPECT_EQ(dialog.owner("进度"), "say(progress_ticket)");
  const auto* say = find_effect<Say>(dialog.effects);
  EXPECT_EQ(say->data, (decltype(say->data){{"number", "HY1024"},
                                            {"@status", "status.in_progress"},
                                            {"category", "设施故障"},
                                            {"description", "电梯坏了"},
                                            {"opened", "11-23 12:00"},
                                            {"changed", "11-23 14:00"},
                                            {"change", "师傅已到现场"}}));
  dialog.owner("报修");
  EXPECT_EQ(dialog.owner("我的报修怎么样了"), "say(progress_ticket) ask(name)");
  EXPECT_EQ(dialog.owner("查一下進度"), "say(progress_ticket) ask(name)");
}

TEST(Progress, OfWhatWasMergedIsThatOfWhatIsWorkedOn) {
  auto dialog = with_tickets();
  auto& own = dialog.stored.tickets[0];
  const auto& others = dialog.stored.tickets[1];
  own.status = TicketStatus::merged;
  own.merged_into = others.id;
  dialog.stored.last_changes.front().ticket = others.id;
  EXPECT_EQ(dialog.owner("进度"), "say(progress_ticket)");
  const auto* say = find_effect<Say>(dialog.effects);
  EXPECT_EQ(say->data, (decltype(say->data){{"number", "HY1024"},
                                            {"@status", "status.merged"},
                                            {"@merged_status", "status.in_progress"},
                                            {"category", "设施故障"},
                                            {"description", "电梯坏了"},
                                            {"opened", "11-23 12:00"}}))
      << "what was done on the other is for its owner";
}

TEST(Progress, NoneIsSaid) { play({{"没有", {{"进度", "say(progress_none)"}, {"修好了吗", "say(progress_none)"}}}}); }

TEST(TicketNumber, AsksForThatTicket) {
  for (const auto* text : {"HY1024", "hy1024", "ＨＹ１０２４", "1024", "工单HY1024怎么样了", "工单号：1024"}) {
    auto dialog = with_tickets();
    EXPECT_EQ(dialog.owner(text), "say(progress_ticket)") << text;
    EXPECT_EQ(find_effect<Say>(dialog.effects)->data[0].second, "HY1024") << text;
  }
}

TEST(TicketNumber, AnothersIsAnsweredAsOneThatDoesNotExist) {
  const auto answer = [](const char* text) {
    auto dialog = with_tickets();
    const auto words = dialog.owner(text);
    auto say = *find_effect<Say>(dialog.effects);
    EXPECT_EQ(say.data.size(), 1U);
    return words;
  };
  EXPECT_EQ(answer("HY2048"), "say(ticket_not_found)");
  EXPECT_EQ(answer("HY9999"), "say(ticket_not_found)");
  EXPECT_EQ(answer("工单ABC-77"), "say(ticket_not_found)");
}

TEST(TicketNumber, IsNotReadIntoAnAnswer) {
  auto dialog = with_tickets();
  dialog.owner("报修");
  dialog.owner("王建国");
  EXPECT_EQ(dialog.owner("1024"), "say(phone_invalid) ask(phone)");
  EXPECT_EQ(dialog.owner("工单1024到哪了"), "say(progress_ticket) ask(phone)");
}

}  // namespace
}  // namespace huiyin::dialogs
