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

// The left ones were meant as commands; what begins the same and is not among them is in the next table.
TEST(StaffCommand, ACommandIsSetApartFromItsWords) {
  struct {
    const char* text;
    const CommandContext& context;
    const char* expect;
  } const table[] = {
      {"完成 换了轴承，电话告知", kOne, "complete #1024 told=phone [换了轴承]"},
      {"完成　换了轴承，电话告知", kOne, "complete #1024 told=phone [换了轴承]"},
      {"完成：换了轴承，电话告知", kOne, "complete #1024 told=phone [换了轴承]"},
      {"完成:换了轴承，电话告知", kOne, "complete #1024 told=phone [换了轴承]"},
      {"完成，换了轴承，电话告知", kOne, "complete #1024 told=phone [换了轴承]"},
      {"完成、换了轴承，电话告知", kOne, "complete #1024 told=phone [换了轴承]"},
      {"完成-换了轴承，电话告知", kOne, "complete #1024 told=phone [换了轴承]"},
      {"完成——换了轴承，电话告知", kOne, "complete #1024 told=phone [换了轴承]"},
      {"完成\n换了轴承\n电话告知", kOne, "complete #1024 told=phone [换了轴承]"},
      {"完成了，换了轴承，电话告知", kOne, "complete #1024 told=phone [换了轴承]"},
      {"完成换了轴承，电话告知业主", kOne, "complete #1024 told=phone [换了轴承]"},
      {"完成了", kOne, "no needs_text complete #1024"},
      {"完成10244换了轴承", kNone, "no needs_told complete #1024"},
      {"10244完成换了轴承，电话", kNone, "complete #1024 told=phone [换了轴承]"},
      {"10244 完成了 换了轴承 电话", kNone, "complete #1024 told=phone [换了轴承]"},
      {"HY1024-4已接单", kNone, "no not_a_command #1024"},
      {"接单了 10244", kNone, "accept #1024"},
      {"接单吧，10244", kNone, "accept #1024"},
      {"接单！10244", kNone, "accept #1024"},
      {"我来 10244", kNone, "accept #1024"},
      {"我来吧", kQuoting, "accept #1024"},
      {"10244 我来", kNone, "accept #1024"},
      {"进度 没有配件，明天到", kOne, "progress #1024 [没有配件，明天到]"},
      {"进度：已到现场", kOne, "progress #1024 [已到现场]"},
      {"进度　已到现场", kOne, "progress #1024 [已到现场]"},
      {"进度10244已到现场", kNone, "progress #1024 [已到现场]"},
      {"进展：怎么修还没定，要不要换？", kOne, "progress #1024 [怎么修还没定，要不要换？]"},
      {"挂起：等配件", kOne, "suspend #1024 [等配件]"},
      {"挂起了 等配件", kOne, "suspend #1024 [等配件]"},
      {"退回 不归我们", kOne, "send_back #1024 [不归我们]"},
      {"退回：不归我们", kOne, "send_back #1024 [不归我们]"},
      {"10244 退回 不归我们", kNone, "send_back #1024 [不归我们]"},
      {"不归我们 10244", kNone, "mark_out_of_scope #1024"},
      {"10244 不归我们", kNone, "mark_out_of_scope #1024"},
      {"归我们 10244 维修", kNone, "reopen #1024 is=repair/"},
      {"归我们 10244", kNone, "reopen #1024"},
      {"重开 10244 repair/elevator 是我们的弱电间", kNone, "reopen #1024 is=repair/elevator [是我们的弱电间]"},
      {"重开 10244 又漏了", kNone, "reopen #1024 [又漏了]"},
      {"恢复", kOne, "resume #1024"},
      {"恢复 配件到了", kOne, "resume #1024 [配件到了]"},
      {"转派给李师傅", kOne, "assign #1024 to=李师傅"},
      {"转派李师傅", kOne, "no not_a_command assign"},
      {"改类保洁", kOne, "set_category #1024 is=cleaning/"},
      {"优先级紧急", kOne, "set_priority #1024 is=urgent"},
      {"预约 明天几点方便？", kOne, "arrange_visit #1024 [明天几点方便？]"},
      {"回复 您几点在家？", kOne, "tell #1024 [您几点在家？]"},
      {"done replaced the washer, by phone", kOne, "complete #1024 told=phone [replaced the washer]"},
      {"done: the washer is new, by phone", kOne, "complete #1024 told=phone [the washer is new]"},
      {"progress parts arrive tomorrow", kOne, "progress #1024 [parts arrive tomorrow]"},
      {"update: no parts yet", kOne, "progress #1024 [no parts yet]"},
      {"return 10244 not ours", kNone, "send_back #1024 [not ours]"},
      {"帮助？", kNone, "help"},
      {"？？", kNone, "help"},
      {"列表。", kNone, "list"},
  };
  for (const auto& row : table) EXPECT_EQ(describe(parse_staff_command(row.text, row.context)), row.expect) << row.text;
}

