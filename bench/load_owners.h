#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "adapters/wechat/wechat_crypto.h"
#include "core/time.h"

namespace huiyin::bench {

/// The account whose hook is driven, on loopback.
struct HookAccount {
  int port = 0;
  std::string path{"/hook/wechat/main"};
  std::string token{}, app_id{}, account_id{};
  wechat::AesKey key{};
};

struct LoadPlan {
  int owners = 32;
  std::chrono::milliseconds warm_up{1000};
  std::chrono::milliseconds measured{5000};
  std::uint64_t dialogs = 0;      ///< where it is not 0: this many, however long they take, and no warm-up
  std::string openid_prefix{};    ///< two plans against one database must not share it
  std::uint64_t flats_taken = 0;  ///< by the owners of plans before: one from the same flat would report their trouble
  double duplicates = 0.05;       ///< of the messages are delivered twice, half of those while the first is under way
  std::vector<std::string> script{};  ///< what an owner says, turn by turn
  bool ends_with_ticket = true;       ///< must the last reply hold a ticket number?
};

struct OpenedTicket {
  std::string openid{};
  std::int64_t sequence = 0;
};

struct LoadResult {
  std::uint64_t messages = 0, dialogs = 0;  ///< within the measured time, without duplicates
  std::uint64_t sent = 0;                   ///< distinct messages answered, the warm-up included
  std::uint64_t duplicates = 0, errors = 0;
  std::uint64_t flats = 0;  ///< that its owners lived in, one each
  double seconds = 0;
  std::vector<std::uint32_t> latencies_us{};  ///< of `messages`, sorted
  std::vector<OpenedTicket> tickets{};        ///< every one that an owner was told of
  std::string first_error{};

  [[nodiscard]] double per_second() const { return seconds > 0 ? static_cast<double>(messages) / seconds : 0; }
  [[nodiscard]] double percentile_ms(double fraction) const;
};

/// Plays owners against the hook in safe mode: each has a connection that is kept, and waits for its answer before it
/// goes on; every answer is verified and decrypted, a repeat's content must equal the first's. His next message is
/// encrypted while he waits: the platform does that on machines of its own. One thread with epoll and sockets of its
/// own, since it shares the machine with what it measures.
[[nodiscard]] LoadResult run_owners(const HookAccount& account, const LoadPlan& plan, const Clock& clock);

/// `HY1024-4` in a text: 1024. Nothing: 0.
[[nodiscard]] std::int64_t find_ticket_number(const std::string& text);

}  // namespace huiyin::bench
