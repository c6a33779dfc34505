#include "tests/gateway/month_world.h"

#include <stdexcept>
#include <utility>

#include "config/config.h"
#include "gateway/assets.h"
#include "gateway/cli.h"
#include "gateway/decide_any.h"
#include "gateway/make_office.h"
#include "gateway/ticket_case.h"
#include "gateway/ticket_timer.h"
#include "gateway/timers.h"

namespace huiyin::gateway {
namespace {

using namespace std::chrono_literals;

constexpr int kMostReads = 8;
constexpr int kMostTries = 5;
constexpr int kRepeatPercent = 3;      // deliveries that come again
constexpr int kLostPercent = 1;        // commits before which the process is killed
constexpr int kTimerTwicePercent = 2;  // firings that two nodes do
constexpr auto kOnTheWay = 2s;

}  // namespace

MonthWorld::MonthWorld(db::Store& store, std::uint64_t seed, Time begin)
    : store_(store), clock_(begin), ids_(clock_, 1), random_(seed) {
  auto config = default_config();
  config.estates = {{.name = kEstate, .title = "滨江花园", .hotline = "88001234"}};
  auto assets = load_assets(config);
  if (!assets) throw std::runtime_error(describe(assets.error().front()));
  std::vector<Error> errors;
  auto office = make_office(*assets, config, errors);
  if (!errors.empty()) throw std::runtime_error(describe(errors.front()));
  office->staff_channels.insert(kStaffChannel);
  office_ = office;
  desk_ = make_desk(*assets, config, {.name = kOwnersChannel, .kind = "wechat", .account = "main", .estate = kEstate},
                    {.reply_deadline = 4s, .max_bytes = 2048});
  desk_.office = office_;
  desks_.emplace(kOwnersChannel, &desk_);
}

void MonthWorld::at(Time when, Happening what) {
  queue_.push({std::max(when, now()), ++order_, std::make_shared<Happening>(std::move(what))});
}

int MonthWorld::draw(int below) {
  return static_cast<int>(random_() % static_cast<std::uint64_t>(below));  // the same on every standard library
}

Millis MonthWorld::between(std::chrono::minutes least, std::chrono::minutes most) {
  return least + Millis(random_() % static_cast<std::uint64_t>(Millis(most - least).count() + 1));
}

Incoming MonthWorld::incoming_of(std::string key, const Peer& from, EventBody body) {
  return {.event = {.key = std::move(key), .peer = from, .sent_at = now(), .body = std::move(body)},
          .raw = "raw",
          .request_id = "r" + std::to_string(deliveries_),
          .received = now()};
}

UnitOfWork MonthWorld::decided(const Incoming& incoming) {
  Wants wants{.peer = incoming.event.peer};
  std::optional<TicketNumber> number;
  for (int round = 0; round < kMostReads; ++round) {
    auto snapshot = store_.read(wants);
    if (!snapshot) throw std::runtime_error("read: " + snapshot.error().why);
    snapshot->read = wants;
    auto decision =
        decide_any(*office_, desks_, incoming, *std::move(snapshot), {.now = now(), .ids = &ids_, .number = number});
    if (auto* unit = std::get_if<UnitOfWork>(&decision)) return std::move(*unit);
    auto& more = std::get<NeedsMore>(decision);
    wants = std::move(more.wants);
    if (more.number && !number) number = TicketNumber{next_number_++};
  }
  throw std::runtime_error("a decision asks for more without end: " + incoming.event.key);
}

/// As the pipeline does: what met a newer version is decided again. `first`: decided already, perhaps on older rows.
std::optional<UnitOfWork> MonthWorld::handle(const Incoming& incoming, std::optional<UnitOfWork> first) {
  for (int attempt = 0; attempt < kMostTries; ++attempt) {
    auto unit = first ? *std::exchange(first, std::nullopt) : decided(incoming);
    auto outcome = store_.commit(unit);
    if (std::holds_alternative<Committed>(outcome)) {
      observe(unit);
      return unit;
    }
    if (std::holds_alternative<Duplicate>(outcome)) {
      ++counts_.repeats;
      return std::nullopt;
    }
    if (const auto* refused = std::get_if<Refused>(&outcome)) throw std::runtime_error("refused: " + refused->why);
    if (const auto* away = std::get_if<Unavailable>(&outcome)) throw std::runtime_error("away: " + away->why);
    ++counts_.conflicts;
  }
  throw std::runtime_error("a conflict without end: " + incoming.event.key);
}

std::optional<UnitOfWork> MonthWorld::receive(const Peer& from, EventBody body) {
  const auto incoming = incoming_of(from.channel + "/" + std::to_string(++deliveries_), from, std::move(body));
  if (chance(kLostPercent)) {  // killed before COMMIT: the provider brings it again
    (void)decided(incoming);
    ++counts_.lost_commits;
  }
  auto unit = handle(incoming);
  if (chance(kRepeatPercent) && handle(incoming)) faults_.push_back("a delivery was done twice: " + incoming.event.key);
  return unit;
}

void MonthWorld::receive_together(const Peer& first, const EventBody& one, const Peer& second, const EventBody& other) {
  const auto a = incoming_of(first.channel + "/" + std::to_string(++deliveries_), first, one);
  const auto b = incoming_of(second.channel + "/" + std::to_string(++deliveries_), second, other);
  auto decided_a = decided(a);
  auto decided_b = decided(b);
  (void)handle(b, std::move(decided_b));
  (void)handle(a, std::move(decided_a));
}

void MonthWorld::write(UnitOfWork unit) {
  unit.id = ids_.next<UnitId>();
  unit.inbox.key = "test/" + std::to_string(++deliveries_);
  unit.inbox.received = now();
  if (!std::holds_alternative<Committed>(store_.commit(std::move(unit)))) throw std::runtime_error("not committed");
}

/// Keeps a second account of timers, and brings messages on their way.
void MonthWorld::observe(const UnitOfWork& unit) {
  ++counts_.units;
  const auto drop = [this](TimerId id) {
    const auto known = timers_.find(id);
    if (known == timers_.end()) return;
    timers_by_due_.erase({known->second.due, id});
    timers_.erase(known);
  };
  for (const auto id : unit.timers_cancelled) drop(id);
  for (const auto& timer : unit.timers) {
    drop(timer.id);
    timers_.emplace(timer.id, timer);
    timers_by_due_.emplace(timer.due, timer.id);
  }
  cancelled_.insert(unit.outbox_cancelled.begin(), unit.outbox_cancelled.end());
  if (on_committed) on_committed(unit);
  if (unit.reply && on_message) on_message(*unit.reply, {}, true);
  for (const auto& row : unit.outbox)
    at(std::max(row.due, now()) + kOnTheWay, [this, row] {
      if (!cancelled_.contains(row.id) && on_message) on_message(row.message, row.ticket, false);
    });
}

std::optional<Time> MonthWorld::next_timer() const {
  return timers_by_due_.empty() ? std::nullopt : std::optional(timers_by_due_.begin()->first);
}

/// When somebody is there again; `when` itself where somebody is.
Time MonthWorld::back_from(Time when) const {
  for (const auto& [from, until] : away_)
    if (when >= from && when < until) return until;
  return when;
}

/// Leases what is due from the store and fires it; what the store has is what was set.
void MonthWorld::fire_due() {
  constexpr int kBatch = 64;
  const auto leased = store_.lease_timers("node-a", now(), 15s, kBatch);
  if (!leased) throw std::runtime_error("lease: " + leased.error().why);
  if (leased->empty()) {
    faults_.push_back("the store has no timer that is due, and one was set for " + format_utc(*next_timer()));
    const auto lost = timers_by_due_.begin()->second;
    timers_by_due_.erase(timers_by_due_.begin());
    timers_.erase(lost);
  }
  for (const auto& timer : *leased) fire(timer);
}

void MonthWorld::fire(const Timer& timer) {
  const auto known = timers_.find(timer.id);
  if (known == timers_.end() || known->second.due != timer.due) {
    // One of the same batch has set it anew or taken it out: the firing is of a timer that is no more.
    if (known == timers_.end()) faults_.push_back("a timer fired that was not set: " + key_of(timer));
    return;
  }
  timers_by_due_.erase({timer.due, timer.id});
  timers_.erase(known);
  ++counts_.timers;
  Peer peer{};
  if (timer.kind == kTicketTimer) {
    const auto found = store_.tickets_by_id({ticket_of_timer(timer.subject)});
    if (found && !found->empty() && found->front().peer.channel == kOwnersChannel) peer = found->front().peer;
  } else if (const auto found = store_.find_peer(ConversationId{timer.id.value}); found && *found) {
    peer = **found;
  }
  auto incoming = incoming_of(key_of(timer), peer, TimerFired{timer.id, timer.kind, timer.subject});
  incoming.late = true;
  (void)handle(incoming);
  if (chance(kTimerTwicePercent) && handle(incoming)) faults_.push_back("a timer fired twice: " + key_of(timer));
}

void MonthWorld::run(Time end) {
  while (true) {
    const auto timer = next_timer();
    const bool is_timer = timer && (queue_.empty() || *timer <= queue_.top().when);
    if (!is_timer && queue_.empty()) return;
    const auto when = back_from(std::max(now(), is_timer ? *timer : queue_.top().when));
    if (when > end) return;
    clock_.set(when);
    if (is_timer) {
      fire_due();
      continue;
    }
    const auto what = queue_.top().what;
    queue_.pop();
    (*what)();
  }
}

}  // namespace huiyin::gateway
