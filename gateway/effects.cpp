#include "gateway/effects.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <map>

#include "core/overloaded.h"
#include "gateway/ticket_case.h"
#include "gateway/ticket_timer.h"
#include "gateway/timers.h"
#include "gateway/verification.h"
#include "tickets/state_machine.h"
#include "tickets/survey.h"

namespace huiyin::gateway {
namespace {

constexpr auto kMediaLife = std::chrono::days(3);  // WeChat's temporary media (wechat-and-workchat A5)
constexpr std::size_t kSavedAddresses = 5;

const Ticket* find_ticket(const Snapshot& snapshot, const UnitOfWork& unit, TicketId id) {
  const auto is_it = [id](const Ticket& ticket) { return ticket.id == id; };
  if (const auto at = std::find_if(unit.tickets.begin(), unit.tickets.end(), is_it); at != unit.tickets.end())
    return &*at;
  if (const auto at = std::find_if(snapshot.tickets.begin(), snapshot.tickets.end(), is_it);
      at != snapshot.tickets.end())
    return &*at;
  return nullptr;
}

/// One turn's effects on their way into a unit.
class Writer {
 public:
  Writer(const Desk& desk, const Incoming& incoming, const Snapshot& snapshot, const Supplies& supplies,
         dialogs::Turn& turn, Conversation& conversation, UnitOfWork& unit)
      : desk_(desk),
        incoming_(incoming),
        snapshot_(snapshot),
        supplies_(supplies),
        turn_(turn),
        conversation_(conversation),
        unit_(unit) {}

  void operator()(const dialogs::Set&) {}
  void operator()(dialogs::Say& say) {
    if (opened_.empty()) return;
    for (auto& [name, value] : say.data)
      if (name == "number" && value.empty()) value = opened_;
  }
  void operator()(const dialogs::Ask&) {}
  void operator()(const dialogs::OpenTicket& open);
  void operator()(const dialogs::Attach& attach);
  void operator()(const dialogs::RecordConsent&) { conversation_.consented = supplies_.now; }
  void operator()(const dialogs::SaveContact& save);
  void operator()(const dialogs::ActOnTicket& act);
  void operator()(const dialogs::AnswerSurvey& answer);
  void operator()(const dialogs::SetTimer& timer) {
    unit_.timers.push_back(conversation_timer(conversation_.id, timer.kind, supplies_.now + timer.after));
  }
  void operator()(const dialogs::CancelTimer&) { unit_.timers_cancelled.push_back(TimerId{conversation_.id.value}); }
  void operator()(const dialogs::SendCode& send);
  void operator()(const dialogs::ProvePhone& proof);
  void operator()(const dialogs::OptOut&) { conversation_.opted_out = true; }
  void operator()(const dialogs::OptIn&) { conversation_.opted_out = false; }
  // The ticket that goes with it carries the mark that staff see; the department is the ticket's.
  void operator()(const dialogs::HandOver&) {}

  /// After the last effect.
  void finish() {
    for (auto& [id, one] : cases_) {
      one.set_contact(conversation_.contact);
      one.finish(true);
    }
    for (const auto id : opened_tickets_) {
      if (desk_.office != nullptr)
        look_at_opened(*desk_.office, id, snapshot_, supplies_, unit_);
      else
        unit_.timers.push_back(ticket_timer(id, soon(supplies_.now, unit_.id)));
    }
  }

 private:
  [[nodiscard]] tickets::Doer owner() const {
    return {.role = tickets::Role::owner,
            .id = conversation_.contact.value,
            .peer = incoming_.event.peer,
            .channel = incoming_.event.peer.channel,
            .delivery_key = incoming_.event.key};
  }
  [[nodiscard]] std::string for_staff(const std::string& name) const {
    return desk_.office->renderer->render(name, desk_.office->locale, "", {});
  }
  void put_ticket(tickets::Change change);
  [[nodiscard]] TicketCase* case_of(TicketId id);
  void act(TicketId id, const tickets::Action& action);
  void attach_files(const MailMessage& mail, TicketId ticket);
  Contact& contact();

