#include "gateway/staff_desk.h"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "core/overloaded.h"
#include "core/text.h"
#include "dialogs/language.h"
#include "gateway/ledger.h"
#include "gateway/staff_notices.h"
#include "gateway/staff_turn.h"
#include "gateway/suggestion.h"
#include "gateway/unit.h"

namespace huiyin::gateway {
namespace {

/// Is it something that a person did, and that asks for an answer?
bool is_said(const EventBody& body) {
  return std::holds_alternative<TextMessage>(body) || std::holds_alternative<CardTap>(body) ||
         std::holds_alternative<MediaMessage>(body) || std::holds_alternative<LocationMessage>(body) ||
         std::holds_alternative<LinkMessage>(body) || std::holds_alternative<MenuClick>(body) ||
         std::holds_alternative<UnsupportedMessage>(body);
}

OutboundMessage say_to_unknown(const Office& office, const Incoming& incoming) {
  OutboundMessage message{.to = incoming.event.peer, .template_name = "staff.unknown", .locale = office.locale};
  message.data = {{"account", incoming.event.peer.address}};  // some platforms show it nowhere else
  message.text = office.renderer->render(message.template_name, message.locale, "", message.data);
  return message;
}

Conversation conversation_of(const Office& office, const Incoming& incoming, std::optional<Conversation> stored,
                             EstateId estate, const Supplies& supplies) {
  auto conversation =
      std::move(stored).value_or(Conversation{.peer = incoming.event.peer, .estate = estate, .locale = office.locale});
  if (!conversation.id) conversation.id = supplies.ids->next<ConversationId>();
  if (!incoming.by_page) note_inbound(conversation, incoming.event, incoming.event.sent_at);
  return conversation;
}

/// What he names is read along with who he is and what he has, or all that would be read once more for it.
void want_named(const Office& office, const EventBody& body, Time now, Wants& wants) {
  if (const auto* tap = std::get_if<CardTap>(&body)) {
    if (const auto ticket = ticket_of_card(tap->card)) wants.ticket_ids = {ticket};
  } else if (const auto* text = std::get_if<TextMessage>(&body)) {
    const auto command =
        tickets::parse_staff_command(text->text, {.prefix = office.prefix, .his_open = {}, .quoted = {}});
    if (const auto number = command ? command->number : command.error().number) wants.numbers = {*number};
  }
  if (!wants.ticket_ids.empty() || !wants.numbers.empty()) want_case(office, now, wants);
}

/// Somebody of the company who is not registered: he can suggest something, and nothing else.
std::variant<UnitOfWork, NeedsMore> decide_suggestion(const Office& office, const Incoming& incoming, Snapshot snapshot,
                                                      std::string_view words, const Supplies& supplies,
                                                      UnitOfWork unit) {
  if (!supplies.number) return NeedsMore{.wants = snapshot.read, .number = true};
  auto conversation = conversation_of(office, incoming, std::move(snapshot.conversation),
                                      office.estate_of(incoming.event.peer.channel), supplies);
  conversation.locale = dialogs::guess_locale(words, conversation.locale);
  OutboundMessage reply{
      .to = incoming.event.peer, .template_name = "staff.suggestion_received", .locale = conversation.locale};
  reply.data = {{"number", open_suggestion(office, incoming, words, nullptr, conversation, supplies, unit)}};
  reply.text = office.renderer->render(reply.template_name, reply.locale, "", reply.data);
  put_reply(unit, std::move(reply), incoming, supplies);
  unit.conversation = std::move(conversation);
  return unit;
}

}  // namespace

std::variant<UnitOfWork, NeedsMore> decide_staff(const Office& office, const Incoming& incoming, Snapshot snapshot,
                                                 const Supplies& supplies) {
  auto unit = unit_for(incoming, supplies);
  if (const auto* receipt = std::get_if<Receipt>(&incoming.event.body)) unit.receipts.push_back(*receipt);
  if (incoming.event.peer.address.empty() || !is_said(incoming.event.body)) return unit;
  if (!snapshot.read.speaker) {
    NeedsMore more{.wants = snapshot.read};
    more.wants.peer = incoming.event.peer;
    more.wants.speaker = more.wants.work = true;
    want_named(office, incoming.event.body, supplies.now, more.wants);
    return more;
  }
  const auto* text = std::get_if<TextMessage>(&incoming.event.body);
  if (const auto words = text != nullptr ? suggestion_in(text->text) : std::string_view();
      !snapshot.speaker && !words.empty())
    return decide_suggestion(office, incoming, std::move(snapshot), words, supplies, std::move(unit));
  if (!snapshot.speaker || snapshot.speaker->disabled) {
    spdlog::info("staff_unknown channel={} peer={} request={}", incoming.event.peer.channel,
                 mask_peer(incoming.event.peer.address), incoming.request_id);
    put_reply(unit, say_to_unknown(office, incoming), incoming, supplies);
    return unit;
  }
  auto conversation = conversation_of(office, incoming, snapshot.conversation, snapshot.speaker->estate, supplies);
  StaffTurn turn({office, incoming, snapshot, supplies}, conversation, unit);
  if (auto more = turn.run()) return *std::move(more);
  unit.conversation = std::move(conversation);
  return unit;
}

}  // namespace huiyin::gateway