// Answers to what an owner, a dispatcher or we asked: none may do what its first word says.
TEST(StaffCommand, ASentenceIsNone) {
  const char* const sentences[] = {
      "不归我们",
      "不归我们管",
      "不归我们，找燃气公司",
      "完成不了",
      "完成 不了",
      "完成不了，缺配件",
      "完成了吗",
      "完成了没",
      "完成 了吗？",
      "完成？",
      "完成的照片在群里",
      "完成以后我再发照片",
      "完成时间定不下来",
      "完成还早",
      "完成得差不多了",
      "完工要到下周",
      "完工后会清理现场",
      "办结率太低了",
      "接单的人呢",
      "接单人是谁",
      "接单了吗",
      "接单 了没",
      "接单不了，在别处",
      "接单以后没人理",
      "抢单抢不到",
      "我来不了",
      "我来晚了",
      "我来看看",
      "我来了",
      "退回来的零件到了",
      "退回去了",
      "退回的单子在谁手里",
      "退单太多了",
      "进度有点慢",
      "进度怎么样了",
      "进度 怎么样了？",
      "进度没变",
      "进度呢",
      "进展顺利",
      "进展不大",
      "挂起来的灯掉了",
      "挂起的单子怎么办",
      "暂停不了",
      "暂停键坏了",
      "恢复供水了",
      "恢复正常了",
      "恢复不了",
      "恢复了吗",
      "继续等吧",
      "继续修着呢",
      "方案还没定",
      "方案业主不同意",
      "方案 呢？",
      "勘查过了",
      "勘察完了没问题",
      "转派不了",
      "转单太慢",
      "派单的人下班了",
      "关闭不了阀门",
      "关闭阀门后就不漏了",
      "重开机就好了",
      "撤回来吧",
      "预约的时间业主不在",
      "预约不上",
      "约时间约不到",
      "留言没人看",
      "留言了",
      "回复得太慢",
      "回复过了",
      "回访过了",
      "回访没人接",
      "补充一点",
      "备注里写了",
      "审核没过",
      "合并后漏水更大",
      "范围外的事谁管",
      "列表里没有",
      "列表呢",
      "待办太多",
      "上班路上堵车",
      "上班时间到了再说",
      "下班前能弄完",
      "下班了吗",
      "帮助业主抬东西",
      "详情见照片",
      "查看过了没问题",
      "10244 完成不了",
      "10244完成不了",
      "10244 接单的人呢",
      "10244接单人是谁",
      "10244 退回来的零件到了",
      "完成10244了吗",
      "10244 进度怎么样？",
      "done yet?",
      "take a look at the lift",
      "take it easy",
      "return the parts tomorrow",
      "hold on",
      "hold on a minute",
      "close the valve first",
      "add me to the group",
      "plan b is better?",
      "note that he is deaf",
      "visit is at nine",
      "help me please",
      "list of parts is with me",
      "update?",
      "resume work tomorrow",
      "tell you later",
      "归我们管的都修了",
      "归物业管吗",
      "show me",
      "complete the form first",
  };
  for (const auto* text : sentences) {
    const auto read = parse_staff_command(text, kOne);
    ASSERT_FALSE(read) << text << " was read as " << describe(read);
    EXPECT_EQ(read.error().fault, CommandFault::not_a_command) << text;
  }
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
