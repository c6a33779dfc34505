#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/report_rows.h"
#include "tickets/report_period.h"
#include "tickets/report_statistics.h"

namespace huiyin::tickets {

// What a report says, as numbers under keys: `repair`, `repair/elevator`, 「3栋」, `wechat:main`. Tickets are those
// that were opened in the period, with what has become of them by now; one that was merged into another counts as a
// report and as nothing else.

/// How often something was reported.
struct Frequency {
  std::string key{};  ///< empty: not said, or by no channel
  std::int64_t count = 0;
  std::vector<std::int64_t> by_bucket{};
};

/// How long things took, in seconds by the clock on the wall, and how often in time. Without what was withdrawn, or was
/// out of scope.
struct ServiceFigures {
  std::string key{};
  DepartmentId department{};
  std::int64_t tickets = 0;
  Spread response{};    ///< from opening until somebody took it first
  Spread resolution{};  ///< from opening until it was done last
  Share respond{};      ///< of those whose time to respond is over or was kept: how many kept it
  Share resolve{};      ///< the same of the time to resolve
  std::int64_t open = 0, overdue = 0, reopened = 0;
};

/// Answers to surveys.
struct SurveyFigures {
  std::string key{};  ///< of a duration its upper limit in hours, `more`, or `open` for what is not done
  Share asked{};
  std::int64_t scored = 0, sum = 0, low = 0;
  [[nodiscard]] std::optional<double> mean() const {
    return scored == 0 ? std::nullopt : std::optional(static_cast<double>(sum) / static_cast<double>(scored));
  }
};

struct LowAnswer {
  TicketId ticket{};
  std::string kind{};
  std::optional<int> score{};
  std::string outcome{};
  std::string words{};  ///< as they were written: to be masked before others see them
};

struct SurveyReport {
  SurveyFigures all{};
  std::array<std::int64_t, 5> scores{};  ///< how many gave 1 to 5
  std::int64_t partly = 0, not_fixed = 0;
  std::vector<SurveyFigures> by_bucket{}, by_category{}, by_duration{};
  std::optional<double> p_category{}, p_duration{};  ///< p_value_of_difference() of who answers
  /// The mean score, were each kind of ticket and each duration heard as often as it was asked.
  std::optional<double> adjusted_mean{};
  std::vector<LowAnswer> low{};  ///< the newest with words
};

/// Something whose rate in the last bucket is above its own history.
struct Rise {
  bool is_place = false;
  std::string key{};
  std::int64_t before = 0, now = 0;
  double p_value = 1, corrected = 1;
};
struct RiseReport {
  double days_before = 0, days_now = 0;
  std::size_t tested = 0;  ///< kinds and places; none where there is less history than the last bucket is long
  std::vector<Rise> rises{};
};

/// The same again and again.
struct Repeat {
  std::int64_t count = 0;
  TicketId newest{};  ///< one of them, by which people know it
};

/// Why a ticket is among the worst, and how bad that is.
struct WorstTicket {
  TicketId ticket{};
  int points = 0;
  std::optional<int> score{};
  bool not_fixed = false, late_response = false;
  int reopened = 0;
  std::int64_t hours_late = 0;  ///< past the time to resolve
};

struct Report {
  std::int64_t reports = 0, merged = 0, withdrawn = 0, out_of_scope = 0, open = 0;
  std::vector<Frequency> categories{}, kinds{}, places{}, channels{};  ///< each by count
  std::vector<Frequency> out_of_scope_kinds{};
  ServiceFigures service{};
  std::vector<ServiceFigures> by_category{}, by_department{}, by_bucket{};
  SurveyReport surveys{};
  RiseReport rise{};
  std::vector<Repeat> matters{}, homes{};
  std::vector<WorstTicket> worst{};
};

struct ReportRules {
  int low_score = 2;
  double level = 0.05;       ///< of the test for rises
  double least_rise = 1.25;  ///< times the rate before: less is no news, however certain
  std::int64_t repeats = 3;  ///< from so many on, the same thing is named
  std::size_t most_named = 20;
  std::size_t most_worst = 10;
};

struct ReportFacts;

/// Makes a report of the rows, one at a time. Of a ticket of the period about 80 bytes are kept, of any other nothing.
/// Deterministic: the same rows give the same report.
class ReportAccumulator final : public ReportSink {
 public:
  ReportAccumulator(ReportPeriod period, ReportRules rules);
  ReportAccumulator(const ReportAccumulator&) = delete;
  ReportAccumulator& operator=(const ReportAccumulator&) = delete;
  ~ReportAccumulator() override;

  void take(const ReportTicket& ticket) override;
  void take(const ReportChange& change) override;
  void take(const ReportSurvey& survey) override;

  /// `now`: what is not done by then, and should be, is late. Call it once, at the end.
  [[nodiscard]] Report finish(Time now);

 private:
  std::unique_ptr<ReportFacts> facts_;
};

}  // namespace huiyin::tickets
