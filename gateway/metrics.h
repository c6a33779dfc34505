#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace huiyin::gateway {

/// What the daemon counts, in Prometheus' form. Thread-safe; every call is a few atomic operations.
class Metrics {
 public:
  Metrics();
  ~Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  void received(std::string_view channel);
  void refused(std::string_view channel, std::string_view reason);
  /// How one event ended: `committed`, `duplicate`, `spooled`, `refused`, `late`.
  void turn(std::string_view outcome, std::chrono::microseconds took);
  void conflict();
  void group(std::size_t units, std::chrono::microseconds took);
  void store_retried();
  void spool_depth(std::size_t rows);
  void set_aside();
  void late_reply();
  void surplus_refused();
  /// How an attempt to send ended: `sent`, `retried`, `dead`, `unknown`, `another_way`.
  void attempted(std::string_view channel, std::string_view outcome);
  void sending(std::string_view channel, std::size_t in_flight);
  /// Billed parts that a provider took, and what they cost (SendingConfig::cost each); for a ticket, or not.
  void billed(std::string_view channel, int parts, int cost, bool for_ticket);
  /// Tickets that were opened on a channel, by owners or for them.
  void opened(std::string_view channel, std::size_t tickets);
  /// How long the destination that waits longest has been waiting.
  void oldest_waiting(std::chrono::milliseconds age);

  /// The text that /metrics answers.
  [[nodiscard]] std::string text() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace huiyin::gateway
