#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "core/random.h"
#include "gateway/alarms.h"
#include "gateway/channel_health.h"
#include "gateway/closed_ways.h"
#include "gateway/credentials.h"
#include "gateway/holdings.h"
#include "gateway/lane.h"
#include "gateway/metrics.h"
#include "gateway/pace.h"
#include "gateway/send_verdict.h"
#include "gateway/settler.h"
#include "net/http_multi.h"

namespace huiyin::gateway {

/// Keeps calls in flight: within each lane's rate and concurrency, one at a time for a destination, and judges the
/// answers, on a thread of its own. What became of rows goes to the settler. Thread-safe.
class Sender {
 public:
  using Lanes = std::vector<std::unique_ptr<Lane>>;

  /// What it works with; all must outlive it.
  struct Tools {
    const Lanes& lanes;
    Holdings& holdings;
    Pace& pace;
    ClosedWays& closed_ways;
    Settler& settler;
    Credentials& credentials;
    Alarms& alarms;
    Metrics& metrics;
    const Clock& clock;
    Random& random;
    std::function<void()> room_made{};  ///< a lane wants more destinations
    std::size_t most_unsettled = 0;     ///< it begins nothing while the settler has so much to write
    StandIns* stand_ins = nullptr;      ///< hears how each channel fares; may be none
  };
  explicit Sender(Tools tools);
  ~Sender();  ///< stop() without patience
  Sender(const Sender&) = delete;
  Sender& operator=(const Sender&) = delete;

  /// Sends them as soon as may be, and releases each destination by the settler.
  void add(Lane& lane, std::vector<Errand> errands);
  /// Begins no more calls, waits at most `patience` for those in flight, judges them as they stand, and releases what
  /// was not begun. Idempotent.
  void stop(Millis patience);

 private:
  using Moment = std::chrono::steady_clock::time_point;
  using Task = std::function<void()>;
  struct Flight;

  void post(Task task);
  void wake();
  void work();
  void begin_what_may(Lane& lane, Moment& wake_at);
  [[nodiscard]] bool take_next(Lane& lane, Moment& wake_at);
  void begin(Flight flight);
  void answered(Flight& flight, const HttpReply& reply);
  [[nodiscard]] static tl::expected<HttpCall, Rejected> compose(const Flight& flight);
  [[nodiscard]] static SendResult judge(const Flight& flight, const HttpReply& reply);
  void conclude(const Flight& flight, const SendResult& result);
  [[nodiscard]] Verdict settle(const Flight& flight, const SendNow& send, const SendResult& result);
  void learn(const Errand& errand, const SendNow& send, const SendResult& result, const Verdict& verdict);
  void account(const Flight& flight, const SendNow& send, const SendResult& result, Time now);
  void note(const Flight& flight, const Verdict& verdict);
  void end(Lane& lane, const Errand& errand);
  void give_back_all();

  const Tools tools_;
  HttpMulti http_{{.connections_per_host = 256}};  // a lane's concurrency is the limit
  std::mutex mutex_;
  std::condition_variable wakes_;
  std::vector<Task> tasks_;
  bool woken_ = false;
  bool stopping_ = false;
  int in_flight_ = 0;  // of the thread alone
  std::thread thread_;
};

}  // namespace huiyin::gateway
