#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "dialogs/understanding/extract.h"

namespace huiyin::dialogs {

/// What numbering plans say of a row of digits; values are E.164.

/// 工业和信息化部: mobile numbers have 11 digits and begin with 13 to 19.
[[nodiscard]] bool is_mainland_mobile(std::string_view digits);

/// Without 86 or 0086 before a mobile number.
[[nodiscard]] std::string_view strip_country(std::string_view digits);

/// With a country code, after a + or 00.
[[nodiscard]] std::optional<std::string> international_number(std::string_view digits);

/// With an area code: 0571 8702 3356 is the mainland's, 02 2345 6789 and 0912 345 678 are Taiwan's; their lengths
/// differ.
[[nodiscard]] std::optional<std::string> landline_number(std::string_view digits);

/// Eight digits with the area code of a place whose numbers had seven by the plan known here: places go over to eight.
[[nodiscard]] std::optional<std::string> grown_landline_number(std::string_view digits);

struct HarbourContext {
  bool called = false;  ///< a word such as 电话 stands before it
  PhoneHints hints{};
};
/// Eight digits are a whole number in Hong Kong and Macau only; on the mainland an area code is missing.
[[nodiscard]] std::optional<std::string> harbour_number(std::string_view digits, const HarbourContext& context);

/// Seven or eight digits, by the area code of the place where they are dialled (Locality::area_code).
[[nodiscard]] std::optional<std::string> local_number(std::string_view digits, std::string_view area_code);

}  // namespace huiyin::dialogs
