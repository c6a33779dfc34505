#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "adapters/email/mail.h"
#include "adapters/email/mime_tree.h"

namespace huiyin::email {

/// By what a mail is known as ours.
struct OwnMarks {
  std::string instance{};              ///< of X-Huiyin-Loop
  std::vector<std::string> domains{};  ///< in which our Message-IDs are made
};

/// A header by which every mail of ours is known again.
inline constexpr std::string_view kLoopHeader = "X-Huiyin-Loop";

/// Whether a person wrote the mail, by RFC 3834 and the headers in use (sms-and-email.md E5). `mail` has its addresses,
/// ids and subject; `top_type` is its Content-Type.
[[nodiscard]] MailKind kind_of(const RawHeaders& headers, const Mail& mail, std::string_view top_type,
                               std::string_view report_type, const OwnMarks& own);

/// Does the mail's own text begin with a mail service's words for an automatic answer (QQ, 163)? Some write no header.
[[nodiscard]] bool says_it_is_a_robots(std::string_view text);

}  // namespace huiyin::email
