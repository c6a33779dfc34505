#pragma once

#include <string>

#include "core/ids.h"
#include "core/time.h"

namespace huiyin {

/// Falls due once, as an event whose delivery key is made of id and due time.
struct Timer {
  TimerId id{};
  Time due{};
  std::string kind{};     ///< `draft`, `reminder` …
  std::string subject{};  ///< what it is about: a conversation's or ticket's id in decimal
  friend bool operator==(const Timer&, const Timer&) = default;
};

}  // namespace huiyin
