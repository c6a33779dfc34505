#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/capabilities.h"
#include "core/conversation.h"
#include "core/outbox.h"
#include "core/time.h"

namespace huiyin::gateway {

/// A notice of the provider's (subscription or template message) that can carry one of our templates.
struct NoticeTemplate {
  std::string template_name{};  ///< ours: what OutboundMessage::template_name says
  Way way = Way::subscription;
  std::string template_id{};  ///< the provider's
};

/// Another peer of the same verified person, by which he can be reached where this one fails.
struct OtherPeer {
  Peer peer{};
  int cost = 0;  ///< of one message; the cheapest is taken
  bool opted_out = false;
};

/// What the company decided about sending on one channel. From the configuration.
struct SendingRules {
  bool push_windows = false;  ///< Capabilities::push_windows
  std::vector<NoticeTemplate> notices{};
  std::vector<std::string> result_templates{};  ///< what the last push of a window is kept for
  /// Minutes of the local day between which nothing but what is urgent is sent; equal: never quiet.
  std::chrono::minutes quiet_from{0}, quiet_until{0};
  std::string time_zone{"Asia/Shanghai"};
  std::chrono::hours give_up_after{72};  ///< a row older than that is dead
  std::size_t max_merged_bytes = 0;      ///< of messages merged into one; 0: never merge
};

/// All that a plan for one destination depends on.
struct Situation {
  std::optional<Conversation> conversation{};  ///< nothing: no owner's (a staff member's, a group's)
  std::vector<OtherPeer> others{};
  std::vector<std::string> consents{};  ///< the provider's template ids that he allowed and that are not used up
  std::vector<OutboxRow> rows{};        ///< waiting, in id order
  Time now{};
};

/// One message goes now; more than one row where they were merged (the message is then keyed by the first).
struct SendNow {
  std::vector<OutboxId> rows{};
  OutboundMessage message{};
  Way way = Way::push;
  std::string template_id{};
};
struct SendLater {
  OutboxId row{};
  Time until{};
  std::string why{};
};
/// The message goes to another peer: a new row there, and this one is cancelled.
struct SendElsewhere {
  OutboxId row{};
  Peer to{};
  std::string why{};
};
/// It cannot be sent: dead, and visible as such.
struct GiveUp {
  OutboxId row{};
  std::string why{};
};
using PlanStep = std::variant<SendNow, SendLater, SendElsewhere, GiveUp>;

struct Plan {
  std::vector<PlanStep> steps{};               ///< every row in exactly one
  std::optional<Conversation> conversation{};  ///< where the plan spends of its ledger: to be committed before sending
};

/// Which way each waiting message of one destination goes, and why: by window, remaining quota (one push is kept for
/// the result), consent, urgency, quiet hours and cost. Pure.
[[nodiscard]] Plan plan(const SendingRules& rules, const Situation& situation);

}  // namespace huiyin::gateway
