#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "core/time.h"

namespace huiyin::gateway {

/// What one channel's recent messages say of its provider. Pure: the time is passed in. Not thread-safe.
class ChannelHealth {
 public:
  struct Policy {
    std::chrono::seconds looks_back{600};      ///< older outcomes and messages say nothing
    std::size_t least = 5;                     ///< outcomes, or messages without a receipt, from which it is judged
    double bad_share = 0.5;                    ///< of them that fail, from which it is ill
    double slow_share = 0.7;                   ///< of messages whose receipts are late or missing
    std::chrono::seconds receipt_within{120};  ///< later ones are slow
    std::chrono::seconds heard_within{1800};   ///< receipts count while some come: another node may get them all
    std::chrono::seconds tries_again{60};      ///< how often an ill one is given a message to show that it is well
    int well_after = 3;                        ///< such messages in a row
  };
  ChannelHealth() : ChannelHealth(Policy{}) {}
  explicit ChannelHealth(Policy policy) : policy_(policy) {}

  /// A message as receipts name it: by our key, or by the provider's id.
  struct Named {
    std::string key{};
    std::string provider_id{};
  };
  /// The provider took a message; `receipt`: it will say what became of it.
  void sent(const Named& message, bool receipt, Time now);
  /// The provider failed, whatever the message was.
  void failed(Time now);
  /// A receipt came, perhaps before it is told that its message was sent.
  void arrived(const std::string& key_or_id, Time now);

  [[nodiscard]] bool is_ill(Time now);
  /// Is this the message by which an ill channel may show that it is well? Says so once in `tries_again`.
  [[nodiscard]] bool may_try(Time now);

 private:
  void forget_old(Time now);
  /// A message that was sent then has its receipt.
  void confirmed(Time sent, bool slow);
  /// Was the message's receipt here before?
  [[nodiscard]] bool take_early(const Named& message, Time now);

  Policy policy_;
  std::deque<std::pair<Time, bool>> outcomes_{};  ///< failed?
  std::map<std::string, Time> unconfirmed_{};     ///< by key: sent, no receipt yet
  std::map<std::string, std::string> keys_{};     ///< of those, by the provider's id
  std::map<std::string, Time> early_{};           ///< receipts of messages not known, by what they name: when they came
  std::optional<Time> heard_{};                   ///< when the last receipt came
  std::deque<std::pair<Time, bool>> receipts_{};  ///< when the message was sent; slow?
  std::optional<Time> ill_since_{};
  Time tried_{};
  int well_ = 0;
};

/// Which channel stands in for another: of the same estate, speaking to the same addresses. Thread-safe.
class StandIns {
 public:
  using Told = std::function<void(const std::string& channel, const std::string& stand_in)>;
  /// `groups`: channels that can stand in for each other. `told` hears when traffic shifts (no stand-in: it is back).
  explicit StandIns(std::vector<std::vector<std::string>> groups, Told told = {});

  void sent(const std::string& channel, const ChannelHealth::Named& message, bool receipt, Time now);
  void failed(const std::string& channel, Time now);
  void arrived(const std::string& channel, const std::string& key_or_id, Time now);

  /// Where what is to go by `channel` should go instead, now; nothing: by itself.
  [[nodiscard]] std::optional<std::string> instead_of(const std::string& channel, Time now);

 private:
  [[nodiscard]] std::string well_one(const std::string& channel, Time now);

  std::mutex mutex_;
  std::vector<std::vector<std::string>> groups_;
  std::map<std::string, ChannelHealth> health_{};
  std::map<std::string, std::string> shifted_{};
  Told told_;
};

}  // namespace huiyin::gateway
