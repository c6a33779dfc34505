#include "gateway/replayer.h"

#include <spdlog/spdlog.h>

#include "core/text.h"
#include "core/thread_name.h"

namespace huiyin::gateway {
namespace {

using namespace std::chrono_literals;

constexpr auto kPause = 200ms;   // between looks at an empty spool or an absent store
constexpr auto kPatience = 30s;  // for one replayed event
constexpr std::size_t kBatch = 100;

}  // namespace

Replayer::Replayer(const ChannelTable& channels, Pipeline& pipeline, MailIntake& mails, Spool& spool, db::Store& store,
                   IdSource& ids, Metrics& metrics, const Clock& clock)
    : channels_(channels),
      pipeline_(pipeline),
      mails_(mails),
      spool_(spool),
      store_(store),
      ids_(ids),
      metrics_(metrics),
      clock_(clock),
      thread_([this] { work(); }) {}

Replayer::~Replayer() { stop(); }

void Replayer::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wakes_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Replayer::work() {
  name_thread("replay");
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    lock.unlock();
    bool progressed = false;
    try {
      progressed = replay_batch();
    } catch (const std::exception& error) {
      spdlog::error("spool_replay_failed why=\"{}\"", error.what());
    }
    lock.lock();
    if (!progressed) wakes_.wait_for(lock, kPause, [this] { return stopping_; });
  }
}

/// False where there was nothing to do, or nothing could be done.
bool Replayer::replay_batch() {
  metrics_.spool_depth(spool_.size());
  if (spool_.size() == 0 || !store_.is_available()) return false;
  for (const auto& row : spool_.oldest(kBatch)) {
    {
      const std::lock_guard lock(mutex_);
      if (stopping_) return false;
    }
    std::string why;
    Result result = Result::set_aside;
    try {
      result = replay(row, why);
    } catch (const std::exception& error) {
      why = error.what();  // one row that nobody can read must not hold up the rest
    }
    switch (result) {
      case Result::done:
        spool_.remove(row);
        break;
      case Result::set_aside:
        spool_.set_aside(row, why);
        metrics_.set_aside();
        spdlog::error("spool_row_set_aside channel={} peer={} spool_id={} why=\"{}\"", row.peer.channel,
                      mask_peer(row.peer.address), row.id, why);
        break;
      case Result::try_later:
        return false;
    }
  }
  return true;
}

Replayer::Result Replayer::replay(const SpoolRow& row, std::string& why) {
  const auto request = decode_http_request(row.raw);
  if (const auto mail = MailIntake::from_spool(request, row.received)) return replay_mail(row, *mail, why);
  const ChannelSetup* setup = find_channel(channels_, request.path);
  if (setup == nullptr) {
    why = "no channel has the path " + request.path;
    return Result::set_aside;
  }
  const auto inbound = setup->channel->parse(request);
  if (!inbound) {
    why = std::string(to_string(inbound.error().reason)) + ": " + inbound.error().what;
    return Result::set_aside;
  }
  auto result = Result::done;
  for (std::size_t i = 0; i < inbound->events.size(); ++i) {
    const auto one = decide(row, {.event = inbound->events[i], .raw = inbound->raw_of(i)}, why);
    if (one == Result::try_later) return one;
    if (one == Result::set_aside) result = one;  // the others of the request count all the same
  }
  return result;
}

Replayer::Result Replayer::replay_mail(const SpoolRow& row, const ReceivedMail& mail, std::string& why) {
  MailIntake::Taken failure;
  auto incoming = mails_.prepare(mail, failure);
  if (incoming) return decide(row, *std::move(incoming), why);
  why = failure.why;
  return failure.result == MailIntake::Taken::Result::not_now ? Result::try_later : Result::set_aside;
}

Replayer::Result Replayer::decide(const SpoolRow& row, Incoming incoming, std::string& why) {
  const auto event = incoming.event;
  incoming.request_id = "spool-" + std::to_string(row.id);
  incoming.received = row.received;
  incoming.late = true;
  const auto outcome = pipeline_.process(std::move(incoming), std::chrono::steady_clock::now() + kPatience);
  if (outcome.kind == Outcome::Kind::refused) {
    why = outcome.why;
    return Result::set_aside;
  }
  return outcome.kind == Outcome::Kind::answered ? settle_reply(event, outcome) : Result::try_later;
}

/// The first attempt may have committed with a passive reply that nobody waited for: it goes by the outbox now.
Replayer::Result Replayer::settle_reply(const Event& event, const Outcome& outcome) {
  if (!outcome.reply || outcome.reply_moved) return Result::done;
  const auto moved =
      store_.commit(move_reply_to_outbox(event.key, *outcome.reply, {.now = clock_.now(), .ids = &ids_}));
  if (std::holds_alternative<Committed>(moved) || std::holds_alternative<Duplicate>(moved)) return Result::done;
  return Result::try_later;
}

}  // namespace huiyin::gateway
