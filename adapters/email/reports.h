#pragma once

#include <optional>
#include <string_view>

#include "adapters/email/mail.h"
#include "adapters/email/mime_tree.h"

namespace huiyin::email {

/// What a multipart/report says of a mail of ours (sms-and-email.md E7): a delivery report by its first recipient that
/// failed (else its first), a complaint. Nothing where the parts say nothing.
[[nodiscard]] std::optional<MailReport> read_report(const MimeTree& tree);

/// What a bounce without such parts says in its header and its words (qmail, Exim, QQ, 163): recipient, action, status.
[[nodiscard]] MailReport read_plain_report(const RawHeaders& headers, std::string_view subject, std::string_view text);

/// Header fields of a block of text: `Action: failed`. Names in lower case, values unfolded and trimmed.
[[nodiscard]] RawHeaders parse_fields(std::string_view text);

}  // namespace huiyin::email
