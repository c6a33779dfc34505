#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/ids.h"
#include "core/ticket.h"
#include "core/time.h"

namespace huiyin {

// What a report is made of: rows as they stream from the store, a few columns of each, one at a time.

/// What is read for a report.
struct ReportWants {
  Time from{}, until{};  ///< tickets that were opened from then, and before then
  EstateId estate{};     ///< none: all
  int low_score = 2;     ///< the words of surveys with this score or less come along
};

/// A ticket that was opened in that time.
struct ReportTicket {
  TicketId id{};
  Time opened{};
  std::string channel{};  ///< empty: it came by no channel, as a telephone call
  Category category = Category::none;
  std::string subcategory{};
  DepartmentId department{};
  TicketStatus status = TicketStatus::opened;
  std::string address{};
  std::int64_t matter = 0;  ///< Ticket::matter
  std::optional<Time> respond_by{}, resolve_by{};
};

/// A change by which somebody took a ticket, was done with it, or it became free again.
struct ReportChange {
  TicketId ticket{};
  Time at{};
  TicketStatus from = TicketStatus::opened;
  TicketStatus to = TicketStatus::opened;
};

/// A survey.
struct ReportSurvey {
  TicketId ticket{};
  std::optional<int> score{};
  std::string outcome{};  ///< as in Survey
  bool answered = false;
  std::string words{};  ///< of a low answer alone
};

/// Takes the rows: all tickets, by id, then all changes, a ticket's in their order, then all surveys. What belongs to
/// no ticket that it was given is not its.
class ReportSink {
 public:
  ReportSink() = default;
  ReportSink(const ReportSink&) = delete;
  ReportSink& operator=(const ReportSink&) = delete;
  virtual ~ReportSink() = default;
  virtual void take(const ReportTicket& ticket) = 0;
  virtual void take(const ReportChange& change) = 0;
  virtual void take(const ReportSurvey& survey) = 0;
};

}  // namespace huiyin
