#pragma once

#include <string_view>
#include <vector>

#include "adapters/email/reply_text.h"

namespace huiyin::email {

/// The text of an HTML body as it would be read, line by line, with what its markup says: quotations, signatures,
/// pictures by Content-ID. Scripts, styles and what is hidden are left out; links keep their address where they are an
/// attachment that lies in the cloud (QQ 超大附件, 163 云附件). Any input gives lines; `html` is valid UTF-8.
[[nodiscard]] std::vector<MailLine> html_lines(std::string_view html);

}  // namespace huiyin::email
