#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <vector>

#include "adapters/email/mail.h"
#include "adapters/email/mime_tree.h"

namespace huiyin::email {

/// The text of a mail, and which of its parts are not files since they are that text.
struct MailBody {
  std::string new_text{};
  std::string whole_text{};
  bool quoted_stripped = false;
  bool forward = false;
  std::set<std::size_t> text_parts{};      ///< MimeLeaf::index
  std::set<std::string> new_pictures{};    ///< Content-IDs shown in what is new
  std::set<std::string> other_pictures{};  ///< … in the quoted part or the signature alone
};

/// Reads the text parts of `tree` that lie within `embedded` attached mails (0: the mail itself). `has_files`: an empty
/// text is one then, too.
[[nodiscard]] MailBody read_body(const MimeTree& tree, int embedded, const std::string& subject, bool has_files);

/// A text part that is (part of) the mail's text, not a file.
[[nodiscard]] bool is_text_part(const MimeLeaf& leaf);

/// Of a mail whose structure is broken (a boundary that is nowhere, no empty line below the header): its words, without
/// what looks like structure.
[[nodiscard]] std::string loose_text(std::string_view bytes);

}  // namespace huiyin::email
