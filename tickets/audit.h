#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/ticket.h"
#include "tickets/departments.h"

namespace huiyin::tickets {

/// What staff should look at is kept in Ticket::audit as a comma-separated set of words: names of fields that are
/// missing or were taken as they stood, and these.
inline constexpr std::string_view kFlagHuman = "human";          ///< the owner asked for a person
inline constexpr std::string_view kFlagScope = "scope";          ///< it may not be ours to do
inline constexpr std::string_view kFlagDuplicate = "duplicate";  ///< it may be known already
inline constexpr std::string_view kFlagCallBack = "call_back";   ///< the owner was not content and has to be called

[[nodiscard]] std::vector<std::string_view> flags_of(std::string_view audit);
[[nodiscard]] bool has_flag(std::string_view audit, std::string_view flag);
/// `audit` with `flag`, which it may have already.
[[nodiscard]] std::string with_flag(std::string_view audit, std::string_view flag);
[[nodiscard]] std::string without_flag(std::string_view audit, std::string_view flag);

/// The fields that a ticket of this category should have and has not, in the order in which they are asked: `name phone
/// address category description`. An employee's suggestion needs only its words, and what is out of scope no address.
[[nodiscard]] std::vector<std::string_view> missing_fields(const Ticket& ticket);

/// What is not the company's to do.
struct ScopeRule {
  KindOfTicket kind{};               ///< of nothing: of any kind
  std::vector<std::string> words{};  ///< folded: one of them is in what the owner wrote; none: whatever he wrote
  std::string call{};                ///< whom to call instead
};

/// The first rule that a ticket falls under; null: it is ours to do. Danger is always ours to see to.
[[nodiscard]] const ScopeRule* out_of_scope_by(const std::vector<ScopeRule>& rules, const Ticket& ticket);

/// The ticket's flags, and one for each missing field.
[[nodiscard]] std::string audited(const Ticket& ticket);

}  // namespace huiyin::tickets
