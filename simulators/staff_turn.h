#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "simulators/wecom_platform.h"

namespace huiyin::simulators {

/// What a staff member does in his work chat: taps a button, writes, sends a photo; or only looks until his screen
/// holds some words.
struct StaffActs {
  enum class Kind { taps, writes, sends, sees } kind = Kind::sees;
  std::string member{};
  std::string words{};
};

/// `zhangsan taps 接单`, `zhangsan writes 完成 {number} 已更换水管`, `zhangsan sends 照片`, `zhangsan sees 新工单`.
/// `{number}` is the ticket number that was seen last. Nothing for any other text.
[[nodiscard]] std::optional<StaffActs> read_staff_acts(std::string_view text);

/// The last ticket number in a text (`HY1024-4`); empty: none.
[[nodiscard]] std::string last_ticket_number(std::string_view text);

/// What a turn came to.
struct StaffTurn {
  std::string did{};    ///< for the transcript: `[点按钮] 接单`
  std::string shown{};  ///< what he was answered, or saw
  std::vector<std::string> failures{};
};

/// Does it, as often at once as `copies` says; waits at most `within` for a card to tap or for what he is to see.
[[nodiscard]] StaffTurn take_staff_turn(WeComPlatform& platform, const StaffActs& acts, const std::string& number,
                                        int copies, std::chrono::milliseconds within);

}  // namespace huiyin::simulators
