#include "config/life_reader.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <set>
#include <utility>

#include "config/checks.h"
#include "core/open_hours.h"
#include "core/text.h"

namespace huiyin {
namespace {

constexpr auto kLongest = std::chrono::days(366);
constexpr auto kDurationRemedy = "Write 30m, 2h or 3d";
constexpr auto kKindRemedy =
    "Take repair, cleaning, service, security or internal, or one with its part: repair/elevator";
constexpr auto kHoursRemedy = "Write \"08:30-12:00, 13:30-18:00\", or closed";
constexpr auto kReceiverRemedy = "Take assignee, duty, group, lead, manager, dispatcher, or channel/address";
constexpr std::array<std::string_view, 6> kReceivers = {"assignee", "duty", "group", "lead", "manager", "dispatcher"};

struct Unit {
  std::string_view word;
  Millis each;
};
constexpr std::array<Unit, 11> kUnits = {{{"s", std::chrono::seconds(1)},
                                          {"m", std::chrono::minutes(1)},
                                          {"min", std::chrono::minutes(1)},
                                          {"h", std::chrono::hours(1)},
                                          {"d", std::chrono::days(1)},
                                          {"秒", std::chrono::seconds(1)},
                                          {"分钟", std::chrono::minutes(1)},
                                          {"分", std::chrono::minutes(1)},
                                          {"小时", std::chrono::hours(1)},
                                          {"天", std::chrono::days(1)},
                                          {"日", std::chrono::days(1)}}};

bool is_receiver(const std::string& text) {
  if (std::find(kReceivers.begin(), kReceivers.end(), text) != kReceivers.end()) return true;
  const auto slash = text.find('/');
  return slash != std::string::npos && slash > 0 && slash + 1 < text.size();
}

/// Reads the sections, one function each.
class Reader {
 public:
  explicit Reader(std::vector<Error>& errors) : errors_(errors) {}

  LifeConfig read(YamlReader& root) {
    LifeConfig life;
    read_departments(root, life);
    read_service_times(root, life);
    life.after_photo = read_kinds(root, "after_photo");
    read_scope(root, life);
    read_calendar(root, life.calendar);
    read_escalation(root, life.escalation);
    read_survey(root, life.survey);
    read_duplicates(root, life.duplicates);
    return life;
  }

 private:
  using Names = std::vector<std::string>;

  /// The maps of the list under `key`, with what complaints call each: `departments[1]`.
  std::vector<YamlReader> maps(YamlReader& read, const std::string& key, const char* remedy) {
    std::vector<YamlReader> out;
    const auto list = read.child(key);
    if (!list || list->is_null()) return out;
    if (!list->is_list()) read.complain(key, key + " is no list", remedy);
    std::size_t index = 0;
    for (const auto& node : list->items()) {
      const auto place = key + "[" + std::to_string(index++) + "]";
      if (node.is_map())
        out.emplace_back(node, place, errors_);
      else
        errors_.push_back(node.error(place + " is no map", remedy));
    }
    return out;
  }

  /// The map under `key`, or nothing.
  std::optional<YamlReader> map(YamlReader& read, const std::string& key) {
    const auto node = read.child(key);
    if (!node || node->is_null()) return std::nullopt;
    if (node->is_map()) return YamlReader(*node, key, errors_);
    read.complain(key, key + " is no map", "Write its keys below it, indented");
    return std::nullopt;
  }

  static std::optional<KindConfig> parse_kind(const std::string& text) {
    const auto slash = text.find('/');
    const auto category = parse_category(text.substr(0, slash));
    const bool is_good =
        category && *category != Category::none && (slash == std::string::npos || slash + 1 < text.size());
    if (!is_good) return std::nullopt;
    return KindConfig{*category, slash == std::string::npos ? std::string() : text.substr(slash + 1)};
  }

  static std::vector<KindConfig> read_kinds(YamlReader& read, const std::string& key) {
    std::vector<KindConfig> out;
    for (const auto& text : read.texts(key)) {
      if (const auto kind = parse_kind(text))
        out.push_back(*kind);
      else
        read.complain(key, key + ": \"" + text + "\" is no kind of ticket", kKindRemedy);
    }
    return out;
  }

  static std::optional<Millis> duration(YamlReader& read, const std::string& key, Millis least) {
    const auto text = read.text(key, "");
    if (text.empty()) return std::nullopt;
    const auto value = parse_duration(text);
    if (!value)
      read.complain(key, key + ": \"" + text + "\" is no length of time", kDurationRemedy);
    else if (*value < least)
      read.complain(key, key + ": " + text + " is too short", kDurationRemedy);
    return value;
  }

