#include "db/report_reader.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "db/id_range.h"
#include "db/own_session.h"
#include "db/reads.h"
#include "db/staff_reads.h"

namespace huiyin::db {
namespace {

// A statement that streams takes no parameters: what stands in its text are numbers and times that we wrote ourselves.
std::string quoted(Time time) { return "'" + format_utc(time) + "'"; }

template <class Value>
Value known(const std::optional<Value>& value, const std::string& text) {
  if (!value) throw SqlError(SqlError::Kind::broken, 0, "no such value: " + text);
  return *value;
}

void stream_tickets(Session& session, const ReportWants& wants, ReportSink& sink) {
  auto sql =
      "SELECT id,opened,channel,category,subcategory,department_id,status,place_text,matter,respond_by,resolve_by "
      "FROM tickets WHERE id>=" +
      std::to_string(least_id(wants.from)) + " AND opened>=" + quoted(wants.from) + " AND opened<" +
      quoted(wants.until);
  // `+0` keeps the optimizer from the index by estate, by which it would look each row up, and sort them all again.
  if (wants.estate) sql += " AND estate_id+0=" + std::to_string(wants.estate.value);
  const auto rows = session.stream(sql + " ORDER BY id");
  ReportTicket ticket;
  for (rows->query(); rows->next();) {
    ticket.id = rows->id<TicketId>();
    ticket.opened = rows->time();
    ticket.channel = rows->text();
    const auto category = rows->text();
    ticket.category = known(parse_category(category), category);
    ticket.subcategory = rows->text();
    ticket.department = rows->id<DepartmentId>();
    const auto status = rows->text();
    ticket.status = known(parse_ticket_status(status), status);
    ticket.address = rows->text();
    ticket.matter = rows->integer();
    ticket.respond_by = rows->optional_time();
    ticket.resolve_by = rows->optional_time();
    sink.take(ticket);
  }
}

/// A change with its place among its ticket's.
struct Change {
  std::int64_t id = 0;
  ReportChange what{};
};

void give(std::vector<Change>& of_ticket, ReportSink& sink) {
  std::sort(of_ticket.begin(), of_ticket.end(), [](const Change& a, const Change& b) { return a.id < b.id; });
  for (const auto& change : of_ticket) sink.take(change.what);
  of_ticket.clear();
}

/// In the order of an index that holds all of this: the table itself, with what people wrote, is several times as
/// large. Of a ticket it has what its owner may not see first, so a ticket's few are put in order here.
void stream_changes(Session& session, const ReportWants& wants, ReportSink& sink) {
  const auto rows =
      session.stream("SELECT ticket_id,id,at,from_status,to_status FROM ticket_history WHERE ticket_id>=" +
                     std::to_string(least_id(wants.from)) +
                     " AND (to_status='accepted' OR (to_status='resolved' AND from_status<>'resolved')"
                     " OR (to_status IN ('opened','assigned') AND from_status NOT IN ('opened','assigned')))"
                     " ORDER BY ticket_id,owner_visible,id");
  std::vector<Change> of_ticket;
  for (rows->query(); rows->next();) {
    Change change;
    change.what.ticket = rows->id<TicketId>();
    change.id = rows->integer();
    change.what.at = rows->time();
    const auto from = rows->text();
    change.what.from = known(parse_ticket_status(from), from);
    const auto to = rows->text();
    change.what.to = known(parse_ticket_status(to), to);
    if (!of_ticket.empty() && of_ticket.front().what.ticket != change.what.ticket) give(of_ticket, sink);
    of_ticket.push_back(change);
  }
  give(of_ticket, sink);
}

void stream_surveys(Session& session, const ReportWants& wants, ReportSink& sink) {
  const auto rows =
      session.stream("SELECT ticket_id,score,outcome,answered,CASE WHEN score<=" + std::to_string(wants.low_score) +
                     " OR outcome='not_fixed' THEN suggestion ELSE '' END FROM surveys WHERE id>=" +
                     std::to_string(least_id(wants.from)) + " ORDER BY id");
  ReportSurvey survey;
  for (rows->query(); rows->next();) {
    survey.ticket = rows->id<TicketId>();
    survey.score = rows->optional_small();
    survey.outcome = rows->text();
    survey.answered = rows->optional_text().has_value();
    survey.words = rows->text();
    sink.take(survey);
  }
}

}  // namespace

Result<void> read_report(const StoreOptions& options, const ReportWants& wants, ReportSink& sink) {
  return with_own_session(options, [&](Session& session) {
    stream_tickets(session, wants, sink);
    stream_changes(session, wants, sink);
    stream_surveys(session, wants, sink);
  });
}

Result<NamedInReport> read_named(const StoreOptions& options, const std::vector<TicketId>& ids) {
  NamedInReport out;
  auto read = with_own_session(options, [&](Session& session) {
    out.tickets = tickets_by_id(session, ids);
    out.staff.clear();
    for (auto& one : list_staff(session)) out.staff.push_back(std::move(one.name));
  });
  if (!read) return tl::unexpected(std::move(read.error()));
  return out;
}

}  // namespace huiyin::db
