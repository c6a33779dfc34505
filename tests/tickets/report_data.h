#pragma once

#include <string>
#include <variant>
#include <vector>

#include "core/report_rows.h"
#include "tickets/report.h"

namespace huiyin::tickets {

/// A file of tests/data/report/: rows in its order. Throws std::runtime_error with the line that it does not
/// understand.
using ReportRow = std::variant<ReportTicket, ReportChange, ReportSurvey>;
[[nodiscard]] std::vector<ReportRow> read_report_data(const std::string& name);

/// The report of two-months.txt.
[[nodiscard]] ReportPeriod two_months();
[[nodiscard]] Report report_of_two_months();

}  // namespace huiyin::tickets
