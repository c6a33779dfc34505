// Drives the real webhook of a real `huiyin serve` in safe mode, beside the floor on the same server in the same run.
// What it prints last is one line of JSON; docs/performance.md says what its keys mean.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>

#include "bench/load_audit.h"
#include "bench/load_bare.h"
#include "bench/load_daemon.h"
#include "bench/load_echo.h"
#include "bench/load_floor.h"
#include "bench/load_owners.h"
#include "bench/load_process.h"
#include "bench/load_server.h"
#include "db/mysql_session.h"
#include "db/sqlite_session.h"

namespace huiyin::bench {
namespace {

using nlohmann::json;

constexpr auto kEncodingAesKey = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C";

class SystemClock final : public Clock {
 public:
  [[nodiscard]] Time now() const override {
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  }
};

struct Options {
  std::string huiyin{"build/release/bin/huiyin"}, folder{"var/bench-load"}, dialog{"bench/load_dialog.txt"};
  std::vector<int> owners{1, 32, 128};
  int repetitions = 3;
  double seconds = 5, warm_up = 1;
  std::uint64_t conversations = 100000;
  bool echo = false, bare = false, without_mysql = false, without_sqlite = false, without_floor = false;
};

std::vector<std::string> read_lines(const std::string& path) {
  std::ifstream file(path);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) {
    if (!line.empty()) lines.push_back(line);
  }
  if (lines.empty()) throw std::runtime_error(path + ": cannot be read, or is empty (run from the tree's root)");
  return lines;
}

HookAccount test_account() {
  HookAccount account;
  account.token = "loadTestToken";
  account.app_id = "wx0123456789abcdef";
  account.account_id = "gh_0123456789ab";
  account.key = wechat::parse_encoding_aes_key(kEncodingAesKey).value();
  return account;
}

std::chrono::milliseconds as_millis(double seconds) {
  return std::chrono::milliseconds(static_cast<int>(seconds * 1000));
}

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

/// CPU time of the three that share the machine.
struct Usage {
  std::chrono::microseconds daemon{}, database{}, generator{};
  static Usage now(pid_t daemon, pid_t database) { return {cpu_time(daemon), cpu_time(database), cpu_time(getpid())}; }
};

/// What all runs against one daemon have in common.
class Bench {
 public:
  explicit Bench(const Options& options) : options_(options), script_(read_lines(options.dialog)) {}

  [[nodiscard]] LoadPlan plan(int owners) {
    LoadPlan plan{
        .owners = owners, .openid_prefix = "oLoad" + std::to_string(10000 + ++runs_) + "_", .script = script_};
    plan.flats_taken = flats_;
    plan.warm_up = as_millis(options_.warm_up);
    plan.measured = as_millis(options_.seconds);
    return plan;
  }

  json run(const HookAccount& account, const LoadPlan& plan, pid_t daemon, pid_t database) {
    const auto before = Usage::now(daemon, database);
    auto result = run_owners(account, plan, clock_);
    const auto after = Usage::now(daemon, database);
    const auto handled = static_cast<double>(std::max<std::uint64_t>(1, result.sent + result.duplicates));
    const auto each = [handled](auto used) { return static_cast<double>(used.count()) / handled; };
    told_.insert(told_.end(), result.tickets.begin(), result.tickets.end());
    sent_ += result.sent;
    flats_ += result.flats;
    errors_ += result.errors;
    if (!result.first_error.empty()) std::cerr << "load: " << plan.owners << " owners: " << result.first_error << '\n';
    json out{{"owners", plan.owners},
             {"messages_per_s", result.per_second()},
             {"dialogs_per_s", static_cast<double>(result.dialogs) / std::max(0.001, result.seconds)},
             {"p50_ms", result.percentile_ms(0.5)},
             {"p99_ms", result.percentile_ms(0.99)},
             {"max_ms", result.percentile_ms(1)},
             {"duplicates", result.duplicates},
             {"errors", result.errors},
             {"cpu_us_per_message",
              {{"daemon", each(after.daemon - before.daemon)},
               {"database", each(after.database - before.database)},
               {"generator", each(after.generator - before.generator)}}}};
    std::cerr << out.dump() << '\n';
    return out;
  }

  /// Compares with the database, and forgets what was told: the next daemon has another database.
  AuditResult finish(db::Session& session) {
    const auto result = audit(session, told_, sent_);
    lost_ += result.lost;
    doubled_ += result.doubled;
    told_.clear();
    sent_ = 0;
    return result;
  }
  [[nodiscard]] std::uint64_t errors() const { return errors_; }
  [[nodiscard]] std::uint64_t lost() const { return lost_; }
  [[nodiscard]] std::uint64_t doubled() const { return doubled_; }
  [[nodiscard]] const Clock& clock() const { return clock_; }

