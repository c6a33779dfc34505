#include "gateway/channel_table.h"

#include "adapters/registry.h"
#include "gateway/office.h"

namespace huiyin::gateway {
namespace {

/// By which channel codes go to the phones of an estate's owners: its own, else any.
void send_codes_by_sms(const Config& config, ChannelTable& channels) {
  const auto known = sms_channels(config, channels);
  if (known.empty()) return;
  for (const auto& stanza : config.channels) {
    auto& setup = channels.at(stanza.hook_path());
    const auto own = known.find(stanza.estate);
    take_manners(setup.desk, *setup.channel, (own == known.end() ? known.begin() : own)->second.front());
    if (stanza.kind != "sms") continue;
    for (const auto& [estate, names] : known)
      for (const auto& name : names)
        if (name != stanza.name) setup.desk.same_on.push_back(name);
  }
}

}  // namespace

std::map<std::string, std::vector<std::string>> sms_channels(const Config& config, const ChannelTable& channels) {
  std::map<std::string, std::vector<std::string>> out;
  for (const auto& stanza : config.channels) {
    const auto found = channels.find(stanza.hook_path());
    if (stanza.kind != "sms" || found == channels.end()) continue;
    if (found->second.channel->capabilities().sends) out[stanza.estate].push_back(stanza.name);
  }
  return out;
}

ChannelTable make_channels(const Config& config, const SecretSources& secrets, std::vector<Error>& errors) {
  ChannelTable out;
  for (const auto& stanza : config.channels)
    if (auto channel = make_channel(stanza, secrets, errors))
      out.emplace(stanza.hook_path(), ChannelSetup{.name = stanza.name, .channel = std::move(channel)});
  return out;
}

void furnish(ChannelTable& channels, const Config& config, const Assets& assets,
             const std::shared_ptr<Office>& office) {
  for (const auto& stanza : config.channels) {
    auto& setup = channels.at(stanza.hook_path());
    setup.desk = make_desk(assets, config, stanza, setup.channel->capabilities());
    setup.desk.office = office;
    office->channel_estates[stanza.name] = setup.desk.estate;
    ask_consent(setup.desk, *setup.channel);
    take_manners(setup.desk, *setup.channel, {});
    if (setup.desk.capabilities.staff) office->staff_channels.insert(stanza.name);
    if (setup.desk.capabilities.segment > 0) office->brief_channels.insert(stanza.name);
  }
  send_codes_by_sms(config, channels);
}

const ChannelSetup* find_channel(const ChannelTable& channels, std::string_view path) {
  for (std::string_view prefix = path; !prefix.empty(); prefix = prefix.substr(0, prefix.rfind('/'))) {
    if (const auto found = channels.find(std::string(prefix)); found != channels.end()) return &found->second;
    if (prefix.rfind('/') == std::string_view::npos) break;
  }
  return nullptr;
}

}  // namespace huiyin::gateway
