#include "gateway/report_desk.h"

#include <date/tz.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include "core/fnv1a.h"
#include "core/text.h"
#include "core/thread_name.h"
#include "gateway/alarms.h"
#include "gateway/manager_pack.h"
#include "gateway/report_maker.h"
#include "gateway/stable_id.h"
#include "gateway/table_audit.h"
#include "gateway/timers.h"

namespace huiyin::gateway {
namespace {

using namespace std::chrono_literals;

constexpr auto kArmEvery = 10min;
constexpr auto kUseful = std::chrono::days(7);  // a month's numbers are still worth reading then
constexpr std::size_t kMostBytes = 1800;        // of one message: work chat takes 2,048
constexpr int kMostOpen = 1000;

Timer timer_of(const char* kind, const std::string& subject, Time due) {
  const auto name = std::string(kind) + ":" + subject + ":" + std::to_string(due.time_since_epoch().count());
  return {.id = stable_id<TimerId>(name), .due = due, .kind = kind, .subject = subject};
}

const date::time_zone* zone_of(const EstateConfig& estate) { return date::locate_zone(estate.time_zone); }

tickets::Day today_in(const date::time_zone* zone, Time now) {
  return std::chrono::floor<std::chrono::days>(now + zone->get_info(now).offset);
}

Time moment(const date::time_zone* zone, tickets::Day day, int minute) {
  const auto wall = date::local_days(date::days(day.time_since_epoch().count())) + std::chrono::minutes(minute);
  return zone->to_sys(date::local_time<Millis>(wall.time_since_epoch()), date::choose::earliest);
}

/// The first `day` of a month whose moment is after `now`.
Time next_monthly(const date::time_zone* zone, int day, int minute, Time now) {
  const std::chrono::year_month_day today(today_in(zone, now));
  auto month = today.year() / today.month();
  for (;; month += std::chrono::months(1)) {
    const auto due = moment(zone, tickets::Day(month / day), minute);
    if (due > now) return due;
  }
}

Time next_daily(const date::time_zone* zone, int minute, Time now) {
  for (auto day = today_in(zone, now);; day += std::chrono::days(1))
    if (const auto due = moment(zone, day, minute); due > now) return due;
}

OutboxRow row_for(const Peer& to, std::string text, const std::string& locale, IdSource& ids, Time now) {
  OutboxRow row{.id = ids.next<OutboxId>(), .created = now, .due = now, .expires = now + kUseful, .ordered = true};
  row.message = {.key = "o" + std::to_string(row.id.value), .to = to, .template_name = "report.pack_title"};
  row.message.data = {{"text", text}};
  row.message.text = std::move(text);
  row.message.locale = locale;
  return row;
}

}  // namespace

std::vector<Timer> ReportDesk::next_timers(const Config& config, const ReportConfig& reports, Time now) {
  std::vector<Timer> out;
  if (reports.monthly)
    for (const auto& estate : config.estates)
      out.push_back(timer_of(kPackTimer, estate.name, next_monthly(zone_of(estate), reports.day, reports.minute, now)));
  if (reports.audit_minute)
    out.push_back(
        timer_of(kAuditTimer, "", next_daily(date::locate_zone(config.time_zone), *reports.audit_minute, now)));
  return out;
}

ReportDesk::ReportDesk(World world) : world_(std::move(world)), thread_([this] { work(); }) {}

ReportDesk::~ReportDesk() { stop(); }

void ReportDesk::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wakes_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void ReportDesk::fire(const Timer& timer) {
  {
    const std::lock_guard lock(mutex_);
    if (!under_way_.insert(timer.id).second) return;
    waiting_.push_back(timer);
  }
  wakes_.notify_all();
}

void ReportDesk::work() {
  name_thread("reports");
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    const auto timer = waiting_.empty() ? std::optional<Timer>() : std::optional(std::move(waiting_.front()));
    if (timer) waiting_.pop_front();
    lock.unlock();
    try {
      timer ? handle(*timer) : arm();
    } catch (const std::exception& error) {
      spdlog::error("report_failed why=\"{}\"", error.what());
    }
    lock.lock();
    if (timer) under_way_.erase(timer->id);
    if (!timer) wakes_.wait_for(lock, kArmEvery, [this] { return stopping_ || !waiting_.empty(); });
  }
}

