#include "gateway/ticket_timer.h"

#include <algorithm>
#include <charconv>

#include "gateway/owner_notices.h"
#include "gateway/ticket_case.h"
#include "gateway/unit.h"
#include "tickets/audit.h"
#include "tickets/survey.h"

namespace huiyin::gateway {
namespace {

using tickets::ActionKind;
using tickets::StepKind;
using Kind = tickets::Receiver::Kind;

// That the dispatcher was told: the texts of rows of `remind`.
constexpr auto kNoteDispatch = "dispatch 1", kNoteScope = "scope 1";

bool is_of(const HistoryRow& row, ActionKind kind) { return row.action == to_string(kind); }

/// A list whose numbers he may choose by, but need not.
bool shows_list(const DialogState& dialog) { return dialog.asking == "menu" || dialog.asking == "faq"; }

/// Somebody said that it is ours after all: the rules have nothing to say any more.
bool is_taking_on(const HistoryRow& row) {
  return is_of(row, ActionKind::reopen) && row.from == TicketStatus::out_of_scope;
}

/// Where the ticket's last round of being looked at begins.
auto begin_of_look(const std::vector<HistoryRow>& history) {
  return std::find_if(history.rbegin(), history.rend(), is_taking_on).base();
}

/// To other hands, where there are others.
void leave_out(const std::vector<StaffId>& former, std::vector<StaffId>& staff) {
  auto others = staff;
  std::erase_if(others, [&](StaffId id) { return std::find(former.begin(), former.end(), id) != former.end(); });
  if (!others.empty()) staff = std::move(others);
}

/// One firing. `conversation`: the owner's, where the firing may change it.
class Firing {
 public:
  Firing(const Office& office, const Snapshot& snapshot, std::optional<Conversation> conversation, const Ticket& ticket,
         const Supplies& supplies, UnitOfWork& unit)
      : office_(office),
        snapshot_(snapshot),
        supplies_(supplies),
        unit_(unit),
        conversation_(std::move(conversation)),
        case_(office, ticket, snapshot, supplies, unit) {
    if (conversation_ && conversation_->peer != ticket.peer) conversation_.reset();
  }

  void run() {
    if (is_first_look(case_.history())) look_first();
    tell_dispatcher();
    tell_of_result();
    for (const auto& step : tickets::due_now(case_.facts(), case_.site().life, supplies_.now)) take(step);
    note_talk();
    case_.finish(false);
    if (conversation_changed_) unit_.conversation = std::move(conversation_);
  }

  /// Since it was opened, or since somebody said that it is ours after all.
  static bool is_first_look(const std::vector<HistoryRow>& history) {
    return std::none_of(begin_of_look(history), history.end(),
                        [](const HistoryRow& row) { return row.actor.kind == ActorKind::system; });
  }

 private:
  [[nodiscard]] const Ticket& ticket() const { return case_.ticket(); }
  [[nodiscard]] bool is_urgent() const { return ticket().priority == Priority::urgent; }
  [[nodiscard]] const tickets::EscalationRules& escalation() const { return case_.site().life.escalation; }
  void look_first();
  void look_at_scope();
  void tell_dispatcher();
  void look_for_duplicate();
  void ask_for_missing();
  void tell_of_result();
  void note_talk();
  void take(const tickets::Step& step);
  void hand_out();
  void alarm(std::vector<tickets::Receiver> to);
  void say_unattended();