  static Names receivers(YamlReader& read, const std::string& key) {
    auto names = read.texts(key);
    for (const auto& name : names)
      if (!is_receiver(name)) {
        const auto meant = closest(name, {kReceivers.begin(), kReceivers.end()});
        read.complain(key, key + ": \"" + name + "\" is nobody that can be told",
                      meant ? "Did you mean \"" + std::string(*meant) + "\"?" : kReceiverRemedy);
      }
    return names;
  }
  static std::optional<Names> optional_receivers(YamlReader& read, const std::string& key) {
    if (!read.node().find(key)) return std::nullopt;
    return receivers(read, key);
  }

  void read_scope(YamlReader& root, LifeConfig& life) {
    for (auto& read : maps(root, "scope", "Begin each entry with - for: or - words:")) {
      ScopeConfig one{.call = read.text("call")};
      if (const auto kind = read.text("for", ""); !kind.empty()) {
        one.kind = parse_kind(kind);
        if (!one.kind) read.complain("for", "for: \"" + kind + "\" is no kind of ticket", kKindRemedy);
      }
      one.words = read.texts("words");
      if (!one.kind && one.words.empty())
        read.complain("call", "neither for: nor words: says what is out of scope", "Write words: [太阳能, 自装空调]");
      read.finish();
      life.scope.push_back(std::move(one));
    }
  }

