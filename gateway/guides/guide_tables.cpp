// What documents say of the process: from the state machine's table and from what configuration says of a ticket's
// life.
#include <algorithm>
#include <array>
#include <map>

#include "core/text.h"
#include "dialogs/answers.h"
#include "gateway/guides/guide_source.h"
#include "gateway/life_settings.h"
#include "pages/markdown.h"
#include "tickets/number.h"
#include "tickets/staff_command.h"

namespace huiyin::gateway {
namespace {

using pages::markdown_table;
using pages::markdown_text;
using tickets::Role;

using Rows = std::vector<std::vector<std::string>>;

constexpr std::array kStatuses = {TicketStatus::opened,      TicketStatus::assigned,  TicketStatus::accepted,
                                  TicketStatus::in_progress, TicketStatus::suspended, TicketStatus::resolved,
                                  TicketStatus::closed,      TicketStatus::withdrawn, TicketStatus::out_of_scope,
                                  TicketStatus::merged};

std::string table(const GuideSource& source, std::initializer_list<const char*> columns, const Rows& rows) {
  std::vector<std::string> titles;
  for (const auto* column : columns) titles.push_back(source.word("column_" + std::string(column)));
  return markdown_table(titles, rows);
}

std::string need_name(tickets::Need need) {
  switch (need) {
    case tickets::Need::nothing:
      return "nothing";
    case tickets::Need::words:
      return "words";
    case tickets::Need::receiver:
      return "receiver";
    case tickets::Need::ticket:
      return "ticket";
    case tickets::Need::category:
      return "category";
    case tickets::Need::result:
      return "result";
  }
  return "nothing";
}

std::string from_words(const GuideSource& source, const std::vector<TicketStatus>& from) {
  std::vector<TicketStatus> active;
  for (const auto status : kStatuses)
    if (tickets::is_active(status)) active.push_back(status);
  if (from.size() == kStatuses.size()) return source.word("from_any");
  std::vector<std::string> words;
  const bool all_active = std::includes(from.begin(), from.end(), active.begin(), active.end());
  if (all_active) words.push_back(source.word("from_active"));
  for (const auto status : from)
    if (!all_active || !tickets::is_active(status)) words.push_back(status_words(source, status));
  return source.join(words);
}

/// An admin may whatever a manager may; the document says so once.
std::string who_words(const GuideSource& source, const std::vector<Role>& who) {
  const auto has = [&](Role role) { return std::find(who.begin(), who.end(), role) != who.end(); };
  std::vector<std::string> words;
  for (const auto role : who)
    if (role != Role::admin || !has(Role::manager)) words.push_back(role_words(source, role));
  return source.join(words);
}

std::string target_words(const GuideSource& source, const tickets::ProcessRow& row) {
  switch (row.leads) {
    case tickets::ProcessRow::Leads::to:
      return status_words(source, row.to);
    case tickets::ProcessRow::Leads::stays:
      return source.word("stays");
    case tickets::ProcessRow::Leads::reopens:
      return source.word("reopens");
  }
  return {};
}

std::string department_words(const tickets::Department& department) {
  return department.title.empty() ? department.name : department.title;
}

/// `repair/elevator` and places of one department, in words; what nobody configured is by category.
std::string handled_words(const GuideSource& source, const tickets::Department& department) {
  std::vector<std::string> words;
  for (const auto& one : source.config.life.departments) {
    if (one.name != department.name) continue;
    for (const auto& kind : one.handles) words.push_back(kind_words(source, kind.category, kind.subcategory));
    if (!one.places.empty()) words.push_back(source.words("guide.only_at", {{"places", source.join(one.places)}}));
  }
  if (words.empty()) words.push_back(kind_words(source, parse_category(department.name).value_or(Category::none), ""));
  return source.join(words);
}

bool tells(const std::vector<tickets::Receiver>& receivers, const std::vector<std::string>& who) {
  return who.empty() || std::any_of(receivers.begin(), receivers.end(), [&](const tickets::Receiver& receiver) {
           return std::find(who.begin(), who.end(), tickets::to_string(receiver)) != who.end();
         });
}

}  // namespace

std::string GuideSource::join(const std::vector<std::string>& parts) const {
  std::string out;
  for (const auto& part : parts) out += (out.empty() ? "" : locale == "en" ? ", " : "、") + part;
  return out;
}

std::string GuideSource::full_number(std::int64_t sequence) const {
  return tickets::format_number({sequence}, config.ticket_prefix);
}

std::string GuideSource::short_number(std::int64_t sequence) const {
  std::string digits;
  for (const char c : full_number(sequence))
    if (c >= '0' && c <= '9') digits += c;
  return digits;
}

/// As people see it in chats, without what is added there for who reads it: 「已完成，等您确认」.
std::string status_words(const GuideSource& source, TicketStatus status) {
  auto words = source.words("status." + std::string(to_string(status)), {});
  for (const std::string_view comma : {"，", ","}) words = words.substr(0, words.find(comma));
  return words;
}

std::string action_words(const GuideSource& source, tickets::ActionKind action) {
  const auto word = tickets::word_for(action, source.locale);
  return word.empty() ? source.word("action_" + std::string(tickets::to_string(action))) : std::string(word);
}

std::string role_words(const GuideSource& source, Role role) {
  return source.word("role_" + std::string(tickets::to_string(role)));
}

std::string kind_words(const GuideSource& source, Category category, const std::string& subcategory) {
  if (category == Category::none) return source.word("everything");
  auto key = std::string(to_string(category));
  if (!subcategory.empty()) key += "/" + subcategory;
  return dialogs::category_words(source.assets.flow, key, source.locale);
}

std::string duration_words(const GuideSource& source, Millis duration) {
  using namespace std::chrono_literals;
  const bool whole = duration >= 1h && duration % 1h == 0ms;
  return source.words(whole ? "guide.hours" : "guide.minutes",
                      {{"count", std::to_string(whole ? duration / 1h : duration / 1min)}});
}

std::string span_words(const GuideSource& source, Millis span) {
  using namespace std::chrono_literals;
  if (span < 24h || span % 24h != 0ms) return duration_words(source, span);
  return source.words("guide.days", {{"count", std::to_string(span / 24h)}});
}

std::string receiver_words(const GuideSource& source, const std::vector<tickets::Receiver>& receivers) {
  std::vector<std::string> words;
  for (const auto& receiver : receivers) {
    const auto name = tickets::to_string(receiver);
    const bool is_place = receiver.kind == tickets::Receiver::Kind::destination;
    words.push_back(is_place ? name : source.word("receiver_" + name));
  }
  return source.join(words);
}

std::string process_table(const GuideSource& source) {
  Rows rows;
  for (const auto& row : tickets::process()) {
    rows.push_back({action_words(source, row.action), from_words(source, row.from), who_words(source, row.who),
                    target_words(source, row), source.word("need_" + need_name(row.need)),
                    source.word(row.owner_sees ? "yes" : "no")});
  }
  return table(source, {"action", "from", "who", "then", "need", "owner_sees"}, rows);
}

std::string status_table(const GuideSource& source) {
  Rows rows;
  for (const auto status : kStatuses)
    rows.push_back({status_words(source, status), source.word("meaning_" + std::string(to_string(status)))});
  return table(source, {"status", "meaning"}, rows);
}

std::string role_table(const GuideSource& source) {
  const auto all = tickets::process();
  const auto deeds_of = [&](Role role) {
    std::vector<std::string> deeds;
    for (const auto& row : all) {
      if (std::find(row.who.begin(), row.who.end(), role) == row.who.end()) continue;
      auto words = action_words(source, row.action);
      if (std::find(deeds.begin(), deeds.end(), words) == deeds.end()) deeds.push_back(std::move(words));
    }
    return source.join(deeds);
  };
  const auto managers = deeds_of(Role::manager);
  Rows rows;
  for (int number = 0; number < tickets::kRoles; ++number) {
    const auto role = static_cast<Role>(number);
    auto deeds = deeds_of(role);
    if (role == Role::admin && deeds == managers) deeds = source.word("as_manager");
    rows.push_back({role_words(source, role), source.word("duty_" + std::string(tickets::to_string(role))), deeds});
  }
  return table(source, {"role", "duty", "deeds"}, rows);
}

std::string department_table(const GuideSource& source) {
  Rows rows;
  for (const auto& department : source.departments) {
    auto lead = department.lead.empty() ? source.word("lead_none") : department.lead;
    rows.push_back({markdown_text(department_words(department)), markdown_text(handled_words(source, department)),
                    source.word("mode_" + std::string(tickets::to_string(department.mode))), markdown_text(lead)});
  }
  return table(source, {"department", "handles", "mode", "lead"}, rows);
}

std::string service_time_table(const GuideSource& source, bool for_owners) {
  auto rules = source.life.times.rules;
  rules.push_back(source.life.times.otherwise);
  Rows rows;
  for (std::size_t i = 0; i < rules.size(); ++i) {
    const auto& rule = rules[i];
    const bool is_rest = i + 1 == rules.size();
    if (for_owners && rule.kind.category == Category::internal) continue;
    std::vector<std::string> what;
    if (rule.priority) what.push_back(source.word("priority_" + std::string(to_string(*rule.priority))));
    if (!rule.priority || rule.kind.category != Category::none)
      what.push_back(kind_words(source, rule.kind.category, rule.kind.subcategory));
    rows.push_back({is_rest ? source.word("rest") : source.join(what), duration_words(source, rule.respond),
                    duration_words(source, rule.resolve),
                    source.word(rule.round_the_clock ? "clock_always" : "clock_open")});
  }
  return table(source, {"what", "respond", "resolve", "clock"}, rows);
}

std::string ladder_table(const GuideSource& source) { return ladder_table_of(source, {}); }

std::string ladder_table_of(const GuideSource& source, const std::vector<std::string>& who) {
  const auto& rules = source.life.escalation;
  Rows rows;
  const auto add = [&](const char* name, const templates::Data& data, const std::vector<tickets::Receiver>& tell) {
    if (!tell.empty() && tells(tell, who))
      rows.push_back({source.words("guide." + std::string(name), data), markdown_text(receiver_words(source, tell))});
  };
  for (const auto& rung : rules.ladder)
    add(rung.limit == tickets::Limit::respond ? "rung_respond" : "rung_resolve",
        {{rung.percent < 100    ? "soon"
          : rung.percent == 100 ? "due"
                                : "late",
          std::to_string(rung.percent)}},
        rung.tell);
  add("rung_overdue", {{"every", span_words(source, rules.overdue_every)}}, rules.overdue_tell);
  for (std::size_t i = 0; i < rules.urgent_tell.size(); ++i)
    add(i + 1 == rules.urgent_tell.size() ? "rung_urgent_last" : "rung_urgent",
        {{"time", std::to_string(i + 1)},
         {"every", duration_words(source, rules.urgent_every)},
         {"later", duration_words(source, rules.urgent_later)}},
        rules.urgent_tell[i]);
  add("rung_unattended", {}, rules.unattended_tell);
  add("rung_suspended", {{"every", span_words(source, rules.suspended_every)}}, rules.suspended_tell);
  add("rung_call_back", {{"within", duration_words(source, source.life.survey.call_back_within)}},
      rules.call_back_tell);
  return table(source, {"moment", "tell"}, rows);
}

std::string hours_list(const GuideSource& source) {
  const auto& calendar = source.config.life.calendar;
  std::string out;
  const auto add = [&](const char* name, const std::string& hours) {
    out += "- " + source.word("hours_" + std::string(name)) + " " +
           (hours == "closed" ? source.word("closed") : markdown_text(hours)) + "\n";
  };
  add("weekdays", calendar.weekdays);
  add("saturday", calendar.saturday);
  add("sunday", calendar.sunday);
  if (!calendar.holidays.empty()) add("holidays", calendar.holiday_hours);
  return out;
}

std::string after_photo_words(const GuideSource& source) {
  std::vector<std::string> words;
  for (const auto& kind : source.rules.after_photo)
    words.push_back(kind_words(source, kind.category, kind.subcategory));
  return source.join(words);
}

std::string emergency_table(const GuideSource& source) {
  std::vector<std::pair<std::string, std::vector<std::string>>> by_number;
  for (const auto& danger : source.assets.flow.dangers) {
    const auto own = source.config.emergency_numbers.find(danger.kind);
    const auto& number = own == source.config.emergency_numbers.end() ? danger.ring : own->second;
    auto found = std::find_if(by_number.begin(), by_number.end(), [&](const auto& one) { return one.first == number; });
    if (found == by_number.end()) found = by_number.insert(by_number.end(), {number, {}});
    const auto name = "danger_" + danger.kind;
    found->second.push_back(source.has_word(name) ? source.word(name) : danger.kind);
  }
  Rows rows;
  for (const auto& [number, kinds] : by_number)
    rows.push_back({markdown_text(source.join(kinds)), markdown_text(number)});
  return table(source, {"danger", "ring"}, rows);
}

std::string first_aid(const GuideSource& source) {
  std::string out;
  for (const auto& danger : source.assets.flow.dangers) {
    const auto own = source.config.emergency_numbers.find(danger.kind);
    const auto& number = own == source.config.emergency_numbers.end() ? danger.ring : own->second;
    const auto name = "danger_" + danger.kind;
    out += "### " + markdown_text(source.has_word(name) ? source.word(name) : danger.kind) + "\n\n" +
           markdown_text(source.words(danger.say, {{"ring", number}})) + "\n\n";
  }
  return out;
}

}  // namespace huiyin::gateway
