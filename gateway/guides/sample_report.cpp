// A report over made-up tickets, so that a manager sees what one says before there is any.
#include <date/tz.h>

#include <array>

#include "gateway/guides/guides.h"
#include "gateway/report_maker.h"
#include "tickets/departments.h"
#include "tickets/service_times.h"

namespace huiyin::gateway {
namespace {

using namespace std::chrono_literals;

struct SampleKind {
  Category category;
  const char *subcategory, *words;
};
constexpr std::array kKinds = {SampleKind{Category::repair, "water", "sample_water"},
                               SampleKind{Category::cleaning, "garbage", "sample_garbage"},
                               SampleKind{Category::repair, "light", "sample_light"},
                               SampleKind{Category::security, "parking", "sample_parking"},
                               SampleKind{Category::service, "attitude", "sample_attitude"},
                               SampleKind{Category::repair, "elevator", "sample_elevator"}};
constexpr std::array kLowWords = {"sample_low_1", "sample_low_2", "sample_low_3"};
constexpr int kTickets = 150;
constexpr int kLifts = 14;  // of them, all in the last month
constexpr int kMonths = 3;
constexpr std::int64_t kFirstNumber = 1000;

/// The same numbers each time, evenly enough spread.
int draw(int ticket, int salt, int below) {
  const auto mixed = static_cast<std::uint32_t>(ticket * 7919 + salt * 104729) * 2654435761U;
  return static_cast<int>((mixed >> 8U) % static_cast<std::uint32_t>(below));
}

/// The tickets of a small estate: most are done well, a lift breaks more and more often.
class Sample {
 public:
  Sample(const GuideSource& source, const tickets::ReportPeriod& period) : source_(source), period_(period) {
    for (int i = 0; i < kTickets; ++i) add(i);
  }

  [[nodiscard]] tickets::Report report(Time now) const {
    tickets::ReportAccumulator accumulator(period_, {});
    for (const auto& one : tickets_) accumulator.take(one);
    for (const auto& one : changes_) accumulator.take(one);
    for (const auto& one : surveys_) accumulator.take(one);
    return accumulator.finish(now);
  }
  [[nodiscard]] const std::map<TicketId, Ticket>& named() const { return named_; }

 private:
  void add(int i) {
    const auto begin = period_.edges.front();
    const auto last_month = period_.edges[period_.edges.size() - 2];
    const bool is_lift = i >= kTickets - kLifts;
    const auto from = is_lift ? last_month : begin;
    const auto span = (period_.edges.back() - from) * 9 / 10;
    const auto& kind = is_lift ? kKinds.back() : kKinds.at(static_cast<std::size_t>(draw(i, 1, kKinds.size() - 1)));
    Ticket ticket{.id = TicketId{i + 1}, .number = {kFirstNumber + i}, .category = kind.category};
    ticket.subcategory = kind.subcategory;
    ticket.address = is_lift ? source_.word("sample_lift_place")
                             : source_.words("guide.sample_home",
                                             {{"building", std::to_string(1 + draw(i, 2, 6))},
                                              {"unit", std::to_string(1 + draw(i, 11, 2))},
                                              {"room", std::to_string(101 + 100 * draw(i, 3, 18) + draw(i, 12, 4))}});
    ticket.description = source_.word(kind.words);
    ticket.opened = from + span * draw(i, 4, 1000) / 1000 + 9h;
    ticket.department = tickets::find_department(source_.rules.placement, ticket);
    if (const auto own = source_.rules.departments.find(kind.category);
        !ticket.department && own != source_.rules.departments.end())
      ticket.department = own->second;
    const auto& rule = tickets::rule_for(source_.life.times, ticket, Priority::normal);
    tickets_.push_back({.id = ticket.id,
                        .opened = ticket.opened,
                        .channel = channel_of(i),
                        .category = ticket.category,
                        .subcategory = ticket.subcategory,
                        .department = ticket.department,
                        .status = is_open(i) ? TicketStatus::in_progress : TicketStatus::closed,
                        .address = ticket.address,
                        .matter = is_lift ? 1 : 0,
                        .respond_by = ticket.opened + rule.respond,
                        .resolve_by = ticket.opened + rule.resolve});
    do_work(i, ticket, rule, is_lift);
    ticket.status = tickets_.back().status;
    named_.emplace(ticket.id, std::move(ticket));
  }

  void do_work(int i, const Ticket& ticket, const tickets::ServiceRule& rule, bool is_lift) {
    const auto taken = ticket.opened + rule.respond * (10 + draw(i, 5, 110)) / 100;
    changes_.push_back({ticket.id, taken, TicketStatus::assigned, TicketStatus::accepted});
    if (is_open(i)) return;
    const auto done = taken + rule.resolve * (10 + draw(i, 6, is_lift ? 140 : 90)) / 100;
    changes_.push_back({ticket.id, done, TicketStatus::in_progress, TicketStatus::resolved});
    ReportSurvey survey{.ticket = ticket.id, .answered = draw(i, 7, 10) < 6};
    if (survey.answered) survey.score = is_lift ? 1 + draw(i, 8, 3) : 3 + draw(i, 8, 3);
    if (survey.score && *survey.score <= 2)
      survey.words = source_.word(kLowWords.at(static_cast<std::size_t>(draw(i, 9, kLowWords.size()))));
    surveys_.push_back(std::move(survey));
  }

  /// Two of the last ones are not done yet.
  [[nodiscard]] static bool is_open(int i) { return i > kTickets - kLifts && i % 6 == 0; }

  [[nodiscard]] std::string channel_of(int i) const {
    const auto& channels = source_.config.channels;
    std::vector<std::string> heard;
    for (const auto& channel : channels)
      if (channel.kind == "wechat" || channel.kind == "sms" || channel.kind == "email") heard.push_back(channel.name);
    return heard.empty() ? "" : heard[static_cast<std::size_t>(draw(i, 10, static_cast<int>(heard.size())))];
  }

  const GuideSource& source_;
  const tickets::ReportPeriod& period_;
  std::vector<ReportTicket> tickets_{};
  std::vector<ReportChange> changes_{};
  std::vector<ReportSurvey> surveys_{};
  std::map<TicketId, Ticket> named_{};
};

}  // namespace

pages::ReportPage sample_report(const GuideSource& source, Time now) {
  auto request = last_month(source.config, "", now);
  request.locale = source.locale;
  const auto last = request.last;
  for (int month = 1; month < kMonths; ++month) request = month_before(request);
  request.last = last;
  auto subject = report_subject(source.config, source.assets, request, now);
  subject.estate = source.word("sample_estate");
  const Sample sample(source, subject.period);
  subject.named = sample.named();
  auto page = view_of(sample.report(subject.period.edges.back()), subject);
  page.subtitle = source.word("sample_note");
  return page;
}

}  // namespace huiyin::gateway
