// Mails to committed tickets: by `huiyin deliver`, a process for each, and by IMAP from Dovecot's mailboxes, into a
// real `huiyin serve` on MariaDB. What it prints last is one line of JSON.
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>

#include "adapters/email/mail_parser.h"
#include "bench/load_daemon.h"
#include "bench/load_process.h"
#include "bench/load_server.h"
#include "bench/mail_letters.h"
#include "core/handle.h"
#include "db/mysql_session.h"

namespace {

using namespace huiyin;
using namespace huiyin::bench;
using nlohmann::json;
namespace fs = std::filesystem;
using Steady = std::chrono::steady_clock;

struct Options {
  std::string huiyin{"build/release/bin/huiyin"}, folder{"var/bench-mail"};
  std::size_t delivered = 4000, fetched = 8000;
  int at_once = 4, mailboxes = 4;
};

double seconds_since(Steady::time_point begin) { return std::chrono::duration<double>(Steady::now() - begin).count(); }

std::string output_of(const std::string& command) {
  const Handle<FILE, pclose> pipe(popen(command.c_str(), "r"));
  std::string out;
  std::array<char, 512> part{};
  while (pipe && std::fgets(part.data(), part.size(), pipe.get()) != nullptr) out += part.data();
  return out;
}

/// Dovecot, as long as this lives.
class MailServers {
 public:
  explicit MailServers(std::string folder) : folder_(std::move(folder)) {
    fs::remove_all(folder_);
    std::istringstream lines(output_of("script/mailservers start " + folder_));
    for (std::string line; std::getline(lines, line);)
      if (line.starts_with("HUIYIN_MAIL_IMAP=")) imap_port_ = line.substr(17);
    if (imap_port_.empty()) throw std::runtime_error("script/mailservers could not start (root, from the tree's root)");
  }
  ~MailServers() {
    static_cast<void>(output_of("script/mailservers stop " + folder_));
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }
  MailServers(const MailServers&) = delete;
  MailServers& operator=(const MailServers&) = delete;
  [[nodiscard]] const std::string& imap_port() const { return imap_port_; }
  [[nodiscard]] std::string ca() const { return folder_ + "/cert.pem"; }
  void put(int box, std::size_t number, const std::string& mail) const {
    const auto file =
        folder_ + "/boxes/box" + std::to_string(box + 1) + "/new/" + std::to_string(1000000 + number) + ".b";
    std::ofstream(file, std::ios::binary) << mail;
    fs::permissions(file, fs::perms::all);
  }

 private:
  std::string folder_, imap_port_{};
};

std::string stanza(const Options& options, int box, const MailServers* servers) {
  const auto name = "box" + std::to_string(box + 1);
  std::string out = "  - name: email:" + name + "\n    provider: mail\n    estate: riverside\n    address: " + name +
                    "@feedback.test.invalid\n    key: {file: " + options.folder + "/key}\n";
  if (servers == nullptr) return out;
  return out + "    imap: {url: \"imaps://localhost:" + servers->imap_port() + "\", user: " + name +
         ", password: {file: " + options.folder + "/password}, ca_file: " + servers->ca() +
         ", done_folder: Processed, poll_s: 1}\n";
}

/// Runs the program with a file as its input; its exit code.
int run_with_input(const std::vector<std::string>& arguments, const std::string& input) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, input.c_str(), O_RDONLY, 0);
  std::vector<char*> pointers;
  for (const auto& one : arguments) pointers.push_back(const_cast<char*>(one.c_str()));
  pointers.push_back(nullptr);
  pid_t pid = 0;
  const int failed = posix_spawn(&pid, pointers.front(), &actions, nullptr, pointers.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  int status = 0;
  if (failed != 0 || waitpid(pid, &status, 0) < 0 || !WIFEXITED(status)) return -1;
  return WEXITSTATUS(status);
}

class Bench {
 public:
  explicit Bench(const Options& options) : options_(options), server_(options.folder) {}

  json run() {
    json out;
    deliver(out);
    fetch(out);
    out["lost"] = lost_;
    out["doubled"] = doubled_;
    return out;
  }

 private:
  long long count(const db::MysqlOptions& mysql, const std::string& what) {
    const auto session = db::make_mysql_connector(mysql, std::chrono::seconds(30))->connect(db::SessionUse::reading);
    auto& row = session->prepare("SELECT count(*) FROM " + what);
    row.query();
    long long value = 0;
    while (row.next()) value = row.integer();
    return value;
  }

  void audit(const db::MysqlOptions& mysql, std::size_t mails) {
    const auto tickets = count(mysql, "tickets");
    const auto owners = count(mysql, "(SELECT DISTINCT address FROM tickets) t");
    lost_ += static_cast<long long>(mails) - owners;
    doubled_ += tickets - owners;
    const auto photos = count(mysql, "attachments WHERE ticket_id<>0 AND sha256<>''");
    const auto owed = static_cast<long long>(mails / 10 * 3 + std::min<std::size_t>(3, mails % 10));
    lost_ += std::max(0LL, owed - photos);
  }

