#pragma once

#include <cstdint>
#include <string>

namespace huiyin::bench {

/// What the sink has seen since its last reset.
struct SinkCounts {
  std::uint64_t requests = 0;
  std::uint64_t accepted = 0;          ///< answered 200
  std::uint64_t doubled = 0;           ///< accepted with a key that had been accepted
  std::uint64_t order_violations = 0;  ///< accepted before an earlier one of its destination
  double seconds = 0;                  ///< from the first request to the last accepted
};

/// Serves on a port of its own, which it prints on standard output, until it is killed: the other side of the webhook
/// channel, as cheap as it can be, so that what is measured is the sender. One thread on epoll.
///   POST /send              a message; its text is its number among its destination's, from 0
///   GET  /counts            the counts as JSON
///   POST /reset?fail=20     forgets all; from then on 20 % of the messages are answered 503 the first time
int run_sink();

[[nodiscard]] SinkCounts read_counts(int port);
void reset_sink(int port, int fail_percent);

}  // namespace huiyin::bench
