#pragma once

#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "gateway/system.h"
#include "tests/gateway/installation.h"
#include "tests/net/fault_server.h"

namespace huiyin::gateway {

/// The other side of `web:sink`: remembers each key, and each destination's messages in the order of their first
/// arrival.
class DrainSink {
 public:
  explicit DrainSink(std::chrono::microseconds latency = {}) : latency_(latency) {}

  [[nodiscard]] std::string stanza(int concurrency) const {
    return "    sending: {timeout_s: 2}\n  - name: web:sink\n    provider: webhook\n    url: " + server_.url("/send") +
           "\n    sending: {rate_per_s: 0, timeout_s: 1, concurrency: " + std::to_string(concurrency) +
           "}\noutbox: {lease_s: 3}\n";
  }
  [[nodiscard]] std::size_t arrived() const {
    const std::lock_guard lock(mutex_);
    return keys_.size();
  }
  [[nodiscard]] std::size_t repeated() const {
    const std::lock_guard lock(mutex_);
    return repeated_;
  }
  /// Destinations whose messages first came in another order than they were queued in.
  [[nodiscard]] std::size_t out_of_order() const {
    const std::lock_guard lock(mutex_);
    std::size_t count = 0;
    for (const auto& [to, texts] : texts_) count += std::is_sorted(texts.begin(), texts.end()) ? 0 : 1;
    return count;
  }

 private:
  static std::string value_of(const std::string& body, const std::string& name) {
    const auto begin = body.find(name) + name.size();
    return body.substr(begin, body.find('"', begin) - begin);
  }
  FaultServer::Answer answer(const FaultServer::Request& request) {
    if (latency_.count() > 0) std::this_thread::sleep_for(latency_);
    const std::lock_guard lock(mutex_);
    if (++keys_[value_of(request.body, "\"key\":\"")] > 1)
      ++repeated_;
    else
      texts_[value_of(request.body, "\"to\":\"")].push_back(value_of(request.body, "\"text\":\""));
    return FaultServer::whole("{}");
  }

  const std::chrono::microseconds latency_;
  mutable std::mutex mutex_;
  std::map<std::string, int> keys_;
  std::map<std::string, std::vector<std::string>> texts_;
  std::size_t repeated_ = 0;
  FaultServer server_{[this](const auto& request) { return answer(request); }};
};

/// Queues `rows` messages to each of `destinations` destinations of web:sink.
inline void fill_outbox(const Installation& installation, int destinations, int rows) {
  constexpr int kPerUnit = 100;
  const SystemClock clock;
  IdSource ids(clock, 1000);
  const auto store = installation.database().open();
  for (int from = 0; from < destinations; from += kPerUnit) {
    UnitOfWork unit;
    unit.id = ids.next<UnitId>();
    unit.inbox = {.key = "fill:" + std::to_string(from), .received = clock.now()};
    for (int i = 0; i < kPerUnit * rows; ++i) {
      auto& row = unit.outbox.emplace_back();
      row.id = ids.next<OutboxId>();
      row.message = {.key = std::to_string(row.id.value),
                     .to = {"web:sink", "d" + std::to_string(from + i / rows)},
                     .text = std::to_string(i % rows)};
      row.created = row.due = clock.now();
    }
    if (!std::holds_alternative<Committed>(store->commit(std::move(unit)))) throw std::runtime_error("not filled");
  }
}

}  // namespace huiyin::gateway
