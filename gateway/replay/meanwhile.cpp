#include "gateway/replay/meanwhile.h"

#include <algorithm>

#include "tickets/state_machine.h"
#include "tickets/state_table.h"

namespace huiyin::gateway {
namespace {

using tickets::ActionKind;

const Ticket* find(const std::vector<Ticket>& tickets, TicketId id) {
  const auto found = std::find_if(tickets.begin(), tickets.end(), [id](const Ticket& one) { return one.id == id; });
  return found == tickets.end() ? nullptr : &*found;
}

/// Rows that his own messages caused come about by themselves when these are gone through.
bool is_his_own(const HistoryRow& row, const Peer& peer) { return row.delivery_key.starts_with(peer.channel + ":"); }

/// The survey as it was asked.
Survey unanswered(Survey survey) {
  survey.score.reset();
  survey.answered.reset();
  survey.suggestion.clear();
  survey.outcome.clear();
  survey.version = 0;
  return survey;
}

/// As nearly as the record can tell: what staff changed in it later has no other values.
Ticket as_opened(Ticket ticket) {
  ticket.version = 0;
  ticket.closed.reset();
  ticket.merged_into = {};
  ticket.status = TicketStatus::opened;
  return ticket;
}

/// What an action left in the ticket, as far as the row does not say it: as the record has it in the end.
void take_over(const HistoryRow& row, const Ticket& recorded, Ticket& ticket) {
  const auto is = [&](ActionKind kind) { return row.action == tickets::to_string(kind); };
  ticket.status = row.to;
  if (is(ActionKind::assign) || is(ActionKind::accept)) {
    ticket.department = recorded.department;
    ticket.assignee = recorded.assignee;
  } else if (is(ActionKind::set_category)) {
    ticket.category = recorded.category;
    ticket.subcategory = recorded.subcategory;
  } else if (is(ActionKind::add_details)) {
    ticket.address = recorded.address;
    ticket.description = recorded.description;
  } else if (is(ActionKind::set_priority)) {
    ticket.priority = recorded.priority;
  } else if (is(ActionKind::complete)) {
    ticket.told_by = recorded.told_by;
  }
  if (tickets::is_end(ticket.status)) {
    if (!ticket.closed) ticket.closed = row.at;
  } else {
    ticket.closed.reset();
  }
}

}  // namespace

bool Meanwhile::was_here_before(Time first) const {
  if (!record_.conversation) return false;
  const auto& consented = record_.conversation->consented;
  const auto before = [first](const auto& when) { return when < first; };
  return (consented && *consented < first) || std::any_of(record_.tickets.begin(), record_.tickets.end(),
                                                          [&](const auto& one) { return before(one.opened); });
}

void Meanwhile::set_out(Time first) {
  auto unit = stage_.begin(first);
  if (was_here_before(first)) put_contact(first, unit);
  put_tickets(first, unit);
  while (next_row_ < record_.history.size() && record_.history[next_row_].at < first) ++next_row_;
  for (; next_survey_ < record_.surveys.size() && record_.surveys[next_survey_].asked < first; ++next_survey_) {
    const auto& survey = record_.surveys[next_survey_];
    const bool waits = !survey.answered || *survey.answered >= first;
    unit.surveys.push_back(waits ? unanswered(survey) : survey);
    unit.surveys.back().version = 0;
    if (!waits || !unit.conversation) continue;
    unit.conversation->dialog.survey = survey.id;
    unit.conversation->dialog.surveyed = survey.asked;
  }
  stage_.commit(std::move(unit));
}

void Meanwhile::put_contact(Time first, UnitOfWork& unit) const {
  const auto& known = *record_.conversation;
  unit.conversation = Conversation{.id = stage_.ids().next<ConversationId>(),
                                   .peer = peer_,
                                   .estate = known.estate,
                                   .contact = known.contact,
                                   .locale = known.locale,
                                   .consented = known.consented};
  if (known.consented && *known.consented < first) unit.conversation->dialog.consent = ConsentNotice::accepted;
  if (!record_.contact) return;
  auto contact = *record_.contact;
  contact.version = 0;
  contact.alias_of = {};
  unit.contacts = {std::move(contact)};
}

/// Those that he had, and those of others that his were merged into, as they were then.
void Meanwhile::put_tickets(Time first, UnitOfWork& unit) const {
  for (const auto& recorded : record_.tickets) {
    const bool his = recorded.peer == peer_;
    if (his && recorded.opened >= first) continue;
    if (stage_.find(recorded.number)) continue;
    auto ticket = as_opened(recorded);
    for (const auto& row : record_.history)
      if (row.ticket == recorded.id && row.at < first) {
        ticket.status = row.to;
        if (tickets::is_end(row.to)) ticket.closed = row.at;
        unit.history.push_back(row);
      }
    unit.tickets.push_back(std::move(ticket));
  }
}

void Meanwhile::catch_up(Time now) {
  for (; next_row_ < record_.history.size() && record_.history[next_row_].at <= now; ++next_row_)
    if (!is_his_own(record_.history[next_row_], peer_)) repeat(record_.history[next_row_]);
  for (; next_survey_ < record_.surveys.size() && record_.surveys[next_survey_].asked <= now; ++next_survey_)
    ask(record_.surveys[next_survey_]);
}

void Meanwhile::repeat(const HistoryRow& row) {
  const auto* recorded = find(record_.tickets, row.ticket);
  if (recorded == nullptr) return;
  auto ticket = stage_.find(recorded->number);
  if (!ticket && row.action == tickets::kOpen)
    ticket = as_opened(*recorded);  // by an operator, for somebody who called
  if (!ticket) return;
  auto unit = stage_.begin(row.at);
  auto copy = row;
  copy.ticket = ticket->id;
  unit.history = {std::move(copy)};
  take_over(row, *recorded, *ticket);
  const bool staff_wrote = row.action == tickets::to_string(ActionKind::tell) && row.actor.kind == ActorKind::staff;
  const auto id = ticket->id;
  unit.tickets = {*std::move(ticket)};
  stage_.commit(std::move(unit));
  if (staff_wrote)
    change_conversation(row.at, [&](Conversation& conversation) {
      conversation.dialog.talk = id;
      conversation.dialog.talked = row.at;
    });
}

void Meanwhile::ask(const Survey& survey) {
  const auto* recorded = find(record_.tickets, survey.ticket);
  const auto ticket = recorded == nullptr ? std::nullopt : stage_.find(recorded->number);
  if (!ticket) return;
  auto unit = stage_.begin(survey.asked);
  auto asked = unanswered(survey);
  asked.ticket = ticket->id;
  unit.surveys = {std::move(asked)};
  stage_.commit(std::move(unit));
  change_conversation(survey.asked, [&](Conversation& conversation) {
    conversation.dialog.survey = survey.id;
    conversation.dialog.surveyed = survey.asked;
  });
}

void Meanwhile::change_conversation(Time at, const std::function<void(Conversation&)>& change) {
  auto snapshot = stage_.read({.peer = peer_});
  if (!snapshot.conversation) return;
  auto unit = stage_.begin(at);
  change(*snapshot.conversation);
  unit.conversation = std::move(snapshot.conversation);
  stage_.commit(std::move(unit));
}

}  // namespace huiyin::gateway
