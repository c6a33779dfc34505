#include "gateway/sending.h"

#include <algorithm>

namespace huiyin::gateway {
namespace {

constexpr std::chrono::hours kQuietFrom{21}, kQuietUntil{8};  // SMS, unless the configuration says otherwise

/// What the provider takes bounds what the configuration asks for.
void keep_within(const Capabilities& takes, SendingConfig& limits) {
  if (takes.per_minute > 0 && (limits.per_minute == 0 || limits.per_minute > takes.per_minute))
    limits.per_minute = takes.per_minute;
  if (takes.per_second == 0) return;
  const auto most = static_cast<double>(takes.per_second);
  if (limits.rate_per_s == 0 || limits.rate_per_s > most) limits.rate_per_s = most;
  limits.burst = std::min(limits.burst, most);
}

}  // namespace

Peer paced_as(const SendingChannel& channel, const Peer& destination) {
  return channel.channel->capabilities().group ? Peer{destination.channel, {}} : destination;
}

SendingChannel make_sending_channel(const ChannelConfig& config, const Channel& channel, const std::string& time_zone) {
  SendingChannel out{.name = config.name, .channel = &channel, .limits = config.sending};
  keep_within(channel.capabilities(), out.limits);
  auto& rules = out.rules;
  rules.push_windows = channel.capabilities().push_windows;
  for (auto& known : channel.provider_templates())
    rules.notices.push_back({known.template_name, known.way, known.template_id});
  rules.result_templates = config.sending.results;
  rules.quiet_from = std::chrono::minutes(config.sending.quiet_from);
  rules.quiet_until = std::chrono::minutes(config.sending.quiet_until);
  if (!config.sending.quiet_given && channel.capabilities().segment > 0) {  // a phone rings in the night
    rules.quiet_from = kQuietFrom;
    rules.quiet_until = kQuietUntil;
  }
  rules.time_zone = time_zone;
  rules.give_up_after = std::chrono::hours(config.sending.give_up_after_h);
  // What goes by approved templates goes alone: a template carries one of our texts.
  rules.max_merged_bytes = channel.carried() ? 0 : config.sending.merge_bytes;
  rules.most_for_ordinary = config.sending.most_for_ordinary;
  return out;
}

}  // namespace huiyin::gateway
