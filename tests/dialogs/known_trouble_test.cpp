#include "dialogs/known_trouble.h"

#include <gtest/gtest.h>

#include "tests/dialogs/dialog.h"

namespace huiyin::dialogs {
namespace {

/// He has told of the lift, and is asked whether it is what HY1000-8 tells of.
Dialog asked() {
  Dialog dialog;
  dialog.owner("3号楼2单元电梯坏了");
  Turn turn{dialog.state, dialog.effects};
  ask_known("HY1000-8", "已接单", turn);
  dialog.state = turn.state;
  dialog.effects = turn.effects;
  return dialog;
}

TEST(KnownTrouble, AFormIsComparedOnceItSaysWhatAndWhere) {
  const struct {
    const char* name;
    std::vector<const char*> lines;
    bool is_compared;
  } table[] = {
      {"all in one", {"3号楼2单元电梯坏了"}, true},
      {"what, and where later", {"电梯坏了", "王建国", "13800138000", "3号楼2单元"}, true},
      {"not where", {"电梯坏了"}, false},
      {"not what", {"报修", "王建国"}, false},
      {"danger has opened its ticket", {"3号楼2单元电梯困人了"}, false},
      {"submitted", {"3号楼2单元电梯坏了，我是王建国 13800138000", "跳过", "1"}, false},
      {"nothing", {"你好"}, false},
  };
  for (const auto& row : table) {
    Dialog dialog;
    for (const auto* line : row.lines) dialog.owner(line);
    const auto draft = draft_of(dialog.flow, dialog.state, kWang);
    EXPECT_EQ(draft.has_value(), row.is_compared) << row.name;
    if (!draft) continue;
    EXPECT_EQ(draft->subcategory, "elevator") << row.name;
    EXPECT_EQ(draft->address, "3号楼2单元") << row.name;
    EXPECT_EQ(draft->peer, kWang) << row.name;
  }
}

TEST(KnownTrouble, ItIsAskedInPlaceOfTheNextQuestionAndOnce) {
  const auto dialog = asked();
  const auto* question = find_effect<Ask>(dialog.effects);
  ASSERT_NE(question, nullptr);
  EXPECT_EQ(question->name, "ask_known");
  EXPECT_EQ(draft_of(dialog.flow, dialog.state, kWang), std::nullopt);
}

TEST(KnownTrouble, EachAnswer) {
  const struct {
    const char *answer, *effects;
  } table[] = {
      {"1", "open_ticket(repair) say(known_joined)"},
      {"是", "open_ticket(repair) say(known_joined)"},
      {"一样的", "ask(known)"},
      {"2", "ask(name)"},
      {"不是", "ask(name)"},
      {"我是王建国", "set(name) ask(phone)"},
      {"天上一只鸟飞过去啊", "ask(known)"},
      {"取消", "ask(cancel)"},
      {"人工", "open_ticket(repair) hand_over(service) say(human)"},
  };
  for (const auto& row : table) {
    auto dialog = asked();
    EXPECT_EQ(dialog.owner(row.answer), row.effects) << row.answer;
  }
}

TEST(KnownTrouble, WhoJoinsIsAskedNothingMoreAndWhoDoesNotIsFlagged) {
  auto joins = asked();
  joins.owner("1");
  ASSERT_EQ(joins.opened.size(), 1U);
  EXPECT_EQ(joins.opened.front().ticket.description, "电梯坏了");
  EXPECT_EQ(joins.opened.front().ticket.audit, "");
  EXPECT_EQ(joins.state.flow, "");
  auto differs = asked();
  for (const auto* line : {"2", "王建国", "13800138000", "跳过", "1"}) differs.owner(line);
  ASSERT_EQ(differs.opened.size(), 1U);
  EXPECT_EQ(differs.opened.front().ticket.audit, "duplicate");
  EXPECT_EQ(differs.opened.front().ticket.name, "王建国");
  auto urgent = asked();
  urgent.owner("电梯困人了");
  urgent.owner("1");
  EXPECT_EQ(urgent.opened.size(), 1U) << "danger opens its ticket at once, and the question is over";
  auto unclear = asked();
  unclear.owner("天上一只鸟飞过去啊");
  EXPECT_EQ(unclear.owner("地上两个人跑过来呀"), "set(description) ask(name)") << "nothing is lost over it";
}

}  // namespace
}  // namespace huiyin::dialogs
