#include "tests/db/drivers.h"

#include <atomic>
#include <stdexcept>

#include "core/overloaded.h"
#include "db/sql_store.h"

namespace huiyin::db {

using namespace std::chrono_literals;

const Time kNoon = Time(std::chrono::sys_days(std::chrono::year(2026) / 11 / 23)) + 4h;

Database::Database(const Driver& driver) : schema_(driver.make_empty()) {
  const auto report = migrate(schema_->options());
  if (!report) throw std::runtime_error(huiyin::describe(report.error()));
  auto options = schema_->options();
  options.statement_timeout = std::chrono::minutes(2);  // a busy machine takes long to seed 50,000 rows
  connector_ = make_connector(options).value();
  session_ = connector_->connect(SessionUse::reading);
}

std::unique_ptr<Store> Database::open() const {
  auto store = open_store(schema_->options());
  if (!store) throw std::runtime_error(huiyin::describe(store.error()));
  return *std::move(store);
}

std::unique_ptr<Session> Database::connect(SessionUse use) const { return connector_->connect(use); }

std::string Database::ask(const std::string& sql) const {
  auto& statement = session_->prepare(sql);
  statement.query();
  std::string first;
  for (bool is_first = true; statement.next(); is_first = false) {
    if (is_first) first = statement.text();
  }
  return first;
}

void Database::execute(const std::string& sql) const { session_->execute(sql); }

std::int64_t fresh_id() {
  static std::atomic<std::int64_t> last{0};
  return ++last;
}

UnitOfWork unit_of(const std::string& key, const Peer& peer) {
  UnitOfWork unit;
  unit.id = UnitId{fresh_id()};
  unit.inbox = {key, peer.channel, peer.address, "<xml>" + key + "</xml>", kNoon, "request-" + key};
  return unit;
}

Conversation conversation_of(const Peer& peer) {
  Conversation out;
  out.id = ConversationId{fresh_id()};
  out.peer = peer;
  out.locale = "zh-CN";
  return out;
}

OutboundMessage reply_of(const std::string& text) {
  OutboundMessage out;
  out.to = kWang;
  out.text = text;
  return out;
}

OutboxRow text_to(const Peer& peer, const std::string& text, Time due) {
  OutboxRow row;
  row.id = OutboxId{fresh_id()};
  row.message.key = std::to_string(row.id.value);
  row.message.to = peer;
  row.message.text = text;
  row.created = kNoon;
  row.due = due;
  return row;
}

Ticket ticket_of(const Peer& peer, std::int64_t number) {
  Ticket out;
  out.id = TicketId{fresh_id()};
  out.number = {number};
  out.peer = peer;
  out.category = Category::repair;
  out.opened = kNoon;
  return out;
}

Survey survey_of(const Peer& peer, TicketId ticket) {
  Survey out;
  out.id = SurveyId{fresh_id()};
  out.ticket = ticket;
  out.peer = peer;
  out.asked = kNoon;
  out.expires = kNoon + 24h;
  return out;
}

std::string describe(const CommitOutcome& outcome) {
  return std::visit(Overloaded{[](const Committed&) -> std::string { return "committed"; },
                               [](const Duplicate& repeat) -> std::string {
                                 if (repeat.reply_moved) return "duplicate moved";
                                 return repeat.reply ? "duplicate " + repeat.reply->text : "duplicate";
                               },
                               [](const Conflict& conflict) { return "conflict " + conflict.what; },
                               [](const Unavailable&) -> std::string { return "unavailable"; },
                               [](const Refused&) -> std::string { return "refused"; }},
                    outcome);
}

}  // namespace huiyin::db
