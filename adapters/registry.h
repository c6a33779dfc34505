#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/channel.h"
#include "config/config.h"

namespace huiyin {

/// Makes a channel from its stanza; complaints go to `errors`, each with its line, and nothing is made then.
using Factory = std::unique_ptr<Channel>(const ChannelConfig& config, const SecretSources& secrets,
                                         std::vector<Error>& errors);

/// Every provider of providers.def, `kind` and name.
struct ProviderEntry {
  std::string_view kind;
  std::string_view name;
  Factory* make;
};
[[nodiscard]] const std::vector<ProviderEntry>& providers();

/// Makes the channel that `config` describes; an unknown provider is a complaint that offers the closest.
[[nodiscard]] std::unique_ptr<Channel> make_channel(const ChannelConfig& config, const SecretSources& secrets,
                                                    std::vector<Error>& errors);

}  // namespace huiyin
