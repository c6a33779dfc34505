#pragma once

#include <string>
#include <vector>

#include "adapters/email/mail.h"
#include "adapters/email/mime_tree.h"

namespace huiyin::email {

/// What our own mail server says of the sender in Authentication-Results (RFC 8601; sms-and-email.md E8). Believed only
/// with one of `servers` as its authserv-id, and only above the first Received that this server, or another's, wrote:
/// what stands below came with the mail. `from` is the only From address; nothing is aligned where there are several.
[[nodiscard]] MailTrust read_trust(const RawHeaders& headers, const std::vector<std::string>& servers,
                                   const std::string& from, bool several_senders);

}  // namespace huiyin::email
