#include "tests/gateway/month_audit.h"

#include <algorithm>

#include "tickets/state_table.h"
#include "tickets/survey.h"

namespace huiyin::gateway {
namespace {

constexpr std::size_t kShownOfEach = 5;

/// One month's audit, ticket by ticket.
class Auditor {
 public:
  Auditor(MonthWorld& world, const MonthPeople& people) : world_(world), people_(people) {}

  MonthReport run() {
    for (const auto& fault : world_.faults()) complain("world", fault);
    for (const auto id : people_.opened()) look_at(id);
    for (const auto& [peer, surveys] : asked_) check_pace(peer, surveys);
    for (const auto& [id, timer] : world_.timers()) complain("a timer is left", timer.kind + " " + timer.subject);
    const auto late = world_.store().lease_timers("auditor", world_.now() + std::chrono::days(400), {}, 10);
    if (!late || !late->empty()) complain("a timer is left in the store", std::to_string(late ? late->size() : 0));
    return std::move(report_);
  }

 private:
  void complain(const std::string& what, const std::string& which) {
    auto& found = report_.counts["broken: " + what];
    if (static_cast<std::size_t>(found++) < kShownOfEach) report_.broken.push_back(what + ": " + which);
  }

  void look_at(TicketId id) {
    auto snapshot = world_.store().read({.peer = {kOwnersChannel, "nobody"}, .details = true, .ticket_ids = {id}});
    if (!snapshot || snapshot->tickets.empty()) return complain("a ticket is gone", std::to_string(id.value));
    const auto& ticket = snapshot->tickets.front();
    name_ = world_.office().number(ticket);
    ++report_.counts["tickets"];
    ++report_.counts["ended " + std::string(to_string(ticket.status))];
    const bool has_ended = !tickets::is_active(ticket.status) && ticket.status != TicketStatus::resolved;
    if (!has_ended) complain("a ticket has not ended", name_ + " " + std::string(to_string(ticket.status)));
    std::vector<HistoryRow> history;
    for (const auto& row : snapshot->history)
      if (row.ticket == id) history.push_back(row);
    check_history(ticket, history);
    check_told(ticket, history);
    check_surveys(ticket, history, snapshot->surveys);
  }

  /// The role in which a row was written.
  [[nodiscard]] std::optional<tickets::Role> role_of(const HistoryRow& row) const {
    if (row.actor.kind == ActorKind::owner) return tickets::Role::owner;
    if (row.actor.kind == ActorKind::system) return tickets::Role::system;
    const auto found = people_.roles().find(row.actor.id);
    if (found == people_.roles().end()) return std::nullopt;
    return tickets::role_of(found->second);
  }

  [[nodiscard]] bool is_allowed(const HistoryRow& row) const {
    const auto action = tickets::parse_action(row.action);
    const auto role = role_of(row);
    if (!action || !role) return false;
    const auto transition = tickets::find_transition(row.from, *action, *role);
    if (!transition) return false;
    using Kind = tickets::Target::Kind;
    switch (transition->target.kind) {
      case Kind::to:
        return row.to == transition->target.status;
      case Kind::stays:
        return row.to == row.from;
      case Kind::reopened:
        return row.to == TicketStatus::assigned || row.to == TicketStatus::opened;
    }
    return false;
  }

  void check_history(const Ticket& ticket, const std::vector<HistoryRow>& history) {
    if (history.empty() || history.front().action != tickets::kOpen)
      return complain("a history has no beginning", name_);
    auto status = history.front().to;
    auto at = history.front().at;
    for (auto row = history.begin() + 1; row != history.end(); ++row) {
      if (row->from != status) complain("a history has a gap", name_ + " before " + row->action);
      if (row->at < at) complain("a history runs backwards", name_ + " at " + row->action);
      if (!is_allowed(*row))
        complain("a transition is not allowed", name_ + " " + std::string(to_string(row->from)) + " " + row->action);
      if (row->delivery_key.empty()) complain("a row does not say what caused it", name_ + " " + row->action);
      status = row->to;
      at = row->at;
      ++report_.counts["did " + row->action];
    }
    if (status != ticket.status) complain("the history ends elsewhere than the ticket", name_);
  }

