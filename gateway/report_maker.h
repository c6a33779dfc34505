#pragma once

#include <string>

#include "config/config.h"
#include "core/error.h"
#include "gateway/assets.h"
#include "gateway/report_view.h"
#include "tickets/report.h"

namespace huiyin::gateway {

struct ReportRequest {
  std::string estate{};  ///< as configured; empty: all, by the installation's own clock
  tickets::Day from{}, last{};
  tickets::ReportBy by = tickets::ReportBy::month;
  std::string locale{};  ///< empty: the configuration's
};

/// The figures, and all that is needed to put them into words.
struct MadeReport {
  tickets::Report report{};
  ReportSubject subject{};
};

/// Reads the store and counts. An Error where the request cannot be (an unknown estate, days in the wrong order, more
/// months or weeks than a page has room for) or the store does not answer.
[[nodiscard]] Expected<MadeReport> make_report(const Config& config, const Assets& assets, const ReportRequest& request,
                                               Time now);

/// What a report is about, and the words for it, but for what only the store knows. The request must be good.
[[nodiscard]] ReportSubject report_subject(const Config& config, const Assets& assets, const ReportRequest& request,
                                           Time now);

/// What is wrong with a request, before anything is read.
[[nodiscard]] std::optional<Error> complaint_about(const Config& config, const ReportRequest& request);

/// The whole month before `now`, by the clock of the estate.
[[nodiscard]] ReportRequest last_month(const Config& config, const std::string& estate, Time now);

/// The whole month before that of a request for one.
[[nodiscard]] ReportRequest month_before(ReportRequest request);

/// `--day: "yesterday" is no day …`
[[nodiscard]] Error no_day(const std::string& option, const std::string& text);

/// The style, script and charts of an HTML report, of the shipped files; without charts where they are not installed.
[[nodiscard]] pages::ReportAssets report_assets();

}  // namespace huiyin::gateway
