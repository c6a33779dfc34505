// How many of staff's actions and of tickets' timers a node decides and commits in a second: the daemon's own pipeline,
// scheduler and deciders in this process, on SQLite and on a MariaDB. What it prints last is one line of JSON;
// docs/performance.md says what its keys mean.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <iostream>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <thread>

#include "adapters/channel.h"
#include "bench/load_server.h"
#include "config/config.h"
#include "db/store.h"
#include "gateway/assets.h"
#include "gateway/cli.h"
#include "gateway/decide_any.h"
#include "gateway/make_office.h"
#include "gateway/pipeline.h"
#include "gateway/scheduler.h"
#include "gateway/ticket_case.h"
#include "gateway/turn_threads.h"
#include "tickets/state_machine.h"

namespace {

using namespace huiyin;
using namespace huiyin::gateway;
using namespace std::chrono_literals;
using nlohmann::json;
using Steady = std::chrono::steady_clock;

constexpr auto kOwners = "wechat:main";
constexpr auto kStaff = "wecom:staff";
constexpr int kPerUnit = 50;  // tickets that are written with one commit, before anything is measured
constexpr int kReaders = 4;
constexpr auto kPatience = 100s;  // for one decision

class SystemClock final : public Clock {
 public:
  [[nodiscard]] Time now() const override {
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  }
};

struct Options {
  std::string folder{"var/bench-life"};
  int tickets = 10000, staff = 200, in_flight = 64, seconds = 15;
  bool without_mysql = false;
};

/// What was done in how long.
struct Measured {
  int count = 0;
  double seconds = 0;
  [[nodiscard]] double per_s() const { return count / std::max(0.001, seconds); }
};

/// A line for who waits; the numbers come at the end.
void report(const std::string& run, const std::string& what, const Measured& done) {
  std::cerr << fmt::format("life: {}: {} {} in {:.1f} s, {:.0f} a second\n", run, done.count, what, done.seconds,
                           done.per_s());
}

/// A store with staff and tickets in it, and the deciders before it.
class Estate {
 public:
  Estate(const db::StoreOptions& options, const Options& wanted) : wanted_(wanted) {
    if (const auto migrated = db::migrate(options); !migrated) throw std::runtime_error(describe(migrated.error()));
    auto opened = db::open_store(options);
    if (!opened) throw std::runtime_error(describe(opened.error()));
    store_ = *std::move(opened);
    auto config = default_config();
    const auto assets = load_assets(config);
    if (!assets) throw std::runtime_error(describe(assets.error().front()));
    std::vector<Error> errors;
    auto office = make_office(*assets, config, errors);
    if (!errors.empty()) throw std::runtime_error(describe(errors.front()));
    office->staff_channels.insert(kStaff);
    office_ = office;
    desks_.emplace(kOwners, make_desk(*assets, config, {.name = kOwners, .kind = "wechat", .account = "main"}, {}));
    desks_.at(kOwners).office = office_;
    for (const auto& [name, desk] : desks_) desks_by_name_.emplace(name, &desk);
    pipeline_ = std::make_unique<Pipeline>(
        *store_,
        [this](const Incoming& incoming, Snapshot snapshot, std::optional<TicketNumber> number) {
          return decided(incoming, std::move(snapshot), number);
        },
        [] { return true; }, metrics_, threads_.both());
    hire();
  }

  /// Opens tickets and gives each to its department; `overdue`: so long ago that a reminder is due, with a timer that
  /// is due now.
  void open_tickets(bool overdue) {
    const auto opened = clock_.now() - (overdue ? std::chrono::minutes(26) : std::chrono::minutes(1));
    first_ = number_;
    for (int from = 0; from < wanted_.tickets; from += kPerUnit) {
      UnitOfWork unit = fresh_unit();
      for (int i = from; i < std::min(wanted_.tickets, from + kPerUnit); ++i) add_ticket(unit, opened, overdue);
      commit(std::move(unit));
    }
  }

  /// Of the first `most` of the tickets that were opened last each holder writes a command, until the time is over.
  Measured staff_actions(const std::string& command, const std::string& rest, int most);
  /// Lets the scheduler fire what is due, until nothing is or the time is over.
  Measured timers();

