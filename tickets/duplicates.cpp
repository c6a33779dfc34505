#include "tickets/duplicates.h"

#include <algorithm>

#include "core/fnv1a.h"
#include "core/text.h"
#include "tickets/address_parts.h"
#include "tickets/departments.h"
#include "tickets/state_machine.h"

namespace huiyin::tickets {
namespace {

/// What of an address two reports of a shared thing have in common; empty where the address does not say so much.
std::string common_part(const std::string& address, SharedBy by) {
  if (by == SharedBy::estate) return "estate";
  const auto place = comparable_place(address);
  auto building = counted_part(place, "栋");
  if (building.empty() || by == SharedBy::building) return building;
  const auto unit = counted_part(place, "单元");
  return unit.empty() ? std::string() : building + unit;
}

const SharedThing* find_shared(const Ticket& ticket, const DuplicateRules& rules) {
  const auto found = std::find_if(rules.shared.begin(), rules.shared.end(), [&](const SharedThing& thing) {
    return thing.category == ticket.category && thing.subcategory == ticket.subcategory;
  });
  return found == rules.shared.end() ? nullptr : &*found;
}

bool is_same_kind(const Ticket& a, const Ticket& b) {
  return a.category == b.category && a.subcategory == b.subcategory;
}

bool is_same_place(const Ticket& a, const Ticket& b) {
  if (a.place && a.place == b.place) return true;
  const auto place = comparable_place(a.address);
  return !place.empty() && place == comparable_place(b.address);
}

constexpr std::size_t kTellingCharacters = 6;  // 灯坏了 stands in many a longer report of another lamp

/// The same words, or one says all that the other does.
bool says_the_same(const Ticket& a, const Ticket& b) {
  const auto one = comparable_place(a.description), other = comparable_place(b.description);
  if (one.empty() || other.empty()) return false;
  if (std::min(count_characters(one), count_characters(other)) < kTellingCharacters) return one == other;
  return one.find(other) != std::string::npos || other.find(one) != std::string::npos;
}

bool is_comparable(Category category) {
  return category != Category::none && category != Category::internal && category != Category::service;
}

/// Only what is open and of the same estate and days comes into question.
bool is_candidate(const Ticket& ticket, const Ticket& other, Time now, const DuplicateRules& rules) {
  return other.id != ticket.id && is_active(other.status) && other.estate == ticket.estate &&
         other.opened >= now - rules.window && is_same_kind(ticket, other) && is_comparable(ticket.category);
}

Duplicate compare(const Ticket& ticket, const Ticket& other, const DuplicateRules& rules) {
  const bool is_of_one = !ticket.peer.address.empty() && ticket.peer == other.peer;
  if (const auto* thing = find_shared(ticket, rules)) {
    const auto part = common_part(ticket.address, thing->by);
    if (!part.empty() && part == common_part(other.address, thing->by))
      return {Likeness::same, other.id, "shared " + thing->subcategory + " of " + part};
  }
  if (is_same_place(ticket, other)) {
    // A garage has many lamps: there only equal words tell that two mean the same one.
    const bool is_sure = says_the_same(ticket, other) ||
                         (!ticket.subcategory.empty() && (is_of_one || is_home(comparable_place(ticket.address))));
    return {is_sure ? Likeness::same : Likeness::maybe, other.id, is_of_one ? "same owner, same place" : "same place"};
  }
  if (is_of_one && says_the_same(ticket, other)) return {Likeness::maybe, other.id, "same owner, same words"};
  return {};
}

}  // namespace

std::vector<SharedThing> default_shared_things() { return {{Category::repair, "elevator", SharedBy::unit}}; }

Duplicate find_duplicate(const Ticket& ticket, const std::vector<Ticket>& others, Time now,
                         const DuplicateRules& rules) {
  Duplicate best;
  const Ticket* of = nullptr;
  if (!rules.enabled) return best;
  for (const auto& other : others) {
    if (!is_candidate(ticket, other, now, rules)) continue;
    auto found = compare(ticket, other, rules);
    if (found.likeness == Likeness::same && !ticket.danger.empty()) found.likeness = Likeness::maybe;
    const bool is_better = found.likeness > best.likeness ||
                           (found.likeness == best.likeness && of != nullptr && other.opened < of->opened);
    if (found.likeness == Likeness::none || !is_better) continue;
    best = std::move(found);
    of = &other;
  }
  return best;
}

std::int64_t matter_of(const Ticket& ticket, const DuplicateRules& rules) {
  if (!rules.enabled || !is_comparable(ticket.category)) return 0;
  const auto* thing = find_shared(ticket, rules);
  auto where = thing == nullptr ? std::string() : common_part(ticket.address, thing->by);
  if (where.empty()) where = comparable_place(ticket.address);
  if (where.empty()) return 0;
  const auto text = std::to_string(ticket.estate.value) + '\n' + std::string(to_string(ticket.category)) + '\n' +
                    ticket.subcategory + '\n' + where;
  return static_cast<std::int64_t>(fnv1a(text) >> 1);
}

}  // namespace huiyin::tickets
