#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "adapters/email/mail.h"
#include "adapters/email/mail_kind.h"

namespace huiyin::email {

struct MailOptions {
  std::vector<std::string> trusted_servers{};  ///< authserv-ids whose Authentication-Results are believed
  OwnMarks own{};
  std::optional<std::string> sender{};       ///< of the envelope, where it is known; empty: `<>`
  std::size_t most_bytes = 50U << 20U;       ///< of a mail
  std::size_t most_file_bytes = 50U << 20U;  ///< of one attachment
};

/// Why a mail can never be read, in words that may be quoted to its sender.
struct MailRefusal {
  std::string why{};
  bool too_large = false;
};

/// Reads a mail, however broken: what its sender newly wrote, his files, who and what he is. Refused are only nothing
/// at all, more than `most_bytes`, a header without end, and what has no sender to answer. A leading mbox `From ` line
/// is skipped. Needs beside the mail itself the memory of its decoded files. Pure, thread-safe.
[[nodiscard]] tl::expected<Mail, MailRefusal> parse_mail(std::string_view bytes, const MailOptions& options);

}  // namespace huiyin::email