 private:
  void hire() {
    UnitOfWork unit = fresh_unit();
    for (int i = 0; i < wanted_.staff; ++i) {
      Staff member;
      member.id = ids_.next<StaffId>();
      member.department = office_->departments.front().id;
      member.name = "师傅" + std::to_string(i);
      member.peers = {{kStaff, "s" + std::to_string(i)}};
      unit.duties.push_back({.staff = member.id, .from = clock_.now() - 1h, .until = clock_.now() + 24h});
      staff_.push_back(member.id);
      unit.staff.push_back(std::move(member));
    }
    commit(std::move(unit));
  }

  void add_ticket(UnitOfWork& unit, Time opened, bool overdue) {
    const auto i = static_cast<std::size_t>(number_++);
    Ticket draft;
    draft.id = ids_.next<TicketId>();
    draft.number = {static_cast<std::int64_t>(1000 + i)};
    draft.peer = {kOwners, "o" + std::to_string(i)};
    if (!office_->sites.empty()) draft.estate = office_->sites.begin()->first;
    draft.name = "王建国";
    draft.phone = "+8613800138000";
    draft.address = std::to_string(i) + "栋2单元602";
    draft.category = Category::repair;
    draft.subcategory = "water";
    draft.description = "厨房水管漏水";
    const tickets::Doer owner{.role = tickets::Role::owner, .peer = draft.peer};
    auto change = tickets::open_ticket(std::move(draft), ids_.next<HistoryId>(), owner, opened, office_->rules);
    unit.history.push_back(change.history);
    const tickets::Action assign{.kind = tickets::ActionKind::assign,
                                 .department = office_->departments.front().id,
                                 .staff = staff_.at(i % staff_.size())};
    auto given = tickets::apply(change.ticket, assign, ids_.next<HistoryId>(), {.role = tickets::Role::system}, opened,
                                office_->rules);
    if (!given) throw std::runtime_error(describe(given.error()));
    unit.history.push_back(given->history);
    if (overdue) unit.timers.push_back(ticket_timer(given->ticket.id, clock_.now()));
    unit.tickets.push_back(std::move(given->ticket));
  }

  UnitOfWork fresh_unit() {
    UnitOfWork unit;
    unit.id = ids_.next<UnitId>();
    unit.inbox = {.key = "fill:" + std::to_string(unit.id.value), .received = clock_.now()};
    return unit;
  }
  void commit(UnitOfWork unit) {
    if (!std::holds_alternative<Committed>(store_->commit(std::move(unit))))
      throw std::runtime_error("the store could not be filled");
  }

  std::variant<UnitOfWork, NeedsMore> decided(const Incoming& incoming, Snapshot snapshot,
                                              std::optional<TicketNumber> number) {
    const Supplies supplies{.now = clock_.now(), .ids = &ids_, .number = number};
    auto decision = decide_any(*office_, desks_by_name_, incoming, std::move(snapshot), supplies);
    if (const auto* unit = std::get_if<UnitOfWork>(&decision)) changed_ += unit->tickets.empty() ? 0 : 1;
    return decision;
  }

  Options wanted_;
  SystemClock clock_{};
  IdSource ids_{clock_, 1};
  std::unique_ptr<db::Store> store_{};
  std::shared_ptr<const Office> office_{};
  std::map<std::string, Desk> desks_{};
  std::map<std::string, const Desk*> desks_by_name_{};
  std::vector<StaffId> staff_{};
  int number_ = 0;               ///< of the next ticket
  int first_ = 0;                ///< of the tickets that were opened last
  std::atomic<int> changed_{0};  ///< decisions that changed a ticket
  Metrics metrics_{};
  TurnThreads threads_{std::max(1U, std::thread::hardware_concurrency()), kReaders};
  std::unique_ptr<Pipeline> pipeline_{};
};

/// Counts what is under way, so that no more than a number is.
class Window {
 public:
  explicit Window(int most) : most_(most) {}
  void enter() {
    std::unique_lock lock(mutex_);
    room_.wait(lock, [this] { return under_way_ < most_; });
    ++under_way_;
  }
  void leave() {
    const std::lock_guard lock(mutex_);
    --under_way_;
    room_.notify_all();
  }
  void wait_empty() {
    std::unique_lock lock(mutex_);
    room_.wait(lock, [this] { return under_way_ == 0; });
  }

