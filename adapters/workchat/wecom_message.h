#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "adapters/channel.h"
#include "adapters/wechat/wechat_xml.h"

namespace huiyin::workchat {

/// The event of one decrypted message, and how it may be answered. `channel` begins its delivery key; `raw` is the
/// decrypted text, of which the key of an event holds a hash: two different ones of one member in one second have been
/// seen. A type or event that the platform invents later becomes an UnsupportedMessage or a Notice, never an error; a
/// known one without a field that it must have is malformed, and the reason names the field.
[[nodiscard]] tl::expected<Inbound, Reject> read_wecom_message(const wechat::Element& xml, const std::string& channel,
                                                               std::string_view raw);

}  // namespace huiyin::workchat
