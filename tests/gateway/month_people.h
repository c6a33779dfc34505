#pragma once

#include <map>
#include <string>
#include <vector>

#include "tests/gateway/month_world.h"

namespace huiyin::gateway {

/// Owners and staff of a simulated month: what each does when he reads something, by the drawn numbers alone.
class MonthPeople {
 public:
  MonthPeople(MonthWorld& world, const MonthOptions& options);

  /// Hires staff with their rosters, and lets the owners' reports happen over the days.
  void begin();

  /// What an owner was told of a ticket after it was opened, by the outbox: names of texts, in order.
  [[nodiscard]] const std::vector<std::string>& told(TicketId ticket) const;
  /// Was he told, with the ticket's number, that it is not ours and whom to call?
  [[nodiscard]] bool heard_whose_it_is(const Peer& owner, TicketId ticket) const;
  /// Tickets, by the one that was opened.
  [[nodiscard]] const std::vector<TicketId>& opened() const { return opened_; }
  [[nodiscard]] const std::map<std::int64_t, StaffRole>& roles() const { return roles_; }
  [[nodiscard]] int not_understood() const { return not_understood_; }

 private:
  struct Owner {
    Peer peer{};
    std::string name{}, phone{}, address{};
  };
  struct Member {
    Staff staff{};
    Peer peer{};
  };
  /// What is known of a ticket from the units that were committed: what its people see.
  struct Known {
    TicketNumber number{};
    TicketStatus status = TicketStatus::opened;
    StaffId assignee{};
    DepartmentId department{};
    Peer owner{};
  };

  void hire();
  void hire_one(const std::string& name, StaffRole role, DepartmentId department, int shift);
  void report(Owner& owner);
  void go_on(Owner& owner, int turns);
  void owner_reads(const OutboundMessage& message, TicketId ticket);
  void answer_survey(const Peer& owner);
  void later_words(const Owner& owner, TicketId ticket);
  void staff_reads(const OutboundMessage& message, TicketId ticket);
  void agent_reads(const Member& member, TicketId ticket, const OutboundMessage& message);
  void desk_reads(const Member& member, TicketId ticket, const OutboundMessage& message);
  void tap_accept(const Member& member, TicketId ticket, const OutboundMessage& message);
  void work_on(const Member& member, TicketId ticket);
  void finish_work(const Member& member, TicketId ticket);
  void says(const Peer& peer, const std::string& text);
  void learn(const UnitOfWork& unit);
  [[nodiscard]] std::string number_of(TicketId ticket) const;
  [[nodiscard]] bool is_with(TicketId ticket, const Member& member) const;
  [[nodiscard]] const Member* colleague(const Member& of);

  MonthWorld& world_;
  MonthOptions options_;
  std::vector<Owner> owners_{};
  std::map<std::string, Member> staff_{};  ///< by address
  std::map<TicketId, Known> tickets_{};
  std::vector<TicketId> opened_{};
  std::map<TicketId, std::vector<std::string>> told_{};
  std::map<std::string, std::string> answered_{};  // by owner: what he was said of what is not ours
  std::map<std::int64_t, StaffRole> roles_{};
  std::map<std::string, DialogState> dialogs_{};  ///< by owner's address, as last committed
  int not_understood_ = 0;
};

}  // namespace huiyin::gateway