 private:
  const int most_;
  int under_way_ = 0;
  std::mutex mutex_{};
  std::condition_variable room_{};
};

Measured since(Steady::time_point start, int count) {
  return {count, std::chrono::duration<double>(Steady::now() - start).count()};
}

Measured Estate::staff_actions(const std::string& command, const std::string& rest, int most) {
  Window window(wanted_.in_flight);
  const int before = changed_;
  std::atomic<int> failed{0};
  const auto start = Steady::now(), limit = start + std::chrono::seconds(wanted_.seconds);
  int said = 0;
  for (; said < most && Steady::now() < limit; ++said) {
    const auto member = static_cast<std::size_t>(first_ + said) % staff_.size();
    const auto key = command + std::to_string(first_ + said);
    Ticket named;
    named.number = {1000 + first_ + said};
    Incoming incoming{.event = {.key = kStaff + ("/" + key), .peer = {kStaff, "s" + std::to_string(member)}},
                      .raw = "raw",
                      .received = clock_.now()};
    incoming.event.sent_at = incoming.received;
    incoming.event.body = TextMessage{command + " " + office_->number(named) + rest};
    window.enter();
    pipeline_->process(std::move(incoming), Steady::now() + kPatience, [&](const Outcome& outcome) {
      if (outcome.kind != Outcome::Kind::answered) ++failed;
      window.leave();
    });
  }
  window.wait_empty();
  const auto done = since(start, said);
  if (failed != 0 || changed_ - before < said)
    throw std::runtime_error(
        fmt::format("{}: {} of {} tickets changed, {} failed", command, changed_ - before, said, failed.load()));
  return done;
}

Measured Estate::timers() {
  const int before = changed_;
  const auto start = Steady::now(), limit = start + std::chrono::seconds(wanted_.seconds);
  Scheduler scheduler(
      *store_, *pipeline_, ids_, clock_, "bench", [] { return true; }, [](const std::string&) { return true; },
      {.look_every = 5ms});
  while (changed_ - before < wanted_.tickets && Steady::now() < limit) std::this_thread::sleep_for(1ms);
  const auto done = since(start, changed_ - before);
  scheduler.stop();
  if (done.count == 0) throw std::runtime_error("no timer fired");
  return done;
}

struct Rates {
  double staff_actions = 0, timers = 0;
};

Rates measure(const db::StoreOptions& options, const Options& wanted, const std::string& name) {
  const auto begin = Steady::now();
  Estate estate(options, wanted);
  estate.open_tickets(true);
  report(name, "tickets opened", since(begin, wanted.tickets));
  const auto fired = estate.timers();  // first: what is done to tickets sets timers of its own
  report(name, "timers", fired);
  estate.open_tickets(false);
  const auto accepted = estate.staff_actions("接单", "", wanted.tickets);
  report(name, "接单", accepted);
  const auto completed = estate.staff_actions("完成", " 已更换水管，电话告知", accepted.count);
  report(name, "完成", completed);
  return {.staff_actions = (accepted.count + completed.count) / (accepted.seconds + completed.seconds),
          .timers = fired.per_s()};
}

int run(int argc, char** argv) {
  Options options;
  CLI::App app{"Staff's actions and tickets' timers per second, on SQLite and MariaDB", "life"};
  app.add_option("--folder", options.folder, "Emptied, then used for data")->capture_default_str();
  app.add_option("--tickets", options.tickets)->capture_default_str()->check(CLI::PositiveNumber);
  app.add_option("--staff", options.staff)->capture_default_str()->check(CLI::PositiveNumber);
  app.add_option("--in-flight", options.in_flight, "Commands under way")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  app.add_option("--seconds", options.seconds, "At most so long for each kind of event, or until all tickets had it")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  app.add_flag("--without-mysql", options.without_mysql);
  CLI11_PARSE(app, argc, argv);
  std::filesystem::remove_all(options.folder);
  std::filesystem::create_directories(options.folder);
  const auto folder = std::filesystem::absolute(options.folder).string();
  const auto sqlite = measure({.sqlite = db::SqliteOptions{folder + "/life.db"}}, options, "sqlite");
  json summary{{"sqlite_staff_actions_per_s", sqlite.staff_actions}, {"sqlite_timers_per_s", sqlite.timers}};
  if (!options.without_mysql) {
    bench::BenchServer server(folder);
    const auto mysql = measure({.mysql = server.make_database("huiyin_life")}, options, "mysql");
    summary["staff_actions_per_s"] = mysql.staff_actions;
    summary["timers_per_s"] = mysql.timers;
  }
  std::cout << summary.dump() << '\n';
  return EXIT_SUCCESS;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << "life: " << error.what() << '\n';
    return EXIT_FAILURE;
  }
}
