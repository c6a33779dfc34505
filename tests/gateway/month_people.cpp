#include "tests/gateway/month_people.h"

#include <algorithm>
#include <array>

#include "gateway/staff_notices.h"

namespace huiyin::gateway {
namespace {

using namespace std::chrono_literals;

struct Trouble {
  const char* words;
  bool at_home;
};
constexpr std::array<Trouble, 18> kTroubles = {{{"厨房水管漏水", true},
                                                {"卫生间下水道堵了", true},
                                                {"家里跳闸停电了", true},
                                                {"空调不制冷", true},
                                                {"门锁坏了打不开", true},
                                                {"电梯坏了按键没反应", false},
                                                {"楼道灯不亮", false},
                                                {"楼道垃圾没人清", false},
                                                {"电梯里有异味", false},
                                                {"门口有陌生人转悠", false},
                                                {"楼上半夜放音乐太吵", true},
                                                {"前台态度很差", true},
                                                {"物业费多收了", true},
                                                {"单元门关不上", false},
                                                {"墙面渗水发霉", true},
                                                {"楼道有蟑螂", false},
                                                {"宽带断网了", true},
                                                {"小区外马路上的路灯不亮", false}}};
constexpr std::array<const char*, 8> kFamilyNames = {"王", "李", "张", "刘", "陈", "杨", "赵", "黄"};
constexpr std::array<const char*, 8> kGivenNames = {"建国", "秀英", "伟", "芳", "强", "敏", "磊", "静"};
constexpr auto kNotOurs = "这件事不归物业管";
constexpr int kMostTurns = 7;
constexpr int kSameLift = 5;  // percent of reports: of one thing that many share
constexpr int kDanger = 1, kUrges = 8, kWithdraws = 3, kAddsWords = 6, kAsks = 6, kTalks = 4;  // percent of tickets

}  // namespace

MonthPeople::MonthPeople(MonthWorld& world, const MonthOptions& options) : world_(world), options_(options) {
  for (int i = 0; i < options.owners; ++i) {
    const auto family = kFamilyNames.at(static_cast<std::size_t>(i) % 8);
    const auto given = kGivenNames.at(static_cast<std::size_t>(i / 8) % 8);
    const auto phone = std::to_string(13800000000LL + i);
    const auto address = std::to_string(1 + i % 40) + "号楼" + std::to_string(1 + i / 40 % 3) + "单元" +
                         std::to_string((1 + i / 120 % 30) * 100 + 1 + i / 3600 % 4);
    owners_.push_back({{kOwnersChannel, "o" + std::to_string(i)}, std::string(family) + given, phone, address});
  }
  world_.on_committed = [this](const UnitOfWork& unit) { learn(unit); };
  world_.on_message = [this](const OutboundMessage& message, TicketId ticket, bool reply) {
    if (message.to.channel == kStaffChannel) return staff_reads(message, ticket);
    if (reply)
      answered_[message.to.address] += message.text.find(kNotOurs) == std::string::npos ? "" : message.text;
    else
      owner_reads(message, ticket);
  };
}

void MonthPeople::begin() {
  hire();
  const auto span = std::chrono::minutes(std::chrono::days(options_.days));
  for (int i = 0; i < options_.tickets; ++i) {
    auto& owner = owners_.at(static_cast<std::size_t>(world_.draw(options_.owners)));
    world_.at(options_.begin + world_.between(0min, span), [this, &owner] { report(owner); });
  }
  for (int i = 0; i < 3; ++i) {
    const auto from = options_.begin + world_.between(0min, span);
    world_.set_away(from, from + world_.between(30min, 360min));
  }
}

void MonthPeople::hire_one(const std::string& name, StaffRole role, DepartmentId department, int shift) {
  Member member;
  member.peer = {kStaffChannel, name};
  member.staff.id = world_.ids().next<StaffId>();
  member.staff.department = department;
  member.staff.role = role;
  member.staff.name = name;
  member.staff.peers = {member.peer};
  UnitOfWork unit;
  unit.staff = {member.staff};
  // Shifts of twelve hours by turns, every seventh day off; a few days of leave for every fifth.
  for (int day = 0; shift >= 0 && day < 2 * options_.days; ++day) {
    if ((day + shift) % 7 == 0) continue;
    const auto from = options_.begin + std::chrono::days(day) + (shift % 2 == 0 ? 0h : 12h);
    unit.duties.push_back({.staff = member.staff.id, .from = from, .until = from + 12h});
  }
  if (shift >= 0 && shift % 5 == 0) {
    const auto from = options_.begin + std::chrono::days(world_.draw(options_.days)) + 1min;
    unit.duties.push_back({.staff = member.staff.id, .from = from, .until = from + 72h, .leave = true});
  }
  world_.write(std::move(unit));
  roles_[member.staff.id.value] = role;
  staff_.emplace(name, std::move(member));
}

void MonthPeople::hire() {
  int shift = 0;
  for (const auto& department : world_.office().departments) {
    for (int i = 0; i < options_.agents_each; ++i)
      hire_one(department.name + std::to_string(i), StaffRole::agent, department.id, shift++);
    hire_one(department.name + "-lead", StaffRole::manager, department.id, -1);
  }
  hire_one("dispatcher0", StaffRole::dispatcher, {}, -1);
  hire_one("dispatcher1", StaffRole::dispatcher, {}, -1);
  hire_one("boss", StaffRole::manager, {}, -1);
}

void MonthPeople::says(const Peer& peer, const std::string& text) { (void)world_.receive(peer, TextMessage{text}); }

void MonthPeople::report(Owner& owner) {
  const auto& trouble = kTroubles.at(static_cast<std::size_t>(world_.draw(static_cast<int>(kTroubles.size()))));
  const auto unit = owner.address.find("单元");
  const auto place = trouble.at_home ? owner.address : owner.address.substr(0, unit + std::string("单元").size());
  auto words = place + trouble.words;
  if (world_.chance(kSameLift)) words = "3号楼2单元电梯坏了按键没反应";
  if (world_.chance(kDanger)) words = owner.address + "家里有很浓的煤气味";
  if (world_.chance(70)) words += "，我是" + owner.name + "，电话" + owner.phone;
  says(owner.peer, words);
  world_.at(world_.now() + 20s, [this, &owner] { go_on(owner, kMostTurns); });
}

/// Answers what the dialog asks, until the form is done.
void MonthPeople::go_on(Owner& owner, int turns) {
  const auto& dialog = dialogs_[owner.peer.address];
  if (dialog.flow.empty() || turns == 0) return;
  const auto& asking = dialog.asking;
  std::string words = "1";
  if (asking == "name") words = owner.name;
  if (asking == "phone") words = owner.phone;
  if (asking == "address") words = owner.address;
  if (asking == "attachments") words = "跳过";
  if (asking == "description") words = "请尽快来看看";
  says(owner.peer, words);
  world_.at(world_.now() + 15s, [this, &owner, turns] { go_on(owner, turns - 1); });
}

/// Keeps what people could know: numbers, who has what.
void MonthPeople::learn(const UnitOfWork& unit) {
  if (unit.conversation) dialogs_[unit.conversation->peer.address] = unit.conversation->dialog;
  for (const auto& ticket : unit.tickets) {
    const bool is_new = !tickets_.contains(ticket.id);
    tickets_[ticket.id] = {ticket.number, ticket.status, ticket.assignee, ticket.department, ticket.peer};
    if (!is_new) continue;
    opened_.push_back(ticket.id);
    const auto owner =
        std::find_if(owners_.begin(), owners_.end(), [&](const Owner& each) { return each.peer == ticket.peer; });
    if (owner != owners_.end()) later_words(*owner, ticket.id);
  }
}

/// What owners do while they wait.
void MonthPeople::later_words(const Owner& owner, TicketId ticket) {
  const auto say_later = [&](int percent, std::chrono::minutes least, std::chrono::minutes most, std::string words) {
    if (!world_.chance(percent)) return;
    world_.at(world_.now() + world_.between(least, most), [this, peer = owner.peer, ticket, words] {
      const auto status = tickets_.at(ticket).status;
      if (!tickets::is_active(status) && status != TicketStatus::resolved) return;
      says(peer, words);
      // Whether this ticket is meant is asked before anything is taken back.
      world_.at(world_.now() + 20s, [this, peer] {
        if (dialogs_[peer.address].asking == "about") says(peer, "1");
      });
    });
  };
  say_later(kUrges, 5min, 400min, "怎么还没人来，催一下");
  say_later(kUrges / 2, 60min, 900min, "再催一下");
  say_later(kWithdraws, 2min, 60min, "是我搞错了，不用来了");
  say_later(kAddsWords, 5min, 300min, "补充一下，下午才有人在家");
  say_later(kAsks, 5min, 600min, "进度");
}

void MonthPeople::owner_reads(const OutboundMessage& message, TicketId ticket) {
  if (!ticket) return;
  told_[ticket].push_back(message.template_name);
  const auto dialog = dialogs_.find(message.to.address);
  const bool is_asked = !message.choices.empty() && dialog != dialogs_.end() && dialog->second.survey;
  if (is_asked) world_.at(world_.now() + world_.between(1min, 3000min), [this, to = message.to] { answer_survey(to); });
}

void MonthPeople::answer_survey(const Peer& owner) {
  constexpr std::array<const char*, 20> kAnswers = {
      "5",  "5分",      "好了", "很满意", "5", "4 师傅很好但来晚了", "没修好，还是漏", "谢谢", "1", "满意",
      "五", "没完全好", "5",    "3",      "👍", "5 谢谢师傅",         "不满意",         "4",    "",  ""};
  const std::string words = kAnswers.at(static_cast<std::size_t>(world_.draw(static_cast<int>(kAnswers.size()))));
  if (!words.empty()) says(owner, words);
}

const std::vector<std::string>& MonthPeople::told(TicketId ticket) const {
  static const std::vector<std::string> kNothing;
  const auto found = told_.find(ticket);
  return found == told_.end() ? kNothing : found->second;
}

std::string MonthPeople::number_of(TicketId ticket) const {
  return world_.office().number([&] {
    Ticket named;
    named.number = tickets_.at(ticket).number;
    return named;
  }());
}

bool MonthPeople::heard_whose_it_is(const Peer& owner, TicketId ticket) const {
  const auto found = answered_.find(owner.address);
  return found != answered_.end() && found->second.find(number_of(ticket)) != std::string::npos;
}

bool MonthPeople::is_with(TicketId ticket, const Member& member) const {
  return tickets_.at(ticket).assignee == member.staff.id;
}

const MonthPeople::Member* MonthPeople::colleague(const Member& of) {
  std::vector<const Member*> others;
  for (const auto& [name, other] : staff_)
    if (other.staff.id != of.staff.id && other.staff.department == of.staff.department &&
        other.staff.role == StaffRole::agent)
      others.push_back(&other);
  return others.empty() ? nullptr : others.at(static_cast<std::size_t>(world_.draw(static_cast<int>(others.size()))));
}

void MonthPeople::staff_reads(const OutboundMessage& message, TicketId ticket) {
  if (!ticket) ticket = ticket_of_card(message.card.id);
  const auto found = staff_.find(message.to.address);
  if (!ticket || !tickets_.contains(ticket) || found == staff_.end()) return;
  if (found->second.staff.role == StaffRole::agent)
    agent_reads(found->second, ticket, message);
  else
    desk_reads(found->second, ticket, message);
}

void MonthPeople::agent_reads(const Member& member, TicketId ticket, const OutboundMessage& message) {
  const auto& known = tickets_.at(ticket);
  const bool is_free = known.status == TicketStatus::opened || known.status == TicketStatus::assigned;
  if (is_free && (!known.assignee || is_with(ticket, member)) && world_.chance(is_with(ticket, member) ? 85 : 35)) {
    const auto when = world_.now() + world_.between(1min, 25min);
    world_.at(when, [this, member, ticket, message] { tap_accept(member, ticket, message); });
  }
}

void MonthPeople::tap_accept(const Member& member, TicketId ticket, const OutboundMessage& message) {
  const CardTap tap{.card = message.card.id, .key = "accept", .response = "r"};
  const auto* rival = world_.chance(5) ? colleague(member) : nullptr;
  const bool has_card = !message.card.id.empty();
  const auto text = "接单 " + number_of(ticket);
  if (rival != nullptr)
    world_.receive_together(member.peer, has_card ? EventBody(tap) : EventBody(TextMessage{text}), rival->peer,
                            TextMessage{text});
  else
    (void)world_.receive(member.peer, has_card ? EventBody(tap) : EventBody(TextMessage{text}));
  for (const auto* each : {&member, rival}) {
    if (each == nullptr || !is_with(ticket, *each)) continue;
    world_.at(world_.now() + world_.between(5min, 90min), [this, who = *each, ticket] { work_on(who, ticket); });
  }
}

/// One thing after the other, until it is done or given away.
void MonthPeople::work_on(const Member& member, TicketId ticket) {
  const auto status = tickets_.at(ticket).status;
  if (!is_with(ticket, member) || !tickets::is_active(status)) return;
  const auto number = number_of(ticket);
  const auto again = [&](std::chrono::minutes least, std::chrono::minutes most) {
    world_.at(world_.now() + world_.between(least, most), [this, member, ticket] { work_on(member, ticket); });
  };
  if (status == TicketStatus::suspended) {
    says(member.peer, "恢复 " + number);
    return again(10min, 200min);
  }
  const int what = world_.draw(100);
  if (what < 12) {
    says(member.peer, "预约 " + number + " 今天下午3点");
    return again(30min, 300min);
  }
  if (what < 30) {
    says(member.peer, "进度 " + number + " 配件明天到");
    return again(30min, 600min);
  }
  if (what < 36) {
    says(member.peer, "勘查 " + number + " 需要换阀门");
    return again(20min, 120min);
  }
  if (what < 42) {
    says(member.peer, "挂起 " + number + " 等配件");
    return again(300min, 5000min);
  }
  if (what < 42 + kTalks) {
    says(member.peer, "留言 " + number + " 您几点在家？");
    return again(30min, 120min);
  }
  if (what < 48) return says(member.peer, "退回 " + number + " 不归我们");
  if (what < 51)
    if (const auto* other = colleague(member)) return says(member.peer, "转派 " + number + " " + other->staff.name);
  finish_work(member, ticket);
}

void MonthPeople::finish_work(const Member& member, TicketId ticket) {
  constexpr std::array<const char*, 5> kHow = {"，电话告知", "，当面告知", " 微信", "，短信告知业主", ""};
  const std::string how = kHow.at(static_cast<std::size_t>(world_.draw(5)));
  says(member.peer, "完成 " + number_of(ticket) + " 已更换修好" + how);
  if (how.empty()) {  // he is asked how he told the owner
    ++not_understood_;
    world_.at(world_.now() + 1min, [this, member, ticket] {
      if (is_with(ticket, member) && tickets::is_active(tickets_.at(ticket).status))
        says(member.peer, "完成 " + number_of(ticket) + " 已更换修好，电话告知");
    });
  }
}

/// Dispatchers and managers hand out what nobody takes, and call owners back.
void MonthPeople::desk_reads(const Member& member, TicketId ticket, const OutboundMessage& message) {
  const auto number = number_of(ticket);
  if (message.template_name.starts_with("staff.call_back")) {
    if (world_.chance(80))
      world_.at(world_.now() + world_.between(10min, 600min),
                [this, peer = member.peer, number] { says(peer, "回访 " + number + " 已电话沟通，业主满意"); });
    return;
  }
  const auto& known = tickets_.at(ticket);
  if (known.status == TicketStatus::out_of_scope && world_.chance(15))
    return world_.at(world_.now() + world_.between(5min, 300min), [this, peer = member.peer, ticket, number] {
      if (tickets_.at(ticket).status == TicketStatus::out_of_scope) says(peer, "归我们 " + number + " 维修");
    });
  if (!tickets::is_active(known.status) || !world_.chance(70)) return;
  world_.at(world_.now() + world_.between(5min, 120min), [this, member, ticket, number] {
    const auto& now = tickets_.at(ticket);
    if (!tickets::is_active(now.status)) return;
    if (now.assignee && now.status != TicketStatus::assigned) {
      // Somebody has it and is slow, or what he waited for is forgotten: he goes on.
      for (const auto& [name, other] : staff_)
        if (other.staff.id == now.assignee) return work_on(other, ticket);
    }
    std::vector<const Member*> agents;
    for (const auto& [name, other] : staff_)
      if (other.staff.role == StaffRole::agent && (!now.department || other.staff.department == now.department))
        agents.push_back(&other);
    if (agents.empty()) return;
    const auto* chosen = agents.at(static_cast<std::size_t>(world_.draw(static_cast<int>(agents.size()))));
    says(member.peer, "转派 " + number + " " + chosen->staff.name);
  });
}

}  // namespace huiyin::gateway
