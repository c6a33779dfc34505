#include "tickets/report.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "core/fnv1a.h"
#include "tickets/address_parts.h"
#include "tickets/departments.h"
#include "tickets/report_facts.h"
#include "tickets/state_machine.h"
#include "tickets/survey.h"

namespace huiyin::tickets {
namespace {

constexpr std::size_t kMostAddresses = 1U << 16;  // kept as read
constexpr std::size_t kMostLow = 20;              // answers with their words
constexpr std::array<std::int32_t, 4> kBandHours = {4, 24, 72, 168};

std::int64_t seconds(Time time) { return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count(); }

/// Seconds from a ticket's opening until `at`; never before it, and no more than fit.
std::int32_t since_opening(const TicketFact& fact, Time at) {
  constexpr std::int64_t kMost = std::numeric_limits<std::int32_t>::max();
  return static_cast<std::int32_t>(std::clamp<std::int64_t>(seconds(at) - fact.opened_s, 0, kMost));
}
std::int32_t since_opening(const TicketFact& fact, const std::optional<Time>& at) {
  return at ? since_opening(fact, *at) : TicketFact::kNever;
}

bool is_free(TicketStatus status) { return status == TicketStatus::opened || status == TicketStatus::assigned; }

/// As service_times.h has it, of a few columns: what counts is the round that lasts, but an owner waits from the first
/// moment on.
void apply_change(TicketFact& fact, const ReportChange& change) {
  const auto at = since_opening(fact, change.at);
  if (is_free(change.to)) {
    fact.response = TicketFact::kNever;
    if (is_active(change.from)) return;
    fact.resolved = TicketFact::kNever;
    const bool was_done = change.from == TicketStatus::resolved || change.from == TicketStatus::closed;
    if (was_done && fact.reopened < std::numeric_limits<std::uint8_t>::max()) ++fact.reopened;
    return;
  }
  if (fact.first_response == TicketFact::kNever) fact.first_response = at;
  if (fact.response == TicketFact::kNever) fact.response = at;
  if (change.to == TicketStatus::resolved) fact.resolved = at;
}

/// The duration of a ticket as those who answer are compared by it.
std::string band_of(const TicketFact& fact) {
  if (fact.resolved == TicketFact::kNever) return "open";
  for (const auto hours : kBandHours)
    if (fact.resolved <= hours * 3600) return std::to_string(hours);
  return "more";
}

SurveyFigures& figures_under(std::vector<SurveyFigures>& list, const std::string& key) {
  const auto found = std::find_if(list.begin(), list.end(), [&](const SurveyFigures& one) { return one.key == key; });
  if (found != list.end()) return *found;
  list.push_back({.key = key});
  return list.back();
}

}  // namespace

std::string kind_key(Category category, const std::string& subcategory) {
  std::string out(to_string(category));
  return subcategory.empty() ? out : out + "/" + subcategory;
}

std::uint16_t ReportNames::number_of(const std::string& text) {
  static const std::string kRest = "…";
  const auto& name = numbers_.size() < kMost || numbers_.contains(text) ? text : kRest;
  const auto [found, is_new] = numbers_.try_emplace(name, static_cast<std::uint16_t>(texts_.size()));
  if (is_new) texts_.push_back(name);
  return found->second;
}

ReportAccumulator::ReportAccumulator(ReportPeriod period, ReportRules rules)
    : facts_(std::make_unique<ReportFacts>(ReportFacts{.period = std::move(period), .rules = rules})) {
  for (const auto hours : kBandHours) facts_->surveys.by_duration.push_back({.key = std::to_string(hours)});
  facts_->surveys.by_duration.push_back({.key = "more"});
  facts_->surveys.by_bucket.resize(facts_->period.buckets());
}

ReportAccumulator::~ReportAccumulator() = default;

ReportFacts::Address ReportFacts::read_address(const std::string& address) {
  if (const auto known = addresses.find(address); known != addresses.end()) return known->second;
  if (addresses.size() >= kMostAddresses) addresses.clear();
  const auto comparable = comparable_place(address);
  const Address read{.place = places.number_of(counted_part(comparable, "栋")),
                     .home = is_home(comparable) ? fnv1a(comparable) : 0};
  addresses.emplace(address, read);
  return read;
}

/// What was opened in the last bucket, or in the history that it is held against.
void ReportFacts::count_for_rise(const ReportTicket& ticket, std::uint16_t kind, std::uint16_t place) {
  const bool is_now = ticket.opened >= period.edges[period.buckets() - 1];
  if (ticket.status == TicketStatus::merged || (!is_now && ticket.opened < period.history_from)) return;
  const auto add = [is_now](RiseCounts& counts, std::uint16_t number) {
    if (counts.size() <= number) counts.resize(number + std::size_t{1});
    ++(is_now ? counts[number].now : counts[number].before);
  };
  add(kind_rises, kind);
  if (!places[place].empty()) add(place_rises, place);
}

void ReportAccumulator::take(const ReportTicket& ticket) {
  auto& all = *facts_;
  if (!all.first_opened || ticket.opened < *all.first_opened) all.first_opened = ticket.opened;
  const auto address = all.read_address(ticket.address);
  const auto kind = all.kinds.number_of(kind_key(ticket.category, ticket.subcategory));
  all.count_for_rise(ticket, kind, address.place);
  const auto& edges = all.period.edges;
  if (ticket.opened < edges.front() || ticket.opened >= edges.back()) return;
  TicketFact fact{.id = ticket.id, .opened_s = seconds(ticket.opened), .matter = ticket.matter, .home = address.home};
  const auto after = std::upper_bound(edges.begin(), edges.end(), ticket.opened);
  fact.bucket = static_cast<std::uint16_t>(after - edges.begin() - 1);
  fact.respond_by = since_opening(fact, ticket.respond_by);
  fact.resolve_by = since_opening(fact, ticket.resolve_by);
  fact.kind = kind;
  fact.place = address.place;
  fact.channel = static_cast<std::uint8_t>(std::min<std::size_t>(all.channels.number_of(ticket.channel), 255));
  const auto department = std::find(all.departments.begin(), all.departments.end(), ticket.department);
  fact.department = static_cast<std::uint16_t>(department - all.departments.begin());
  if (department == all.departments.end()) all.departments.push_back(ticket.department);
  fact.category = ticket.category;
  fact.status = ticket.status;
  all.facts.push_back(fact);
}

TicketFact* ReportFacts::find(TicketId id) {
  const auto found = std::lower_bound(facts.begin(), facts.end(), id,
                                      [](const TicketFact& fact, TicketId wanted) { return fact.id < wanted; });
  return found == facts.end() || found->id != id ? nullptr : &*found;
}

void ReportAccumulator::take(const ReportChange& change) {
  if (auto* fact = facts_->find(change.ticket)) apply_change(*fact, change);
}

void ReportFacts::count_survey(SurveyFigures& into, const ReportSurvey& survey) const {
  ++into.asked.all;
  if (!survey.answered) return;
  ++into.asked.answered;
  const bool is_low = (survey.score && *survey.score <= rules.low_score) || survey.outcome == kNotFixed;
  into.low += is_low ? 1 : 0;
  if (!survey.score) return;
  ++into.scored;
  into.sum += *survey.score;
}

void ReportAccumulator::take(const ReportSurvey& survey) {
  auto& all = *facts_;
  auto* fact = all.find(survey.ticket);
  if (fact == nullptr) return;
  auto& out = all.surveys;
  const auto category = std::string(to_string(fact->category));
  const auto band = band_of(*fact);
  const auto low_before = out.all.low;
  all.count_survey(out.all, survey);
  all.count_survey(out.by_bucket[fact->bucket], survey);
  all.count_survey(figures_under(out.by_category, category), survey);
  all.count_survey(figures_under(out.by_duration, band), survey);
  all.count_survey(all.strata[{category, band}], survey);
  if (!survey.answered) return;
  out.partly += survey.outcome == kPartly ? 1 : 0;
  out.not_fixed += survey.outcome == kNotFixed ? 1 : 0;
  fact->not_fixed = fact->not_fixed || survey.outcome == kNotFixed;
  if (survey.score && *survey.score >= 1 && *survey.score <= 5) {
    ++out.scores[static_cast<std::size_t>(*survey.score - 1)];
    if (fact->score == 0 || *survey.score < fact->score) fact->score = static_cast<std::int8_t>(*survey.score);
  }
  if (out.all.low == low_before || survey.words.empty()) return;
  if (out.low.size() >= kMostLow) out.low.erase(out.low.begin());
  out.low.push_back({fact->id, all.kinds[fact->kind], survey.score, survey.outcome, survey.words});
}

}  // namespace huiyin::tickets
