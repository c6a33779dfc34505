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

/// Which of our texts a channel can send, by Channel::carried(); nothing: every one.
using Carried = std::optional<std::vector<std::string>>;

/// Another peer of the same verified person, by which he can be reached where this one fails.
struct OtherPeer {
  Peer peer{};
  int cost = 0;  ///< of one message; the cheapest is taken, of equal ones the first
  bool opted_out = false;
  Carried carried{};
};
/// The same address on a channel that stands in for this one, which is ill.
struct StandIn {
  Peer peer{};
  Carried carried{};
};

/// What the company decided about sending on one channel. From the configuration.
struct SendingRules {
  bool push_windows = false;                    ///< Capabilities::push_windows
  std::vector<NoticeTemplate> notices{};        ///< in the order in which they are to be tried
  std::vector<std::string> result_templates{};  ///< what the last push of a window is kept for
  /// Minutes of the local day between which nothing but what is urgent, or answers him at once, is sent; equal: never
  /// quiet.
  std::chrono::minutes quiet_from{0}, quiet_until{0};
  std::string time_zone{"Asia/Shanghai"};  ///< a name that tzdata knows
  std::chrono::hours give_up_after{
      72};                           ///< a row older than that is dead; what is to be said later than that is a timer's
  std::size_t max_merged_bytes = 0;  ///< of messages merged into one; 0: never merge
  /// A ticket's ordinary news goes to another peer only if a message there costs at most this; what is urgent, and a
  /// result, goes at any cost. What belongs to no ticket never does.
  int most_for_ordinary = 0;
  std::chrono::minutes look_again{30};  ///< when a row that has no way open is planned anew
};

/// All that a plan for one destination depends on.
struct Situation {
  std::optional<Conversation> conversation{};  ///< nothing: no owner's (a staff member's, a group's)
  std::vector<OtherPeer> others{};
  std::optional<StandIn> stand_in{};
  std::vector<OutboxRow> rows{};  ///< waiting, in id order
  Time now{};
};

/// One message goes now; more than one row where they were merged (the message is then keyed by the first).
/// A row that was tried before goes alone, so that its key means the same message in every attempt.
struct SendNow {
  std::vector<OutboxId> rows{};
  OutboundMessage message{};
  Way way = Way::push;
  std::string template_id{};
  std::string why{};
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
  std::vector<PlanStep> steps{};               ///< every row in exactly one, in sending order
  std::optional<Conversation> conversation{};  ///< where the plan spends pushes or consents: to be committed first
};

/// Which way each waiting message of one destination goes, and why: by window, remaining quota, consent, urgency, quiet
/// hours and cost. Pure. In this order, for each row:
///
/// - past its `expires`, or older than give_up_after: given up. Not due yet: waits.
/// - another channel stands in for this one, whose provider fails: there, unless he opted out of it, or its provider
///   has approved no template for the text.
/// - he unfollowed, or opted out on this channel: to another of his peers (at what cost: most_for_ordinary), else given
/// up. Opted out, he still gets the
///   answer to what he himself just wrote (OutboundMessage::answer; the confirmation of the opt-out is one), as he asks
///   for it by writing; nothing else, however urgent.
/// - a person at the provider's desk has the conversation: what is neither urgent nor a result waits.
/// - quiet hours: what is neither urgent nor an answer given at once waits for their end; given up where it would
///   expire by then. An urgent row takes the ordered ones before it along.
/// - push, where the channel has no windows or one is open. It spends from the window that closes first, and keeps one
///   push of the long windows for the result: only results and urgent rows take that.
/// - a notice of the provider's that carries this template: a subscription needs (and uses up) a consent.
/// - another peer, if the cost is right. Else it waits for his next message, until it is given up.
///
/// Messages that go by push next to each other are merged within max_merged_bytes: plain text, equally urgent, never
/// tried before; choices only in the last of them, as a provider shows one set. Merged with a result, all may use the
/// push that was kept.
///
/// Nothing overtakes a row marked ordered, nor for its first minutes one that is being retried.
///
/// After a refusal (window closed, peer gone, no consent) the caller corrects the conversation by what it learnt, and
/// plans again: the row then goes the next way.
[[nodiscard]] Plan plan(const SendingRules& rules, const Situation& situation);

}  // namespace huiyin::gateway
