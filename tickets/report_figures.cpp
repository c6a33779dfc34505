// How a report's figures come of what was kept of its rows.
#include <algorithm>
#include <functional>
#include <tuple>
#include <utility>

#include "tickets/report.h"
#include "tickets/report_facts.h"
#include "tickets/state_machine.h"

namespace huiyin::tickets {
namespace {

using Facts = std::vector<TicketFact>;
constexpr auto kNever = TicketFact::kNever;
constexpr std::int64_t kHour = 3600;

template <class Item>
void sort_by_count(std::vector<Item>& items) {
  std::stable_sort(items.begin(), items.end(),
                   [](const Item& a, const Item& b) { return a.count != b.count ? a.count > b.count : a.key < b.key; });
}

/// How often each value of `number_of` was reported; `key_of` is what it is called.
template <class Wanted, class Number, class Key>
std::vector<Frequency> frequencies(const Facts& facts, std::size_t buckets, Wanted wanted, Number number_of,
                                   Key key_of) {
  std::map<std::size_t, Frequency> counted;
  for (const auto& fact : facts) {
    if (!wanted(fact)) continue;
    auto& one = counted[number_of(fact)];
    one.by_bucket.resize(buckets);
    ++one.count;
    ++one.by_bucket[fact.bucket];
  }
  std::vector<Frequency> out;
  for (auto& [number, one] : counted) {
    one.key = key_of(number);
    out.push_back(std::move(one));
  }
  sort_by_count(out);
  return out;
}

/// Service figures while they are counted.
struct Service {
  ServiceFigures figures{};
  std::vector<std::int32_t> responses{}, resolutions{};
};

/// Kept, missed, or not yet over.
void count_limit(Share& share, std::int32_t by, std::int32_t done, std::int64_t age) {
  if (by == kNever || (done == kNever && age <= by)) return;
  ++share.all;
  if (done != kNever && done <= by) ++share.answered;
}

bool is_overdue(const TicketFact& fact, std::int64_t age) {
  return is_active(fact.status) && fact.resolve_by != kNever && fact.resolved == kNever && age > fact.resolve_by;
}

void count_service(Service& into, const TicketFact& fact, std::int64_t now_s) {
  const auto age = now_s - fact.opened_s;
  auto& figures = into.figures;
  ++figures.tickets;
  if (fact.first_response != kNever) into.responses.push_back(fact.first_response);
  if (fact.resolved != kNever) into.resolutions.push_back(fact.resolved);
  count_limit(figures.respond, fact.respond_by, fact.response, age);
  count_limit(figures.resolve, fact.resolve_by, fact.resolved, age);
  figures.open += is_active(fact.status) ? 1 : 0;
  figures.overdue += is_overdue(fact, age) ? 1 : 0;
  figures.reopened += fact.reopened > 0 ? 1 : 0;
}

ServiceFigures finished(Service& service) {
  service.figures.response = spread_of(service.responses);
  service.figures.resolution = spread_of(service.resolutions);
  return std::move(service.figures);
}

/// By whatever `number_of` says, in the order of the numbers.
template <class Number>
std::map<std::size_t, ServiceFigures> service_by(const Facts& facts, std::int64_t now_s, Number number_of) {
  std::map<std::size_t, Service> counted;
  for (const auto& fact : facts)
    if (fact.is_work()) count_service(counted[number_of(fact)], fact, now_s);
  std::map<std::size_t, ServiceFigures> out;
  for (auto& [number, service] : counted) out.emplace(number, finished(service));
  return out;
}

void sort_by_tickets(std::vector<ServiceFigures>& figures) {
  std::stable_sort(figures.begin(), figures.end(), [](const auto& a, const auto& b) { return a.tickets > b.tickets; });
}

/// What came `least` times or more, most often first. `value_of`: 0 is nothing.
template <class Value>
std::vector<Repeat> repeats(const Facts& facts, const ReportRules& rules, Value value_of) {
  std::vector<std::pair<std::uint64_t, std::uint32_t>> values;  // and whose
  for (std::size_t i = 0; i < facts.size(); ++i)
    if (const auto value = static_cast<std::uint64_t>(value_of(facts[i])); value != 0 && facts[i].counts())
      values.emplace_back(value, static_cast<std::uint32_t>(i));
  std::sort(values.begin(), values.end());
  std::vector<Repeat> out;
  for (auto begin = values.begin(); begin != values.end();) {
    const auto end = std::find_if(begin, values.end(), [&](const auto& one) { return one.first != begin->first; });
    if (end - begin >= rules.repeats) out.push_back({end - begin, facts[std::prev(end)->second].id});
    begin = end;
  }
  const auto most_first = [](const Repeat& a, const Repeat& b) {
    return a.count != b.count ? a.count > b.count : a.newest > b.newest;
  };
  std::sort(out.begin(), out.end(), most_first);
  if (out.size() > rules.most_named) out.resize(rules.most_named);
  return out;
}

/// How bad: what an owner says weighs most, then what was not well the first time, then how late it was.
WorstTicket judge(const TicketFact& fact, const ReportRules& rules, std::int64_t now_s) {
  constexpr int kUnhappy = 5, kReopened = 3, kLate = 1, kMostForDays = 7;
  WorstTicket out{.ticket = fact.id, .not_fixed = fact.not_fixed, .reopened = fact.reopened};
  if (fact.score != 0 && fact.score <= rules.low_score) out.score = fact.score;
  Share respond;
  count_limit(respond, fact.respond_by, fact.response, now_s - fact.opened_s);
  out.late_response = respond.answered < respond.all;
  const auto done = fact.resolved != kNever ? fact.resolved : is_active(fact.status) ? now_s - fact.opened_s : 0;
  const auto late = fact.resolve_by == kNever ? 0 : std::max<std::int64_t>(0, done - fact.resolve_by);
  out.hours_late = late / kHour;
  if (out.score || out.not_fixed) out.points += kUnhappy + (out.score ? rules.low_score - *out.score : 0);
  out.points += kReopened * out.reopened;
  if (out.late_response) out.points += kLate;
  if (late > 0) out.points += kLate + static_cast<int>(std::min<std::int64_t>(kMostForDays, out.hours_late / 24));
  return out;
}

std::vector<WorstTicket> worst_of(const Facts& facts, const ReportRules& rules, std::int64_t now_s) {
  const auto worse = [](const WorstTicket& a, const WorstTicket& b) {
    return std::tie(b.points, b.hours_late, a.ticket) < std::tie(a.points, a.hours_late, b.ticket);
  };
  std::vector<WorstTicket> out;  // a heap whose first is the least bad
  for (const auto& fact : facts) {
    if (!fact.is_work()) continue;
    const auto one = judge(fact, rules, now_s);
    if (one.points == 0 || (out.size() >= rules.most_worst && !worse(one, out.front()))) continue;
    out.push_back(one);
    std::push_heap(out.begin(), out.end(), worse);
    if (out.size() <= rules.most_worst) continue;
    std::pop_heap(out.begin(), out.end(), worse);
    out.pop_back();
  }
  std::sort_heap(out.begin(), out.end(), worse);
  return out;
}

void test_rises(const RiseCounts& counts, const ReportNames& names, bool is_place, RiseReport& out) {
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const auto [before, now] = counts[i];
    if (before + now == 0) continue;
    Rise one{.is_place = is_place, .key = names[i], .before = before, .now = now};
    one.p_value = p_value_of_rise(before, out.days_before, now, out.days_now);
    out.rises.push_back(std::move(one));
  }
}

double days_between(Time from, Time until) {
  return std::chrono::duration<double, std::ratio<86400>>(until - from).count();
}

/// A bucket that is not over yet has only the days that it has had. Of all that are tested only those are left that
/// rose for certain, and by so much that it is news.
RiseReport rises_of(const ReportFacts& all, Time now) {
  const auto begin = all.period.edges[all.period.buckets() - 1];
  RiseReport out{.days_now = days_between(begin, std::min(now, all.period.edges.back()))};
  const auto since = std::max(all.period.history_from, all.first_opened.value_or(begin));
  out.days_before = std::max(0.0, days_between(since, begin));
  if (out.days_now <= 0 || out.days_before < out.days_now) return out;
  test_rises(all.kind_rises, all.kinds, false, out);
  test_rises(all.place_rises, all.places, true, out);
  out.tested = out.rises.size();
  std::vector<double> p_values;
  for (const auto& one : out.rises) p_values.push_back(one.p_value);
  const auto corrected = corrected_by_holm(p_values);
  for (std::size_t i = 0; i < corrected.size(); ++i) out.rises[i].corrected = corrected[i];
  const auto is_news = [&](const Rise& one) {
    const auto usual = static_cast<double>(one.before) / out.days_before * out.days_now;
    return one.corrected < all.rules.level && static_cast<double>(one.now) >= all.rules.least_rise * usual;
  };
  out.rises.erase(std::remove_if(out.rises.begin(), out.rises.end(), std::not_fn(is_news)), out.rises.end());
  std::stable_sort(out.rises.begin(), out.rises.end(),
                   [](const Rise& a, const Rise& b) { return a.p_value < b.p_value; });
  return out;
}

std::vector<Share> shares_of(const std::vector<SurveyFigures>& groups) {
  std::vector<Share> out;
  for (const auto& group : groups) out.push_back(group.asked);
  return out;
}

/// Each stratum counts by how many of it were asked; one of which nobody gave a score is left out.
std::optional<double> adjusted_mean(const ReportFacts& all) {
  double sum = 0, weight = 0;
  for (const auto& [key, stratum] : all.strata) {
    const auto mean = stratum.mean();
    if (!mean) continue;
    sum += *mean * static_cast<double>(stratum.asked.all);
    weight += static_cast<double>(stratum.asked.all);
  }
  return weight == 0 ? std::nullopt : std::optional(sum / weight);
}

SurveyReport surveys_of(const ReportFacts& all) {
  auto out = all.surveys;
  out.p_category = p_value_of_difference(shares_of(out.by_category));
  out.p_duration = p_value_of_difference(shares_of(out.by_duration));
  out.adjusted_mean = adjusted_mean(all);
  std::stable_sort(out.by_category.begin(), out.by_category.end(),
                   [](const auto& a, const auto& b) { return a.asked.all > b.asked.all; });
  std::reverse(out.low.begin(), out.low.end());  // newest first
  return out;
}

void count_totals(const Facts& facts, Report& out) {
  for (const auto& fact : facts) {
    ++out.reports;
    out.merged += fact.status == TicketStatus::merged ? 1 : 0;
    out.withdrawn += fact.status == TicketStatus::withdrawn ? 1 : 0;
    out.out_of_scope += fact.status == TicketStatus::out_of_scope ? 1 : 0;
    out.open += is_active(fact.status) ? 1 : 0;
  }
}

void count_frequencies(const ReportFacts& all, Report& out) {
  const auto buckets = all.period.buckets();
  const auto counts = [](const TicketFact& fact) { return fact.counts(); };
  const auto name_of = [](const ReportNames& names) { return [&names](std::size_t number) { return names[number]; }; };
  const auto kind_of = [](const TicketFact& fact) { return std::size_t{fact.kind}; };
  out.categories = frequencies(
      all.facts, buckets, counts, [](const TicketFact& fact) { return static_cast<std::size_t>(fact.category); },
      [](std::size_t number) { return std::string(to_string(static_cast<Category>(number))); });
  out.kinds = frequencies(all.facts, buckets, counts, kind_of, name_of(all.kinds));
  out.places = frequencies(
      all.facts, buckets, counts, [](const TicketFact& fact) { return std::size_t{fact.place}; }, name_of(all.places));
  out.channels = frequencies(
      all.facts, buckets, [](const TicketFact&) { return true; },
      [](const TicketFact& fact) { return std::size_t{fact.channel}; }, name_of(all.channels));
  out.out_of_scope_kinds = frequencies(
      all.facts, buckets, [](const TicketFact& fact) { return fact.status == TicketStatus::out_of_scope; }, kind_of,
      name_of(all.kinds));
}

void count_services(const ReportFacts& all, std::int64_t now_s, Report& out) {
  auto whole = service_by(all.facts, now_s, [](const TicketFact&) { return std::size_t{0}; });
  if (!whole.empty()) out.service = std::move(whole.begin()->second);
  for (auto& [number, one] :
       service_by(all.facts, now_s, [](const TicketFact& fact) { return static_cast<std::size_t>(fact.category); })) {
    one.key = std::string(to_string(static_cast<Category>(number)));
    out.by_category.push_back(std::move(one));
  }
  for (auto& [number, one] :
       service_by(all.facts, now_s, [](const TicketFact& fact) { return std::size_t{fact.department}; })) {
    one.department = all.departments[number];
    out.by_department.push_back(std::move(one));
  }
  auto by_bucket = service_by(all.facts, now_s, [](const TicketFact& fact) { return std::size_t{fact.bucket}; });
  for (std::size_t i = 0; i < all.period.buckets(); ++i) out.by_bucket.push_back(std::move(by_bucket[i]));
  sort_by_tickets(out.by_category);
  sort_by_tickets(out.by_department);
}

}  // namespace

Report ReportAccumulator::finish(Time now) {
  const auto& all = *facts_;
  const auto now_s = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
  Report out;
  count_totals(all.facts, out);
  count_frequencies(all, out);
  count_services(all, now_s, out);
  out.surveys = surveys_of(all);
  out.rise = rises_of(all, now);
  out.matters = repeats(all.facts, all.rules, [](const TicketFact& fact) { return fact.matter; });
  out.homes = repeats(all.facts, all.rules, [](const TicketFact& fact) { return fact.home; });
  out.worst = worst_of(all.facts, all.rules, now_s);
  return out;
}

}  // namespace huiyin::tickets
