// Short messages through a real Kannel, there and back: an owner's message by Kannel to `huiyin serve`, its turn
// committed, the answer by Kannel to his phone; and beside it Kannel with a responder that stores nothing. Repetitions
// of the two take turns in one run. What it prints last is one line of JSON; docs/performance.md says what its keys
// mean.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <fstream>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>

#include "bench/load_daemon.h"
#include "bench/load_process.h"
#include "bench/load_server.h"
#include "bench/sms_phones.h"
#include "bench/sms_responder.h"
#include "db/mysql_session.h"

namespace {

using namespace huiyin;
using namespace huiyin::bench;
using namespace std::chrono_literals;
using nlohmann::json;
using Steady = std::chrono::steady_clock;

constexpr auto kSecret = "0123456789abcdef0123456789abcdef";

struct Options {
  std::string huiyin{"build/release/bin/huiyin"}, folder{"var/bench-sms"}, store{"mysql"};
  std::size_t phones = 64;
  int repetitions = 5, seconds = 6, warm_up_s = 2, respond_on = 0;
  std::string send_url{};
};

/// bearerbox and smsbox, without an SMSC, as long as this lives.
class Kannel {
 public:
  Kannel(std::string folder, int hook_port) : folder_(std::move(folder)) {
    const auto hook = "http://127.0.0.1:" + std::to_string(hook_port) + "/hook/sms/kannel/" + kSecret;
    const auto out = printed_by("script/kannel start '" + folder_ + "' " + hook + " --no-smsc");
    send_url_ = value_of(out, "HUIYIN_KANNEL_SENDSMS");
    smsc_ = value_of(out, "HUIYIN_KANNEL_SMSC");
    std::istringstream(value_of(out, "HUIYIN_KANNEL_PIDS")) >> bearerbox_ >> smsbox_;
    if (smsc_.empty() || smsbox_ == 0) throw std::runtime_error("script/kannel could not start (from the tree's root)");
  }
  ~Kannel() { static_cast<void>(printed_by("script/kannel stop '" + folder_ + "'")); }
  Kannel(const Kannel&) = delete;
  Kannel& operator=(const Kannel&) = delete;
  [[nodiscard]] const std::string& send_url() const { return send_url_; }
  [[nodiscard]] int smsc_port() const { return std::stoi(smsc_); }
  [[nodiscard]] pid_t bearerbox() const { return bearerbox_; }
  [[nodiscard]] pid_t smsbox() const { return smsbox_; }

 private:
  std::string folder_, send_url_{}, smsc_{};
  pid_t bearerbox_ = 0, smsbox_ = 0;
};

using Processes = std::map<std::string, pid_t>;

std::map<std::string, std::chrono::microseconds> cpu_times(const Processes& processes) {
  std::map<std::string, std::chrono::microseconds> out;
  for (const auto& [name, pid] : processes) out[name] = cpu_time(pid);
  return out;
}

struct Run {
  double per_s = 0, p50_ms = 0, p99_ms = 0;
  std::size_t lost = 0;
  json details{};
};

double percentile(const std::vector<double>& ascending, std::size_t percent) {
  return ascending.empty() ? 0 : ascending[std::min(ascending.size() - 1, ascending.size() * percent / 100)];
}

Run measure(const std::string& name, int smsc_port, const Processes& processes, const Options& options) {
  const auto before = cpu_times(processes);
  const auto counts = let_phones_write(smsc_port, options.phones, std::chrono::seconds(options.warm_up_s),
                                       std::chrono::seconds(options.seconds));
  const auto after = cpu_times(processes);
  Run run{.per_s = static_cast<double>(counts.answered) / counts.seconds,
          .p50_ms = percentile(counts.took_ms, 50),
          .p99_ms = percentile(counts.took_ms, 99),
          .lost = counts.lost};
  json cpu;
  for (const auto& [process, used] : after)
    cpu[process] = static_cast<double>((used - before.at(process)).count()) /
                   static_cast<double>(std::max<std::size_t>(1, counts.all_answers));
  run.details = {{"run", name},
                 {"per_s", run.per_s},
                 {"p50_ms", run.p50_ms},
                 {"p99_ms", run.p99_ms},
                 {"lost", counts.lost},
                 {"extra", counts.extra},
                 {"parts", counts.parts},
                 {"answers", counts.all_answers},
                 {"cpu_us_per_message", cpu}};
  return run;
}

/// This program as the responder.
class Responder {
 public:
  Responder(int port, const std::string& send_url, const std::string& log)
      : process_({"/proc/self/exe", "--respond-on", std::to_string(port), "--send-url", send_url}, {}, log) {
    for (const auto limit = Steady::now() + 10s; Steady::now() < limit; std::this_thread::sleep_for(10ms)) {
      std::string word;
      std::ifstream(log) >> word;
      if (word == "ready") return;
    }
    throw std::runtime_error("the responder did not start: " + log);
  }
  [[nodiscard]] pid_t pid() const { return process_.pid(); }

