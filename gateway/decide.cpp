#include <algorithm>

#include "core/overloaded.h"
#include "core/text.h"
#include "dialogs/language.h"
#include "gateway/desk.h"
#include "gateway/effects.h"
#include "gateway/known_trouble.h"
#include "gateway/ledger.h"
#include "gateway/mail_manners.h"
#include "gateway/place_code.h"
#include "gateway/reply.h"
#include "gateway/text_parts.h"
#include "gateway/timers.h"
#include "gateway/unit.h"

namespace huiyin::gateway {
namespace {

/// The conversation as this event finds it.
Conversation conversation_of(const Desk& desk, const Incoming& incoming, std::optional<Conversation> stored,
                             const Supplies& supplies) {
  auto conversation = std::move(stored).value_or(
      Conversation{.peer = incoming.event.peer, .estate = desk.estate, .locale = desk.locale});
  if (!conversation.id) conversation.id = supplies.ids->next<ConversationId>();
  if (const auto* text = std::get_if<TextMessage>(&incoming.event.body))
    conversation.locale = dialogs::guess_locale(text->text, conversation.locale);
  if (const auto* mail = std::get_if<MailMessage>(&incoming.event.body))
    conversation.locale = dialogs::guess_locale(mail->text, conversation.locale);
  if (!incoming.by_page) note_inbound(conversation, incoming.event, incoming.event.sent_at);
  if (const auto* desk_event = std::get_if<HumanDesk>(&incoming.event.body))
    conversation.with_human = desk_event->taken;
  return conversation;
}

bool asks_for_more(const Desk& desk, const Event& event, const Conversation& conversation) {
  const auto* text = std::get_if<TextMessage>(&event.body);
  if (text == nullptr || conversation.more.empty()) return false;
  const auto words = desk.flow.commands.find("more");
  if (words == desk.flow.commands.end()) return false;
  return std::find(words->second.begin(), words->second.end(), fold(text->text)) != words->second.end();
}

NeedsMore more_for(const Desk& desk, const dialogs::Needs& needs, const Snapshot& snapshot, const Peer& peer) {
  NeedsMore more{.wants = snapshot.read};
  more.wants.peer = peer;
  if (needs.survey) more.wants.same_on = desk.same_on;
  more.wants.contact |= needs.contact;
  more.wants.tickets |= needs.tickets;
  more.wants.survey |= needs.survey;
  if (!needs.phone.empty()) more.wants.phone = needs.phone;
  more.wants.codes |= !needs.phone.empty();
  more.wants.numbers.insert(more.wants.numbers.end(), needs.numbers.begin(), needs.numbers.end());
  return more;
}

/// Whose number it is that a message came from is certain; and where somebody has proven it, who that is. Nothing where
/// that has been looked at.
std::optional<NeedsMore> meet_owner(const Desk& desk, const Event& event, Snapshot& snapshot, const Supplies& supplies,
                                    UnitOfWork& unit) {
  auto& conversation = *snapshot.conversation;
  if (!desk.capabilities.proves_peer || conversation.contact || !is_from_owner(event.body)) return std::nullopt;
  if (snapshot.read.phone != event.peer.address) {
    NeedsMore more{.wants = snapshot.read};
    more.wants.peer = event.peer;
    more.wants.phone = event.peer.address;
    return more;
  }
  if (!snapshot.phone_owner) return std::nullopt;
  conversation.contact = snapshot.phone_owner->id;
  snapshot.contact = snapshot.phone_owner;
  snapshot.read.contact = true;
  unit.verified_peers.push_back({event.peer, conversation.contact, supplies.now});
  return std::nullopt;
}

Timer parts_timer(ConversationId conversation, Time due) {
  auto timer = conversation_timer(conversation, kPartsTimer, due);
  timer.id = TimerId{-conversation.value};  // beside the draft's
  return timer;
}

/// A form was confirmed, and a notice about it could not be sent once the window is closed: he is asked for that. Never
/// where it does not fit into the message: a link that is cut leads nowhere.
void add_consent_question(const Desk& desk, const UnitOfWork& unit, const Conversation& conversation,
                          std::optional<OutboundMessage>& reply) {
  const bool opened = std::any_of(unit.tickets.begin(), unit.tickets.end(),
                                  [](const Ticket& ticket) { return ticket.version == 0 && ticket.danger.empty(); });
  const auto& given = conversation.consents;
  const bool lacks =
      std::any_of(desk.consent_templates.begin(), desk.consent_templates.end(),
                  [&](const std::string& id) { return std::find(given.begin(), given.end(), id) == given.end(); });
  if (!reply || !opened || !lacks || desk.consent_url.empty() || !conversation.more.empty()) return;
  const auto question = "\n\n" + desk.renderer->render("gateway.notice_consent", conversation.locale, desk.kind,
                                                       {{"url", desk.consent_url}});
  const auto most = desk.capabilities.max_bytes;
  if (most == 0 || reply->text.size() + question.size() <= most) reply->text += question;
}

/// What to do now, should the text tell of danger: that cannot wait for the database (promise 6). The dialog says it as
/// if this were the owner's first message.
std::string danger_words(const Desk& desk, const Event& event, const dialogs::Understood& understood,
                         const std::string& locale) {
  const auto* danger = desk.flow.find_danger(understood.danger);
  if (danger == nullptr) return {};
  Snapshot nothing{.read = {.peer = event.peer, .contact = true, .tickets = true}};
  nothing.conversation = Conversation{.peer = event.peer, .locale = locale};
  const auto stepped = dialogs::step(desk.flow, {}, event, understood, nothing, event.sent_at);
  const auto* turn = std::get_if<dialogs::Turn>(&stepped);
  if (turn == nullptr) return {};
  for (const auto& effect : turn->effects)
    if (const auto* say = std::get_if<dialogs::Say>(&effect); say != nullptr && say->name == danger->say)
      return desk.renderer->render(say->name, locale, desk.kind, say->data) + "\n\n";
  return {};
}

}  // namespace

std::variant<UnitOfWork, NeedsMore> decide(const Desk& desk, const Incoming& incoming, Snapshot snapshot,
                                           const Supplies& supplies) {
  UnitOfWork unit = unit_for(incoming, supplies);
  if (const auto* receipt = std::get_if<Receipt>(&incoming.event.body)) unit.receipts.push_back(*receipt);
  if (incoming.event.peer.address.empty()) return unit;
  if (const auto* receipt = std::get_if<Receipt>(&incoming.event.body)) {
    note_receipt(*receipt, std::move(snapshot.conversation), unit);
    return unit;
  }
  const auto* mail = std::get_if<MailMessage>(&incoming.event.body);
  if (mail != nullptr && mail->automatic) return unit;

  snapshot.conversation = conversation_of(desk, incoming, std::move(snapshot.conversation), supplies);
  auto event = incoming.event;
  auto& held = snapshot.conversation->dialog.parts;
  const bool held_any = !held.empty();
  auto joined = join_text(held, event.body, supplies.now);
  // A danger is answered from the first piece that tells of it.
  if (joined.waits && !dialogs::understand(*desk.lexicon, dialogs::text_of(event)).danger.empty())
    joined = {.text = take_parts(held)};
  if (joined.waits) {
    unit.timers = {parts_timer(snapshot.conversation->id, joined.until)};
    unit.conversation = *std::move(snapshot.conversation);
    return unit;
  }
  if (joined.text) event.body = TextMessage{.text = *std::move(joined.text)};
  if (!incoming.by_page)
    if (auto more = meet_owner(desk, event, snapshot, supplies, unit)) return *std::move(more);
  Conversation conversation = *snapshot.conversation;
  if (asks_for_more(desk, event, conversation)) {
    put_reply(unit, next_page(desk, conversation), incoming, supplies);
    unit.conversation = std::move(conversation);
    return unit;
  }

  event = with_place(desk.codes, event, conversation.dialog);
  const auto understood = dialogs::understand(*desk.lexicon, dialogs::text_of(event), desk.flow.site.locality);
  auto stepped = dialogs::step(desk.flow, conversation.dialog, event, understood, snapshot, supplies.now);
  if (const auto* needs = std::get_if<dialogs::Needs>(&stepped)) return more_for(desk, *needs, snapshot, event.peer);
  auto& turn = std::get<dialogs::Turn>(stepped);
  if (auto more = offer_known_trouble(desk, event.peer, snapshot, supplies, turn)) return *std::move(more);
  if (auto more = missing_for(desk, turn, snapshot, supplies)) {
    more->wants.peer = event.peer;
    return *std::move(more);
  }

  apply_effects(desk, incoming, snapshot, supplies, turn, conversation, unit);
  const auto before = std::exchange(conversation.dialog, std::move(turn.state));
  conversation.dialog.mails_answered = before.mails_answered;
  arm_draft_timer(desk, event, before, conversation, unit);
  if (held_any) unit.timers_cancelled.push_back(TimerId{-conversation.id.value});
  if (auto reminder = remind_of_draft(desk, event, before, conversation, supplies))
    unit.outbox.push_back(*std::move(reminder));
  auto reply = render_reply(desk, turn.effects, conversation);
  add_consent_question(desk, unit, conversation, reply);
  if (mail != nullptr) thread_reply(*mail, unit, supplies.now, conversation, reply);
  put_reply(unit, std::move(reply), incoming, supplies);
  unit.conversation = std::move(conversation);
  return unit;
}

void take_manners(Desk& desk, const Channel& channel, std::string code_channel) {
  auto& manners = desk.flow.manners;
  manners.opt_out = channel.opt_out_words();
  for (auto& word : manners.opt_out) word = fold(word);
  manners.provider_answers_opt_out = channel.answers_opt_out();
  manners.can_verify_phones = !code_channel.empty() && !desk.capabilities.proves_peer;
  desk.code_channel = std::move(code_channel);
}

void ask_consent(Desk& desk, const Channel& channel) {
  desk.consent_url = channel.consent_url();
  for (const auto& known : channel.provider_templates())
    if (known.way == Way::subscription) desk.consent_templates.push_back(known.template_id);
}

UnitOfWork move_reply_to_outbox(const std::string& key, const OutboundMessage& reply, const Supplies& supplies) {
  return {
      .id = supplies.ids->next<UnitId>(),
      .inbox = {.key = "late:" + key, .channel = reply.to.channel, .peer = reply.to.address, .received = supplies.now},
      .moves_reply_of = key,
      .outbox = {owed(reply, supplies)}};
}

OutboundMessage busy_reply(const Desk& desk, const Event& event) {
  const auto text = dialogs::text_of(event);
  const auto locale = dialogs::guess_locale(text, desk.locale);
  const auto understood = dialogs::understand(*desk.lexicon, text);
  OutboundMessage message{.key = event.key, .to = event.peer, .template_name = "gateway.busy", .locale = locale};
  message.text = danger_words(desk, event, understood, locale);
  message.text += desk.renderer->render("gateway.busy", locale, desk.kind, {});
  return message;
}

}  // namespace huiyin::gateway
