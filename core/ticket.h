#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/ids.h"
#include "core/peer.h"
#include "core/time.h"

namespace huiyin {

/// Each has one name in the database and in configuration (to_string) and its words in templates/.
enum class TicketStatus {
  opened,        ///< 待受理
  assigned,      ///< 已派单: a department or person has it
  accepted,      ///< 已接单
  in_progress,   ///< 处理中
  suspended,     ///< 挂起: waits for the owner or for parts
  resolved,      ///< 已完成: the owner is asked
  closed,        ///< 已关闭
  withdrawn,     ///< 已撤回
  out_of_scope,  ///< 不在服务范围
  merged         ///< 已并单
};

enum class Category { repair, cleaning, service, security, internal, out_of_scope, none };

enum class Priority { low, normal, high, urgent };

[[nodiscard]] std::string_view to_string(TicketStatus status);
[[nodiscard]] std::string_view to_string(Category category);
[[nodiscard]] std::string_view to_string(Priority priority);
[[nodiscard]] std::optional<TicketStatus> parse_ticket_status(std::string_view text);
[[nodiscard]] std::optional<Category> parse_category(std::string_view text);
[[nodiscard]] std::optional<Priority> parse_priority(std::string_view text);

/// `HY1024-4`: a prefix from config, a sequence number, and a check digit (Damm over the digits of the sequence).
/// The store keeps `sequence`; words are made of it by tickets/number.h.
struct TicketNumber {
  std::int64_t sequence = 0;
  friend auto operator<=>(const TicketNumber&, const TicketNumber&) = default;
};

struct Ticket {
  TicketId id{};
  TicketNumber number{};
  EstateId estate{};
  ConversationId conversation{};
  Peer peer{};  ///< the peer that reported it, and that may see it
  ContactId contact{};
  std::string name{};          ///< as given for this ticket
  std::string phone{};         ///< E.164, as given for this ticket
  std::string reported_for{};  ///< 代报: whom it concerns, empty: himself
  PlaceId place{};
  std::string address{};
  Category category = Category::none;
  std::string subcategory{};
  std::string description{};
  Priority priority = Priority::normal;
  std::string danger{};  ///< the kind of danger that made it urgent; empty: none
  std::string audit{};   ///< what staff should look at: comma-separated field names, `human`, `scope`
  DepartmentId department{};
  StaffId assignee{};
  TicketStatus status = TicketStatus::opened;
  std::string told_by{};  ///< how the owner was told the result: `phone`, `in_person`, `wechat`, `message`, `sms`
  TicketId parent{};
  TicketId merged_into{};
  std::string preferred_visit{};
  bool may_enter = false;
  bool chargeable = false;  ///< 有偿
  std::int64_t quote_cents = 0;
  Time opened{};
  std::optional<Time> respond_by{};
  std::optional<Time> resolve_by{};
  std::optional<Time> closed{};
  std::optional<Time> purge_after{};
  std::string request_id{};
  std::int64_t matter = 0;  ///< equal for two that may tell of one trouble (tickets/duplicates.h); 0: like no other
  std::int64_t version = 0;
  friend bool operator==(const Ticket&, const Ticket&) = default;
};

enum class ActorKind { owner, staff, system, operator_ };

struct Actor {
  ActorKind kind = ActorKind::system;
  std::int64_t id = 0;  ///< contact or staff id; 0: none
  friend bool operator==(const Actor&, const Actor&) = default;
};

/// One change of a ticket. Every change has one.
struct HistoryRow {
  HistoryId id{};
  TicketId ticket{};
  Time at{};
  std::string action{};  ///< `open`, `add_photo`, `request_human`, `assign`, `close` …
  TicketStatus from = TicketStatus::opened;
  TicketStatus to = TicketStatus::opened;
  bool owner_visible = false;
  Actor actor{};
  std::string channel{};
  std::string delivery_key{};  ///< of the event that caused it
  std::string text{};
  friend bool operator==(const HistoryRow&, const HistoryRow&) = default;
};

}  // namespace huiyin
