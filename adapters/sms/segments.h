#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace huiyin::sms {

/// How a text goes through the air. Source: 3GPP TS 23.038 (alphabets), 23.040 (concatenation: 6 octets of header).
struct Segments {
  bool gsm7 = true;       ///< 7-bit alphabet; else UCS-2
  std::size_t units = 0;  ///< septets, or UTF-16 units
  std::size_t parts = 0;  ///< 0 for no text
  friend bool operator==(const Segments&, const Segments&) = default;
};

/// All characters stand in the GSM 7-bit alphabet or its extension table.
[[nodiscard]] bool is_gsm7(std::string_view text);

/// Counted greedily: a two-septet character or a surrogate pair is never split over two parts.
[[nodiscard]] Segments count_segments(std::string_view text);

/// As the mainland's cloud providers bill, whatever the script: one a character, 70 in one message, 67 in each of more.
[[nodiscard]] std::size_t count_billed(std::string_view text);

/// 【signature】 before the text, as mainland carriers demand; the text alone where there is no signature, or where it
/// stands there already.
[[nodiscard]] std::string with_signature(std::string_view signature, std::string_view text);

/// Typographic quotes, dashes, dots and spaces as a typewriter has them.
[[nodiscard]] std::string in_plain_punctuation(std::string_view text);

/// The longest beginning of `text` that goes into `parts` parts, with … (or ... in the 7-bit alphabet) where it was
/// cut. Where nothing but typographic marks keeps it out of the 7-bit alphabet it goes in plain ones: one … in a Latin
/// text would more than double its parts. Each byte that is no UTF-8 becomes U+FFFD.
[[nodiscard]] std::string fit_into_parts(std::string_view text, std::size_t parts);

/// Is the text as long as one part of a longer one, so that the next message may go on with it? Some carriers hand on
/// the parts of a long message one by one, and providers pass them to us without their numbers.
[[nodiscard]] bool may_go_on(std::string_view text);

}  // namespace huiyin::sms
