// The names that enumerators have in the database and in configuration. They never change; new ones are added.
#include <array>
#include <cstddef>

#include "core/outbox.h"
#include "core/staff.h"
#include "core/ticket.h"

namespace huiyin {
namespace {

using namespace std::string_view_literals;

constexpr std::array kTicketStatus = {"opened"sv,   "assigned"sv, "accepted"sv,  "in_progress"sv,  "suspended"sv,
                                      "resolved"sv, "closed"sv,   "withdrawn"sv, "out_of_scope"sv, "merged"sv};
constexpr std::array kCategory = {"repair"sv,   "cleaning"sv,     "service"sv, "security"sv,
                                  "internal"sv, "out_of_scope"sv, "none"sv};
constexpr std::array kPriority = {"low"sv, "normal"sv, "high"sv, "urgent"sv};
constexpr std::array kOutboxState = {"waiting"sv, "sent"sv, "delivered"sv, "unknown"sv, "dead"sv, "cancelled"sv};
constexpr std::array kWay = {"push"sv, "subscription"sv, "template_notice"sv};
constexpr std::array kStaffRole = {"agent"sv, "dispatcher"sv, "manager"sv, "admin"sv};

template <class Enum, std::size_t N>
std::optional<Enum> find(const std::array<std::string_view, N>& names, std::string_view text) {
  for (std::size_t i = 0; i < N; ++i)
    if (names[i] == text) return static_cast<Enum>(i);
  return std::nullopt;
}

template <class Enum, std::size_t N>
std::string_view name(const std::array<std::string_view, N>& names, Enum value) {
  return names.at(static_cast<std::size_t>(value));
}

}  // namespace

std::string_view to_string(TicketStatus status) { return name(kTicketStatus, status); }
std::string_view to_string(Category category) { return name(kCategory, category); }
std::string_view to_string(Priority priority) { return name(kPriority, priority); }
std::string_view to_string(OutboxState state) { return name(kOutboxState, state); }
std::string_view to_string(Way way) { return name(kWay, way); }
std::string_view to_string(StaffRole role) { return name(kStaffRole, role); }

std::optional<TicketStatus> parse_ticket_status(std::string_view text) {
  return find<TicketStatus>(kTicketStatus, text);
}
std::optional<Category> parse_category(std::string_view text) { return find<Category>(kCategory, text); }
std::optional<Priority> parse_priority(std::string_view text) { return find<Priority>(kPriority, text); }
std::optional<OutboxState> parse_outbox_state(std::string_view text) { return find<OutboxState>(kOutboxState, text); }

}  // namespace huiyin
