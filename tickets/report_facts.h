#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "tickets/report.h"

namespace huiyin::tickets {

// What a ReportAccumulator keeps; for report.cpp and report_figures.cpp.

/// Texts that come again and again, as small numbers.
class ReportNames {
 public:
  /// The number of `text`; that of 「…」 once there are too many to be worth a line each.
  [[nodiscard]] std::uint16_t number_of(const std::string& text);
  [[nodiscard]] const std::string& operator[](std::size_t number) const { return texts_[number]; }
  [[nodiscard]] std::size_t size() const { return texts_.size(); }

 private:
  static constexpr std::size_t kMost = 2000;
  std::unordered_map<std::string, std::uint16_t> numbers_{};
  std::vector<std::string> texts_{};
};

/// One ticket of the period. Seconds count from its opening; kNever: it did not come about.
struct TicketFact {
  static constexpr std::int32_t kNever = -1;
  TicketId id{};
  std::int64_t opened_s = 0;
  std::int64_t matter = 0;
  std::uint64_t home = 0;
  std::int32_t first_response = kNever;
  std::int32_t response = kNever;  ///< of the round that lasts
  std::int32_t resolved = kNever;
  std::int32_t respond_by = kNever, resolve_by = kNever;
  std::uint16_t kind = 0, place = 0, bucket = 0, department = 0;
  std::uint8_t channel = 0, reopened = 0;
  Category category = Category::none;
  TicketStatus status = TicketStatus::opened;
  std::int8_t score = 0;  ///< the lowest that was given; 0: none
  bool not_fixed = false;
  [[nodiscard]] bool counts() const { return status != TicketStatus::merged; }
  /// Is it work that was to be done?
  [[nodiscard]] bool is_work() const {
    return counts() && status != TicketStatus::withdrawn && status != TicketStatus::out_of_scope;
  }
};

/// How often before, how often in the last bucket.
struct RiseCount {
  std::int64_t before = 0, now = 0;
};
using RiseCounts = std::vector<RiseCount>;  ///< by the number of the kind or place

struct ReportFacts {
  ReportPeriod period{};
  ReportRules rules{};
  ReportNames kinds{}, places{}, channels{};
  std::vector<DepartmentId> departments{};
  std::vector<TicketFact> facts{};  ///< by id
  std::optional<Time> first_opened{};
  RiseCounts kind_rises{}, place_rises{};
  SurveyReport surveys{};
  std::map<std::pair<std::string, std::string>, SurveyFigures> strata{};  ///< by kind of ticket and duration

  struct Address {
    std::uint16_t place = 0;
    std::uint64_t home = 0;
  };
  std::unordered_map<std::string, Address> addresses{};  ///< those seen lately: reading one takes a while

  [[nodiscard]] Address read_address(const std::string& address);
  [[nodiscard]] TicketFact* find(TicketId id);
  void count_for_rise(const ReportTicket& ticket, std::uint16_t kind, std::uint16_t place);
  void count_survey(SurveyFigures& into, const ReportSurvey& survey) const;
};

/// `repair/elevator`, `repair`.
[[nodiscard]] std::string kind_key(Category category, const std::string& subcategory);

}  // namespace huiyin::tickets
