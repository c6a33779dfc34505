#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace huiyin::email {

/// Header values as people read them. GMime 3.2.13 drops encoded words that follow a padded one, and so does not see
/// them here: all of this works on raw values (sms-and-email.md E9). Pure; never fails; what comes out is valid UTF-8
/// on one line, without control characters.

/// An unstructured value (a subject, a display name): folded lines joined, RFC 2047 words decoded (neighbours of one
/// charset and encoding joined as bytes first, as many senders cut inside a character), raw 8-bit bytes read as UTF-8,
/// then `body_charset`, then GB18030.
[[nodiscard]] std::string decode_header(std::string_view raw, std::string_view body_charset = {});

struct MailAddress {
  std::string name{};     ///< display name, decoded; may be empty
  std::string address{};  ///< local@domain, the domain in lower case
  friend bool operator==(const MailAddress&, const MailAddress&) = default;
};

/// The addresses of From, To, Cc …; groups are taken apart, what is no address is left out. At most 100.
[[nodiscard]] std::vector<MailAddress> parse_addresses(std::string_view raw, std::string_view body_charset = {});

/// `<a@b>` of Message-ID, In-Reply-To, References, in order, with the brackets. At most 200, each at most 998 bytes.
[[nodiscard]] std::vector<std::string> parse_message_ids(std::string_view raw);

/// `text/plain; charset="gb2312"; name*0*=…`.
struct ParameterizedValue {
  std::string value{};  ///< lower case: `text/plain`, `attachment`
  std::vector<std::pair<std::string, std::string>>
      parameters{};  ///< names in lower case, values decoded (RFC 2231, 2047)
  [[nodiscard]] std::string parameter(std::string_view name) const;
};
[[nodiscard]] ParameterizedValue parse_parameters(std::string_view raw);

/// A name that can do no harm: no path, no control or bidirectional characters, at most 255 bytes; empty where nothing
/// is left.
[[nodiscard]] std::string safe_file_name(std::string_view name);

/// Bytes of base64 and quoted-printable (`_` for a space: the Q encoding of RFC 2047), as tolerant as mail demands.
[[nodiscard]] std::string decode_base64(std::string_view text);
[[nodiscard]] std::string decode_q(std::string_view text);

}  // namespace huiyin::email
