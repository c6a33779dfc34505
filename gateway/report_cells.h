#pragma once

#include <fmt/format.h>

#include <optional>
#include <string>
#include <utility>

#include "pages/report_page.h"
#include "tickets/report_statistics.h"

namespace huiyin::gateway {

// Numbers of a report as its cells show them. What is not there is a dash for people and null for programs.

[[nodiscard]] inline pages::ReportCell no_number() { return {"—", std::nullopt, true}; }
[[nodiscard]] inline pages::ReportCell count_cell(std::int64_t count) {
  return {std::to_string(count), static_cast<double>(count)};
}
[[nodiscard]] inline pages::ReportCell decimal_cell(double value, int digits) {
  auto text = fmt::format("{:.{}f}", value, digits);
  const auto shown = std::stod(text);  // programs see what people do: 4.15, not 4.150000000000001
  return {std::move(text), shown};
}
[[nodiscard]] inline pages::ReportCell decimal_cell(const std::optional<double>& value, int digits) {
  return value ? decimal_cell(*value, digits) : no_number();
}
/// For people `83.3%`, for programs 83.3.
[[nodiscard]] inline pages::ReportCell percent_cell(std::int64_t part, std::int64_t all) {
  if (all == 0) return no_number();
  auto cell = decimal_cell(100.0 * static_cast<double>(part) / static_cast<double>(all), 1);
  cell.text += "%";
  return cell;
}
[[nodiscard]] inline pages::ReportCell percent_cell(const tickets::Share& share) {
  return percent_cell(share.answered, share.all);
}
[[nodiscard]] inline pages::ReportCell minutes_cell(const tickets::Spread& spread, double seconds) {
  return spread.count == 0 ? no_number() : decimal_cell(seconds / 60, 0);
}
[[nodiscard]] inline pages::ReportCell hours_cell(const tickets::Spread& spread, double seconds) {
  return spread.count == 0 ? no_number() : decimal_cell(seconds / 3600, 1);
}
[[nodiscard]] inline pages::ReportCell p_cell(double p_value) {
  if (p_value < 0.0001) return {"<0.0001", p_value};
  return {fmt::format("{:.4f}", p_value), p_value};
}

}  // namespace huiyin::gateway
