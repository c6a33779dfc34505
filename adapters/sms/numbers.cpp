#include "adapters/sms/numbers.h"

#include <phonenumbers/phonenumberutil.h>

#include <algorithm>

#include "core/text.h"

namespace huiyin::sms {
namespace {

using i18n::phonenumbers::PhoneNumber;
using i18n::phonenumbers::PhoneNumberUtil;

constexpr std::size_t kMostCharacters = 64;  // of what could be a number at all
constexpr std::size_t kMobileDigits = 11;
constexpr std::size_t kShortestSubscriber = 7;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return c >= 'a' && c <= 'z'; }

/// Folded, without the marks of writing direction that a contact copied from a page brings along.
std::string plain(std::string_view text) {
  auto out = fold(text);
  for (const std::string_view mark :
       {"\xE2\x80\xAA", "\xE2\x80\xAB", "\xE2\x80\xAC", "\xE2\x80\xAD", "\xE2\x80\xAE", "\xE2\x80\x8E", "\xE2\x80\x8F"})
    for (auto at = out.find(mark); at != std::string::npos; at = out.find(mark)) out.erase(at, mark.size());
  if (out.starts_with("tel:")) out.erase(0, 4);
  return out;
}

std::string digits_of(std::string_view text) {
  std::string out;
  std::copy_if(text.begin(), text.end(), std::back_inserter(out), is_digit);
  return out;
}

bool is_mobile_shape(std::string_view digits) {
  return digits.size() == kMobileDigits && digits[0] == '1' && digits[1] >= '3' && digits[1] <= '9';
}

/// The eleven digits of a mainland mobile number; empty where it is none. `abroad`: it began with + or 00.
std::string_view mainland_mobile(std::string_view digits, bool abroad, bool at_home) {
  if (abroad && !digits.starts_with("86")) return {};
  if (abroad || (at_home && digits.size() >= kMobileDigits + 2 && digits.starts_with("86"))) digits.remove_prefix(2);
  if (!abroad && !at_home) return {};
  if (digits.size() == kMobileDigits + 1 && digits.starts_with("0")) digits.remove_prefix(1);
  return is_mobile_shape(digits) ? digits : std::string_view{};
}

NumberKind kind_of(const PhoneNumber& number) {
  const auto& plans = *PhoneNumberUtil::GetInstance();
  if (!plans.IsValidNumber(number)) return NumberKind::none;
  switch (plans.GetNumberType(number)) {
    case PhoneNumberUtil::MOBILE:
    case PhoneNumberUtil::FIXED_LINE_OR_MOBILE:
      return NumberKind::mobile;
    case PhoneNumberUtil::FIXED_LINE:
      return NumberKind::landline;
    default:
      return NumberKind::service;
  }
}

Number ask_the_plans(const std::string& text, const std::string& region) {
  const auto& plans = *PhoneNumberUtil::GetInstance();
  PhoneNumber number;
  if (plans.Parse(text, region, &number) != PhoneNumberUtil::NO_PARSING_ERROR) return {};
  Number out{.kind = kind_of(number)};
  plans.Format(number, PhoneNumberUtil::E164, &out.address);
  return out;
}

/// What dials or sends in the mainland and has no country code: 95588, 12345, 106 and its services.
NumberKind service_kind(std::string_view digits) {
  if (digits.size() < kShortestSubscriber) return NumberKind::short_code;
  const bool called = (digits.starts_with("400") || digits.starts_with("800")) && digits.size() == 10;
  const bool sends = digits.starts_with("106") || digits.starts_with("95") || digits.starts_with("96");
  return called || (sends && digits.size() != 8 + 2) ? NumberKind::service : NumberKind::none;
}

}  // namespace

Number parse_number(std::string_view text, std::string_view region) {
  const auto given = std::string(trim(first_characters(text, kMostCharacters)));
  const auto folded = plain(given);
  if (std::any_of(folded.begin(), folded.end(), is_letter)) return {NumberKind::name, given};
  auto digits = digits_of(folded);
  if (digits.empty()) return {NumberKind::none, given};
  const bool at_home = region == "CN";
  const bool plus = folded.find('+') != std::string::npos;
  const bool abroad = plus || digits.starts_with("00");
  if (abroad && !plus) digits.erase(0, 2);
  if (const auto mobile = mainland_mobile(digits, abroad, at_home); !mobile.empty())
    return {NumberKind::mobile, "+86" + std::string(mobile)};
  if (!abroad && digits.size() < kShortestSubscriber) return {NumberKind::short_code, given};
  auto out = ask_the_plans(abroad ? "+" + digits : folded, std::string(region));
  if (out.kind == NumberKind::mobile || out.kind == NumberKind::landline) return out;
  if (out.kind == NumberKind::service) return {NumberKind::service, given};
  return {abroad || !at_home ? NumberKind::none : service_kind(digits), given};
}

Number parse_sender(std::string_view text, std::string_view region) {
  auto out = parse_number(text, region);
  if (out.kind != NumberKind::none && out.kind != NumberKind::service) return out;
  if (out.address.empty() || !std::all_of(out.address.begin(), out.address.end(), is_digit)) return out;
  const auto abroad = parse_number("+" + out.address, region);
  return abroad.kind == NumberKind::mobile || abroad.kind == NumberKind::landline ? abroad : out;
}

std::string without_plus(std::string_view e164) {
  if (is_mainland(e164)) return std::string(e164.substr(3));
  return std::string(e164.starts_with('+') ? e164.substr(1) : e164);
}

bool is_mainland(std::string_view e164) { return e164.starts_with("+86"); }

}  // namespace huiyin::sms
