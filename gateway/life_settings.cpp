#include "gateway/life_settings.h"

#include <date/tz.h>

#include <algorithm>
#include <array>
#include <utility>

#include "core/text.h"
#include "gateway/assets.h"
#include "gateway/stable_id.h"

namespace huiyin::gateway {
namespace {

constexpr std::array kOwnCategories = {Category::repair, Category::cleaning, Category::service, Category::security,
                                       Category::internal};

DepartmentId id_of(const std::string& name) { return stable_id<DepartmentId>(name); }
tickets::KindOfTicket kind_of(const KindConfig& kind) { return {kind.category, kind.subcategory}; }

std::vector<tickets::Receiver> receivers_of(const ReceiverNames& names) {
  std::vector<tickets::Receiver> out;
  for (const auto& name : names)
    if (auto receiver = tickets::parse_receiver(name)) out.push_back(*std::move(receiver));
  return out;
}

int speciality(const tickets::DepartmentRule& rule) {
  return (rule.place.empty() ? 0 : 2) + (rule.kind.subcategory.empty() ? 0 : 1);
}

/// One rule for each kind in each place, the more special ones first.
std::vector<tickets::DepartmentRule> placement_of(const std::vector<DepartmentConfig>& departments) {
  std::vector<tickets::DepartmentRule> rules;
  for (const auto& each : departments) {
    auto kinds = each.handles;
    if (kinds.empty()) kinds.emplace_back();
    auto places = each.places;
    if (places.empty()) places.emplace_back();
    for (const auto& kind : kinds)
      for (const auto& place : places) rules.push_back({kind_of(kind), place, id_of(each.name)});
  }
  std::stable_sort(rules.begin(), rules.end(),
                   [](const auto& a, const auto& b) { return speciality(a) > speciality(b); });
  return rules;
}

tickets::ServiceTimes service_times_of(const std::vector<ServiceTimeConfig>& configured) {
  auto times = tickets::default_service_times();
  if (configured.empty()) return times;
  times.rules.clear();
  for (const auto& each : configured)
    times.rules.push_back({kind_of(each.kind), each.priority, each.respond, each.resolve, each.round_the_clock});
  return times;
}

template <class T>
void take(T& into, const std::optional<T>& from) {
  if (from) into = *from;
}
void take(std::vector<tickets::Receiver>& into, const std::optional<ReceiverNames>& from) {
  if (from) into = receivers_of(*from);
}

tickets::EscalationRules escalation_of(const EscalationConfig& config) {
  auto rules = tickets::default_escalation();
  if (config.ladder) {
    rules.ladder.clear();
    for (const auto& rung : *config.ladder)
      rules.ladder.push_back(
          {rung.of_respond ? tickets::Limit::respond : tickets::Limit::resolve, rung.percent, receivers_of(rung.tell)});
  }
  if (config.urgent_tell) {
    rules.urgent_tell.clear();
    for (const auto& step : *config.urgent_tell) rules.urgent_tell.push_back(receivers_of(step));
  }
  take(rules.urgent_every, config.urgent_every);
  take(rules.urgent_later, config.urgent_later);
  take(rules.overdue_every, config.overdue_every);
  take(rules.suspended_every, config.suspended_every);
  take(rules.overdue_tell, config.overdue_tell);
  take(rules.unattended_tell, config.unattended_tell);
  take(rules.suspended_tell, config.suspended_tell);
  take(rules.call_back_tell, config.call_back_tell);
  return rules;
}

tickets::SurveyRules survey_of(const SurveyConfig& config) {
  tickets::SurveyRules rules;
  take(rules.enabled, config.enabled);
  take(rules.remind_after, config.remind_after);
  take(rules.expire_after, config.expire_after);
  take(rules.close_after, config.close_after);
  take(rules.at_most_every, config.at_most_every);
  take(rules.call_back_within, config.call_back_within);
  take(rules.low_score, config.low_score);
  return rules;
}

/// A name without a slash or dot is one of the files shipped.
std::string path_of(const std::string& holidays) {
  const bool is_shipped = holidays.find_first_of("/.") == std::string::npos;
  return is_shipped ? share_folder() + "/tickets/calendars/" + holidays + ".yaml" : holidays;
}

std::vector<tickets::Holidays> load_holidays(const CalendarConfig& config, std::vector<Error>& errors) {
  std::vector<tickets::Holidays> out;
  for (const auto& name : config.holidays) {
    const auto path = path_of(name);
    const auto text = read_file(path);
    if (!text) {
      errors.push_back({path, "calendar: holidays: \"" + name + "\" " + text.error().what,
                        "Take cn, the path of a file like tickets/calendars/cn.yaml, or []"});
      continue;
    }
    auto holidays = tickets::parse_calendar(*text, path);
    if (holidays)
      out.push_back(*std::move(holidays));
    else
      errors.insert(errors.end(), holidays.error().begin(), holidays.error().end());
  }
  return out;
}

tickets::Calendar calendar_of(const CalendarConfig& config, const std::string& time_zone, std::vector<Error>& errors) {
  tickets::Calendar::Settings settings{.zone = date::locate_zone(time_zone)};
  const auto hours = [](const std::string& text) { return parse_hours(text).value_or(DayHours{}); };
  settings.week.fill(hours(config.weekdays));
  settings.week[5] = hours(config.saturday);
  settings.week[6] = hours(config.sunday);
  settings.holiday = hours(config.holiday_hours);
  for (const auto& holidays : load_holidays(config, errors))
    settings.days.insert(settings.days.end(), holidays.days.begin(), holidays.days.end());
  return tickets::Calendar(std::move(settings));
}

tickets::SharedBy shared_by(const std::string& name) {
  if (name == "building") return tickets::SharedBy::building;
  return name == "estate" ? tickets::SharedBy::estate : tickets::SharedBy::unit;
}

}  // namespace

std::vector<tickets::Department> departments_of(const Config& config) {
  std::vector<tickets::Department> out;
  for (const auto& each : config.life.departments)
    out.push_back({.id = id_of(each.name),
                   .name = each.name,
                   .title = each.title,
                   .mode = tickets::parse_assignment_mode(each.mode).value_or(tickets::AssignmentMode::grab),
                   .lead = each.lead,
                   .groups = each.groups,
                   .most_open = each.most_open});
  if (!out.empty()) return out;
  constexpr std::array<const char*, 5> kTitles = {"工程部", "保洁部", "客服部", "秩序部", "行政人事部"};
  for (std::size_t i = 0; i < kOwnCategories.size(); ++i) {
    const std::string name(to_string(kOwnCategories[i]));
    out.push_back({.id = id_of(name), .name = name, .title = kTitles[i]});
  }
  return out;
}

tickets::Rules ticket_rules_of(const Config& config) {
  tickets::Rules rules;
  rules.retention = std::chrono::days(config.retention_days);
  rules.placement = placement_of(config.life.departments);
  if (config.life.departments.empty())
    for (const auto category : kOwnCategories) rules.departments[category] = id_of(std::string(to_string(category)));
  for (const auto& kind : config.life.after_photo) rules.after_photo.push_back(kind_of(kind));
  return rules;
}

tickets::DuplicateRules duplicate_rules_of(const Config& config) {
  tickets::DuplicateRules rules;
  take(rules.enabled, config.life.duplicates.enabled);
  take(rules.window, config.life.duplicates.window);
  if (!config.life.duplicates.shared) return rules;
  rules.shared.clear();
  for (const auto& thing : *config.life.duplicates.shared)
    rules.shared.push_back({thing.kind.category, thing.kind.subcategory, shared_by(thing.by)});
  return rules;
}

std::vector<tickets::ScopeRule> scope_rules_of(const Config& config) {
  std::vector<tickets::ScopeRule> out;
  for (const auto& each : config.life.scope) {
    tickets::ScopeRule rule{.call = each.call};
    if (each.kind) rule.kind = kind_of(*each.kind);
    for (const auto& word : each.words) rule.words.push_back(fold(word));
    out.push_back(std::move(rule));
  }
  return out;
}

tickets::UrgeRules urge_rules_of(const Config& config) {
  tickets::UrgeRules rules;
  take(rules.apart, config.life.escalation.urge_apart);
  return rules;
}

tickets::LifeRules life_rules_of(const Config& config, const std::string& time_zone, std::vector<Error>& errors) {
  return {.times = service_times_of(config.life.service_times),
          .escalation = escalation_of(config.life.escalation),
          .survey = survey_of(config.life.survey),
          .calendar = calendar_of(config.life.calendar, time_zone, errors)};
}

std::string missing_holidays(const Config& config, int year) {
  if (config.life.calendar.holidays.empty()) return {};
  std::vector<Error> ignored;
  for (const auto& holidays : load_holidays(config.life.calendar, ignored))
    if (std::find(holidays.years.begin(), holidays.years.end(), year) != holidays.years.end()) return {};
  return "the holidays of " + std::to_string(year) + " are not known yet: its holidays count as ordinary days";
}

}  // namespace huiyin::gateway
