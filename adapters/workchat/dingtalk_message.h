#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <tl/expected.hpp>

#include "adapters/channel.h"

namespace huiyin::workchat {

/// For whom a message must be.
struct DingTalkApp {
  const std::string& channel;  ///< begins each delivery key
  const std::string& corp_id;
  const std::string& robot_code;
};

/// The events of one message to the app's robot; of words with pictures its words and then each picture. One for
/// another robot or company is refused; one of an outsider is a Notice, as nobody knows him; a kind that the platform
/// invents later becomes an UnsupportedMessage; a known one without a field that it must have is malformed, and the
/// reason names the field.
[[nodiscard]] tl::expected<Inbound, Reject> read_dingtalk_message(const nlohmann::json& body, const DingTalkApp& app,
                                                                  Time received);

}  // namespace huiyin::workchat