 private:
  const Options& options_;
  SystemClock clock_;
  std::vector<std::string> script_;
  int runs_ = 0;
  std::vector<OpenedTicket> told_;
  std::uint64_t flats_ = 0, sent_ = 0, errors_ = 0, lost_ = 0, doubled_ = 0;
};

json run_echo(Bench& bench, const Options& options) {
  auto account = test_account();
  const EchoHook hook(account, bench.clock());
  account.port = hook.port();
  json runs = json::array();
  for (const int owners : options.owners) runs.push_back(bench.run(account, bench.plan(owners), 0, 0));
  return {{"echo", runs}, {"errors", bench.errors()}};
}

struct Series {
  std::map<int, std::vector<double>> rate, p99;  // by owners, one per repetition
  void add(int owners, double per_second, double p99_ms) {
    rate[owners].push_back(per_second);
    p99[owners].push_back(p99_ms);
  }
};

double ratio(const std::map<int, std::vector<double>>& of, const std::map<int, std::vector<double>>& to, int owners) {
  const auto a = of.find(owners), b = to.find(owners);
  if (a == of.end() || b == to.end() || median(b->second) <= 0) return 0;
  return median(a->second) / median(b->second);
}

json floor_run(const db::MysqlOptions& database, int owners, const Options& options) {
  const auto run = run_load_floor(database, owners, as_millis(options.warm_up), as_millis(options.seconds));
  json out{
      {"floor_owners", owners}, {"messages_per_s", run.messages_per_s}, {"p50_ms", run.p50_ms}, {"p99_ms", run.p99_ms}};
  std::cerr << out.dump() << '\n';
  return out;
}

/// MariaDB: the daemon and the floor in turn, then the many conversations.
void run_mysql(Bench& bench, const Options& options, json& details, json& summary) {
  BenchServer server(std::filesystem::absolute(options.folder));
  const auto database = server.make_database("huiyin_load"), floor_database = server.make_database("huiyin_floor");
  Daemon daemon({.program = options.huiyin,
                 .folder = fresh_folder(options.folder + "/mysql"),
                 .mysql = database,
                 .account = test_account(),
                 .encoding_aes_key = kEncodingAesKey});
  Series huiyin, floor;
  for (int repetition = 0; repetition < options.repetitions; ++repetition) {
    for (const int owners : options.owners) {
      if (!options.without_floor) {
        const auto run = floor_run(floor_database, owners, options);
        floor.add(owners, run.at("messages_per_s"), run.at("p99_ms"));
        details["floor"].push_back(run);
      }
      const auto run = bench.run(daemon.account(), bench.plan(owners), daemon.pid(), server.pid());
      huiyin.add(owners, run.at("messages_per_s"), run.at("p99_ms"));
      details["mysql"].push_back(run);
    }
  }
  auto many = bench.plan(64);
  many.dialogs = options.conversations;
  many.script.resize(1);
  many.ends_with_ticket = false;
  if (many.dialogs > 0) details["conversations"] = bench.run(daemon.account(), many, daemon.pid(), server.pid());
  summary["vmhwm_mb"] = peak_mb(daemon.pid());
  daemon.stop();
  const auto session = db::make_mysql_connector(database, std::chrono::minutes(2))->connect(db::SessionUse::reading);
  details["mysql_tickets"] = bench.finish(*session).tickets;
  if (options.without_floor) return;
  for (const int owners : options.owners) {
    summary["ratio_" + std::to_string(owners)] = ratio(huiyin.rate, floor.rate, owners);
  }
  summary["p99_ratio_32"] = ratio(huiyin.p99, floor.p99, 32);
}

/// Floor, bare hook and daemon in turn, on one server: how much of the way from 1 to the daemon's ratio is the
/// dialog's.
json run_bare(const Options& options) {
  BenchServer server(std::filesystem::absolute(options.folder));
  const auto database = server.make_database("huiyin_load"), bare_database = server.make_database("huiyin_bare"),
             floor_database = server.make_database("huiyin_floor");
  Bench bench(options), bare_bench(options);
  const BareHook hook(test_account(), bare_database, bench.clock());  // first: it forks
  const Daemon daemon({.program = options.huiyin,
                       .folder = fresh_folder(options.folder + "/mysql"),
                       .mysql = database,
                       .account = test_account(),
                       .encoding_aes_key = kEncodingAesKey});
  Series floor, bare, huiyin;
  for (int repetition = 0; repetition < options.repetitions; ++repetition) {
    for (const int owners : options.owners) {
      const auto lowest = floor_run(floor_database, owners, options);
      floor.add(owners, lowest.at("messages_per_s"), lowest.at("p99_ms"));
      const auto kept = bare_bench.run(hook.account(), bare_bench.plan(owners), hook.pid(), server.pid());
      bare.add(owners, kept.at("messages_per_s"), kept.at("p99_ms"));
      const auto run = bench.run(daemon.account(), bench.plan(owners), daemon.pid(), server.pid());
      huiyin.add(owners, run.at("messages_per_s"), run.at("p99_ms"));
    }
  }
  json summary{{"errors", bench.errors() + bare_bench.errors()}};
  for (const int owners : options.owners) {
    summary["bare_ratio_" + std::to_string(owners)] = ratio(bare.rate, floor.rate, owners);
    summary["ratio_" + std::to_string(owners)] = ratio(huiyin.rate, floor.rate, owners);
  }
  return summary;
}

void run_sqlite(Bench& bench, const Options& options, json& details, json& summary) {
  Daemon daemon({.program = options.huiyin,
                 .folder = fresh_folder(options.folder + "/sqlite"),
                 .account = test_account(),
                 .encoding_aes_key = kEncodingAesKey});
  std::vector<double> rates;
  for (int repetition = 0; repetition < options.repetitions; ++repetition) {
    const auto run = bench.run(daemon.account(), bench.plan(32), daemon.pid(), 0);
    rates.push_back(run.at("messages_per_s"));
    details["sqlite"].push_back(run);
  }
  daemon.stop();
  const auto session = db::make_sqlite_connector({.file = daemon.database_file()}, std::chrono::minutes(1))
                           ->connect(db::SessionUse::reading);
  details["sqlite_tickets"] = bench.finish(*session).tickets;
  summary["sqlite_msgs_per_s_32"] = median(rates);
}

int run(int argc, char** argv) {
  Options options;
  CLI::App app{"Drives the WeChat webhook of huiyin serve, beside the floor", "load"};
  app.add_option("--huiyin", options.huiyin, "The program")->capture_default_str();
  app.add_option("--folder", options.folder, "Emptied, then used for data and logs")->capture_default_str();
  app.add_option("--dialog", options.dialog, "What an owner says, a turn per line")->capture_default_str();
  app.add_option("--owners", options.owners, "How many at once")->capture_default_str();
  app.add_option("--repetitions", options.repetitions)->capture_default_str()->check(CLI::PositiveNumber);
  app.add_option("--seconds", options.seconds, "Measured, of each run")->capture_default_str();
  app.add_option("--warm-up", options.warm_up, "Seconds before that")->capture_default_str();
  app.add_option("--conversations", options.conversations, "Distinct owners of the memory test")->capture_default_str();
  app.add_flag("--echo", options.echo, "No daemon: HTTP, crypto and the generator alone");
  app.add_flag("--bare", options.bare,
               "Beside floor and daemon a hook that only commits: what no dialog can surpass here; for one owner");
  app.add_flag("--without-mysql", options.without_mysql);
  app.add_flag("--without-sqlite", options.without_sqlite);
  app.add_flag("--without-floor", options.without_floor);
  CLI11_PARSE(app, argc, argv);
  Bench bench(options);
  if (options.echo) {
    const auto result = run_echo(bench, options);
    std::cout << result.dump() << '\n';
    return result.at("errors") == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
  }
  options.folder = fresh_folder(options.folder);
  if (options.bare) {
    const auto result = run_bare(options);
    std::cout << result.dump() << '\n';
    return result.at("errors") == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
  }
  json details, summary;
  if (!options.without_mysql) run_mysql(bench, options, details, summary);
  if (!options.without_sqlite) run_sqlite(bench, options, details, summary);
  summary["errors"] = bench.errors();
  summary["lost"] = bench.lost();
  summary["doubled"] = bench.doubled();
  std::ofstream(options.folder + "/result.json") << json{{"summary", summary}, {"runs", details}}.dump(1) << '\n';
  std::cout << summary.dump() << '\n';
  return bench.errors() + bench.lost() + bench.doubled() == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace
}  // namespace huiyin::bench

int main(int argc, char** argv) {
  try {
    return huiyin::bench::run(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << "load: " << error.what() << '\n';
    return EXIT_FAILURE;
  }
}
