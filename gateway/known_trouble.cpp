#include "gateway/known_trouble.h"

#include <algorithm>

#include "dialogs/known_trouble.h"
#include "gateway/ticket_timer.h"
#include "tickets/duplicates.h"

namespace huiyin::gateway {
namespace {

/// One question at a time, and no form to be spared: SMS and mails take a report whole.
bool has_form(const Desk& desk) { return !desk.flow.manners.brief && desk.kind != "email"; }

bool is_shared(const tickets::DuplicateRules& rules, const Ticket& ticket) {
  return rules.enabled && std::any_of(rules.shared.begin(), rules.shared.end(), [&](const tickets::SharedThing& thing) {
           return thing.category == ticket.category &&
                  (thing.subcategory.empty() || thing.subcategory == ticket.subcategory);
         });
}

}  // namespace

std::optional<NeedsMore> offer_known_trouble(const Desk& desk, const Peer& peer, const Snapshot& snapshot,
                                             const Supplies& supplies, dialogs::Turn& turn) {
  if (desk.office == nullptr || !has_form(desk)) return std::nullopt;
  auto draft = dialogs::draft_of(desk.flow, turn.state, peer);
  if (!draft || !is_shared(desk.office->duplicates, *draft)) return std::nullopt;
  draft->estate = desk.estate;
  const auto near = near_wants(*desk.office, *draft, supplies.now);
  if (near.matter == 0) return std::nullopt;
  if (!snapshot.read.near || snapshot.read.near->matter != near.matter) {
    NeedsMore more{.wants = snapshot.read};
    more.wants.peer = peer;
    more.wants.near = near;
    return more;
  }
  const auto duplicate = tickets::find_duplicate(*draft, snapshot.near, supplies.now, desk.office->duplicates);
  const auto found = std::find_if(snapshot.near.begin(), snapshot.near.end(),
                                  [&](const Ticket& other) { return other.id == duplicate.of; });
  if (duplicate.likeness != tickets::Likeness::same || found == snapshot.near.end()) return std::nullopt;
  const auto& locale = snapshot.conversation ? snapshot.conversation->locale : desk.office->locale;
  const auto status = desk.renderer->render("status." + std::string(to_string(found->status)), locale, desk.kind, {});
  dialogs::ask_known(desk.office->number(*found), status, turn);
  return std::nullopt;
}

}  // namespace huiyin::gateway
