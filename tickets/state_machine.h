#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "core/ids.h"
#include "core/peer.h"
#include "core/staff.h"
#include "core/ticket.h"
#include "core/time.h"
#include "tickets/departments.h"

namespace huiyin::tickets {

/// Everything that can be done to a ticket once it is open. One table (state_machine.cpp) says who may do what when; it
/// is written out in tests/golden/ticket_state_machine.txt. Pure, thread-safe.
enum class ActionKind {
  assign,             ///< 派单, 转派: to a department or a person
  accept,             ///< 接单: the first to do so has it
  inspect,            ///< 勘查
  plan,               ///< 方案
  progress,           ///< 进度
  suspend,            ///< 挂起
  resume,             ///< 恢复
  send_back,          ///< 退回: to the dispatcher
  complete,           ///< 完成: the owner is asked whether it is well
  close,              ///< 关闭
  reopen,             ///< 重开; of what was out of scope: it is ours after all
  withdraw,           ///< 撤回
  urge,               ///< 催单
  add_details,        ///< 补充
  add_photo,          ///< 补充照片
  request_human,      ///< 转人工
  set_category,       ///< 改分类
  set_priority,       ///< 改优先级
  audit,              ///< 审核: staff have looked, the flags go
  mark_out_of_scope,  ///< 不在服务范围
  merge,              ///< 并单
  note,               ///< 备注: for staff only
  arrange_visit,      ///< 预约上门: when somebody comes, in words
  tell,               ///< 留言: words from the owner to who has it, or the other way; neither sees the other's number
  remind,             ///< 提醒: a time of service draws near (steps.h); the text is the step's key
  escalate,           ///< 升级: it has passed, or nobody takes an urgent ticket; the text is the step's key
  survey,  ///< 满意度调查: `asked 1`, `reminded 1`, `expired 1`, `answered 1` (survey.h); not for staff to see
  ask_call_back,  ///< 要求回访: the owner was not content; somebody has to speak with him
  call_back,      ///< 回访: somebody has
};
inline constexpr int kActionKinds = 29;
inline constexpr std::string_view kOpen = "open";  ///< the history name of open_ticket()

/// The name in history rows and on the command line: `send_back`.
[[nodiscard]] std::string_view to_string(ActionKind kind);
[[nodiscard]] std::optional<ActionKind> parse_action(std::string_view text);

/// How an owner was told the result: in Ticket::told_by, and what 完成 requires.
inline constexpr std::array<std::string_view, 5> kToldBy = {"phone", "in_person", "wechat", "message", "sms"};

/// What is done, and with what: each action reads the members that it is about.
struct Action {
  ActionKind kind = ActionKind::note;
  std::string text{};                    ///< words for the history: the progress, the reason, the result
  std::string told_by{};                 ///< complete: how the owner was told, one of kToldBy
  int after_photos = 0;                  ///< complete: photos of the stage `after` that the ticket has
  DepartmentId department{};             ///< assign
  StaffId staff{};                       ///< assign
  TicketId target{};                     ///< merge
  Priority priority = Priority::normal;  ///< set_priority
  /// add_details, set_category: the members that are not empty are taken; reopen: its category, where that was out of
  /// scope. Without one somebody has to say what it is.
  Ticket details{};
};

enum class Role { owner, agent, dispatcher, manager, admin, system, operator_ };
inline constexpr int kRoles = 7;

[[nodiscard]] std::string_view to_string(Role role);
[[nodiscard]] Role role_of(StaffRole role);

/// Who acts, from where.
struct Doer {
  Role role = Role::system;
  std::int64_t id = 0;  ///< contact or staff id; 0: none
  Peer peer{};          ///< owner: the peer that he writes from; the ticket must be that peer's
  std::string channel{};
  std::string delivery_key{};
};

/// What configuration decides.
struct Rules {
  std::vector<DepartmentRule> placement{};         ///< who gets what: the first rule that fits
  std::map<Category, DepartmentId> departments{};  ///< where none does
  std::vector<KindOfTicket> after_photo{};         ///< what is not done without a photo of it
  Millis retention = std::chrono::days(730);       ///< from the end of a ticket until it is purged
  Millis reopen_within = std::chrono::days(30);    ///< after closing; later the owner opens a new one. Staff always may
};

/// The ticket as it is after an action, at the version it was read at, and the one history row of it. The ids are the
/// caller's, as are times of service (respond_by, resolve_by).
struct Change {
  Ticket ticket{};
  HistoryRow history{};
};

enum class RefusalReason {
  not_now,  ///< not in this status
  not_this_role,
  not_yours,  ///< another's ticket
  too_late,
  needs_text,
  needs_target,  ///< assign: to whom; merge: into which; set_category: which
  needs_told,    ///< complete: how the owner was told
  needs_photo,   ///< complete: a photo of what was done
};

[[nodiscard]] std::string_view to_string(RefusalReason reason);

struct Refusal {
  RefusalReason reason = RefusalReason::not_now;
  TicketStatus status = TicketStatus::opened;  ///< as it is
  StaffId holder{};                            ///< who has it; none where the doer may not know
  std::vector<ActionKind> allowed{};           ///< what this doer may do with it now
};

/// `not_now: the ticket is closed; allowed now: reopen, request_human`: for logs, the command line and tests.
[[nodiscard]] std::string describe(const Refusal& refusal);

/// Opens a ticket of what the owner told: status, time, department by category, audit flags, urgency where there is
/// danger. It refuses nothing: a report is never lost. `draft` brings the ids, `history` is the row's.
[[nodiscard]] Change open_ticket(Ticket draft, HistoryId history, const Doer& doer, Time now, const Rules& rules);

/// Does `action`, or says why not and what may be done instead.
[[nodiscard]] tl::expected<Change, Refusal> apply(const Ticket& ticket, const Action& action, HistoryId history,
                                                  const Doer& doer, Time now, const Rules& rules);

/// What this doer may do with this ticket now, in the order of ActionKind: for buttons and refusals.
[[nodiscard]] std::vector<ActionKind> allowed_actions(const Ticket& ticket, const Doer& doer, Time now,
                                                      const Rules& rules);

/// Is a ticket of this kind not done without a photo of what was done?
[[nodiscard]] bool asks_after_photo(const Ticket& ticket, const Rules& rules);

/// Is a row of history for staff to see? What has to do with surveys is not.
[[nodiscard]] bool is_for_staff(const HistoryRow& row);

/// Is anything left to be done?
[[nodiscard]] bool is_active(TicketStatus status);

}  // namespace huiyin::tickets
