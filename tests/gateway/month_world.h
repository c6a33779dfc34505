#pragma once

#include <functional>
#include <map>
#include <memory>
#include <queue>
#include <random>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "core/ids.h"
#include "db/store.h"
#include "gateway/desk.h"
#include "gateway/office.h"
#include "gateway/pipeline.h"

namespace huiyin::gateway {

/// What a simulated month is made of; every number of it can be set.
struct MonthOptions {
  std::uint64_t seed = 1;
  int tickets = 10000;
  int days = 30;
  int owners = 4000;
  int agents_each = 5;  ///< in each department
  Time begin{};
};

/// What happened, counted: a month in which nothing went wrong proves nothing.
struct MonthCounts {
  int units = 0, timers = 0, repeats = 0, conflicts = 0, lost_commits = 0, refused = 0;
};

/// The gateway's deciders over a store, on a clock that is set by hand and on one thread, so that a seed gives the same
/// month again. It stands where pipeline, scheduler and dispatcher stand in the daemon: an event is read for, decided
/// and committed; what a unit sends is brought to whom it is for; timers are leased from the store when they fall due.
class MonthWorld {
 public:
  MonthWorld(db::Store& store, std::uint64_t seed, Time begin);

  using Happening = std::function<void()>;
  /// Does `what` at that time, in the order of the times.
  void at(Time when, Happening what);
  /// Until nothing is left to happen and no timer is left, at most to `end`.
  void run(Time end);

  [[nodiscard]] Time now() const { return clock_.now(); }
  /// 0 to `below` - 1.
  [[nodiscard]] int draw(int below);
  [[nodiscard]] bool chance(int percent) { return draw(100) < percent; }
  [[nodiscard]] Millis between(std::chrono::minutes least, std::chrono::minutes most);

  /// Somebody writes or taps. With faults: the same delivery again, a commit that is lost, a node that is away. Returns
  /// what was committed; nothing where it was refused or was a repeat.
  std::optional<UnitOfWork> receive(const Peer& from, EventBody body);
  /// Two that act on the same rows at once: both decide before either commits.
  void receive_together(const Peer& first, const EventBody& one, const Peer& second, const EventBody& other);

  /// Called for each message that reaches somebody: by the outbox, or as a reply.
  std::function<void(const OutboundMessage&, TicketId, bool reply)> on_message{};
  /// Called for each unit that was committed.
  std::function<void(const UnitOfWork&)> on_committed{};

  /// From then until then no node runs: nothing is received, no timer fires. What was sent comes after it.
  void set_away(Time from, Time until) { away_.emplace_back(from, until); }

  [[nodiscard]] const MonthCounts& counts() const { return counts_; }
  [[nodiscard]] db::Store& store() { return store_; }
  [[nodiscard]] const Office& office() const { return *office_; }
  /// What went wrong in the world itself: a timer that the store lost, a delivery done twice.
  [[nodiscard]] const std::vector<std::string>& faults() const { return faults_; }
  [[nodiscard]] const std::map<TimerId, Timer>& timers() const { return timers_; }
  [[nodiscard]] IdSource& ids() { return ids_; }
  /// Commits a unit that the test itself wrote: staff, duties.
  void write(UnitOfWork unit);

 private:
  struct Entry {
    Time when{};
    std::uint64_t order = 0;
    std::shared_ptr<Happening> what{};
    bool operator>(const Entry& other) const { return std::tie(when, order) > std::tie(other.when, other.order); }
  };
  [[nodiscard]] Incoming incoming_of(std::string key, const Peer& from, EventBody body);
  [[nodiscard]] UnitOfWork decided(const Incoming& incoming);
  std::optional<UnitOfWork> handle(const Incoming& incoming, std::optional<UnitOfWork> first = {});
  void observe(const UnitOfWork& unit);
  void fire_due();
  void fire(const Timer& timer);
  [[nodiscard]] std::optional<Time> next_timer() const;
  [[nodiscard]] Time back_from(Time when) const;

  db::Store& store_;
  ManualClock clock_;
  IdSource ids_;
  std::mt19937_64 random_;
  std::shared_ptr<const Office> office_{};
  Desk desk_{};
  std::map<std::string, const Desk*> desks_{};
  std::priority_queue<Entry, std::vector<Entry>, std::greater<>> queue_{};
  std::uint64_t order_ = 0, deliveries_ = 0;
  std::int64_t next_number_ = 1000;
  std::map<TimerId, Timer> timers_{};
  std::set<std::pair<Time, TimerId>> timers_by_due_{};
  std::set<OutboxId> cancelled_{};
  std::vector<std::pair<Time, Time>> away_{};
  std::vector<std::string> faults_{};
  MonthCounts counts_{};
};

inline constexpr auto kOwnersChannel = "wechat:main";
inline constexpr auto kStaffChannel = "wecom:staff";
inline constexpr auto kEstate = "riverside";

}  // namespace huiyin::gateway
