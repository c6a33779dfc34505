#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "core/ticket.h"
#include "pages/html.h"
#include "pages/report_page.h"
#include "tickets/report.h"

namespace huiyin::gateway {

/// What a report is about, and the words for it.
struct ReportSubject {
  std::string locale{"zh-CN"};
  std::string company{}, estate{};  ///< as people call them; `estate` is empty for all
  std::string estate_name{};        ///< as configured
  tickets::ReportPeriod period{};
  std::string made{};  ///< when, by the clock there
  pages::Words words{};
  std::function<std::string(const std::string& key)> kind{};  ///< `repair/elevator` in words
  std::function<std::string(DepartmentId)> department{};
  std::function<std::string(const Ticket&)> number{};
  std::vector<std::string> staff{};    ///< names that are masked in owners' words
  std::map<TicketId, Ticket> named{};  ///< the tickets that the report names (tickets_named_by)
};

/// The tickets that a report names, which are to be read for it.
[[nodiscard]] std::vector<TicketId> tickets_named_by(const tickets::Report& report);

/// The report in words. Pure. Names and phones in what owners wrote are masked.
[[nodiscard]] pages::ReportPage view_of(const tickets::Report& report, const ReportSubject& subject);

// Its parts, in the files of the same name. Each a table, empty where there is nothing to say.
[[nodiscard]] std::vector<pages::ReportFigure> key_figures(const tickets::Report& report, const ReportSubject& subject);
[[nodiscard]] std::vector<pages::ReportTable> work_tables(const tickets::Report& report, const ReportSubject& subject);
[[nodiscard]] std::vector<pages::ReportTable> owner_tables(const tickets::Report& report, const ReportSubject& subject);

/// One column or more of `report.<name>`: what programs call it is the name.
[[nodiscard]] std::vector<pages::ReportLabel> report_columns(const ReportSubject& subject,
                                                             std::initializer_list<const char*> names);
/// A table with the title `report.<key>`, and, where there is such a text, the note `report.<key>.note`.
[[nodiscard]] pages::ReportTable report_table(const ReportSubject& subject, const std::string& key,
                                              std::initializer_list<const char*> columns);
/// What anybody wrote, with the ticket's own names, those of staff, and phones masked, and cut.
[[nodiscard]] std::string shown_words(const std::string& words, const Ticket& ticket, const ReportSubject& subject);
/// A place, kind or channel that nobody named has words too.
[[nodiscard]] std::string place_words(const ReportSubject& subject, const std::string& place);
/// `2026-11` of a whole month, else the first day: 「11-02」 stands for a week.
[[nodiscard]] std::string bucket_words(const tickets::ReportPeriod& period, std::size_t bucket);

}  // namespace huiyin::gateway
