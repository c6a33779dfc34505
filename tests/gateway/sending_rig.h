#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "adapters/web/webhook.h"
#include "gateway/dispatcher.h"
#include "gateway/system.h"
#include "tests/db/drivers.h"
#include "tests/gateway/plain_channel.h"
#include "tests/net/fault_server.h"

namespace huiyin::gateway {

/// Gives tokens t1, t2 …; another after each refusal, once refresh() was called.
class FakeCredentials final : public Credentials {
 public:
  [[nodiscard]] std::optional<Secret> current(const std::string&) override {
    const std::lock_guard lock(mutex_);
    if (refused_) return std::nullopt;
    return Secret("t" + std::to_string(number_));
  }
  void refuse(const std::string&, const Secret& refused) override {
    const std::lock_guard lock(mutex_);
    if (refused.reveal() == "t" + std::to_string(number_)) refused_ = true;
    ++refusals_;
  }
  void listen(Listener listener) override {
    const std::lock_guard lock(mutex_);
    listener_ = std::move(listener);
  }
  void refresh(const std::string& channel) {
    Listener listener;
    {
      const std::lock_guard lock(mutex_);
      refused_ = false;
      ++number_;
      listener = listener_;
    }
    if (listener) listener(channel);
  }
  [[nodiscard]] int refusals() const {
    const std::lock_guard lock(mutex_);
    return refusals_;
  }

 private:
  mutable std::mutex mutex_;
  Listener listener_;
  bool refused_ = false;
  int number_ = 1;
  int refusals_ = 0;
};

/// A database, channels that send to servers of the test's own, and any number of dispatchers.
class SendingRig {
 public:
  explicit SendingRig(const db::Driver& driver) : database_(driver), store_(database_.open()) {}

  SendingChannel& add(const std::string& name, std::unique_ptr<Channel> channel) {
    auto& one = channels_.emplace_back();
    one.name = name;
    one.channel = channel.get();
    one.limits = {.rate_per_s = 0, .concurrency = 8, .timeout_s = 3};
    one.rules.push_windows = channel->capabilities().push_windows;
    owned_.push_back(std::move(channel));
    return one;
  }
  SendingChannel& add_plain(const std::string& name, const FaultServer& server, Capabilities capabilities = {}) {
    capabilities.sends = true;
    return add(name, std::make_unique<PlainChannel>(server.url(""), capabilities));
  }

  struct Node {
    std::unique_ptr<db::Store> store{};
    std::unique_ptr<Alarms> alarms{};
    std::unique_ptr<Dispatcher> dispatcher{};
  };
  [[nodiscard]] Node start(const std::string& owner, Millis held = std::chrono::seconds(12)) {
    Node node;
    node.store = database_.open();
    node.alarms = std::make_unique<Alarms>(*node.store, ids_, clock_, alarms_to_);
    node.dispatcher =
        std::make_unique<Dispatcher>(channels_,
                                     Dispatcher::Tools{.store = *node.store,
                                                       .credentials = credentials_,
                                                       .alarms = *node.alarms,
                                                       .metrics = metrics_,
                                                       .ids = ids_,
                                                       .clock = clock_,
                                                       .random = random_,
                                                       .ready = [] { return true; }},
                                     Dispatcher::Options{.owner = owner, .held = held, .idle = Millis(20)});
    return node;
  }

  [[nodiscard]] OutboxRow row_to(const Peer& to, const std::string& text) {
    OutboxRow row;
    row.id = ids_.next<OutboxId>();
    row.message = {.key = std::to_string(row.id.value), .to = to, .text = text};
    row.created = row.due = clock_.now();
    return row;
  }
  void commit(UnitOfWork unit) {
    unit.id = ids_.next<UnitId>();
    if (unit.inbox.key.empty()) unit.inbox.key = "unit:" + std::to_string(unit.id.value);
    unit.inbox.received = clock_.now();
    const auto outcome = store_->commit(std::move(unit));
    ASSERT_TRUE(std::holds_alternative<Committed>(outcome)) << db::describe(outcome);
  }
  std::vector<OutboxRow> queue(const Peer& to, const std::vector<std::string>& texts) {
    UnitOfWork unit;
    for (const auto& text : texts) unit.outbox.push_back(row_to(to, text));
    auto rows = unit.outbox;
    commit(std::move(unit));
    return rows;
  }
  void know(Conversation conversation) {
    UnitOfWork unit;
    conversation.id = ids_.next<ConversationId>();
    unit.conversation = std::move(conversation);
    commit(std::move(unit));
  }
  [[nodiscard]] OutboxRow stored(const OutboxRow& row) const { return store_->find_outbox(row.id).value().value(); }
  [[nodiscard]] OutboxState state(const OutboxRow& row) const { return stored(row).state; }
  [[nodiscard]] long long count(const std::string& what) const {
    return std::stoll(database_.ask("SELECT COUNT(*) FROM " + what));
  }

  std::vector<Peer> alarms_to_{};
  FakeCredentials credentials_{};
  Metrics metrics_{};
  SystemClock clock_{};
  SystemRandom random_{};
  IdSource ids_{clock_, 1};
  db::Database database_;
  std::unique_ptr<db::Store> store_;

 private:
  std::vector<std::unique_ptr<Channel>> owned_{};
  std::vector<SendingChannel> channels_{};
};

/// Waits for `condition`, at most `patience`.
template <class Condition>
[[nodiscard]] bool becomes_true(Condition condition, std::chrono::milliseconds patience = std::chrono::seconds(60)) {
  const auto limit = std::chrono::steady_clock::now() + patience;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > limit) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
}

/// What a server was sent, in order.
class Log {
 public:
  void add(const std::string& body) {
    const std::lock_guard lock(mutex_);
    bodies_.push_back(body);
  }
  [[nodiscard]] std::vector<std::string> bodies() const {
    const std::lock_guard lock(mutex_);
    return bodies_;
  }
  [[nodiscard]] std::size_t size() const { return bodies().size(); }
  /// The texts (what stands after the key and the destination) by destination, in order.
  [[nodiscard]] std::map<std::string, std::vector<std::string>> texts() const {
    std::map<std::string, std::vector<std::string>> out;
    for (const auto& body : bodies()) {
      const auto first = body.find(' '), second = body.find(' ', first + 1);
      out[body.substr(first + 1, second - first - 1)].push_back(body.substr(second + 1));
    }
    return out;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> bodies_;
};

}  // namespace huiyin::gateway
