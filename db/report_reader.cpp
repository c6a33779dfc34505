#include "db/report_reader.h"

#include <memory>

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

void stream_changes(Session& session, const ReportWants& wants, ReportSink& sink) {
  const auto rows = session.stream(
      "SELECT ticket_id,at,from_status,to_status FROM ticket_history WHERE id>=" +
      std::to_string(least_id(wants.from)) +
      " AND (to_status='accepted' OR (to_status='resolved' AND from_status<>'resolved')"
      " OR (to_status IN ('opened','assigned') AND from_status NOT IN ('opened','assigned'))) ORDER BY id");
  ReportChange change;
  for (rows->query(); rows->next();) {
    change.ticket = rows->id<TicketId>();
    change.at = rows->time();
    const auto from = rows->text();
    change.from = known(parse_ticket_status(from), from);
    const auto to = rows->text();
    change.to = known(parse_ticket_status(to), to);
    sink.take(change);
  }
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
