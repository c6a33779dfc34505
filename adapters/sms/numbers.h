#pragma once

#include <string>
#include <string_view>

namespace huiyin::sms {

/// What a number is, as far as an SMS is concerned.
enum class NumberKind {
  mobile,      ///< gets SMS (where a country's plan does not tell mobile from landline, too)
  landline,    ///< a telephone that gets none
  service,     ///< 400…, 1069…: dials or sends, takes no message
  short_code,  ///< 95588, 110
  name,        ///< an alphanumeric sender
  none
};

struct Number {
  NumberKind kind = NumberKind::none;
  std::string address{};  ///< E.164 for mobile and landline; else as it was written, trimmed
  friend bool operator==(const Number&, const Number&) = default;
};

/// Reads a number as people type it and providers send it: full-width digits, blanks, dashes, `tel:`, +86, 0086, 86,
/// and the 0 of an old dialling habit before a mobile number. `region` (ISO 3166) is whose numbers have no country
/// code. By libphonenumber; but a mainland mobile number is known by its shape (1, then 3 to 9, then nine digits),
/// since new ranges open faster than tables.
[[nodiscard]] Number parse_number(std::string_view text, std::string_view region = "CN");

/// The same for a number that a provider gives, which may have its country code without any sign of it
/// (`85291234567`).
[[nodiscard]] Number parse_sender(std::string_view text, std::string_view region = "CN");

/// As mainland providers want it: 13800138000, and for other countries the country code and number, without a plus.
[[nodiscard]] std::string without_plus(std::string_view e164);

/// Mainland China, without Hong Kong, Macau and Taiwan.
[[nodiscard]] bool is_mainland(std::string_view e164);

}  // namespace huiyin::sms