  void read_departments(YamlReader& root, LifeConfig& life) {
    std::set<std::string> taken;
    for (auto& read : maps(root, "departments", "Begin each entry with - name:")) {
      DepartmentConfig one;
      one.name = read.text("name");
      if (!one.name.empty() && !is_name(one.name))
        read.complain("name", "name \"" + one.name + "\" cannot be used", "Take lower-case letters, digits, - and _");
      if (!taken.insert(one.name).second)
        read.complain("name", "name " + one.name + " is taken by a department above", "Each needs its own name");
      one.title = read.text("title");
      one.handles = read_kinds(read, "handles");
      one.places = read.texts("places");
      one.mode = read.one_of("mode", {"grab", "round_robin", "least_loaded", "dispatcher"}, one.mode);
      one.lead = read.text("lead", "");
      one.groups = read.texts("groups");
      for (const auto& group : one.groups)
        if (group.find('/') == std::string::npos || !is_receiver(group))
          read.complain("groups", "groups: \"" + group + "\" is no destination",
                        "Write a channel's name, a slash and an address: wecom:staff/wrOgQhDgAAMYQiS5ol9G7gK9JVAAAA");
      one.most_open = static_cast<int>(read.number("most_open", 0, 10'000, 0));
      if (!read.node().find("handles") && !read.node().find("places"))
        read.complain("name", "department " + one.name + " gets nothing", "Give it handles: or places:");
      read.finish();
      life.departments.push_back(std::move(one));
    }
  }

  void read_service_times(YamlReader& root, LifeConfig& life) {
    for (auto& read :
         maps(root, "service_times", "Begin each entry with - {for: repair, respond: 30m, resolve: 16h}")) {
      ServiceTimeConfig one;
      if (const auto kind = read.text("for", ""); !kind.empty()) {
        const auto parsed = parse_kind(kind);
        if (!parsed) read.complain("for", "for: \"" + kind + "\" is no kind of ticket", kKindRemedy);
        one.kind = parsed.value_or(KindConfig{});
      }
      if (const auto priority = read.one_of("priority", {"low", "normal", "high", "urgent", "any"}, "any");
          priority != "any")
        one.priority = parse_priority(priority);
      one.respond = required_duration(read, "respond");
      one.resolve = required_duration(read, "resolve");
      if (one.resolve < one.respond && one.resolve > Millis(0))
        read.complain("resolve", "resolve is shorter than respond", "Nobody can be done before he has begun");
      one.round_the_clock = read.one_of("clock", {"open_hours", "always"}, "open_hours") == "always";
      read.finish();
      life.service_times.push_back(std::move(one));
    }
  }

  static Millis required_duration(YamlReader& read, const std::string& key) {
    if (!read.node().find(key)) read.complain(key, key + " is missing", kDurationRemedy);
    return duration(read, key, std::chrono::minutes(1)).value_or(Millis(0));
  }

  void read_calendar(YamlReader& root, CalendarConfig& calendar) {
    auto read = map(root, "calendar");
    if (!read) return;
    for (auto [key, hours] :
         {std::pair("weekdays", &calendar.weekdays), std::pair("saturday", &calendar.saturday),
          std::pair("sunday", &calendar.sunday), std::pair("holiday_hours", &calendar.holiday_hours)}) {
      *hours = read->text(key, *hours);
      if (!parse_hours(*hours))
        read->complain(key, std::string(key) + ": \"" + *hours + "\" are no hours", kHoursRemedy);
    }
    const auto is_closed = [](const std::string& hours) { return fold(hours) == "closed"; };
    if (is_closed(calendar.weekdays) && is_closed(calendar.saturday) && is_closed(calendar.sunday))
      read->complain("weekdays", "the calendar never opens", "Open it on one day at least");
    if (read->node().find("holidays")) calendar.holidays = read->texts("holidays");
    read->finish();
  }

  void read_escalation(YamlReader& root, EscalationConfig& out) {
    auto read = map(root, "escalation");
    if (!read) return;
    if (read->node().find("ladder")) out.ladder = read_ladder(*read);
    constexpr auto kLeast = std::chrono::minutes(1);
    out.urgent_every = duration(*read, "urgent_every", kLeast);
    out.urgent_later = duration(*read, "urgent_later", kLeast);
    out.overdue_every = duration(*read, "overdue_every", kLeast);
    out.suspended_every = duration(*read, "suspended_every", kLeast);
    out.urge_apart = duration(*read, "urge_apart", Millis(0));
    if (read->node().find("urgent")) {
      out.urgent_tell.emplace();
      for (auto& step : maps(*read, "urgent", "Begin each entry with - tell:")) {
        out.urgent_tell->push_back(receivers(step, "tell"));
        step.finish();
      }
    }
    out.overdue_tell = optional_receivers(*read, "overdue");
    out.unattended_tell = optional_receivers(*read, "unattended");
    out.suspended_tell = optional_receivers(*read, "suspended");
    out.call_back_tell = optional_receivers(*read, "call_back");
    read->finish();
  }

  std::vector<RungConfig> read_ladder(YamlReader& read) {
    std::vector<RungConfig> out;
    for (auto& rung : maps(read, "ladder", "Begin each entry with - {of: respond, at: 75, tell: [assignee]}")) {
      RungConfig one;
      one.of_respond = rung.one_of("of", {"respond", "resolve"}) != "resolve";
      one.percent = static_cast<int>(rung.number("at", 1, 1000));
      one.tell = receivers(rung, "tell");
      if (one.tell.empty()) rung.complain("tell", "tell names nobody", kReceiverRemedy);
      rung.finish();
      out.push_back(std::move(one));
    }
    return out;
  }

  void read_survey(YamlReader& root, SurveyConfig& survey) {
    auto read = map(root, "survey");
    if (!read) return;
    constexpr auto kLeast = std::chrono::hours(1);
    survey.enabled = read->flag("enabled", true);
    survey.remind_after = duration(*read, "remind_after", Millis(0));
    survey.expire_after = duration(*read, "expire_after", kLeast);
    survey.close_after = duration(*read, "close_after", kLeast);
    survey.at_most_every = duration(*read, "at_most_every", Millis(0));
    survey.call_back_within = duration(*read, "call_back_within", std::chrono::minutes(10));
    survey.low_score = static_cast<int>(read->number("low_score", 0, 4, 2));
    read->finish();
  }

  void read_duplicates(YamlReader& root, DuplicateConfig& duplicates) {
    auto read = map(root, "duplicates");
    if (!read) return;
    duplicates.enabled = read->flag("enabled", true);
    duplicates.window = duration(*read, "window", std::chrono::hours(1));
    if (read->node().find("shared")) {
      duplicates.shared.emplace();
      for (auto& thing : maps(*read, "shared", "Begin each entry with - {what: repair/elevator, by: unit}")) {
        const auto what = thing.text("what");
        const auto kind = parse_kind(what);
        if (!kind || kind->subcategory.empty())
          thing.complain("what", "what: \"" + what + "\" is no part of a category", "Write repair/elevator");
        duplicates.shared->push_back(
            {kind.value_or(KindConfig{}), thing.one_of("by", {"unit", "building", "estate"}, "unit")});
        thing.finish();
      }
    }
    read->finish();
  }

  std::vector<Error>& errors_;
};

}  // namespace

std::optional<Millis> parse_duration(std::string_view text) {
  const auto plain = fold(text);
  long long count = 0;
  const auto* const end = plain.data() + plain.size();
  const auto [stop, fault] = std::from_chars(plain.data(), end, count);
  if (fault != std::errc() || count < 0) return std::nullopt;
  const auto unit = trim(std::string_view(stop, static_cast<std::size_t>(end - stop)));
  const bool is_zero = count == 0 && unit.empty();
  const auto* const found =
      std::find_if(kUnits.begin(), kUnits.end(), [&](const Unit& each) { return each.word == unit; });
  if (is_zero) return Millis(0);
  if (found == kUnits.end() || count > kLongest / found->each) return std::nullopt;
  return count * found->each;
}

LifeConfig read_life(YamlReader& root, std::vector<Error>& errors) { return Reader(errors).read(root); }

}  // namespace huiyin
