#include "gateway/hooks.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "core/text.h"
#include "gateway/ledger.h"

namespace huiyin::gateway {
namespace {

using Steady = std::chrono::steady_clock;

/// 16 hex digits that go from the webhook to the outbox, for finding one message's way through the logs.
std::string new_request_id(Random& random) { return fmt::format("{:016x}", random.next()); }

}  // namespace

/// One request under way.
struct Hooks::Exchange {
  const ChannelSetup& setup;
  HttpRequest request;
  Inbound inbound;
  Respond respond;
  std::string request_id;
  Steady::time_point deadline;
  std::size_t next = 0;  // of inbound.events
  Answer answer{};
  std::optional<HttpReply> prepared{};  // for the last event's outcome; of the pipeline's thread that commits it
};

Hooks::Hooks(const ChannelTable& channels, Pipeline& pipeline, Spool& spool, db::Store& store, Workers& readers,
             Metrics& metrics, const Clock& clock, Random& random)
    : channels_(channels),
      pipeline_(pipeline),
      spool_(spool),
      store_(store),
      readers_(readers),
      metrics_(metrics),
      clock_(clock),
      random_(random) {}

void Hooks::handle(HttpRequest request, Respond respond) {
  const ChannelSetup* setup = find_channel(channels_, request.path);
  if (setup == nullptr) {
    metrics_.refused("none", "no_channel");
    return respond({.status = 404});
  }
  metrics_.received(setup->name);
  auto inbound = setup->channel->parse(request);
  if (!inbound) {
    metrics_.refused(setup->name, to_string(inbound.error().reason));
    spdlog::warn("request_refused channel={} reason={} what=\"{}\" remote={} bytes={}", setup->name,
                 to_string(inbound.error().reason), inbound.error().what, request.remote, request.body.size());
    return respond({.status = status_of(inbound.error().reason)});
  }
  if (inbound->answer) return respond(*std::move(inbound->answer));
  const auto deadline = Steady::now() + setup->channel->capabilities().reply_deadline;
  decide_next(std::make_shared<Exchange>(Exchange{.setup = *setup,
                                                  .request = std::move(request),
                                                  .inbound = *std::move(inbound),
                                                  .respond = std::move(respond),
                                                  .request_id = new_request_id(random_),
                                                  .deadline = deadline}));
}

/// Several events of one request are decided in order, each with a commit of its own; the last reply is the one given
/// (a provider takes one). The answer is given when all are safe: what stops at one of them leaves the whole request in
/// the spool, where those before it are repeats.
void Hooks::decide_next(const std::shared_ptr<Exchange>& exchange) {
  if (exchange->next == exchange->inbound.events.size()) return finish(*exchange, std::move(exchange->answer));
  const auto& event = exchange->inbound.events[exchange->next];
  if (!event.peer.address.empty() && spool_.holds(event.peer))
    return readers_.post([this, exchange] { join_spool(exchange); });
  pipeline_.process({.event = event,
                     .raw = exchange->inbound.raw_of(exchange->next),
                     .request_id = exchange->request_id,
                     .received = exchange->request.received_at,
                     .late = !exchange->setup.channel->capabilities().passive_reply,
                     .foretold = [this, exchange](const auto& reply) { prepare(*exchange, reply); }},
                    exchange->deadline, [this, exchange](Outcome outcome) { decided(exchange, std::move(outcome)); });
}

/// While the database works: what it says of the commit then only has to be waited for.
void Hooks::prepare(Exchange& exchange, const std::optional<OutboundMessage>& reply) const try {
  if (exchange.next + 1 == exchange.inbound.events.size()) exchange.prepared = reply_of(exchange, reply);
} catch (const std::exception&) {  // it will be said where the reply is made for good
  exchange.prepared.reset();
}

HttpReply Hooks::reply_of(const Exchange& exchange, std::optional<OutboundMessage> message) const {
  if (!exchange.inbound.context.takes_reply) message.reset();
  return exchange.setup.channel->acknowledge(exchange.inbound, message, {.now = clock_.now(), .random = &random_});
}

void Hooks::decided(const std::shared_ptr<Exchange>& exchange, Outcome outcome) try {
  const auto& event = exchange->inbound.events[exchange->next];
  switch (outcome.kind) {
    case Outcome::Kind::answered:
      if (outcome.foretold && exchange->prepared) return exchange->respond(*std::move(exchange->prepared));
      return answered(exchange, outcome.reply_moved ? std::nullopt : std::move(outcome.reply));
    case Outcome::Kind::pending:  // decided soon; whatever happens to us now, the spool has it
      metrics_.late_reply();
      return finish(*exchange, spool(*exchange, event, false));
    case Outcome::Kind::unavailable:
      spdlog::warn("turn_spooled channel={} request={} peer={} why=\"{}\"", exchange->setup.name, exchange->request_id,
                   mask_peer(event.peer.address), outcome.why);
      return finish(*exchange, spool(*exchange, event, true));
    case Outcome::Kind::refused:
      spdlog::error("turn_refused channel={} request={} peer={} why=\"{}\"", exchange->setup.name, exchange->request_id,
                    mask_peer(event.peer.address), outcome.why);
      return set_aside(exchange, event);
  }
} catch (const std::exception& error) {  // on a worker: nobody above would catch it
  fail(*exchange, error);
}

void Hooks::answered(const std::shared_ptr<Exchange>& exchange, std::optional<OutboundMessage> reply) {
  exchange->answer.message = std::move(reply);
  ++exchange->next;
  decide_next(exchange);
}

/// Nobody can decide this event; those behind it must not suffer for it.
void Hooks::set_aside(const std::shared_ptr<Exchange>& exchange, const Event& event) {
  auto kept = spool(*exchange, event, true);
  if (!kept.stored) return finish(*exchange, std::move(kept));
  answered(exchange, std::move(kept.message));
}

void Hooks::fail(const Exchange& exchange, const std::exception& error) {
  spdlog::error("hook_failed channel={} request={} why=\"{}\"", exchange.setup.name, exchange.request_id, error.what());
  exchange.respond({.status = 500});
}

void Hooks::finish(const Exchange& exchange, Answer answer) {
  if (!answer.stored) {
    spdlog::error("request_not_stored channel={} request={}: neither the database nor the spool took it; answered 503",
                  exchange.setup.name, exchange.request_id);
    return exchange.respond({.status = 503});
  }
  exchange.respond(reply_of(exchange, std::move(answer.message)));
}

/// While earlier messages of the peer wait in the spool, a new one joins them. A repeat of one that was decided before
/// is no new one: it gets the same answer, unless that one waits here itself; then the replayer sends its reply.
void Hooks::join_spool(const std::shared_ptr<Exchange>& exchange) try {
  const auto& event = exchange->inbound.events[exchange->next];
  const auto known = store_.is_available() ? store_.find_inbox(event.key) : std::nullopt;
  if (!known || !*known) return finish(*exchange, spool(*exchange, event, true));
  const bool goes_by_outbox = (*known)->reply_moved || spool_.holds_key(event.key);
  answered(exchange, goes_by_outbox ? std::nullopt : (*known)->reply);
} catch (const std::exception& error) {
  fail(*exchange, error);
}

Hooks::Answer Hooks::spool(const Exchange& exchange, const Event& event, bool say_busy) {
  const auto added = spool_.add({.peer = event.peer,
                                 .key = event.key,
                                 .received = exchange.request.received_at,
                                 .raw = encode(exchange.request)});
  metrics_.spool_depth(spool_.size());
  if (added == Spool::Added::full || added == Spool::Added::failed) return {.stored = false};
  if (!say_busy || !is_from_owner(event.body)) return {};
  return {.message = busy_reply(exchange.setup.desk, event)};
}

}  // namespace huiyin::gateway
