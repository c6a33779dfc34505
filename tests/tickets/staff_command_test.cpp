#include "tickets/staff_command.h"

#include <gtest/gtest.h>

#include <random>

#include "core/text.h"

namespace huiyin::tickets {
namespace {

// Numbers: 1024-4 and 1025-3, as tickets/number.h computes them.
std::string describe(const tl::expected<StaffCommand, CommandRefusal>& read) {
  const auto numbered = [](const std::optional<TicketNumber>& number) {
    return number ? " #" + std::to_string(number->sequence) : std::string();
  };
  if (!read) {
    const auto& no = read.error();
    return "no " + std::string(to_string(no.fault)) + (no.action ? " " + std::string(to_string(*no.action)) : "") +
           numbered(no.number);
  }
  switch (read->wish) {
    case StaffWish::list:
      return "list";
    case StaffWish::help:
      return "help";
    case StaffWish::show:
      return "show" + numbered(read->number);
    case StaffWish::duty:
      return read->starts_duty ? "duty on" : "duty off";
    case StaffWish::act:
      break;
  }
  const auto& action = read->action;
  std::string out = std::string(to_string(action.kind)) + numbered(read->number);
  if (read->target) out += " into" + numbered(read->target);
  if (!read->receiver.empty()) out += " to=" + read->receiver;
  if (action.details.category != Category::none)
    out += " is=" + std::string(to_string(action.details.category)) + "/" + action.details.subcategory;
  if (action.kind == ActionKind::set_priority) out += " is=" + std::string(to_string(action.priority));
  if (!action.told_by.empty()) out += " told=" + action.told_by;
  return action.text.empty() ? out : out + " [" + action.text + "]";
}

const CommandContext kNone{};
const CommandContext kOne{.his_open = {{1024}}};
const CommandContext kTwo{.his_open = {{1024}, {1025}}};
const CommandContext kQuoting{.his_open = {{1024}, {1025}}, .quoted = "新工单 HY1024-4\n3栋2单元 水管漏水"};

TEST(StaffCommand, EachWayOfSayingIt) {
  struct {
    const char* text;
    const CommandContext& context;
    const char* expect;
  } const table[] = {
      {"接单 10244", kNone, "accept #1024"},
      {"接单10244", kNone, "accept #1024"},
      {"接单 HY1024-4", kNone, "accept #1024"},
      {"接单 hy10244", kNone, "accept #1024"},
      {"接单：#10244", kNone, "accept #1024"},
      {"接单　１０２４４", kNone, "accept #1024"},
      {"　接单　ＨＹ１０２４－４　", kNone, "accept #1024"},
      {"10244 接单", kNone, "accept #1024"},
      {"HY1024-4，接单", kNone, "accept #1024"},
      {"接单", kQuoting, "accept #1024"},
      {"接单", kOne, "no which_ticket accept"},
      {"接单", kNone, "no which_ticket accept"},
      {"接单 10245", kNone, "no wrong_number accept"},
      {"accept 10244", kNone, "accept #1024"},
      {"ACCEPT 10244", kNone, "accept #1024"},
      {"完成 10244 已更换水管，电话告知", kNone, "complete #1024 told=phone [已更换水管]"},
      {"完成 已更换水管，已电话通知业主", kOne, "complete #1024 told=phone [已更换水管]"},
      {"完成10244已更换水管 当面告知", kNone, "complete #1024 told=in_person [已更换水管]"},
      {"完成 10244 已更换水管 微信", kNone, "complete #1024 told=wechat [已更换水管]"},
      {"完成 10244 已更换水管，短信告知业主。", kNone, "complete #1024 told=sms [已更换水管]"},
      {"完成 10244 换好了，给业主留言了", kNone, "complete #1024 told=message [换好了]"},
      {"完成 10244 电话告知业主，已更换水管", kNone, "complete #1024 told=phone [电话告知业主，已更换水管]"},
      {"完成 10244 已更换水管", kNone, "no needs_told complete #1024"},
      {"完成 10244 换了电话线", kNone, "no needs_told complete #1024"},
      {"完成 10244 电话告知", kNone, "no needs_text complete #1024"},
      {"完成 10244", kNone, "no needs_text complete #1024"},
      {"完成", kTwo, "no which_ticket complete"},
      {"完成 已更换水管，当面", kQuoting, "complete #1024 told=in_person [已更换水管]"},
      {"done 10244 replaced the pipe, told by phone", kNone, "complete #1024 told=phone [replaced the pipe]"},
      {"complete 10244 fixed it, in person", kNone, "complete #1024 told=in_person [fixed it]"},
      {"转派 10244 李师傅 他熟悉", kNone, "assign #1024 to=李师傅 [他熟悉]"},
      {"转派 10244 给李师傅", kNone, "assign #1024 to=李师傅"},
      {"转给李师傅", kOne, "assign #1024 to=李师傅"},
      {"transfer 10244 to Anna", kNone, "assign #1024 to=Anna"},
      {"转派 10244", kNone, "no needs_receiver assign #1024"},
      {"勘查 10244 需要换阀门", kNone, "inspect #1024 [需要换阀门]"},
      {"方案 换 2 米水管", kOne, "plan #1024 [换 2 米水管]"},
      {"进度 10244 配件明天到", kNone, "progress #1024 [配件明天到]"},
      {"进度", kOne, "no needs_text progress #1024"},
      {"进度 2026年的旧管已拆", kOne, "progress #1024 [2026年的旧管已拆]"},
      {"挂起 等配件", kOne, "suspend #1024 [等配件]"},
      {"挂起", kOne, "no needs_text suspend #1024"},
      {"恢复", kOne, "resume #1024"},
      {"退回 10244 不是我们的", kNone, "send_back #1024 [不是我们的]"},
      {"send back 10244 not ours", kNone, "send_back #1024 [not ours]"},
      {"备注 10244 业主脾气急", kNone, "note #1024 [业主脾气急]"},
      {"预约 10244 明天下午3点", kNone, "arrange_visit #1024 [明天下午3点]"},
      {"留言 10244 您好，几点在家？", kNone, "tell #1024 [您好，几点在家？]"},
      {"改类 10244 保洁", kNone, "set_category #1024 is=cleaning/"},
      {"改类 10244 repair/elevator", kNone, "set_category #1024 is=repair/elevator"},
      {"改类 10244 别的", kNone, "no needs_category set_category #1024"},
      {"优先级 10244 紧急 有老人", kNone, "set_priority #1024 is=urgent [有老人]"},
      {"范围外 10244 请找燃气公司", kNone, "mark_out_of_scope #1024 [请找燃气公司]"},
      {"不归我们 10244", kNone, "mark_out_of_scope #1024"},
      {"并单 10244 到 10253", kNone, "merge #1024 into #1025"},
      {"并单 10244", kNone, "no needs_receiver merge #1024"},
      {"回访 10244 已电话沟通，业主满意", kNone, "call_back #1024 [已电话沟通，业主满意]"},
      {"重开 10244", kNone, "reopen #1024"},
      {"关闭 10244 业主要求不修了", kNone, "close #1024 [业主要求不修了]"},
      {"列表", kNone, "list"},
      {"我的工单", kNone, "list"},
      {"list", kNone, "list"},
      {"listen 10244", kNone, "no not_a_command"},
      {"10244", kNone, "show #1024"},
      {"详情 HY1024-4", kNone, "show #1024"},
      {"详情", kOne, "show #1024"},
      {"10245", kNone, "no wrong_number"},
      {"上班", kNone, "duty on"},
      {"下班", kNone, "duty off"},
      {"帮助", kNone, "help"},
      {"？", kNone, "help"},
      {"", kNone, "no not_a_command"},
      {"   　", kNone, "no not_a_command"},
      {"师傅今天在吗", kNone, "no not_a_command"},
      {"10244 师傅今天在吗", kNone, "no not_a_command #1024"},
  };
  for (const auto& row : table) EXPECT_EQ(describe(parse_staff_command(row.text, row.context)), row.expect) << row.text;
}

TEST(StaffCommand, EachActionOfStaffHasAWordThatIsReadAsIt) {
  for (int a = 0; a < kActionKinds; ++a) {
    const auto kind = static_cast<ActionKind>(a);
    for (const auto* locale : {"zh-CN", "en"}) {
      const auto word = word_for(kind, locale);
      if (word.empty()) continue;
      const auto read = parse_staff_command(std::string(word) + " 10244 换好了，电话", kNone);
      EXPECT_EQ(read ? read->action.kind : read.error().action.value_or(ActionKind::survey), kind) << word;
    }
  }
  EXPECT_EQ(word_for(ActionKind::complete, "zh-CN"), "完成");
  EXPECT_EQ(word_for(ActionKind::survey, "zh-CN"), "");
}

// Anything may be typed: it is read or refused, and what is kept of it is whole characters.
TEST(StaffCommand, SurvivesWhateverIsTyped) {
  std::mt19937_64 random(11);
  const std::vector<std::string> parts = {"完成", "转派", "10244", "HY",   "-",  "　",  "\u200b", "𠮷",
                                          "🏠",    "，",   "电话",  "\xff", "给", "to ", "９",     "。",
                                          " ",    "\n",   "告知",  "a",    "1",  "#",   "并单",   "优先级"};
  for (int run = 0; run < 5000; ++run) {
    std::string text;
    for (auto left = random() % 8; left > 0; --left) text += parts[random() % parts.size()];
    const auto read = parse_staff_command(clean_text(text), kOne);
    if (!read) continue;
    EXPECT_TRUE(is_valid_utf8(read->action.text)) << text;
    EXPECT_TRUE(is_valid_utf8(read->receiver)) << text;
  }
}

}  // namespace
}  // namespace huiyin::tickets