  const Desk& desk_;
  const Incoming& incoming_;
  const Snapshot& snapshot_;
  const Supplies& supplies_;
  dialogs::Turn& turn_;
  Conversation& conversation_;
  UnitOfWork& unit_;
  std::string opened_{};  ///< number of the ticket opened in this turn
  std::vector<TicketId> opened_tickets_{};
  std::map<TicketId, TicketCase> cases_{};  ///< of those that were there before
};

void Writer::put_ticket(tickets::Change change) {
  change.history.channel = incoming_.event.peer.channel;
  change.history.delivery_key = incoming_.event.key;
  unit_.history.push_back(std::move(change.history));
  const auto at = std::find_if(unit_.tickets.begin(), unit_.tickets.end(),
                               [&](const Ticket& ticket) { return ticket.id == change.ticket.id; });
  if (at == unit_.tickets.end())
    unit_.tickets.push_back(std::move(change.ticket));
  else
    *at = std::move(change.ticket);
}

void Writer::operator()(const dialogs::OpenTicket& open) {
  Ticket draft = open.ticket;
  draft.id = supplies_.ids->next<TicketId>();
  draft.number = supplies_.number.value();
  draft.estate = desk_.estate;
  draft.conversation = conversation_.id;
  draft.peer = incoming_.event.peer;
  draft.contact = conversation_.contact;
  draft.request_id = incoming_.request_id;
  auto change =
      tickets::open_ticket(std::move(draft), supplies_.ids->next<HistoryId>(), owner(), supplies_.now, desk_.rules);
  for (Attachment attachment : snapshot_.attachments) {
    if (std::find(open.attachments.begin(), open.attachments.end(), attachment.id) == open.attachments.end()) continue;
    attachment.ticket = change.ticket.id;
    unit_.attachments.push_back(std::move(attachment));
  }
  opened_tickets_.push_back(change.ticket.id);
  opened_ = desk_.flow.site.write_number(change.ticket.number);
  turn_.state.ticket = change.ticket.id;
  turn_.state.ticket_number = opened_;
  put_ticket(std::move(change));
}

/// The files of a mail: their bytes are here already.
void Writer::attach_files(const MailMessage& mail, TicketId ticket) {
  for (const auto& file : mail.files)
    unit_.attachments.push_back({.id = supplies_.ids->next<AttachmentId>(),
                                 .conversation = conversation_.id,
                                 .ticket = ticket,
                                 .kind = file.kind,
                                 .file_name = file.name,
                                 .sha256 = file.sha256,
                                 .mime_type = file.mime_type,
                                 .bytes = file.bytes,
                                 .received = incoming_.received});
  if (ticket && !mail.files.empty()) act(ticket, {.kind = tickets::ActionKind::add_photo});
}

void Writer::operator()(const dialogs::Attach& attach) {
  const auto into = attach.ticket ? attach.ticket : turn_.state.ticket;
  if (const auto* mail = std::get_if<MailMessage>(&incoming_.event.body)) return attach_files(*mail, into);
  const auto* media = std::get_if<MediaMessage>(&incoming_.event.body);
  if (media == nullptr) return;
  const Attachment attachment{.id = supplies_.ids->next<AttachmentId>(),
                              .conversation = conversation_.id,
                              .ticket = into,
                              .kind = media->kind,
                              .file_name = media->kind == MediaKind::file ? media->format : std::string(),
                              .received = incoming_.received};
  unit_.attachments.push_back(attachment);
  if (!media->media_id.empty() || !media->url.empty())
    unit_.media_jobs.push_back({.id = supplies_.ids->next<MediaJobId>(),
                                .attachment = attachment.id,
                                .channel = incoming_.event.peer.channel,
                                .media_id = media->media_id,
                                .url = media->url,
                                .due = supplies_.now,
                                .expires = incoming_.event.sent_at + kMediaLife});
  turn_.state.attachments.push_back(attachment.id);
  if (attachment.ticket) act(attachment.ticket, {.kind = tickets::ActionKind::add_photo});
}

/// A ticket that was there before this turn; null for one that this turn opens, and for none of the snapshot's.
TicketCase* Writer::case_of(TicketId id) {
  if (const auto known = cases_.find(id); known != cases_.end()) return &known->second;
  const bool is_new =
      std::any_of(unit_.tickets.begin(), unit_.tickets.end(), [id](const Ticket& ticket) { return ticket.id == id; });
  const auto* ticket = is_new ? nullptr : find_ticket(snapshot_, unit_, id);
  if (ticket == nullptr || desk_.office == nullptr) return nullptr;
  return &cases_.try_emplace(id, *desk_.office, *ticket, snapshot_, supplies_, unit_).first->second;
}

void Writer::act(TicketId id, const tickets::Action& action) {
  const auto refused = [&](const tickets::Refusal& why) {
    spdlog::info("owner_action_refused action={} request={} why=\"{}\"", to_string(action.kind), incoming_.request_id,
                 tickets::describe(why));
  };
  if (auto* one = case_of(id)) {
    if (const auto done = one->act(action, owner()); !done) return refused(done.error());
    if (action.kind == tickets::ActionKind::reopen)
      one->act_as_system({.kind = tickets::ActionKind::ask_call_back,
                          .text = action.text.empty() ? for_staff("staff.why_not_fixed") : action.text});
    return;
  }
  const Ticket* ticket = find_ticket(snapshot_, unit_, id);
  if (ticket == nullptr) return;
  auto change = tickets::apply(*ticket, action, supplies_.ids->next<HistoryId>(), owner(), supplies_.now, desk_.rules);
  if (!change) return refused(change.error());
  put_ticket(*std::move(change));
}

Contact& Writer::contact() {
  if (unit_.contacts.empty())
    unit_.contacts.push_back(snapshot_.contact.value_or(Contact{.id = supplies_.ids->next<ContactId>()}));
  return unit_.contacts.front();
}

void Writer::operator()(const dialogs::SaveContact& save) {
  Contact& person = contact();
  if (!save.name.empty()) person.name = save.name;
  if (!save.phone.empty() && save.phone != person.phone) {
    person.phone = save.phone;
    person.phone_verified = false;
  }
  if (desk_.capabilities.proves_peer && person.phone == incoming_.event.peer.address && !person.phone_verified) {
    person.phone_verified = true;
    unit_.verified_peers.push_back({incoming_.event.peer, person.id, supplies_.now});
  }
  if (!save.address.empty()) {
    std::erase_if(person.addresses, [&](const SavedAddress& known) { return known.text == save.address; });
    person.addresses.insert(person.addresses.begin(), {.text = save.address});
    if (person.addresses.size() > kSavedAddresses) person.addresses.resize(kSavedAddresses);
  }
  person.locale = conversation_.locale;
  if (!person.consented) person.consented = conversation_.consented;
  conversation_.contact = person.id;
  for (auto& ticket : unit_.tickets)
    if (!ticket.contact) ticket.contact = person.id;
}

void Writer::operator()(const dialogs::ActOnTicket& wish) {
  if (const auto kind = tickets::parse_action(wish.action))
    act(wish.ticket, {.kind = *kind, .text = wish.text, .details = wish.details});
}

void Writer::operator()(const dialogs::AnswerSurvey& answer) {
  auto* one = case_of(answer.ticket);
  if (one == nullptr || !snapshot_.survey || snapshot_.survey->id != answer.survey) return;
  const auto& words = answer.words;
  const tickets::SurveyReading reading{.kind = tickets::SurveyReading::Kind::answer,
                                       .score = words.score,
                                       .outcome = words.outcome,
                                       .words = words.words};
  const auto outcome = tickets::take_answer(*snapshot_.survey, reading, supplies_.now, one->site().life.survey);
  one->put(outcome.survey);
  one->act_as_system({.kind = tickets::ActionKind::survey, .text = tickets::survey_note("answered", outcome.survey)});
  const auto why = outcome.survey.suggestion;
  if (outcome.close && one->ticket().status == TicketStatus::resolved)
    if (const auto done = one->act({.kind = tickets::ActionKind::close}, owner()); !done) return;
  if (outcome.reopen)
    if (const auto done = one->act({.kind = tickets::ActionKind::reopen, .text = why}, owner()); !done)
      spdlog::info("reopening_refused request={} why=\"{}\"", incoming_.request_id, tickets::describe(done.error()));
  // Staff hear that he has to be called, and not what he answered.
  if (outcome.call_back)
    one->act_as_system({.kind = tickets::ActionKind::ask_call_back, .text = for_staff("staff.why_not_content")});
}

/// The code itself is nowhere but in the message that takes it to the phone.
void Writer::operator()(const dialogs::SendCode& send) {
  auto& open = turn_.state.verification;
  if (!open || supplies_.random == nullptr || desk_.code_channel.empty()) return;
  const auto code = draw_code(*supplies_.random);
  open->hash = hash_code(code, *supplies_.random);
  open->expires = supplies_.now + kCodeLife;
  const auto id = supplies_.ids->next<OutboxId>();
  OutboxRow row{.id = id, .created = supplies_.now, .due = supplies_.now, .expires = open->expires, .urgent = true};
  row.message = {.key = "o" + std::to_string(id.value),
                 .to = {desk_.code_channel, send.phone},
                 .template_name = "verify_code",
                 .data = {{"code", code}, {"minutes", std::to_string(kCodeLife.count())}},
                 .locale = conversation_.locale,
                 .answer = true};
  row.message.text = desk_.renderer->render("verify_code", row.message.locale, "sms", row.message.data);
  unit_.outbox.push_back(std::move(row));
  unit_.codes.push_back({id, send.phone, supplies_.now});
}

/// Two contacts turn out to be one person: he who proved the number first stays, and is told what the other knew.
void Writer::operator()(const dialogs::ProvePhone& proof) {
  Contact& mine = contact();
  auto person = mine.id;
  const auto& owner = snapshot_.phone_owner;
  if (owner && owner->id != mine.id) {
    Contact theirs = *owner;
    if (theirs.name.empty()) theirs.name = mine.name;
    if (theirs.addresses.empty()) theirs.addresses = mine.addresses;
    person = mine.alias_of = theirs.id;
    unit_.contacts.push_back(std::move(theirs));
  } else {
    mine.phone = proof.phone;
    mine.phone_verified = true;
  }
  conversation_.contact = person;
  for (const auto& peer : snapshot_.own_peers) unit_.verified_peers.push_back({peer, person, supplies_.now});
  if (std::find(snapshot_.own_peers.begin(), snapshot_.own_peers.end(), incoming_.event.peer) ==
      snapshot_.own_peers.end())
    unit_.verified_peers.push_back({incoming_.event.peer, person, supplies_.now});
  unit_.verified_peers.push_back({{desk_.code_channel, proof.phone}, person, supplies_.now});
}

}  // namespace

namespace {

/// Tickets of before this turn to which its effects do something.
std::vector<TicketId> touched_tickets(const dialogs::Turn& turn) {
  std::vector<TicketId> out;
  for (const auto& effect : turn.effects) {
    TicketId id;
    if (const auto* act = std::get_if<dialogs::ActOnTicket>(&effect)) id = act->ticket;
    if (const auto* answer = std::get_if<dialogs::AnswerSurvey>(&effect)) id = answer->ticket;
    if (const auto* attach = std::get_if<dialogs::Attach>(&effect))
      id = attach->ticket ? attach->ticket : turn.state.ticket;
    if (id && std::find(out.begin(), out.end(), id) == out.end()) out.push_back(id);
  }
  return out;
}

/// Adds to `wants` what a case of this ticket needs; false where `snapshot` shows it.
bool add_case(TicketId id, const Snapshot& snapshot, const Supplies& supplies, Wants& wants) {
  const auto found = std::find_if(snapshot.tickets.begin(), snapshot.tickets.end(),
                                  [id](const Ticket& ticket) { return ticket.id == id; });
  if (found == snapshot.tickets.end()) {
    auto& ids = wants.ticket_ids;
    if (std::find(ids.begin(), ids.end(), id) != ids.end()) return false;  // it is not there
    ids.push_back(id);
    wants.details = true;
    return true;
  }
  auto lacks = lacks_for_case(*found, snapshot, supplies.now);
  if (!lacks) return false;
  // Beside what other effects lack.
  wants.ticket_ids.push_back(id);
  wants.details = true;
  if (!wants.roster || wants.roster->estate != lacks->roster->estate) wants.roster = lacks->roster;
  return true;
}

/// Adds to `wants` what the first look at a ticket that is to be opened takes; false where `snapshot` shows it.
bool add_first_look(const Desk& desk, Ticket draft, const Snapshot& snapshot, const Supplies& supplies, Wants& wants) {
  if (desk.office == nullptr) return false;
  draft.estate = desk.estate;
  draft.peer = snapshot.conversation ? snapshot.conversation->peer : wants.peer;
  const auto lacks = lacks_for_opening(*desk.office, draft, snapshot, supplies.now);
  if (!lacks) return false;
  wants.roster = lacks->roster;
  wants.near = lacks->near;
  return true;
}

}  // namespace

std::optional<NeedsMore> missing_for(const Desk& desk, const dialogs::Turn& turn, const Snapshot& snapshot,
                                     const Supplies& supplies) {
  NeedsMore more{.wants = snapshot.read};
  bool missing = false;
  const auto want = [&](bool& flag) {
    missing |= !flag;
    flag = true;
  };
  const bool has_contact = snapshot.conversation && snapshot.conversation->contact;
  for (const auto& effect : turn.effects)
    std::visit(Overloaded{[&](const dialogs::OpenTicket& open) {
                            if (!open.attachments.empty()) want(more.wants.attachments);
                            more.number = !supplies.number;
                            missing |= more.number;
                            missing |= add_first_look(desk, open.ticket, snapshot, supplies, more.wants);
                          },
                          [&](const dialogs::SaveContact&) {
                            if (has_contact) want(more.wants.contact);
                          },
                          [&](const dialogs::Attach& attach) {
                            if (attach.ticket || turn.state.ticket) want(more.wants.tickets);
                          },
                          [&](const dialogs::ActOnTicket&) { want(more.wants.tickets); },
                          [&](const dialogs::ProvePhone& proof) {
                            if (has_contact) want(more.wants.contact);
                            want(more.wants.tickets);  // with his other peers
                            missing |= more.wants.phone != proof.phone;
                            more.wants.phone = proof.phone;
                          },
                          [](const auto&) {}},
               effect);
  if (desk.office != nullptr)
    for (const auto id : touched_tickets(turn)) missing |= add_case(id, snapshot, supplies, more.wants);
  return missing ? std::optional(std::move(more)) : std::nullopt;
}

void apply_effects(const Desk& desk, const Incoming& incoming, const Snapshot& snapshot, const Supplies& supplies,
                   dialogs::Turn& turn, Conversation& conversation, UnitOfWork& unit) {
  Writer writer(desk, incoming, snapshot, supplies, turn, conversation, unit);
  for (auto& effect : turn.effects) std::visit(writer, effect);
  writer.finish();
}

}  // namespace huiyin::gateway
