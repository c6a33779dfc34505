#include "tickets/address_parts.h"

namespace huiyin::tickets {
namespace {

constexpr std::size_t kFlatDigits = 3;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

std::string counted_part(std::string_view comparable, std::string_view mark) {
  const auto at = comparable.find(mark);
  if (at == std::string_view::npos || at == 0) return {};
  const auto counts = [](char c) { return is_digit(c) || (c >= 'a' && c <= 'z'); };
  auto begin = at;
  while (begin > 0 && counts(comparable[begin - 1])) --begin;
  return begin == at ? std::string() : std::string(comparable.substr(begin, at + mark.size() - begin));
}

bool is_home(std::string_view comparable) {
  if (comparable.ends_with("室")) comparable.remove_suffix(std::string_view("室").size());
  std::size_t digits = 0;
  while (digits < comparable.size() && is_digit(comparable[comparable.size() - 1 - digits])) ++digits;
  return digits >= kFlatDigits;
}

}  // namespace huiyin::tickets
