#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/ticket.h"

namespace huiyin::tickets {

/// What a rule is about: a category, one of its sub-categories, or everything.
struct KindOfTicket {
  Category category = Category::none;  ///< none: any
  std::string subcategory{};           ///< empty: any
  friend bool operator==(const KindOfTicket&, const KindOfTicket&) = default;
};

[[nodiscard]] bool fits(const KindOfTicket& kind, const Ticket& ticket);

/// One line of 「什么事归谁」: the first that fits a ticket decides. Pure, as is all here.
struct DepartmentRule {
  KindOfTicket kind{};
  std::string place{};  ///< 「3栋」, 「3栋/2单元」, 「地下车库」: what the address has to name; empty: anywhere
  DepartmentId department{};
  friend bool operator==(const DepartmentRule&, const DepartmentRule&) = default;
};

/// The department of the first rule that fits; none where none does.
[[nodiscard]] DepartmentId find_department(const std::vector<DepartmentRule>& rules, const Ticket& ticket);

/// An address as it is compared: folded, without spaces and separators, `号楼`, `幢`, `座` and `栋` as one, Chinese
/// numbers in front of these as digits. 「三号楼 2单元」 and 「3栋/2单元」 are the same.
[[nodiscard]] std::string comparable_place(std::string_view address);

/// Does the address name the place, at the end of a number (1栋 is not in 11栋)?
[[nodiscard]] bool names_place(std::string_view address, std::string_view place);

}  // namespace huiyin::tickets
