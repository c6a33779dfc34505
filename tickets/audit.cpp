#include "tickets/audit.h"

#include <algorithm>

#include "core/text.h"

namespace huiyin::tickets {

std::vector<std::string_view> flags_of(std::string_view audit) {
  auto flags = split(audit, ',');
  flags.erase(std::remove(flags.begin(), flags.end(), std::string_view()), flags.end());
  return flags;
}

bool has_flag(std::string_view audit, std::string_view flag) {
  const auto flags = flags_of(audit);
  return std::find(flags.begin(), flags.end(), flag) != flags.end();
}

std::string with_flag(std::string_view audit, std::string_view flag) {
  std::string out(audit);
  if (has_flag(audit, flag)) return out;
  if (!out.empty()) out += ',';
  return out.append(flag);
}

std::string without_flag(std::string_view audit, std::string_view flag) {
  std::string out;
  for (const auto each : flags_of(audit))
    if (each != flag) out = with_flag(out, each);
  return out;
}

std::vector<std::string_view> missing_fields(const Ticket& ticket) {
  const bool is_of_a_place = ticket.category != Category::internal && ticket.category != Category::out_of_scope;
  const bool is_of_an_owner = ticket.category != Category::internal;
  std::vector<std::string_view> missing;
  if (is_of_an_owner && ticket.name.empty()) missing.emplace_back("name");
  if (is_of_an_owner && ticket.phone.empty()) missing.emplace_back("phone");
  if (is_of_a_place && ticket.address.empty() && !ticket.place) missing.emplace_back("address");
  if (ticket.category == Category::none) missing.emplace_back("category");
  if (ticket.description.empty()) missing.emplace_back("description");
  return missing;
}

const ScopeRule* out_of_scope_by(const std::vector<ScopeRule>& rules, const Ticket& ticket) {
  if (!ticket.danger.empty() || ticket.priority == Priority::urgent) return nullptr;
  const auto told = fold(ticket.description);
  const auto found = std::find_if(rules.begin(), rules.end(), [&](const ScopeRule& rule) {
    const bool is_said = rule.words.empty() ||
                         std::any_of(rule.words.begin(), rule.words.end(),
                                     [&](const std::string& word) { return told.find(word) != std::string::npos; });
    return is_said && fits(rule.kind, ticket);
  });
  return found == rules.end() ? nullptr : &*found;
}

std::string audited(const Ticket& ticket) {
  auto audit = ticket.audit;
  for (const auto field : missing_fields(ticket)) audit = with_flag(audit, field);
  return audit;
}

}  // namespace huiyin::tickets
