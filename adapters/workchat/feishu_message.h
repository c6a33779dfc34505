#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "adapters/channel.h"

namespace huiyin::workchat {

/// For whom a callback must be, and how its events are named.
struct FeishuApp {
  const std::string& channel;  ///< begins each delivery key
  const std::string& app_id;
  const std::string& tenant_key;  ///< empty: any
  const std::string& id_type;     ///< which of somebody's ids is his address
};

/// The events of one callback, opened and verified, of the newer (`schema`) or the older form. One of another app or
/// company is refused; an event or a kind of message that the platform invents later becomes a Notice or an
/// UnsupportedMessage; a known one without a field that it must have is malformed, and the reason names the field.
[[nodiscard]] tl::expected<Inbound, Reject> read_feishu_event(const nlohmann::json& body, const FeishuApp& app,
                                                              Time received);
/// A tap by the card request URL of old apps, which names neither app nor event.
[[nodiscard]] tl::expected<Inbound, Reject> read_feishu_old_tap(const nlohmann::json& body, const FeishuApp& app,
                                                                Time received);

}  // namespace huiyin::workchat
