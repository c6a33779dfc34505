#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "core/ids.h"
#include "core/snapshot.h"
#include "core/ticket.h"
#include "gateway/desk.h"
#include "templates/renderer.h"
#include "tickets/assignment.h"
#include "tickets/audit.h"
#include "tickets/duplicates.h"
#include "tickets/owner_news.h"
#include "tickets/state_machine.h"
#include "tickets/steps.h"
#include "tickets/urging.h"

namespace huiyin::gateway {

/// An estate, as far as work on its tickets depends on it.
struct Site {
  std::string title{};
  std::string hotline{};
  std::chrono::minutes utc_offset{480};
  tickets::LifeRules life{};
};

/// Everything that work on tickets is decided with, whoever does it: the staff's side, as Desk is the owner's.
/// Immutable while the daemon runs; shared by threads.
struct Office {
  std::string locale{"zh-CN"};  ///< of what staff are told unasked
  std::string prefix{"HY"};
  std::string media_folder{};
  tickets::Rules rules{};
  tickets::DuplicateRules duplicates{};
  tickets::UrgeRules urging{};
  std::vector<tickets::ScopeRule> scope{};
  std::map<std::string, EstateId> channel_estates{};  ///< by channel; one that is not here is of all
  tickets::NewsRules news{};
  std::vector<tickets::Department> departments{};
  std::map<EstateId, Site> sites{};
  Site elsewhere{};                        ///< of what belongs to no estate
  std::set<std::string> staff_channels{};  ///< whose peers are staff
  /// On which each message costs: the dialog's own answers ask for what a ticket lacks, and nothing is asked apart.
  std::set<std::string> brief_channels{};
  /// The words of `repair`, `elevator` for people; falls back to the names.
  std::function<std::string(Category, const std::string& subcategory, const std::string& locale)> category_words{};
  /// The page on which somebody works on a ticket: his own, or, for a group's address, one that asks who he is. Empty
  /// where there is none.
  std::function<std::string(const Ticket&, const Peer&)> page{};
  /// The page on which the owner answers a survey; empty where there is none.
  std::function<std::string(const Survey&)> survey_page{};
  std::shared_ptr<const templates::Renderer> renderer{};

  [[nodiscard]] const Site& site_of(EstateId estate) const;
  [[nodiscard]] bool is_staff_channel(const std::string& channel) const { return staff_channels.contains(channel); }
  [[nodiscard]] bool is_brief_channel(const std::string& channel) const { return brief_channels.contains(channel); }
  [[nodiscard]] std::string number(const Ticket& ticket) const;
  [[nodiscard]] std::string clock_time(const Ticket& ticket,
                                       Time time) const;  ///< `11-26 10:32` at the ticket's estate
  /// The channel's; where it has none, the only one that there is.
  [[nodiscard]] EstateId estate_of(const std::string& channel) const;
};

/// Who works in an estate, seen from one ticket.
struct Crew {
  std::vector<Staff> staff{};
  std::vector<Duty> duties{};
  std::vector<StaffId> on_duty{};
  std::vector<Staff> agents{};                   ///< of the ticket's department
  std::vector<tickets::Candidate> candidates{};  ///< those of them on duty
  std::optional<Time> duty{};                    ///< when one of them is (tickets::next_duty)
  const tickets::Department* department = nullptr;
};
[[nodiscard]] Crew crew_of(const Office& office, const Ticket& ticket, const Snapshot& snapshot, Time now);
[[nodiscard]] const Staff* find_staff(const Snapshot& snapshot, StaffId id);
/// An agent sees what is his, what he could take, and what his department has; others their estate's, or all.
[[nodiscard]] bool may_see(const Staff& who, const Ticket& ticket);
/// Adds what a TicketCase of the tickets that `wants` names will take, as far as it is known before they are read:
/// where there is one estate, its roster.
void want_case(const Office& office, Time now, Wants& wants);
/// What is to be read before a TicketCase can be made of `ticket`; nothing where `snapshot` shows it all.
[[nodiscard]] std::optional<Wants> lacks_for_case(const Ticket& ticket, const Snapshot& snapshot, Time now);

}  // namespace huiyin::gateway
