#include "gateway/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <map>
#include <mutex>

namespace huiyin::gateway {
namespace {

using prometheus::BuildCounter;
using prometheus::BuildGauge;
using prometheus::BuildHistogram;
using prometheus::Histogram;

const Histogram::BucketBoundaries kSeconds{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 4};
const Histogram::BucketBoundaries kUnits{1, 2, 4, 8, 16, 32, 64, 128};

double seconds(std::chrono::microseconds took) { return static_cast<double>(took.count()) / 1e6; }

/// Counters of a family by the value of their one label, found without making a map of labels each time. Thread-safe.
class Labelled {
 public:
  Labelled(prometheus::Family<prometheus::Counter>& family, std::string label)
      : family_(family), label_(std::move(label)) {}
  prometheus::Counter& of(std::string_view value) {
    const std::lock_guard lock(mutex_);
    if (const auto known = counters_.find(value); known != counters_.end()) return *known->second;
    auto& counter = family_.Add({{label_, std::string(value)}});
    counters_.emplace(value, &counter);
    return counter;
  }

 private:
  prometheus::Family<prometheus::Counter>& family_;
  std::string label_;
  std::mutex mutex_;
  std::map<std::string, prometheus::Counter*, std::less<>> counters_;
};

}  // namespace

struct Metrics::Impl {
  prometheus::Registry registry{};
  prometheus::Family<prometheus::Counter>& received = BuildCounter()
                                                          .Name("huiyin_requests_received_total")
                                                          .Help("Webhook requests, before they were verified")
                                                          .Register(registry);
  prometheus::Family<prometheus::Counter>& refused = BuildCounter()
                                                         .Name("huiyin_requests_refused_total")
                                                         .Help("Webhook requests refused, by reason")
                                                         .Register(registry);
  prometheus::Family<prometheus::Counter>& turns =
      BuildCounter().Name("huiyin_turns_total").Help("Events handled, by how they ended").Register(registry);
  prometheus::Histogram& latency = BuildHistogram()
                                       .Name("huiyin_turn_seconds")
                                       .Help("From an event's arrival in the pipeline to its outcome")
                                       .Register(registry)
                                       .Add({}, kSeconds);
  prometheus::Counter& conflicts = BuildCounter()
                                       .Name("huiyin_conflicts_total")
                                       .Help("Decisions taken again because somebody else committed first")
                                       .Register(registry)
                                       .Add({});
  prometheus::Histogram& group_units = BuildHistogram()
                                           .Name("huiyin_commit_group_units")
                                           .Help("Units of work in one transaction")
                                           .Register(registry)
                                           .Add({}, kUnits);
  prometheus::Histogram& group_seconds = BuildHistogram()
                                             .Name("huiyin_commit_group_seconds")
                                             .Help("How long one transaction took")
                                             .Register(registry)
                                             .Add({}, kSeconds);
  prometheus::Counter& store_retries = BuildCounter()
                                           .Name("huiyin_store_retries_total")
                                           .Help("Transactions tried again (deadlock, lock timeout, lost connection)")
                                           .Register(registry)
                                           .Add({});
  prometheus::Gauge& spooled =
      BuildGauge().Name("huiyin_spool_rows").Help("Requests waiting in the spool").Register(registry).Add({});
  prometheus::Counter& set_aside = BuildCounter()
                                       .Name("huiyin_set_aside_total")
                                       .Help("Requests set aside in the spool: somebody has to look")
                                       .Register(registry)
                                       .Add({});
  prometheus::Counter& late_replies = BuildCounter()
                                          .Name("huiyin_late_replies_total")
                                          .Help("Replies that missed the channel's deadline and go by the outbox")
                                          .Register(registry)
                                          .Add({});
  prometheus::Counter& surplus = BuildCounter()
                                     .Name("huiyin_requests_surplus_total")
                                     .Help("Requests answered 503 because every thread was busy")
                                     .Register(registry)
                                     .Add({});
  prometheus::Family<prometheus::Counter>& attempts = BuildCounter()
                                                          .Name("huiyin_send_attempts_total")
                                                          .Help("Messages given to a provider, by how that ended")
                                                          .Register(registry);
  prometheus::Family<prometheus::Gauge>& in_flight = BuildGauge()
                                                         .Name("huiyin_sends_in_flight")
                                                         .Help("Calls to a provider that are not answered yet")
                                                         .Register(registry);
  prometheus::Family<prometheus::Counter>& parts =
      BuildCounter()
          .Name("huiyin_sms_parts_total")
          .Help("Parts of SMS that a provider took; ticket: whether they were about one")
          .Register(registry);
  prometheus::Family<prometheus::Counter>& cost =
      BuildCounter()
          .Name("huiyin_sms_cost_total")
          .Help("Those parts times the channel's sending.cost; ticket: whether they were about one")
          .Register(registry);
  prometheus::Family<prometheus::Counter>& opened =
      BuildCounter()
          .Name("huiyin_tickets_opened_total")
          .Help("Tickets opened, by the channel on which their owner is told")
          .Register(registry);
  prometheus::Gauge& oldest = BuildGauge()
                                  .Name("huiyin_outbox_oldest_seconds")
                                  .Help("For how long the destination that waits longest has been owed a message")
                                  .Register(registry)
                                  .Add({});
  Labelled received_by_channel{received, "channel"};
  Labelled turns_by_outcome{turns, "outcome"};
};

Metrics::Metrics() : impl_(std::make_unique<Impl>()) {}
Metrics::~Metrics() = default;

void Metrics::received(std::string_view channel) { impl_->received_by_channel.of(channel).Increment(); }

void Metrics::refused(std::string_view channel, std::string_view reason) {
  impl_->refused.Add({{"channel", std::string(channel)}, {"reason", std::string(reason)}}).Increment();
}

void Metrics::turn(std::string_view outcome, std::chrono::microseconds took) {
  impl_->turns_by_outcome.of(outcome).Increment();
  impl_->latency.Observe(seconds(took));
}

void Metrics::conflict() { impl_->conflicts.Increment(); }

void Metrics::group(std::size_t units, std::chrono::microseconds took) {
  impl_->group_units.Observe(static_cast<double>(units));
  impl_->group_seconds.Observe(seconds(took));
}

void Metrics::store_retried() { impl_->store_retries.Increment(); }
void Metrics::spool_depth(std::size_t rows) { impl_->spooled.Set(static_cast<double>(rows)); }
void Metrics::set_aside() { impl_->set_aside.Increment(); }
void Metrics::late_reply() { impl_->late_replies.Increment(); }
void Metrics::surplus_refused() { impl_->surplus.Increment(); }

void Metrics::attempted(std::string_view channel, std::string_view outcome) {
  impl_->attempts.Add({{"channel", std::string(channel)}, {"outcome", std::string(outcome)}}).Increment();
}
void Metrics::sending(std::string_view channel, std::size_t in_flight) {
  impl_->in_flight.Add({{"channel", std::string(channel)}}).Set(static_cast<double>(in_flight));
}
void Metrics::billed(std::string_view channel, int parts, int cost, bool for_ticket) {
  const prometheus::Labels labels{{"channel", std::string(channel)}, {"ticket", for_ticket ? "yes" : "no"}};
  impl_->parts.Add(labels).Increment(parts);
  impl_->cost.Add(labels).Increment(static_cast<double>(parts) * cost);
}
void Metrics::opened(std::string_view channel, std::size_t tickets) {
  impl_->opened.Add({{"channel", std::string(channel)}}).Increment(static_cast<double>(tickets));
}
void Metrics::oldest_waiting(std::chrono::milliseconds age) {
  impl_->oldest.Set(static_cast<double>(age.count()) / 1e3);
}

std::string Metrics::text() const { return prometheus::TextSerializer().Serialize(impl_->registry.Collect()); }

}  // namespace huiyin::gateway
