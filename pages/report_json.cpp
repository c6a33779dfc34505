#include <cmath>
#include <cstdint>
#include <nlohmann/json.hpp>

#include "pages/report_page.h"

namespace huiyin::pages {
namespace {

using Json = nlohmann::ordered_json;

/// A count is written as one: 3, not 3.0.
Json number_of(double number) {
  const auto whole = std::round(number);
  return whole == number ? Json(static_cast<std::int64_t>(whole)) : Json(number);
}

Json value_of(const ReportCell& cell) {
  if (cell.is_missing) return {};
  return cell.number ? number_of(*cell.number) : Json(cell.text);
}

}  // namespace

std::string render_report_json(const ReportPage& page) {
  Json out{{"title", page.title}};
  for (const auto& about : page.about) out[about.key] = about.title;
  for (const auto& figure : page.figures) out["figures"][figure.label.key] = value_of(figure.value);
  for (const auto& table : page.tables) {
    auto& rows = out["tables"][table.key] = Json::array();
    for (const auto& row : table.rows) {
      Json object;
      for (std::size_t i = 0; i < row.size(); ++i) object[table.columns[i].key] = value_of(row[i]);
      rows.push_back(std::move(object));
    }
  }
  return out.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace huiyin::pages
