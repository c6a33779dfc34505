#pragma once

#include <string>

#include "core/error.h"

namespace huiyin {

struct Listener {
  int socket = -1;  ///< the caller's to close
  int port = 0;
};

/// Binds and listens, with a backlog fit for a burst of connections and SO_REUSEADDR alone: SO_REUSEPORT would let a
/// second daemon take half of the traffic without a word. `port` 0 takes a free one.
[[nodiscard]] Expected<Listener> listen_on(const std::string& address, int port);

}  // namespace huiyin
