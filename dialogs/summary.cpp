// What the form holds: as a ticket, and as the summary that the owner confirms.
#include "core/text.h"
#include "dialogs/stepper.h"

namespace huiyin::dialogs {
namespace {

/// A summary stays one screen long, however long the description is.
std::string excerpt(const std::string& text) {
  constexpr std::size_t kMost = 120;  // characters
  const auto head = first_characters(text, kMost);
  return head.size() == text.size() ? text : std::string(head) + "…";
}

}  // namespace

Ticket ticket_of(const Flow& flow, const DialogState& state, const Peer& peer) {
  Ticket ticket;
  ticket.peer = peer;
  const auto value = [&](std::string_view field) {
    const auto slot = state.slots.find(std::string(field));
    return slot == state.slots.end() ? std::string() : slot->second.value;
  };
  const auto of_kind = [&](FieldKind kind) {
    const auto* field = flow.find(kind);
    return field == nullptr ? std::string() : value(field->name);
  };
  ticket.name = of_kind(FieldKind::name);
  ticket.phone = of_kind(FieldKind::phone);
  ticket.address = of_kind(FieldKind::address);
  ticket.description = value("description");
  for (const auto* extra : {"location", "links"})
    if (const auto words = value(extra); !words.empty())
      ticket.description += (ticket.description.empty() ? "" : "\n") + words;
  const auto category = value("category");
  const auto slash = category.find('/');
  ticket.category = parse_category(category.substr(0, slash)).value_or(Category::none);
  if (slash != std::string::npos) ticket.subcategory = category.substr(slash + 1);
  ticket.danger = state.danger;
  ticket.priority = !state.danger.empty()        ? Priority::urgent
                    : value("urgency") == "high" ? Priority::high
                                                 : Priority::normal;
  for (const auto& [field, slot] : state.slots)
    if (slot.to_audit) ticket.audit += (ticket.audit.empty() ? "" : ",") + field;
  return ticket;
}

Ticket Stepper::ticket() const { return ticket_of(flow_, state_, event_.peer); }

std::string Stepper::shown(const Field& field, const SlotValue& value) const {
  if (!value.shown.empty()) return value.shown;
  return field.kind == FieldKind::choice ? category_words(flow_, value.value, locale()) : value.value;
}

Stepper::Data Stepper::summary() const {
  Data data;
  for (const auto& field : flow_.fields)
    if (const auto slot = state_.slots.find(field.name);
        slot != state_.slots.end() && field.kind != FieldKind::attachments)
      data.emplace_back(field.name, excerpt(shown(field, slot->second)));
  if (const auto count = state_.attachments.size() + arriving_; count > 0)
    data.emplace_back("attachments", std::to_string(count));
  if (const auto slot = state_.slots.find("location"); slot != state_.slots.end())
    data.emplace_back("location", slot->second.value);
  return data;
}

void Stepper::submit() {
  auto opened = ticket();
  auto told = confirmation();
  effects_.push_back(SaveContact{opened.name, opened.phone, opened.address});
  effects_.push_back(OpenTicket{std::move(opened), state_.attachments});
  opened_ = true;
  if (auto known = joined_ticket()) {
    told.emplace_back("known", *std::move(known));
    say("known_joined", std::move(told));
  } else {
    say("ticket_received", std::move(told));
  }
  state_.ticket = {};
  state_.ticket_number.clear();
  finish();
}

void Stepper::finish() {
  const auto before = state_;
  clear_form();
  state_.consent = before.consent;
  state_.asking = "received";
  state_.ticket = before.ticket;
  state_.ticket_number = before.ticket_number;
  state_.danger = before.danger;
  state_.media_acknowledged = before.media_acknowledged;
}

/// A survey that waits, and a talk, are not of the form: they stay.
void Stepper::clear_form() {
  DialogState fresh;
  fresh.survey = state_.survey;
  fresh.surveyed = state_.surveyed;
  fresh.talk = state_.talk;
  fresh.talked = state_.talked;
  state_ = std::move(fresh);
}

}  // namespace huiyin::dialogs