  void deliver(json& out) {
    const auto mysql = server_.make_database("huiyin_mail_deliver");
    const auto folder = options_.folder + "/deliver";
    fs::create_directories(folder + "/mails");
    for (std::size_t i = 0; i < options_.delivered; ++i)
      std::ofstream(folder + "/mails/" + std::to_string(i), std::ios::binary)
          << letter(i, "box1@feedback.test.invalid");
    Daemon daemon(
        {.program = options_.huiyin, .folder = folder, .mysql = mysql, .channels = stanza(options_, 0, nullptr)});
    std::atomic<std::size_t> next{0};
    std::atomic<int> failed{0};
    std::vector<std::vector<double>> took(static_cast<std::size_t>(options_.at_once));
    const auto begin = Steady::now();
    std::vector<std::thread> threads;
    for (auto& its : took)
      threads.emplace_back([&] {
        for (std::size_t i = next++; i < options_.delivered; i = next++) {
          const auto from = Steady::now();
          const int code = run_with_input({options_.huiyin, "deliver", "--socket", folder + "/data/control.sock",
                                           "--config", folder + "/huiyin.yaml"},
                                          folder + "/mails/" + std::to_string(i));
          if (code != 0) ++failed;
          its.push_back(seconds_since(from) * 1000);
        }
      });
    for (auto& thread : threads) thread.join();
    out["deliver_per_s"] = static_cast<double>(options_.delivered) / seconds_since(begin);
    std::vector<double> all;
    for (const auto& its : took) all.insert(all.end(), its.begin(), its.end());
    std::sort(all.begin(), all.end());
    out["deliver_p50_ms"] = all[all.size() / 2];
    out["deliver_p99_ms"] = all[all.size() * 99 / 100];
    out["deliver_failed"] = failed.load();
    out["deliver_peak_mb"] = peak_mb(daemon.pid());
    daemon.stop();
    audit(mysql, options_.delivered);
  }

  void fetch(json& out) {
    const auto mysql = server_.make_database("huiyin_mail_imap");
    const MailServers servers("/tmp/huiyin-bench-mail");
    for (std::size_t i = 0; i < options_.fetched; ++i)
      servers.put(static_cast<int>(i) % options_.mailboxes, i, letter(i, "box@feedback.test.invalid"));
    std::string channels;
    for (int box = 0; box < options_.mailboxes; ++box) channels += stanza(options_, box, &servers);
    const auto folder = options_.folder + "/imap";
    fs::create_directories(folder);
    Daemon daemon({.program = options_.huiyin, .folder = folder, .mysql = mysql, .channels = channels});
    const auto begin = Steady::now();
    const auto before = count(mysql, "tickets");
    const auto all = static_cast<long long>(options_.fetched);
    auto now = before;
    while (now < all && seconds_since(begin) < 300) {
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
      now = count(mysql, "tickets");
    }
    out["imap_per_s"] = static_cast<double>(now - before) / seconds_since(begin);
    out["imap_peak_mb"] = peak_mb(daemon.pid());
    daemon.stop();
    audit(mysql, options_.fetched);
  }

  const Options options_;
  BenchServer server_;
  long long lost_ = 0, doubled_ = 0;
};

/// In a process of its own, so that its peak is that of one mail.
double memory_ratio() {
  constexpr std::size_t kBytes = 25U << 20U;
  int ends[2];
  if (::pipe(ends) != 0) return 0;
  const auto child = ::fork();
  if (child == 0) {
    auto mail = big_letter(kBytes);
    mail.shrink_to_fit();
    // Making it took more than reading it will: the peak begins anew.
    std::ofstream("/proc/self/clear_refs") << "5";
    const auto read = email::parse_mail(mail, {});
    const double ratio = read ? peak_mb(::getpid()) * 1048576 / static_cast<double>(mail.size()) : 0;
    static_cast<void>(::write(ends[1], &ratio, sizeof ratio) == sizeof ratio);
    ::_exit(0);
  }
  double ratio = 0;
  static_cast<void>(::read(ends[0], &ratio, sizeof ratio) == sizeof ratio);
  ::waitpid(child, nullptr, 0);
  ::close(ends[0]);
  ::close(ends[1]);
  return ratio;
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app{"Mails to committed tickets: by huiyin deliver and by IMAP"};
  app.add_option("--huiyin", options.huiyin, "The program")->capture_default_str();
  app.add_option("--folder", options.folder, "Where its files lie; emptied first")->capture_default_str();
  app.add_option("--delivered", options.delivered, "Mails by huiyin deliver")->capture_default_str();
  app.add_option("--fetched", options.fetched, "Mails by IMAP")->capture_default_str();
  app.add_option("--at-once", options.at_once, "Processes at once")->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  try {
    fs::remove_all(options.folder);
    fs::create_directories(options.folder);
    options.folder = fs::absolute(options.folder);
    options.huiyin = fs::absolute(options.huiyin);
    std::ofstream(options.folder + "/key") << "0123456789abcdef0123456789abcdef";
    std::ofstream(options.folder + "/password") << "secret";
    const double ratio = memory_ratio();
    auto out = Bench(options).run();
    out["big_mail_memory_ratio"] = ratio;
    std::cout << out.dump() << '\n';
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "mail: " << error.what() << '\n';
    return 1;
  }
}
