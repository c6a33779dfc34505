#include "dialogs/understanding/phone_plan.h"

#include <phonenumbers/phonenumberutil.h>

namespace huiyin::dialogs {
namespace {

using i18n::phonenumbers::PhoneNumber;
using i18n::phonenumbers::PhoneNumberUtil;

std::optional<std::string> as_e164(const PhoneNumber& number) {
  std::string text;
  PhoneNumberUtil::GetInstance()->Format(number, PhoneNumberUtil::E164, &text);
  return text;
}

std::optional<PhoneNumber> parsed(const std::string& digits, const char* region) {
  PhoneNumber number;
  if (PhoneNumberUtil::GetInstance()->Parse(digits, region, &number) != PhoneNumberUtil::NO_PARSING_ERROR)
    return std::nullopt;
  return number;
}

std::optional<std::string> valid_in(std::string_view digits, const char* region) {
  const auto number = parsed(std::string(digits), region);
  if (!number || !PhoneNumberUtil::GetInstance()->IsValidNumberForRegion(*number, region)) return std::nullopt;
  return as_e164(*number);
}

}  // namespace

bool is_mainland_mobile(std::string_view digits) { return digits.size() == 11 && digits[0] == '1' && digits[1] >= '3'; }

std::string_view strip_country(std::string_view digits) {
  if (digits.size() == 15 && digits.starts_with("0086")) return digits.substr(4);
  if (digits.size() == 13 && digits.starts_with("86")) return digits.substr(2);
  return digits;
}

std::optional<std::string> international_number(std::string_view digits) {
  if (digits.starts_with("00")) digits.remove_prefix(2);
  if (digits.size() < 8) return std::nullopt;
  const auto number = parsed("+" + std::string(digits), "ZZ");
  if (!number || !PhoneNumberUtil::GetInstance()->IsPossibleNumber(*number)) return std::nullopt;
  return as_e164(*number);
}

std::optional<std::string> landline_number(std::string_view digits) {
  if (digits.size() == 11 || digits.size() == 12) return valid_in(digits, "CN");
  if (digits.size() == 9 || digits.size() == 10) return valid_in(digits, "TW");
  return std::nullopt;
}

std::optional<std::string> grown_landline_number(std::string_view digits) {
  constexpr std::size_t kAreaCode = 4;
  const auto first = digits.size() == 12 ? digits[kAreaCode] : '0';
  if (digits[0] != '0' || first < '2' || first > '8' || !valid_in(digits.substr(0, 11), "CN")) return std::nullopt;
  return "+86" + std::string(digits.substr(1));
}

std::optional<std::string> harbour_number(std::string_view digits, const HarbourContext& context) {
  const char first = digits.front();
  const auto& hints = context.hints;
  if (hints.macau && (first == '6' || digits.starts_with("28") || first == '8')) return "+853" + std::string(digits);
  // Mainland subscriber numbers begin with 2 to 8: a 9 is Hong Kong's; the rest needs the script or the language.
  const bool mobile = first == '9' || ((first == '4' || first == '5' || first == '6' || first == '7') &&
                                       (hints.traditional || hints.latin));
  const bool landline = (first == '2' || first == '3') && (hints.traditional || hints.latin);
  if ((mobile && (context.called || hints.traditional)) || (landline && context.called)) return valid_in(digits, "HK");
  return std::nullopt;
}

std::optional<std::string> local_number(std::string_view digits, std::string_view area_code) {
  if (digits.front() < '2') return std::nullopt;  // 0 and 1 begin area codes, mobiles and short numbers
  const bool foreign = area_code.starts_with('+');
  area_code.remove_prefix(foreign || area_code.starts_with('0') ? 1 : 0);
  const auto number = parsed((foreign ? "+" : "+86") + std::string(area_code) + std::string(digits), "ZZ");
  if (!number || !PhoneNumberUtil::GetInstance()->IsValidNumber(*number)) return std::nullopt;
  return as_e164(*number);
}

}  // namespace huiyin::dialogs
