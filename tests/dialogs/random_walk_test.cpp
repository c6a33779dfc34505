#include <gtest/gtest.h>

#include <cstdlib>
#include <random>

#include "tests/dialogs/dialog.h"

namespace huiyin::dialogs {
namespace {

constexpr const char* kLines[] = {"报修",
                                  "投诉",
                                  "王建国",
                                  "李秀英",
                                  "13800138000",
                                  "139",
                                  "3号楼2单元602",
                                  "5栋",
                                  "东门",
                                  "厨房水管漏水",
                                  "一直在响",
                                  "跳过",
                                  "没有",
                                  "好了",
                                  "1",
                                  "2",
                                  "3",
                                  "第二个",
                                  "9",
                                  "是",
                                  "不是",
                                  "取消",
                                  "返回",
                                  "重来",
                                  "帮助",
                                  "人工",
                                  "进度",
                                  "重复",
                                  "菜单",
                                  "改地址",
                                  "地址改成8栋",
                                  "电话改成123",
                                  "改姓名",
                                  "不是3栋，是5栋",
                                  "谢谢",
                                  "你好",
                                  "等一下",
                                  "😀",
                                  "",
                                  "\xE2\x80\x8B",
                                  "HY7",
                                  "工单1024",
                                  "着火了",
                                  "闻到煤气味",
                                  "气死我了",
                                  "不同意",
                                  "继续",
                                  "重新开始",
                                  "修改",
                                  "不改了",
                                  "天上一只鸟飞过去",
                                  "change address to Building 9",
                                  "why",
                                  "？",
                                  "[照片]",
                                  "+2s [照片]",
                                  "[视频]",
                                  "[语音 电梯坏了]",
                                  "[位置 东门]",
                                  "[位置]",
                                  "[链接]",
                                  "[动图]",
                                  "[菜单 MENU_REPAIR]",
                                  "[菜单 MENU_CLEAN]",
                                  "[菜单 MENU_HUMAN]",
                                  "[菜单 X]",
                                  "[关注 ]",
                                  "[关注 category=repair&address=3栋]",
                                  "[取关]",
                                  "[定时 draft]",
                                  "+25h 在吗",
                                  "+1h 13900139000",
                                  "+25h [照片]"};

unsigned seed() {
  const char* given = std::getenv("HUIYIN_SEED");  // NOLINT(concurrency-mt-unsafe): before any thread
  return given == nullptr ? 20261123U : static_cast<unsigned>(std::strtoul(given, nullptr, 10));
}

/// May a slot go, or change, in a turn that `line` began? Only where the owner said so or the form ended.
bool is_cue(const std::string& line, const DialogState& before) {
  for (const auto* word : {"重来", "取消", "重新开始", "不同意", "人工", "改", "不是3栋", "change", "返回", "着火",
                           "煤气", "跳过", "MENU", "[关注", "2", "第二个"})
    if (line.find(word) != std::string::npos) return true;
  return before.asking == "cancel" || before.asking == "confirm" || before.asking == "resume" ||
         before.asking == "change";
}

TEST(RandomWalk, NeverThrowsLosesOrDoubles) {
  std::mt19937 random(seed());
  SCOPED_TRACE("HUIYIN_SEED=" + std::to_string(seed()));
  for (int walk = 0; walk < 150; ++walk) {
    Dialog dialog;
    dialog.stored.conversation->contact = ContactId{walk % 3};
    dialog.stored.contact = Contact{.id = ContactId{1}, .name = "王建国", .phone = "+8613800138000"};
    for (int turn = 0; turn < 60; ++turn) {
      const std::string line = kLines[random() % std::size(kLines)];
      const auto before = dialog.state;
      const auto opened = dialog.opened.size();
      const auto effects = dialog.owner(line);
      ASSERT_NE(effects, "needs twice") << line;
      ASSERT_LE(dialog.opened.size(), opened + 1) << line << " -> " << effects;
      const bool confirmed = before.asking == "confirm" && (line == "1" || line == "是") && !before.draft &&
                             dialog.now - *before.touched < std::chrono::hours{24};
      if (confirmed) {
        ASSERT_EQ(dialog.opened.size(), opened + 1) << line << " -> " << effects;
      }
      if (before.flow.empty() || dialog.state.flow.empty() || is_cue(line, before)) continue;
      for (const auto& [field, slot] : before.slots) {
        const auto now = dialog.state.slots.find(field);
        ASSERT_NE(now, dialog.state.slots.end()) << "「" << line << "」 lost " << field << " at " << before.asking;
        if (field == before.asking || field == "location" || field == "links") continue;
        ASSERT_EQ(now->second.value.find(slot.value), 0U)
            << "「" << line << "」 changed " << field << " at " << before.asking;
      }
    }
  }
}

}  // namespace
}  // namespace huiyin::dialogs
