#include "gateway/effects.h"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "core/overloaded.h"
#include "gateway/timers.h"
#include "tickets/state_machine.h"

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
  void operator()(const dialogs::SetTimer& timer) {
    unit_.timers = {conversation_timer(conversation_.id, timer.kind, supplies_.now + timer.after)};
  }
  void operator()(const dialogs::CancelTimer&) { unit_.timers_cancelled = {TimerId{conversation_.id.value}}; }
  void operator()(const dialogs::OptOut&) { conversation_.opted_out = true; }
  void operator()(const dialogs::OptIn&) { conversation_.opted_out = false; }
  // The ticket that goes with it carries the mark that staff see; the department is the ticket's.
  void operator()(const dialogs::HandOver&) {}

 private:
  [[nodiscard]] tickets::Doer owner() const {
    return {.role = tickets::Role::owner,
            .id = conversation_.contact.value,
            .peer = incoming_.event.peer,
            .channel = incoming_.event.peer.channel,
            .delivery_key = incoming_.event.key};
  }
  void put_ticket(tickets::Change change);
  Contact& contact();

  const Desk& desk_;
  const Incoming& incoming_;
  const Snapshot& snapshot_;
  const Supplies& supplies_;
  dialogs::Turn& turn_;
  Conversation& conversation_;
  UnitOfWork& unit_;
  std::string opened_{};  ///< number of the ticket opened in this turn
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
  opened_ = desk_.flow.site.write_number(change.ticket.number);
  turn_.state.ticket = change.ticket.id;
  turn_.state.ticket_number = opened_;
  put_ticket(std::move(change));
}

void Writer::operator()(const dialogs::Attach& attach) {
  const auto* media = std::get_if<MediaMessage>(&incoming_.event.body);
  if (media == nullptr) return;
  const Attachment attachment{.id = supplies_.ids->next<AttachmentId>(),
                              .conversation = conversation_.id,
                              .ticket = attach.ticket ? attach.ticket : turn_.state.ticket,
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
  if (!attachment.ticket) return;
  if (const Ticket* ticket = find_ticket(snapshot_, unit_, attachment.ticket))
    if (auto change = tickets::apply(*ticket, {.kind = tickets::ActionKind::add_photo},
                                     supplies_.ids->next<HistoryId>(), owner(), supplies_.now, desk_.rules))
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

void Writer::operator()(const dialogs::ActOnTicket& act) {
  const Ticket* ticket = find_ticket(snapshot_, unit_, act.ticket);
  const auto kind = tickets::parse_action(act.action);
  if (ticket == nullptr || !kind) return;
  const tickets::Action action{.kind = *kind, .text = act.text, .details = act.details};
  auto change = tickets::apply(*ticket, action, supplies_.ids->next<HistoryId>(), owner(), supplies_.now, desk_.rules);
  if (!change)
    spdlog::info("owner_action_refused action={} request={} why=\"{}\"", act.action, incoming_.request_id,
                 tickets::describe(change.error()));
  else
    put_ticket(*std::move(change));
}

}  // namespace

std::optional<NeedsMore> missing_for(const dialogs::Turn& turn, const Snapshot& snapshot, const Supplies& supplies) {
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
                          },
                          [&](const dialogs::SaveContact&) {
                            if (has_contact) want(more.wants.contact);
                          },
                          [&](const dialogs::Attach& attach) {
                            if (attach.ticket || turn.state.ticket) want(more.wants.tickets);
                          },
                          [&](const dialogs::ActOnTicket&) { want(more.wants.tickets); }, [](const auto&) {}},
               effect);
  return missing ? std::optional(std::move(more)) : std::nullopt;
}

void apply_effects(const Desk& desk, const Incoming& incoming, const Snapshot& snapshot, const Supplies& supplies,
                   dialogs::Turn& turn, Conversation& conversation, UnitOfWork& unit) {
  Writer writer(desk, incoming, snapshot, supplies, turn, conversation, unit);
  for (auto& effect : turn.effects) std::visit(writer, effect);
}

}  // namespace huiyin::gateway
