#pragma once

#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "adapters/channel.h"
#include "config/config.h"
#include "core/outbox.h"
#include "gateway/planner.h"

namespace huiyin::gateway {

/// A channel as the dispatcher sees it.
struct SendingChannel {
  std::string name{};  ///< `wechat:main`
  const Channel* channel = nullptr;
  SendingConfig limits{};
  SendingRules rules{};
  std::function<std::string(const OutboundMessage&)> page{};  ///< makes Sending::page; may be empty
};

/// A leased destination, and what goes to it now, in order.
struct Errand {
  Peer destination{};
  bool owners = false;            ///< there is a conversation with it
  std::vector<OutboxRow> rows{};  ///< those that are named in `sends`
  std::deque<SendNow> sends{};
  std::optional<Time> spends{};  ///< the push window that this spends of first, by its end
  int refusals = 0;              ///< of our access token, one after the other
  std::optional<Time> due{};     ///< when what does not go now wants to be looked at again
};

/// What a destination's messages are counted as: a robot's are all its group's, whomever they mention.
[[nodiscard]] Peer paced_as(const SendingChannel& channel, const Peer& destination);

/// From the configuration, and from what the adapter says of itself: no more than the provider takes.
[[nodiscard]] SendingChannel make_sending_channel(const ChannelConfig& config, const Channel& channel,
                                                  const std::string& time_zone);

}  // namespace huiyin::gateway