  [[nodiscard]] static int count_of(const std::vector<std::string>& told, std::string_view name) {
    return static_cast<int>(std::count(told.begin(), told.end(), name));
  }

  void check_told(const Ticket& ticket, const std::vector<HistoryRow>& history) {
    if (ticket.peer.address.empty()) return;
    const auto& told = people_.told(ticket.id);
    if (ticket.status == TicketStatus::out_of_scope && !people_.heard_whose_it_is(ticket.peer, ticket.id))
      complain("an owner was not told whose it is", name_);
    const int results = count_of(told, "news.result") + count_of(told, "news.result_survey");
    const int completions = tickets::closings(history);
    const int round = ticket.status == TicketStatus::closed && completions == 0 ? 1 : 0;
    if (results < completions) complain("an owner was not told the result", name_);
    if (results > completions && ticket.status != TicketStatus::merged)
      complain("an owner was told a result twice", name_);
    if (ticket.status == TicketStatus::merged && count_of(told, "news.merged") == 0)
      complain("an owner was not told that it is known", name_);
    if (round == 1 && count_of(told, "news.not_done") == 0)
      complain("an owner was not told that it is not done", name_);
    check_pushes(ticket, history, told);
  }

  /// At most three of the ordinary ones in each round.
  void check_pushes(const Ticket& ticket, const std::vector<HistoryRow>& history,
                    const std::vector<std::string>& told) {
    if (ticket.status == TicketStatus::merged) return;  // he hears of the other ticket's, under its own number
    const auto reopenings = std::count_if(history.begin(), history.end(), [](const HistoryRow& row) {
      return row.action == to_string(tickets::ActionKind::reopen);
    });
    const auto ordinary = std::count_if(told.begin(), told.end(), [](const std::string& name) {
      return name == "news.assigned" || name == "news.accepted" || name == "news.visit" || name == "news.progress" ||
             name == "news.waiting";
    });
    if (ordinary > 3 * (reopenings + 1))
      complain("an owner was told too often", name_ + " " + std::to_string(ordinary));
  }

  void check_surveys(const Ticket& ticket, const std::vector<HistoryRow>& history, const std::vector<Survey>& surveys) {
    std::map<int, int> by_closing;
    int of_ticket = 0;
    for (const auto& survey : surveys) {
      if (survey.ticket != ticket.id) continue;
      ++of_ticket;
      if (++by_closing[survey.closing] > 1) complain("two surveys for one closing", name_);
      if (survey.peer != ticket.peer) complain("a survey of somebody else", name_);
      asked_[ticket.peer.address].push_back(survey);
      ++report_.counts[survey.answered ? "surveys answered" : "surveys not answered"];
    }
    const auto& told = people_.told(ticket.id);
    if (count_of(told, "news.result_survey") != of_ticket) complain("a survey was not asked once", name_);
    if (count_of(told, "news.survey_reminder") > of_ticket) complain("a survey was reminded of twice", name_);
    report_.counts["surveys reminded"] += count_of(told, "news.survey_reminder");
    if (of_ticket > tickets::closings(history)) complain("a survey without a closing", name_);
  }

  /// Not more than one in a fortnight, unless the one before was low.
  void check_pace(const std::string& owner, std::vector<Survey> surveys) {
    std::sort(surveys.begin(), surveys.end(), [](const Survey& a, const Survey& b) { return a.asked < b.asked; });
    const tickets::SurveyRules rules;
    for (std::size_t i = 1; i < surveys.size(); ++i) {
      const auto& before = surveys[i - 1];
      const bool was_content = !(before.score && *before.score <= rules.low_score) &&
                               (before.outcome.empty() || before.outcome == tickets::kFixed);
      if (was_content && surveys[i].asked - before.asked < rules.at_most_every)
        complain("an owner was asked too soon", owner);
    }
  }

  MonthWorld& world_;
  const MonthPeople& people_;
  MonthReport report_{};
  std::string name_{};
  std::map<std::string, std::vector<Survey>> asked_{};  ///< by owner
};

}  // namespace

MonthReport audit_month(MonthWorld& world, const MonthPeople& people) { return Auditor(world, people).run(); }

}  // namespace huiyin::gateway