/// A node that comes up, and one that has been up for long: what is to come is in the store. Setting it again is a
/// repeat, and it is still to come, so it cannot have fired yet.
void ReportDesk::arm() {
  if (!world_.ready()) return;
  const auto now = world_.clock.now();
  for (const auto& timer : next_timers(world_.config, world_.reports, now)) {
    if (armed_.contains(timer.id)) continue;
    UnitOfWork unit;
    unit.id = world_.ids.next<UnitId>();
    unit.inbox = {.key = "arm:" + key_of(timer), .received = now};
    unit.timers = {timer};
    const auto outcome = world_.store.commit(std::move(unit));
    if (std::holds_alternative<Committed>(outcome) || std::holds_alternative<Duplicate>(outcome))
      armed_.insert(timer.id);
  }
}

/// What cannot be done now stays in the store: its lease runs out, and it is fired again.
void ReportDesk::handle(const Timer& timer) {
  if (!world_.ready()) return;
  auto unit = timer.kind == kPackTimer ? pack_unit(timer) : audit_unit(timer);
  if (unit) static_cast<void>(world_.store.commit(*std::move(unit)));
}

/// Takes the timer out of the store, and sets the next of its kind.
UnitOfWork ReportDesk::unit_for(const Timer& timer) const {
  const auto now = world_.clock.now();
  UnitOfWork unit;
  unit.id = world_.ids.next<UnitId>();
  unit.inbox = {.key = key_of(timer), .received = now};
  for (auto& next : next_timers(world_.config, world_.reports, now))
    if (next.kind == timer.kind && next.subject == timer.subject) unit.timers.push_back(std::move(next));
  return unit;
}

std::optional<UnitOfWork> ReportDesk::pack_unit(const Timer& timer) const {
  auto unit = unit_for(timer);
  const auto now = world_.clock.now();
  auto request = last_month(world_.config, timer.subject, timer.due);
  if (complaint_about(world_.config, request) || !world_.reports.monthly) return unit;  // the estate is gone
  const auto month = make_report(world_.config, world_.assets, request, now);
  const auto before = make_report(world_.config, world_.assets, month_before(request), now);
  const auto staff = world_.store.list_staff();
  const auto estate = stable_id<EstateId>(timer.subject);
  const auto left = world_.store.list_tickets({.estate = estate, .open_only = true, .limit = kMostOpen});
  if (!month || !before || !staff || !left) {
    spdlog::warn("monthly_pack_put_off estate={}: the database does not answer", timer.subject);
    return std::nullopt;
  }
  const auto readers = pack_readers(*staff, estate, world_.reports.to);
  if (readers.empty())
    world_.alarms.raise("pack:" + timer.subject,
                        "the monthly pack of " + timer.subject +
                            " has no reader: no manager has a peer (huiyin staff add), and reports: to: names nobody");
  const auto text = pack_text(*month, *before, *left, now);
  for (const auto& to : readers)
    for (auto& part : paginate(text, kMostBytes))
      unit.outbox.push_back(row_for(to, std::move(part), world_.config.locale, world_.ids, now));
  spdlog::info("monthly_pack_made estate={} month={} readers={}", timer.subject, tickets::format_day(request.from),
               readers.size());
  return unit;
}

/// Of the day before the one on which it fell due.
std::optional<UnitOfWork> ReportDesk::audit_unit(const Timer& timer) const {
  auto unit = unit_for(timer);
  const auto day = today_in(date::locate_zone(world_.config.time_zone), timer.due) - std::chrono::days(1);
  const auto audit = audit_of(world_.config, day, world_.clock.now());
  if (!audit && audit.error().where != "--day") return std::nullopt;  // the database is away
  if (!audit) return unit;
  if (const auto wrong = differences(*audit); !wrong.empty())
    raise_audit_alarm(world_.alarms, tickets::format_day(day), wrong);
  return unit;
}

}  // namespace huiyin::gateway
