#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace huiyin {

/// Text is UTF-8 throughout; a "character" is a Unicode code point. All functions here are pure and thread-safe.

[[nodiscard]] bool is_valid_utf8(std::string_view text);

/// Each byte that is no UTF-8 becomes U+FFFD; NUL and the other control characters but tab and line feed are dropped;
/// CR LF and CR become LF. What comes out is safe to store and to show.
[[nodiscard]] std::string clean_text(std::string_view text);

/// Characters of valid UTF-8 (of anything else: bytes that begin one).
[[nodiscard]] std::size_t count_characters(std::string_view text);

/// The first `characters` of `text`, never cut inside a code point.
[[nodiscard]] std::string_view first_characters(std::string_view text, std::size_t characters);

/// The longest beginning of `text` of at most `bytes` bytes, cut neither inside a code point nor, where there is
/// another place, inside a cluster that shows as one (an emoji with its joiners and skin tone).
[[nodiscard]] std::string_view first_bytes(std::string_view text, std::size_t bytes);

/// White space at both ends removed; U+3000 and U+00A0 count as white space, as do zero-width characters.
[[nodiscard]] std::string_view trim(std::string_view text);

/// For reading what people typed, not for storing: full-width ASCII to ASCII, U+3000 to a space, zero-width characters
/// gone, ASCII letters to lower case, white space at the ends gone.
[[nodiscard]] std::string fold(std::string_view text);

/// A whole text that is a small number, however it is written: "2", "２", "二", "两", "第二个", "2.", "②", "(2)", "貳".
/// Nothing for any other text.
[[nodiscard]] std::optional<int> parse_ordinal(std::string_view text);

/// For logs: 13800138000 → 138****8000, +8613800138000 → +86138****8000; shorter things keep one character at each end.
[[nodiscard]] std::string mask_phone(std::string_view phone);

/// For logs and for other people: 王建国 → 王**, "Anna Lee" → "A**".
[[nodiscard]] std::string mask_name(std::string_view name);

/// For logs: an openid or mail address with its middle hidden.
[[nodiscard]] std::string mask_peer(std::string_view peer);

[[nodiscard]] std::vector<std::string_view> split(std::string_view text, char separator);

/// Splits `text` into pages of at most `bytes` each, at a line end or a sentence end where there is one near. Never
/// empty pages; one page when it fits.
[[nodiscard]] std::vector<std::string> paginate(std::string_view text, std::size_t bytes);

/// The one of `known` that `word` was most likely meant to be (edit distance of at most 2), for "Did you mean …?".
[[nodiscard]] std::optional<std::string_view> closest(std::string_view word,
                                                      const std::vector<std::string_view>& known);

}  // namespace huiyin
