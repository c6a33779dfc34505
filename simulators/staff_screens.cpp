#include "simulators/staff_screens.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace huiyin::simulators {

void StaffScreens::show(StaffShown shown) {
  const std::scoped_lock lock(mutex_);
  shown_.push_back(std::move(shown));
  changed_.notify_all();
}

void StaffScreens::change(const std::function<void(StaffShown&)>& change) {
  const std::scoped_lock lock(mutex_);
  std::for_each(shown_.begin(), shown_.end(), change);
  changed_.notify_all();
}

std::vector<StaffShown> StaffScreens::of(const std::string& member) const {
  const std::scoped_lock lock(mutex_);
  std::vector<StaffShown> out;
  std::copy_if(shown_.begin(), shown_.end(), std::back_inserter(out),
               [&](const StaffShown& one) { return one.member == member; });
  return out;
}

std::optional<StaffShown> StaffScreens::newest(const std::function<bool(const StaffShown&)>& fits) const {
  const std::scoped_lock lock(mutex_);
  const auto found = std::find_if(shown_.rbegin(), shown_.rend(), fits);
  return found == shown_.rend() ? std::nullopt : std::optional(*found);
}

std::optional<StaffShown> StaffScreens::wait_for(const std::string& member, std::size_t seen,
                                                 std::chrono::milliseconds patience) const {
  std::unique_lock lock(mutex_);
  std::optional<StaffShown> found;
  changed_.wait_for(lock, patience, [&] {
    std::size_t before = 0;
    for (const auto& one : shown_)
      if (one.member == member && before++ == seen) found = one;
    return found.has_value();
  });
  return found;
}

std::optional<StaffShown> StaffScreens::wait_for_words(const std::string& member, const std::string& words,
                                                       std::chrono::milliseconds patience) const {
  std::unique_lock lock(mutex_);
  std::optional<StaffShown> found;
  changed_.wait_for(lock, patience, [&] {
    for (const auto& one : shown_) {
      const bool holds = one.shown.find(words) != std::string::npos || one.replaced.find(words) != std::string::npos;
      if (one.member == member && holds) found = one;
    }
    return found.has_value();
  });
  return found;
}

}  // namespace huiyin::simulators
