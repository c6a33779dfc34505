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

const ChannelSetup* find_channel(const ChannelTable& channels, std::string_view path) {
  for (std::string_view prefix = path; !prefix.empty(); prefix = prefix.substr(0, prefix.rfind('/'))) {
    if (const auto found = channels.find(std::string(prefix)); found != channels.end()) return &found->second;
    if (prefix.rfind('/') == std::string_view::npos) break;
  }
  return nullptr;
}

Hooks::Hooks(const ChannelTable& channels, Pipeline& pipeline, Spool& spool, Metrics& metrics, const Clock& clock,
             Random& random)
    : channels_(channels), pipeline_(pipeline), spool_(spool), metrics_(metrics), clock_(clock), random_(random) {}

HttpReply Hooks::handle(const HttpRequest& request) {
  const ChannelSetup* setup = find_channel(channels_, request.path);
  if (setup == nullptr) {
    metrics_.refused("none", "no_channel");
    return {.status = 404};
  }
  metrics_.received(setup->name);
  const auto inbound = setup->channel->parse(request);
  if (!inbound) {
    metrics_.refused(setup->name, to_string(inbound.error().reason));
    spdlog::warn("request_refused channel={} reason={} what=\"{}\" remote={} bytes={}", setup->name,
                 to_string(inbound.error().reason), inbound.error().what, request.remote, request.body.size());
    return {.status = status_of(inbound.error().reason)};
  }
  if (inbound->answer) return *inbound->answer;

  const auto request_id = new_request_id(random_);
  Answer answer = decide(*setup, request, *inbound, request_id);
  if (!answer.stored) {
    spdlog::error("request_not_stored channel={} request={}: neither the database nor the spool took it; answered 503",
                  setup->name, request_id);
    return {.status = 503};
  }
  if (!inbound->context.takes_reply) answer.message.reset();
  return setup->channel->acknowledge(*inbound, answer.message, {.now = clock_.now(), .random = &random_});
}

/// Several events of one request are decided in order; the last reply is the one given (a provider takes one).
Hooks::Answer Hooks::decide(const ChannelSetup& setup, const HttpRequest& request, const Inbound& inbound,
                            const std::string& request_id) {
  const auto deadline = Steady::now() + setup.channel->capabilities().reply_deadline;
  Answer answer;
  for (const auto& event : inbound.events) {
    if (!event.peer.address.empty() && spool_.holds(event.peer)) return spool(setup, request, event, true);
    const auto outcome = pipeline_.process(
        {.event = event, .raw = inbound.raw, .request_id = request_id, .received = request.received_at}, deadline);
    switch (outcome.kind) {
      case Outcome::Kind::answered:
        answer.message = outcome.reply_moved ? std::nullopt : outcome.reply;
        break;
      case Outcome::Kind::pending:  // decided soon; whatever happens to us now, the spool has it
        metrics_.late_reply();
        return spool(setup, request, event, false);
      case Outcome::Kind::unavailable:
        spdlog::warn("turn_spooled channel={} request={} peer={} why=\"{}\"", setup.name, request_id,
                     mask_peer(event.peer.address), outcome.why);
        return spool(setup, request, event, true);
      case Outcome::Kind::refused:
        spdlog::error("turn_refused channel={} request={} peer={} why=\"{}\"", setup.name, request_id,
                      mask_peer(event.peer.address), outcome.why);
        return spool(setup, request, event, true);
    }
  }
  return answer;
}

Hooks::Answer Hooks::spool(const ChannelSetup& setup, const HttpRequest& request, const Event& event, bool say_busy) {
  const auto added =
      spool_.add({.peer = event.peer, .key = event.key, .received = request.received_at, .raw = encode(request)});
  metrics_.spool_depth(spool_.size());
  if (added == Spool::Added::full || added == Spool::Added::failed) return {.stored = false};
  if (!say_busy || !is_from_owner(event.body)) return {};
  return {.message = busy_reply(setup.desk, event)};
}

}  // namespace huiyin::gateway
