#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/channel.h"
#include "config/config.h"
#include "gateway/assets.h"
#include "gateway/desk.h"

namespace huiyin::gateway {

/// A configured channel: its adapter, and what its conversations are decided with.
struct ChannelSetup {
  std::string name{};
  std::unique_ptr<Channel> channel{};
  Desk desk{};
};

/// By the path of its hook: `/hook/wechat/main`.
using ChannelTable = std::map<std::string, ChannelSetup>;

/// Which channel a request is for: the rest of the path is the adapter's. Nothing for a path of no channel.
[[nodiscard]] const ChannelSetup* find_channel(const ChannelTable& channels, std::string_view path);

/// The configuration's channels with their adapters; complaints name file, line and remedy. They have no desks yet.
[[nodiscard]] ChannelTable make_channels(const Config& config, const SecretSources& secrets,
                                         std::vector<Error>& errors);

/// SMS channels that can send, by the estate that they speak for.
[[nodiscard]] std::map<std::string, std::vector<std::string>> sms_channels(const Config& config,
                                                                           const ChannelTable& channels);

/// Gives each its desk, which then shares `office`; and the office learns what each channel is for.
void furnish(ChannelTable& channels, const Config& config, const Assets& assets, const std::shared_ptr<Office>& office);

}  // namespace huiyin::gateway
