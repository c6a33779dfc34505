#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "tickets/staff_command.h"

namespace huiyin::tickets {

/// The words of staff_command.h: what only tickets/ itself looks at.

struct CommandWord {
  std::string_view word{};  ///< folded
  StaffWish wish = StaffWish::act;
  ActionKind action = ActionKind::note;  ///< act
  bool starts_duty = false;              ///< duty
};

/// The command that a folded text begins with, the longest there is; null where it begins with none.
[[nodiscard]] const CommandWord* find_command(std::string_view folded);

/// 维修, 保洁, repair … → the category. Nothing for other words.
[[nodiscard]] std::optional<Category> find_category(std::string_view folded);
/// 紧急, 高, low … → the priority.
[[nodiscard]] std::optional<Priority> find_priority(std::string_view folded);

}  // namespace huiyin::tickets
