#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "core/time.h"

namespace huiyin::simulators {

/// Something on a card that can be tapped.
struct StaffButton {
  std::string key{}, text{};
  friend bool operator==(const StaffButton&, const StaffButton&) = default;
};

/// Something on a staff member's screen, or (of a robot) on that of a group.
struct StaffShown {
  std::string member{};  ///< his id; `group:KEY` for a robot's group
  std::string kind{};    ///< as the platform calls it: text, markdown, image, interactive …; reply: to what he wrote
  std::string shown{};   ///< as the client shows it now
  std::string url{};     ///< where a tap on it leads
  std::string id{};      ///< of the message
  std::string task_id{};
  std::vector<StaffButton> buttons{};  ///< that can be tapped now
  std::string replaced{};              ///< the greyed button that stands in their place
  Time at{};
};

/// What the members of a simulated work chat see on their phones. Thread-safe.
class StaffScreens {
 public:
  void show(StaffShown shown);
  /// Hands everything that was shown to `change`, oldest first.
  void change(const std::function<void(StaffShown&)>& change);
  /// All that a member sees, oldest first, as it is now.
  [[nodiscard]] std::vector<StaffShown> of(const std::string& member) const;
  /// The newest that fits.
  [[nodiscard]] std::optional<StaffShown> newest(const std::function<bool(const StaffShown&)>& fits) const;
  /// The first thing after the first `seen` on his screen, as soon as it is there.
  [[nodiscard]] std::optional<StaffShown> wait_for(const std::string& member, std::size_t seen,
                                                   std::chrono::milliseconds patience) const;
  /// Until something on his screen holds `words`; nothing after `patience`.
  [[nodiscard]] std::optional<StaffShown> wait_for_words(const std::string& member, const std::string& words,
                                                         std::chrono::milliseconds patience) const;

 private:
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  std::vector<StaffShown> shown_;
};

}  // namespace huiyin::simulators
