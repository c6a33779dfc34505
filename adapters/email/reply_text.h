#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace huiyin::email {

/// A line of a mail's text, and what its markup said of it.
struct MailLine {
  std::string text{};
  bool quoted = false;                  ///< within a quotation (`>`, or a blockquote that a mail program made)
  bool signature = false;               ///< within what the program marks as the signature
  bool history = false;                 ///< the program says: from here on it is the mail that is answered
  std::vector<std::string> pictures{};  ///< Content-IDs of the pictures shown here
};

/// Lines of plain text; `>` makes a quoted one.
[[nodiscard]] std::vector<MailLine> plain_lines(std::string_view text);
/// Gives an introduction that stands on one line with what was written (`好的。On Mon, … wrote:`) a line of its own.
void split_shared_lines(std::vector<MailLine>& lines);
/// RFC 3676: lines that were broken softly are joined again. `delsp`: their last space goes too.
[[nodiscard]] std::string unflow(std::string_view text, bool delsp);

/// Which lines are new: the rest is the quoted history, its introduction, or a signature.
struct NewLines {
  std::vector<bool> kept{};
  bool quoted_stripped = false;
};
/// Finds where the quoted part begins, by the markers of the usual programs in Chinese and English, and a few more
/// (sms-and-email.md E11). Answers between quoted lines are kept. Where nothing would be left, all is kept if
/// `must_keep_something`. `forward`: what follows the marker is what the mail is about; everything is kept.
[[nodiscard]] NewLines find_new_lines(const std::vector<MailLine>& lines, bool forward, bool must_keep_something);

/// The kept lines as text: trimmed, never two empty lines in a row.
[[nodiscard]] std::string join_kept(const std::vector<MailLine>& lines, const std::vector<bool>& kept);
[[nodiscard]] std::string join_all(const std::vector<MailLine>& lines);

/// Does the subject say that somebody passes a mail on (`转发:`, `Fwd:`)?
[[nodiscard]] bool is_forward_subject(std::string_view subject);
/// Do the lines begin a forwarded mail before they begin an answered one?
[[nodiscard]] bool has_forward_marker(const std::vector<MailLine>& lines);

}  // namespace huiyin::email
