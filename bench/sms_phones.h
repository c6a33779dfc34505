#pragma once

#include <chrono>
#include <string>
#include <vector>

namespace huiyin::bench {

/// What owners' phones saw in one run.
struct PhoneCounts {
  std::size_t answered = 0;       ///< messages whose whole answer arrived, within the time that counts
  std::size_t all_answers = 0;    ///< the warm-up and the end included
  std::size_t lost = 0;           ///< messages without an answer after ten seconds
  std::size_t extra = 0;          ///< answers that nobody waited for
  std::size_t parts = 0;          ///< of all answers
  double seconds = 0;             ///< the time that counts
  std::vector<double> took_ms{};  ///< from a message to its whole answer, ascending
};

/// A carrier (Kannel's `fake` SMSC protocol: lines over TCP) with `phones` owners who write at once, each a report in
/// three messages, the next when the answer to the last has arrived whole; then another owner in his place. Every
/// number is used once in this process. What is answered before `warm_up` is over does not count.
/// Throws std::runtime_error where Kannel does not take the connection or ends it.
[[nodiscard]] PhoneCounts let_phones_write(int smsc_port, std::size_t phones, std::chrono::milliseconds warm_up,
                                           std::chrono::milliseconds counts);

}  // namespace huiyin::bench
