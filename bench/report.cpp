// How long `huiyin report` takes for a year of tickets, and how much memory: the program itself as a child process, on
// a store that was filled before, first SQLite, then MariaDB. What it prints last is one line of JSON;
// docs/performance.md says what its keys mean.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <thread>

#include "bench/load_process.h"
#include "bench/load_server.h"
#include "bench/report_seed.h"
#include "db/sql_store.h"
#include "db/store.h"

namespace {

using namespace huiyin;
using nlohmann::json;
using Steady = std::chrono::steady_clock;

constexpr std::chrono::seconds kSeedPatience{600};

struct Options {
  std::string folder{"var/bench-report"};
  std::string program{};
  int tickets = 1'000'000, runs = 3;
  bool without_mysql = false;
};

struct Measured {
  double seconds = 0;  ///< median of the runs
  double peak_mb = 0;  ///< the most of any
};

double seconds_since(Steady::time_point start) { return std::chrono::duration<double>(Steady::now() - start).count(); }

void fill(const db::StoreOptions& store, const Options& options, const std::string& name) {
  if (const auto migrated = db::migrate(store); !migrated) throw std::runtime_error(describe(migrated.error()));
  auto patient = store;
  patient.statement_timeout = kSeedPatience;
  const auto session = db::make_connector(patient).value()->connect(db::SessionUse::reading);
  const auto start = Steady::now();
  bench::seed_year(*session, options.tickets, [&](int tickets) {
    if (tickets % 250'000 == 0 || tickets == options.tickets)
      std::cerr << fmt::format("report: {}: {} tickets after {:.0f} s\n", name, tickets, seconds_since(start));
  });
}

std::string config_of(const db::StoreOptions& store, const std::string& folder) {
  auto out = "company: 压测物业\ndata_folder: " + folder + "\nlisten: {port: 0}\nmonitor: {port: 0}\n" +
             "estates:\n  - {name: riverside, title: 滨江花园, hotline: \"0571-88001234\"}\nchannels: []\ndatabase:\n";
  if (store.sqlite) return out + "  driver: sqlite\n  file: " + store.sqlite->file + "\n";
  return out + "  driver: mysql\n  host: " + store.mysql->host + "\n  port: " + std::to_string(store.mysql->port) +
         "\n  name: " + store.mysql->database + "\n  user: " + store.mysql->user +
         "\n  password: {env: HUIYIN_BENCH_DB_PASSWORD}\n";
}

/// The most memory that it held, until it ends. Not getrusage(): a child begins with what its parent held.
double watch(bench::ChildProcess& child) {
  double most = 0;
  while (child.is_running()) {
    most = std::max(most, bench::peak_mb(child.pid()));
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return most;
}

Measured measure(const db::StoreOptions& store, const Options& options, const std::string& name) {
  fill(store, options, name);
  const auto folder = options.folder + "/" + name;
  std::filesystem::create_directories(folder);
  std::ofstream(folder + "/huiyin.yaml") << config_of(store, folder);
  std::vector<double> seconds;
  Measured out;
  for (int run = 0; run < options.runs; ++run) {
    const auto said = folder + "/report.json";
    std::filesystem::remove(said);
    const auto start = Steady::now();
    bench::ChildProcess child(
        {options.program, "report", "--config", folder + "/huiyin.yaml", "--estate", "riverside", "--from",
         "2025-11-01", "--to", "2026-11-30", "--format", "json"},
        {{"HUIYIN_BENCH_DB_PASSWORD", store.mysql ? store.mysql->password.reveal() : std::string()}}, said);
    const auto peak = watch(child);
    const int code = child.wait();
    seconds.push_back(seconds_since(start));
    out.peak_mb = std::max(out.peak_mb, peak);
    std::ifstream in(said);
    const auto report = json::parse(in, nullptr, false);
    if (code != 0 || report.is_discarded() || report["figures"]["reports"] != options.tickets)
      throw std::runtime_error(name + ": the report is none, see " + said);
    std::cerr << fmt::format("report: {}: {:.2f} s, {:.0f} MB\n", name, seconds.back(), peak);
  }
  std::sort(seconds.begin(), seconds.end());
  out.seconds = seconds[seconds.size() / 2];
  return out;
}

int run(int argc, char** argv) {
  Options options;
  options.program =
      (std::filesystem::read_symlink("/proc/self/exe").parent_path().parent_path() / "libexec/huiyin-daemon").string();
  CLI::App app{"A report over a year of tickets, on SQLite and MariaDB", "report"};
  app.add_option("--folder", options.folder, "Emptied, then used for data")->capture_default_str();
  app.add_option("--program", options.program, "The huiyin-daemon that reports")->capture_default_str();
  app.add_option("--tickets", options.tickets)->capture_default_str()->check(CLI::PositiveNumber);
  app.add_option("--runs", options.runs)->capture_default_str()->check(CLI::PositiveNumber);
  app.add_flag("--without-mysql", options.without_mysql);
  CLI11_PARSE(app, argc, argv);
  options.folder = bench::fresh_folder(options.folder);
  const auto sqlite = measure({.sqlite = db::SqliteOptions{options.folder + "/report.db"}}, options, "sqlite");
  json summary{{"tickets", options.tickets}, {"seconds_sqlite", sqlite.seconds}, {"vmhwm_mb", sqlite.peak_mb}};
  if (!options.without_mysql) {
    bench::BenchServer server(options.folder);
    const auto mysql = measure({.mysql = server.make_database("huiyin_report")}, options, "mariadb");
    summary["seconds_mariadb"] = mysql.seconds;
    summary["vmhwm_mb"] = std::max(sqlite.peak_mb, mysql.peak_mb);
  }
  std::cout << summary.dump() << '\n';
  return EXIT_SUCCESS;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << "report: " << error.what() << '\n';
    return EXIT_FAILURE;
  }
}
