#include "gateway/replay/mask.h"

#include <algorithm>

#include "core/text.h"

namespace huiyin::gateway {
namespace {

constexpr std::string_view kMainland = "+86";
constexpr std::size_t kLongNumber = 8;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// But not a number that is part of a longer one.
void replace_all(std::string& text, const std::string& what, const std::string& with) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at)) {
    const auto end = at + what.size();
    const bool inside = (at > 0 && is_digit(what.front()) && is_digit(text[at - 1])) ||
                        (end < text.size() && is_digit(what.back()) && is_digit(text[end]));
    if (!inside) text.replace(at, what.size(), with);
    at += inside ? what.size() : with.size();
  }
}

/// The part of the text that was found; where that has more than the value (我是李梅), the value alone.
std::string typed(const std::string& text, const dialogs::Found& found) {
  if (text.find(found.value) != std::string::npos) return found.value;
  return found.end <= text.size() && found.begin < found.end ? text.substr(found.begin, found.end - found.begin)
                                                             : std::string();
}

/// A number that is mistyped is somebody's all the same.
std::string hide_long_numbers(const std::string& text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    auto end = at;
    while (end < text.size() && is_digit(text[end])) ++end;
    if (end == at) {
      out += text[at++];
      continue;
    }
    const auto digits = text.substr(at, end - at);
    out += digits.size() < kLongNumber ? digits : mask_phone(digits);
    at = end;
  }
  return out;
}

}  // namespace

void Mask::hide(const std::string& shown, std::string instead) {
  if (shown.empty() || shown == instead) return;
  const auto known = [&](const auto& one) { return one.first == shown; };
  if (std::none_of(known_.begin(), known_.end(), known)) known_.emplace_back(shown, std::move(instead));
}

void Mask::learn(const Ticket& ticket) {
  if (lexicon_ == nullptr) return;
  hide(ticket.name, mask_name(ticket.name));
  hide(ticket.reported_for, mask_name(ticket.reported_for));
  hide(ticket.phone, mask_phone(ticket.phone));
  if (!ticket.phone.starts_with(kMainland)) return;
  const auto national = ticket.phone.substr(kMainland.size());
  hide(national, mask_phone(national));
}

std::string Mask::operator()(std::string text) const {
  if (lexicon_ == nullptr) return text;
  const auto understood = dialogs::understand(*lexicon_, text);
  auto hidden = known_;
  if (const auto& name = understood.name) hidden.emplace_back(typed(text, *name), mask_name(typed(text, *name)));
  if (const auto& phone = understood.phone) hidden.emplace_back(typed(text, *phone), mask_phone(typed(text, *phone)));
  for (const auto& [shown, instead] : hidden)
    if (!shown.empty()) replace_all(text, shown, instead);
  return hide_long_numbers(text);
}

std::string Mask::peer(const std::string& address) const { return lexicon_ == nullptr ? address : mask_peer(address); }

}  // namespace huiyin::gateway
