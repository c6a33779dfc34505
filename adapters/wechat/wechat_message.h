#pragma once

#include <string>
#include <tl/expected.hpp>

#include "adapters/channel.h"
#include "adapters/wechat/wechat_xml.h"

namespace huiyin::wechat {

/// The events of one decrypted message, and how it may be answered. `channel` begins every delivery key. A type or
/// event that the platform invents later becomes an UnsupportedMessage or a Notice, never an error; a known one without
/// a field that it must have is malformed, and the reason names the field.
[[nodiscard]] tl::expected<Inbound, Reject> read_message(const Element& xml, const std::string& channel);

}  // namespace huiyin::wechat
