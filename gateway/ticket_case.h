#pragma once

#include <optional>
#include <tl/expected.hpp>
#include <vector>

#include "core/unit_of_work.h"
#include "gateway/office.h"
#include "gateway/staff_notices.h"
#include "tickets/state_machine.h"

namespace huiyin::gateway {

/// Writes `ticket` into `unit`, once however often.
void put_ticket(const Office& office, Ticket ticket, UnitOfWork& unit);

/// One ticket in the hands of a unit: what is done to it, and all that follows from that: history, times of service,
/// what its owner and other staff are told, and its one timer. Whoever acts (owner, staff, the clock, an operator)
/// acts through this. `snapshot` must lack nothing of it (lacks_for_case), but of a ticket that `unit` has opened it
/// need show only the roster; the references must outlive it.
class TicketCase {
 public:
  TicketCase(const Office& office, Ticket ticket, const Snapshot& snapshot, const Supplies& supplies, UnitOfWork& unit);
  /// A ticket that this unit opens.
  TicketCase(const Office& office, tickets::Change opened, const Snapshot& snapshot, const Supplies& supplies,
             UnitOfWork& unit);

  [[nodiscard]] const Ticket& ticket() const { return ticket_; }
  [[nodiscard]] const std::vector<HistoryRow>& history() const { return history_; }
  [[nodiscard]] const Crew& crew() const { return crew_; }
  [[nodiscard]] tickets::LifeFacts facts() const;
  [[nodiscard]] const Site& site() const { return site_; }
  /// The newest survey about this ticket, as this unit leaves it.
  [[nodiscard]] std::optional<Survey> survey() const;
  /// Of this owner, whatever its ticket.
  [[nodiscard]] std::optional<Survey> newest_survey() const;

  /// Does it and tells who has to know, or says why not; then nothing has changed.
  [[nodiscard]] tl::expected<void, tickets::Refusal> act(const tickets::Action& action, const tickets::Doer& doer);
  /// As Role::system, for what cannot be refused; a refusal is logged.
  void act_as_system(const tickets::Action& action);
  /// Tells staff of the ticket as it is now.
  bool tell(const std::vector<tickets::Receiver>& receivers, const StaffNotice& notice);
  bool tell(const tickets::Addressees& to, const StaffNotice& notice);
  void put(const Survey& survey);
  /// Whose it is, where that was not known.
  void set_contact(ContactId contact) {
    if (!ticket_.contact) ticket_.contact = contact;
  }
  /// Marks the ticket for staff to look at (tickets/audit.h).
  void flag(std::string_view flag);

  /// Writes the ticket and its timer into the unit. Last; once. `at_once`: the timer has to do something now.
  void finish(bool at_once);

 private:
  void set_deadlines();
  void take_merged_along(const tickets::Doer& doer);
  void tell_others(const tickets::Action& action, const tickets::Doer& doer, const Ticket& before);
  void tell_of_owner(const tickets::Action& action, const Ticket& before);
  void tell_of_urging();

  const Office& office_;
  const Snapshot& snapshot_;
  const Supplies& supplies_;
  UnitOfWork& unit_;
  const Site& site_;
  Ticket ticket_;
  std::vector<HistoryRow> history_{};
  Crew crew_;
};

/// The texts of `survey` rows by which it is known that the owner was told the result: with the question, or without.
inline constexpr std::string_view kNoteAsked = "asked", kNoteTold = "told";
/// Of the newest completion; true where there was none.
[[nodiscard]] bool is_result_told(const std::vector<HistoryRow>& history);

/// A ticket has one timer, and its id is the ticket's own: it is set anew without having been read.
[[nodiscard]] Timer ticket_timer(TicketId ticket, Time due);
inline constexpr auto kTicketTimer = "ticket";
/// A moment from `now` on that no earlier unit set the same timer for: the key of a firing is made of it.
[[nodiscard]] Time soon(Time now, UnitId unit);

}  // namespace huiyin::gateway
