// Fills the outbox of a stopped installation on MariaDB, starts the real `huiyin serve`, and counts at a sink of its
// own how fast, in what order and how often the messages come; beside it curl_multi alone to the same sink in the same
// run. What it prints last is one line of JSON; docs/performance.md says what its keys mean.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <fstream>
#include <future>
#include <iostream>
#include <nlohmann/json.hpp>
#include <thread>

#include "bench/drain_curl.h"
#include "bench/drain_sink.h"
#include "bench/load_daemon.h"
#include "bench/load_process.h"
#include "bench/load_server.h"
#include "core/ids.h"
#include "db/mysql_session.h"

namespace {

using namespace huiyin;
using namespace huiyin::bench;
using namespace std::chrono_literals;
using nlohmann::json;
using Steady = std::chrono::steady_clock;

class SystemClock final : public Clock {
 public:
  [[nodiscard]] Time now() const override {
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  }
};

struct Options {
  std::string huiyin{"build/release/bin/huiyin"}, folder{"var/bench-drain"};
  int destinations = 20000, rows = 5, concurrency = 64, curl_messages = 50000, faulty_percent = 20, patience_s = 180;
  bool sink = false, without_faulty = false;
};

/// The sink as a process of its own.
class Sink {
 public:
  explicit Sink(const std::string& folder)
      : output_(folder + "/sink.out"), process_({"/proc/self/exe", "--sink"}, {}, output_) {
    const auto limit = Steady::now() + 10s;
    while (port_ == 0 && Steady::now() < limit) {
      std::this_thread::sleep_for(10ms);
      std::ifstream(output_) >> port_;
    }
    if (port_ == 0) throw std::runtime_error("the sink did not start");
  }
  [[nodiscard]] int port() const { return port_; }
  [[nodiscard]] pid_t pid() const { return process_.pid(); }
  [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/send"; }

 private:
  std::string output_;
  ChildProcess process_;
  int port_ = 0;
};

/// Queues destinations × rows messages through the store, as units of many rows.
void fill(const db::MysqlOptions& database, const Options& options) {
  constexpr int kDestinationsPerUnit = 100;
  if (const auto migrated = db::migrate({.mysql = database}); !migrated)
    throw std::runtime_error(describe(migrated.error()));
  auto store = db::open_store({.mysql = database, .statement_timeout = 60s});
  if (!store) throw std::runtime_error(describe(store.error()));
  const SystemClock clock;
  IdSource ids(clock, 1000);
  for (int from = 0; from < options.destinations; from += kDestinationsPerUnit) {
    UnitOfWork unit;
    unit.id = ids.next<UnitId>();
    unit.inbox = {.key = "fill:" + std::to_string(from), .received = clock.now()};
    for (int d = from; d < std::min(options.destinations, from + kDestinationsPerUnit); ++d) {
      for (int n = 0; n < options.rows; ++n) {
        auto& row = unit.outbox.emplace_back();
        row.id = ids.next<OutboxId>();
        row.message = {.key = std::to_string(row.id.value),
                       .to = {"web:sink", "d" + std::to_string(d)},
                       .template_name = "bench.drain",
                       .text = std::to_string(n),
                       .locale = "zh-CN"};
        row.created = row.due = clock.now();
      }
    }
    if (!std::holds_alternative<Committed>((*store)->commit(std::move(unit))))
      throw std::runtime_error("the outbox could not be filled");
  }
}

struct Run {
  double per_s = 0, vmhwm_mb = 0;
  SinkCounts counts{};
  json details{};
};

Run drain(BenchServer& server, const Sink& sink, const Options& options, const std::string& name, int fail_percent) {
  const auto database = server.make_database("huiyin_" + name);
  fill(database, options);
  reset_sink(sink.port(), fail_percent);
  const auto all = static_cast<std::uint64_t>(options.destinations) * static_cast<std::uint64_t>(options.rows);
  const auto sink_before = cpu_time(sink.pid()), database_before = cpu_time(server.pid());
  Daemon daemon({.program = options.huiyin,
                 .folder = fresh_folder(options.folder + "/" + name),
                 .mysql = database,
                 .channels = "  - name: web:sink\n    provider: webhook\n    url: \"" + sink.url() +
                             "\"\n    sending: {rate_per_s: 0, concurrency: " + std::to_string(options.concurrency) +
                             "}\n"});
  Run run;
  const auto limit = Steady::now() + std::chrono::seconds(options.patience_s);
  while (run.counts.accepted < all && Steady::now() < limit) {
    std::this_thread::sleep_for(100ms);
    run.counts = read_counts(sink.port());
  }
  std::this_thread::sleep_for(500ms);  // for what would come twice
  run.counts = read_counts(sink.port());
  run.vmhwm_mb = peak_mb(daemon.pid());
  const auto daemon_used = cpu_time(daemon.pid());
  daemon.stop();
  const auto session = db::make_mysql_connector(database, 2min)->connect(db::SessionUse::reading);
  auto& left = session->prepare("SELECT COUNT(*) FROM outbox WHERE state<>'sent'");
  left.query();
  std::int64_t unsent = 0;
  while (left.next()) unsent = left.integer();
  if (run.counts.accepted - run.counts.doubled != all || unsent != 0)
    throw std::runtime_error(name + ": " + std::to_string(run.counts.accepted) + " of " + std::to_string(all) +
                             " messages came, " + std::to_string(unsent) + " rows are not settled as sent");
  run.per_s = static_cast<double>(all) / std::max(0.001, run.counts.seconds);
  const auto each = [all](auto used) { return static_cast<double>(used.count()) / static_cast<double>(all); };
  run.details = {{"run", name},
                 {"sends_per_s", run.per_s},
                 {"requests", run.counts.requests},
                 {"seconds", run.counts.seconds},
                 {"vmhwm_mb", run.vmhwm_mb},
                 {"cpu_us_per_message",
                  {{"daemon", each(daemon_used)},
                   {"database", each(cpu_time(server.pid()) - database_before)},
                   {"sink", each(cpu_time(sink.pid()) - sink_before)}}}};
  std::cerr << run.details.dump() << '\n';
  return run;
}

int run(int argc, char** argv) {
  Options options;
  CLI::App app{"Drains a full outbox through huiyin serve into a sink, beside curl_multi alone", "drain"};
  app.add_option("--huiyin", options.huiyin, "The program")->capture_default_str();
  app.add_option("--folder", options.folder, "Emptied, then used for data and logs")->capture_default_str();
  app.add_option("--destinations", options.destinations)->capture_default_str()->check(CLI::PositiveNumber);
  app.add_option("--rows", options.rows, "Of each destination")->capture_default_str()->check(CLI::PositiveNumber);
  app.add_option("--concurrency", options.concurrency, "Calls in flight")->capture_default_str();
  app.add_option("--curl-messages", options.curl_messages, "Sent by curl_multi alone")->capture_default_str();
  app.add_option("--faulty", options.faulty_percent, "Of 100 messages fail the first time")->capture_default_str();
  app.add_option("--patience", options.patience_s, "Seconds for one drain")->capture_default_str();
  app.add_flag("--without-faulty", options.without_faulty);
  app.add_flag("--sink", options.sink, "Be the sink; for the bench itself");
  CLI11_PARSE(app, argc, argv);
  if (options.sink) return run_sink();
  options.folder = fresh_folder(options.folder);
  BenchServer server(options.folder);
  const Sink sink(options.folder);
  const auto curl_alone = run_curl_alone(sink.url(), options.curl_messages, options.concurrency);
  std::cerr << json{{"run", "curl"}, {"sends_per_s", curl_alone}}.dump() << '\n';
  const auto well = drain(server, sink, options, "well", 0);
  auto faulty = Run{};
  if (!options.without_faulty) faulty = drain(server, sink, options, "faulty", options.faulty_percent);
  const json summary{{"sends_per_s", well.per_s},
                     {"curl_alone_per_s", curl_alone},
                     {"faulty_sends_per_s", faulty.per_s},
                     {"order_violations", well.counts.order_violations + faulty.counts.order_violations},
                     {"doubled", well.counts.doubled + faulty.counts.doubled},
                     {"vmhwm_mb", std::max(well.vmhwm_mb, faulty.vmhwm_mb)}};
  std::ofstream(options.folder + "/result.json")
      << json{{"summary", summary}, {"runs", {well.details, faulty.details}}}.dump(1) << '\n';
  std::cout << summary.dump() << '\n';
  return summary.at("order_violations") == 0 && summary.at("doubled") == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << "drain: " << error.what() << '\n';
    return EXIT_FAILURE;
  }
}
