#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>

#include "config/config.h"
#include "config/report_reader.h"
#include "core/timer.h"
#include "db/store.h"
#include "gateway/assets.h"

namespace huiyin::gateway {

class Alarms;

inline constexpr auto kPackTimer = "monthly_pack";  ///< its subject is an estate's name
inline constexpr auto kAuditTimer = "daily_audit";

/// What comes by the clock and concerns no owner: the monthly pack for managers, and the nightly audit. Each is a timer
/// of the store, under an id made of what it is and when it falls due: so any node may set it, again and again, and it
/// is there once; it outlives them all; and its firing is a unit under the key `timer:<id>:<due>`, of which one
/// commits, however many nodes worked on it. The unit sets the next. What takes seconds is done on a thread of its own,
/// from construction until stop(); the scheduler hands the timers over.
class ReportDesk {
 public:
  /// The references must outlive it.
  struct World {
    db::Store& store;
    IdSource& ids;
    const Clock& clock;
    Alarms& alarms;
    Config config{};
    ReportConfig reports{};
    Assets assets{};
    std::function<bool()> ready{};  ///< may this node make ids now?
  };
  explicit ReportDesk(World world);
  ~ReportDesk();
  ReportDesk(const ReportDesk&) = delete;
  ReportDesk& operator=(const ReportDesk&) = delete;

  [[nodiscard]] static bool takes(const Timer& timer) { return timer.kind == kPackTimer || timer.kind == kAuditTimer; }
  /// Has it done soon; returns at once. One that is under way already is not begun again: its lease ran out meanwhile.
  void fire(const Timer& timer);
  /// Finishes what is under way, and joins. Idempotent.
  void stop();

  /// The timers that are to be set now, of each kind and estate the next one. Pure.
  [[nodiscard]] static std::vector<Timer> next_timers(const Config& config, const ReportConfig& reports, Time now);

 private:
  void work();
  void arm();
  void handle(const Timer& timer);
  [[nodiscard]] UnitOfWork unit_for(const Timer& timer) const;
  [[nodiscard]] std::optional<UnitOfWork> pack_unit(const Timer& timer) const;
  [[nodiscard]] std::optional<UnitOfWork> audit_unit(const Timer& timer) const;

  const World world_;
  std::mutex mutex_;
  std::condition_variable wakes_;
  std::deque<Timer> waiting_;
  std::set<TimerId> under_way_;  ///< those of `waiting_` too
  std::set<TimerId> armed_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace huiyin::gateway
