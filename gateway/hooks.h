#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "adapters/channel.h"
#include "core/random.h"
#include "gateway/channel_table.h"
#include "gateway/desk.h"
#include "gateway/metrics.h"
#include "gateway/pipeline.h"
#include "gateway/spool.h"
#include "net/http.h"

namespace huiyin::gateway {

/// Answers the providers' webhooks: verifies, lets the pipeline decide, and answers within the channel's deadline; what
/// cannot be decided in time, or at all while the database is away, is on disk in the spool before "success" is said.
/// Thread-safe.
class Hooks {
 public:
  /// All must outlive this.
  /// `readers` waits for the store where it must be asked.
  Hooks(const ChannelTable& channels, Pipeline& pipeline, Spool& spool, db::Store& store, Workers& readers,
        Metrics& metrics, const Clock& clock, Random& random);

  using Respond = std::function<void(HttpReply)>;
  /// Calls `respond` once, now or from another thread.
  void handle(HttpRequest request, Respond respond);

 private:
  struct Answer {
    std::optional<OutboundMessage> message{};
    bool stored = true;  ///< false: not even the spool took it; the provider must keep it
  };
  struct Exchange;

  void decide_next(const std::shared_ptr<Exchange>& exchange);
  void prepare(Exchange& exchange, const std::optional<OutboundMessage>& reply) const;
  [[nodiscard]] HttpReply reply_of(const Exchange& exchange, std::optional<OutboundMessage> message) const;
  void decided(const std::shared_ptr<Exchange>& exchange, Outcome outcome);
  void answered(const std::shared_ptr<Exchange>& exchange, std::optional<OutboundMessage> reply);
  void set_aside(const std::shared_ptr<Exchange>& exchange, const Event& event);
  void finish(const Exchange& exchange, Answer answer);
  static void fail(const Exchange& exchange, const std::exception& error);
  void join_spool(const std::shared_ptr<Exchange>& exchange);
  [[nodiscard]] Answer spool(const Exchange& exchange, const Event& event, bool say_busy);

  const ChannelTable& channels_;
  Pipeline& pipeline_;
  Spool& spool_;
  db::Store& store_;
  Workers& readers_;
  Metrics& metrics_;
  const Clock& clock_;
  Random& random_;
};

}  // namespace huiyin::gateway
