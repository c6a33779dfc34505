#pragma once

#include <string>
#include <utility>
#include <vector>

#include "tests/tickets/chinese_calendar.h"
#include "tickets/state_machine.h"

namespace huiyin::tickets {

inline const Peer kWang{"wechat:main", "o-wang"};
inline constexpr StaffId kZhang{31}, kLi{32};
inline constexpr DepartmentId kRepairs{5};

/// A ticket and its history, written by the state machine itself: what tests do to it is what may be done.
class Life {
 public:
  explicit Life(const std::string& opened, Category category = Category::repair, std::string subcategory = {}) {
    Ticket draft;
    draft.id = TicketId{77};
    draft.number = {1024};
    draft.peer = kWang;
    draft.name = "王建国";
    draft.phone = "+8613800138000";
    draft.address = "3栋2单元602";
    draft.category = category;
    draft.subcategory = std::move(subcategory);
    draft.description = "水管漏水";
    draft.department = kRepairs;
    take(open_ticket(std::move(draft), next_row(), {.role = Role::owner, .peer = kWang}, at(opened), {}));
  }

  /// `when` in Shanghai. Throws where it is refused.
  Life& by(Role role, const std::string& when, Action action, StaffId staff = kZhang) {
    const Doer doer{.role = role, .id = role == Role::owner || role == Role::system ? 0 : staff.value, .peer = kWang};
    auto change = apply(ticket, action, next_row(), doer, at(when), {});
    if (!change) throw std::runtime_error(describe(change.error()));
    take(*std::move(change));
    return *this;
  }
  Life& agent(const std::string& when, ActionKind kind, std::string text = {}) {
    Action action{.kind = kind, .text = std::move(text)};
    if (kind == ActionKind::complete) action.told_by = "phone";
    return by(Role::agent, when, std::move(action));
  }
  Life& system(const std::string& when, ActionKind kind, std::string text = {}) {
    return by(Role::system, when, {.kind = kind, .text = std::move(text), .department = kRepairs});
  }
  Life& owner(const std::string& when, ActionKind kind, std::string text = {}) {
    return by(Role::owner, when, {.kind = kind, .text = std::move(text)});
  }

  Ticket ticket{};
  std::vector<HistoryRow> history{};

 private:
  HistoryId next_row() { return HistoryId{static_cast<std::int64_t>(history.size()) + 1}; }
  void take(Change change) {
    ticket = std::move(change.ticket);
    history.push_back(std::move(change.history));
  }
};

}  // namespace huiyin::tickets