  const Office& office_;
  const Snapshot& snapshot_;
  const Supplies& supplies_;
  UnitOfWork& unit_;
  std::optional<Conversation> conversation_;
  TicketCase case_;
  bool conversation_changed_ = false;
};

void Firing::look_first() {
  look_at_scope();
  if (!tickets::is_active(ticket().status)) return;
  look_for_duplicate();
  if (tickets::is_active(ticket().status)) ask_for_missing();
}

/// By the company's rules; what the lexicon knows as others' was told in the dialog already. The dispatcher hears of
/// both, since only a person can say that it is ours after all.
void Firing::look_at_scope() {
  const auto& rows = case_.history();
  const auto* rule = tickets::out_of_scope_by(office_.scope, ticket());
  const bool is_decided = ticket().assignee || std::any_of(rows.begin(), rows.end(), is_taking_on);
  if (rule != nullptr && !is_decided && tickets::is_active(ticket().status))
    case_.act_as_system(
        {.kind = ActionKind::mark_out_of_scope,
         .text = office_.renderer->render("staff.out_of_scope_call", office_.locale, "", {{"call", rule->call}})});
  if (ticket().status != TicketStatus::out_of_scope) return;
  case_.tell({{.kind = Kind::dispatcher, .destination = {}}},
             {.name = "staff.out_of_scope", .data = {}, .with_card = true});
  case_.act_as_system({.kind = ActionKind::remind, .text = kNoteScope});
}

/// Where nobody but the dispatcher can hand it out: once for each round, from its opening or reopening on.
void Firing::tell_dispatcher() {
  const auto& rows = case_.history();
  const bool waits = ticket().status == TicketStatus::opened || ticket().status == TicketStatus::assigned;
  if (!waits || ticket().assignee || !case_.facts().by_hand) return;
  const auto round = std::find_if(rows.rbegin(), rows.rend(), [](const HistoryRow& row) {
                       return is_of(row, ActionKind::reopen) || is_of(row, ActionKind::send_back);
                     }).base();
  const bool is_sent_back = round != rows.begin() && is_of(*std::prev(round), ActionKind::send_back);
  const bool is_told = std::any_of(round, rows.end(), [](const HistoryRow& row) {
    return is_of(row, ActionKind::assign) || (is_of(row, ActionKind::remind) && row.text == kNoteDispatch);
  });
  if (is_sent_back || is_told) return;  // who sends it back tells him
  const bool told = case_.tell({{.kind = Kind::dispatcher, .destination = {}}},
                               {.name = "staff.to_dispatch", .data = {}, .with_card = true, .urgent = is_urgent()});
  if (told) case_.act_as_system({.kind = ActionKind::remind, .text = kNoteDispatch});
}

void Firing::look_for_duplicate() {
  if (ticket().assignee) return;  // somebody is at it
  const auto duplicate = tickets::find_duplicate(ticket(), snapshot_.near, supplies_.now, office_.duplicates);
  const auto found = std::find_if(snapshot_.near.begin(), snapshot_.near.end(),
                                  [&](const Ticket& other) { return other.id == duplicate.of; });
  if (duplicate.likeness == tickets::Likeness::none || found == snapshot_.near.end()) return;
  const auto known = office_.number(*found);
  const bool is_another = tickets::has_flag(ticket().audit, tickets::kFlagDuplicate);  // so its owner says
  if (duplicate.likeness == tickets::Likeness::same && !is_another) {
    case_.act_as_system({.kind = ActionKind::merge, .text = known, .target = found->id});
    return;
  }
  if (is_another) return;
  case_.flag(tickets::kFlagDuplicate);
  case_.tell({{.kind = Kind::dispatcher, .destination = {}}},
             {.name = "staff.maybe_duplicate", .data = {{"other", known}, {"why", duplicate.why}}});
}

/// The dialog has asked already for what it could; this is for tickets that were opened without one.
void Firing::ask_for_missing() {
  const auto& channel = ticket().peer.channel;
  if (!conversation_ || office_.is_staff_channel(channel) || office_.is_brief_channel(channel)) return;
  auto& dialog = conversation_->dialog;
  const bool idle = dialog.asking.empty() || dialog.asking == "received" || shows_list(dialog);
  const bool busy = !dialog.flow.empty() || !idle;
  const auto missing = tickets::missing_fields(ticket());
  if (missing.empty() || busy || conversation_->with_human || conversation_->gone) return;
  ask_owner_for(office_, ticket(), missing, snapshot_, supplies_, unit_);
  dialog.asking = "missing";
  dialog.ticket = ticket().id;
  dialog.ticket_number = office_.number(ticket());
  dialog.touched = supplies_.now;
  conversation_changed_ = true;
}

/// Done: the owner hears with what, and is asked what he thinks of it, unless he was asked lately.
void Firing::tell_of_result() {
  if (ticket().status != TicketStatus::resolved || is_result_told(case_.history())) return;
  const auto& rules = case_.site().life.survey;
  const bool can_ask = !ticket().peer.address.empty() && !office_.is_staff_channel(ticket().peer.channel);
  const auto choice = tickets::choose_survey(ticket(), case_.history(), case_.newest_survey(), supplies_.now, rules);
  if (!can_ask || choice != tickets::SurveyChoice::ask) {
    case_.act_as_system({.kind = ActionKind::survey, .text = std::string(kNoteTold)});
    return tell_result(office_, ticket(), case_.history(), snapshot_, nullptr, supplies_, unit_);
  }
  const auto survey =
      tickets::make_survey(supplies_.ids->next<SurveyId>(), ticket(), case_.history(), supplies_.now, rules);
  case_.put(survey);
  case_.act_as_system({.kind = ActionKind::survey, .text = tickets::survey_note(kNoteAsked, survey)});
  tell_result(office_, ticket(), case_.history(), snapshot_, &survey, supplies_, unit_);
  if (conversation_) {
    auto& dialog = conversation_->dialog;
    dialog.survey = survey.id;
    dialog.surveyed = supplies_.now;
    if (shows_list(dialog)) dialog.asking.clear();  // a number that he sends now is his score
    conversation_changed_ = true;
  }
}

/// Who has the ticket wrote to the owner: what the owner says next may be the answer.
void Firing::note_talk() {
  if (!conversation_) return;
  const auto& rows = case_.history();
  const auto said = std::find_if(rows.rbegin(), rows.rend(), [](const HistoryRow& row) {
    return row.action == to_string(ActionKind::tell) && row.actor.kind != ActorKind::owner;
  });
  if (said == rows.rend() || conversation_->dialog.talked >= said->at) return;
  conversation_->dialog.talk = ticket().id;
  conversation_->dialog.talked = said->at;
  conversation_changed_ = true;
}

void Firing::hand_out() {
  const auto& crew = case_.crew();
  if (crew.department == nullptr) return;
  const auto assignment =
      tickets::choose_hands(*crew.department, crew.candidates, tickets::former_hands(case_.history()));
  using enum tickets::Assignment::Kind;
  if (assignment.kind == person) {
    case_.act_as_system({.kind = ActionKind::assign, .staff = assignment.staff});
    if (is_urgent() && !escalation().urgent_tell.empty())
      case_.tell(escalation().urgent_tell.front(),
                 {.name = "staff.urgent", .data = {}, .with_card = true, .urgent = true});
  } else if (assignment.kind == offer) {
    tickets::Addressees to{.staff = {}, .destinations = crew.department->groups};
    for (const auto& candidate : crew.candidates) to.staff.push_back(candidate.staff);
    leave_out(tickets::former_hands(case_.history()), to.staff);
    case_.act_as_system({.kind = ActionKind::assign, .department = crew.department->id});
    case_.tell(
        to,
        {.name = is_urgent() ? "staff.urgent" : "staff.offer", .data = {}, .with_card = true, .urgent = is_urgent()});
  } else if (assignment.kind == queue) {
    say_unattended();
  }
}

/// Those who are there have all that they may have: it waits for one of them, and the dispatcher hears of it once.
void Firing::say_unattended() {
  constexpr std::string_view kKey = "unattended 1";
  const auto& rows = case_.history();
  if (std::any_of(rows.begin(), rows.end(), [&](const HistoryRow& row) { return row.text == kKey; })) return;
  case_.act_as_system({.kind = ActionKind::escalate, .text = std::string(kKey)});
  alarm(escalation().unattended_tell);
}

void Firing::alarm(std::vector<tickets::Receiver> to) {
  if (is_urgent() && !escalation().urgent_tell.empty()) {
    const auto& all = escalation().urgent_tell.back();
    to.insert(to.end(), all.begin(), all.end());
  }
  case_.tell(to, {.name = "staff.unattended", .data = {}, .with_card = true, .urgent = true});
}

void Firing::take(const tickets::Step& step) {
  const auto tell = [&](const char* name, bool urgent) {
    case_.tell(step.tell, {.name = name,
                           .data = {{"percent", std::to_string(step.count)}, {"count", std::to_string(step.count)}},
                           .with_card = true,
                           .urgent = urgent});
  };
  if (const auto action = tickets::action_of(step)) case_.act_as_system(*action);
  switch (step.kind) {
    case StepKind::hand_out:
      return hand_out();
    case StepKind::alarm_unattended:
      return alarm(step.tell);
    case StepKind::remind:
      return tell(step.key.starts_with("suspended") ? "staff.remind_suspended"
                  : step.key.starts_with("respond") ? "staff.remind_respond"
                                                    : "staff.remind_resolve",
                  is_urgent());
    case StepKind::escalate:
      return tell(step.key.starts_with("respond") ? "staff.overdue_respond" : "staff.overdue_resolve", is_urgent());
    case StepKind::repeat_urgent:
      return tell("staff.urgent_again", true);
    case StepKind::remind_survey:
      if (const auto survey = case_.survey()) remind_of_survey(office_, ticket(), snapshot_, *survey, supplies_, unit_);
      return;
    case StepKind::urge_call_back:
      return tell("staff.call_back_late", false);
    case StepKind::expire_survey:
    case StepKind::close:
      return;
  }
}

/// Everything that a firing looks at, of what `snapshot` does not show.
std::optional<Wants> lacks_for_firing(const Office& office, const Ticket& ticket, const Snapshot& snapshot, Time now) {
  auto wants = lacks_for_case(ticket, snapshot, now);
  if (!ticket.assignee && snapshot.read.details && !(snapshot.read.roster && snapshot.read.roster->loads)) {
    if (!wants) wants = snapshot.read;
    wants->roster = RosterWants{.estate = ticket.estate, .at = now, .loads = true};
  }
  if (!Firing::is_first_look(snapshot.history) || snapshot.read.near || !snapshot.read.details) return wants;
  auto more = wants.value_or(snapshot.read);
  more.near = near_wants(office, ticket, now);
  return more;
}

}  // namespace

NearWants near_wants(const Office& office, const Ticket& ticket, Time now) {
  return {.matter = tickets::matter_of(ticket, office.duplicates),
          .place = ticket.place,
          .owner = ticket.peer,
          .since = now - office.duplicates.window};
}

TicketId ticket_of_timer(const std::string& subject) {
  TicketId id;
  const auto* const end = subject.data() + subject.size();
  const auto [rest, error] = std::from_chars(subject.data(), end, id.value);
  return error == std::errc{} && rest == end && id.value > 0 ? id : TicketId{};
}

std::variant<UnitOfWork, NeedsMore> decide_ticket_timer(const Office& office, const Incoming& incoming,
                                                        Snapshot snapshot, const Supplies& supplies) {
  const auto& fired = std::get<TimerFired>(incoming.event.body);
  const auto id = ticket_of_timer(fired.subject);
  auto unit = unit_for(incoming, supplies);
  if (!id) return unit;
  if (snapshot.read.ticket_ids.empty()) {
    NeedsMore more{.wants = snapshot.read};
    more.wants.peer = incoming.event.peer;
    more.wants.ticket_ids = {id};
    want_case(office, supplies.now, more.wants);
    return more;
  }
  const auto found = std::find_if(snapshot.tickets.begin(), snapshot.tickets.end(),
                                  [id](const Ticket& ticket) { return ticket.id == id; });
  if (found == snapshot.tickets.end()) return unit;
  const Ticket ticket = *found;
  if (auto wants = lacks_for_firing(office, ticket, snapshot, supplies.now)) {
    wants->peer = incoming.event.peer;
    return NeedsMore{.wants = *std::move(wants)};
  }
  // Of two reports of one thing the newer goes into the older: never both, though they are looked at together.
  std::erase_if(snapshot.near, [id](const Ticket& other) { return other.id >= id; });
  Firing(office, snapshot, snapshot.conversation, ticket, supplies, unit).run();
  return unit;
}

std::optional<Wants> lacks_for_opening(const Office& office, const Ticket& ticket, const Snapshot& snapshot, Time now) {
  const auto& roster = snapshot.read.roster;
  const bool has_roster = roster && roster->estate == ticket.estate && roster->loads;
  if (has_roster && snapshot.read.near) return std::nullopt;
  auto wants = snapshot.read;
  if (!has_roster) wants.roster = RosterWants{.estate = ticket.estate, .at = now, .loads = true};
  wants.near = near_wants(office, ticket, now);
  return wants;
}

void look_at_opened(const Office& office, TicketId id, const Snapshot& snapshot, const Supplies& supplies,
                    UnitOfWork& unit) {
  const auto found =
      std::find_if(unit.tickets.begin(), unit.tickets.end(), [id](const Ticket& ticket) { return ticket.id == id; });
  if (found == unit.tickets.end()) return;
  const Ticket ticket = *found;
  const bool has_seen = !lacks_for_opening(office, ticket, snapshot, supplies.now);
  if (has_seen && tickets::missing_fields(ticket).empty())
    Firing(office, snapshot, std::nullopt, ticket, supplies, unit).run();
  else
    unit.timers.push_back(ticket_timer(id, soon(supplies.now, unit.id)));
}

Wants wants_of_timer(const Office& office, const Ticket& ticket, Time now) {
  auto wants = lacks_for_case(ticket, {}, now).value_or(Wants());
  if (wants.roster) wants.roster->loads = !ticket.assignee;
  if (ticket.status == TicketStatus::opened) wants.near = near_wants(office, ticket, now);
  return wants;
}

}  // namespace huiyin::gateway