 private:
  ChildProcess process_;
};

Run run_kannel_alone(const std::string& folder, const Options& options) {
  const int port = free_port();
  const Kannel kannel(folder, port);
  const Responder responder(port, kannel.send_url(), folder + "/responder.log");
  return measure("kannel", kannel.smsc_port(),
                 {{"bearerbox", kannel.bearerbox()},
                  {"smsbox", kannel.smsbox()},
                  {"responder", responder.pid()},
                  {"phones", ::getpid()}},
                 options);
}

std::string stanza(const Kannel& kannel, const std::string& folder, int port) {
  return "  - name: sms:kannel\n    provider: kannel\n    estate: riverside\n    send_url: " + kannel.send_url() +
         "\n    username: huiyin\n    password: {file: " + folder +
         "/password}\n    callback_secret: {file: " + folder +
         "/secret}\n    sender: '10690000'\n    signature: 压测物业\n    allow_from: [127.0.0.1]\n" +
         "    hook_url: http://127.0.0.1:" + std::to_string(port) + "/hook/sms/kannel\n" +
         "    sending: {rate_per_s: 0, concurrency: 64, quiet: ['00:00', '00:00']}\n";
}

/// Rows that were sent and whose delivery report has not come within five seconds.
std::int64_t unreported(const db::MysqlOptions& mysql) {
  const auto session = db::make_mysql_connector(mysql, 30s)->connect(db::SessionUse::reading);
  std::int64_t left = 0;
  for (int i = 0; i < 50; ++i, std::this_thread::sleep_for(100ms)) {
    auto& row = session->prepare("SELECT COUNT(*) FROM outbox WHERE state<>'delivered'");
    row.query();
    while (row.next()) left = row.integer();
    if (left == 0) break;
  }
  return left;
}

Run run_huiyin(BenchServer* server, const std::string& folder, int repetition, const Options& options) {
  const int port = free_port();
  const Kannel kannel(folder, port);
  std::ofstream(folder + "/password") << "huiyin-test";
  std::ofstream(folder + "/secret") << kSecret;
  bench::Daemon::Options daemon_options{.program = options.huiyin, .folder = folder};
  daemon_options.account.port = port;
  daemon_options.channels = stanza(kannel, folder, port);
  if (server != nullptr) daemon_options.mysql = server->make_database("huiyin_sms_" + std::to_string(repetition));
  const auto mysql = daemon_options.mysql;
  bench::Daemon daemon(std::move(daemon_options));
  Processes processes{
      {"bearerbox", kannel.bearerbox()}, {"smsbox", kannel.smsbox()}, {"huiyin", daemon.pid()}, {"phones", ::getpid()}};
  if (server != nullptr) processes["database"] = server->pid();
  auto run = measure("huiyin", kannel.smsc_port(), processes, options);
  if (mysql) run.details["unreported"] = unreported(*mysql);
  daemon.stop();
  return run;
}

template <class Get>
double median(const std::vector<Run>& runs, Get get) {
  std::vector<double> values;
  for (const auto& run : runs) values.push_back(get(run));
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

int run(int argc, char** argv) {
  Options options;
  CLI::App app{"Short messages through Kannel and huiyin serve, beside Kannel with a trivial responder", "sms"};
  app.add_option("--huiyin", options.huiyin, "The program")->capture_default_str();
  app.add_option("--folder", options.folder, "Emptied, then used for data and logs")->capture_default_str();
  app.add_option("--store", options.store, "Of huiyin serve")
      ->check(CLI::IsMember({"mysql", "sqlite"}))
      ->capture_default_str();
  app.add_option("--phones", options.phones, "That write at once")->capture_default_str()->check(CLI::PositiveNumber);
  app.add_option("--repetitions", options.repetitions, "Of each, taking turns")->capture_default_str();
  app.add_option("--seconds", options.seconds, "Of each repetition that count")->capture_default_str();
  app.add_option("--warm-up", options.warm_up_s, "Seconds before them")->capture_default_str();
  app.add_option("--respond-on", options.respond_on, "Be the responder, on this port; for the bench itself");
  app.add_option("--send-url", options.send_url, "Where the responder sends");
  CLI11_PARSE(app, argc, argv);
  if (options.respond_on != 0) return run_responder(options.respond_on, options.send_url);
  options.folder = fresh_folder(options.folder);
  std::unique_ptr<BenchServer> server;
  if (options.store == "mysql") server = std::make_unique<BenchServer>(options.folder);
  std::vector<Run> alone, whole;
  for (int i = 0; i < options.repetitions; ++i) {
    const auto number = std::to_string(i);
    alone.push_back(run_kannel_alone(fresh_folder(options.folder + "/kannel" + number), options));
    std::cerr << alone.back().details.dump() << '\n';
    whole.push_back(run_huiyin(server.get(), fresh_folder(options.folder + "/huiyin" + number), i, options));
    std::cerr << whole.back().details.dump() << '\n';
  }
  const auto per_s = [](const Run& one) { return one.per_s; };
  const auto p99 = [](const Run& one) { return one.p99_ms; };
  const double huiyin = median(whole, per_s), kannel = median(alone, per_s);
  std::size_t lost = 0;
  for (const auto& one : whole) lost += one.lost;
  json runs;
  for (const auto* list : {&alone, &whole})
    for (const auto& one : *list) runs.push_back(one.details);
  const json summary{{"ratio", huiyin / kannel},
                     {"huiyin_per_s", huiyin},
                     {"kannel_per_s", kannel},
                     {"p99_ms", median(whole, p99)},
                     {"kannel_p99_ms", median(alone, p99)},
                     {"lost", lost}};
  std::ofstream(options.folder + "/result.json") << json{{"summary", summary}, {"runs", runs}}.dump(1) << '\n';
  std::cout << summary.dump() << '\n';
  return lost == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << "sms: " << error.what() << '\n';
    return EXIT_FAILURE;
  }
}
