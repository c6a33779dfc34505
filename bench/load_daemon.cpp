#include "bench/load_daemon.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <thread>

#include "net/http_client.h"

namespace huiyin::bench {
namespace {

constexpr auto kStartPatience = std::chrono::seconds(20);

}  // namespace

Daemon::Daemon(Options options) : options_(std::move(options)), monitor_port_(free_port()) {
  if (options_.account.port == 0) options_.account.port = free_port();
  config_file_ = options_.folder + "/huiyin.yaml";
  log_file_ = options_.folder + "/daemon.log";
  std::filesystem::create_directories(options_.folder + "/data");
  std::ofstream(config_file_) << config();
  ChildProcess::Environment secrets{{"HUIYIN_LOAD_TOKEN", options_.account.token},
                                    {"HUIYIN_LOAD_AES_KEY", options_.encoding_aes_key}};
  if (options_.mysql) secrets.emplace_back("HUIYIN_LOAD_DB_PASSWORD", options_.mysql->password.reveal());
  ChildProcess migrate({options_.program, "migrate", "--config", config_file_}, secrets, log_file_);
  if (migrate.wait() != 0) throw std::runtime_error("huiyin migrate failed:\n" + log_end());
  process_ = std::make_unique<ChildProcess>(
      std::vector<std::string>{options_.program, "serve", "--config", config_file_}, secrets, log_file_);
  wait_until_ready();
}

std::string Daemon::config() const {
  std::string database = "  driver: sqlite\n";
  if (options_.mysql) {
    database = "  driver: mysql\n  host: " + options_.mysql->host +
               "\n  port: " + std::to_string(options_.mysql->port) + "\n  name: " + options_.mysql->database +
               "\n  user: " + options_.mysql->user + "\n  password: {env: HUIYIN_LOAD_DB_PASSWORD}\n";
  }
  return "company: 压测物业\nlisten: {port: " + std::to_string(options_.account.port) +
         "}\nmonitor: {port: " + std::to_string(monitor_port_) + "}\ndata_folder: " + options_.folder +
         "/data\ndatabase:\n" + database +
         "estates:\n  - {name: riverside, title: 滨江花园, hotline: \"0571-88001234\"}\n"
         "channels:\n" +
         (options_.channels.empty() ? wechat_stanza() : options_.channels);
}

std::string Daemon::wechat_stanza() const {
  return "  - name: wechat:main\n    provider: wechat\n    estate: riverside\n    app_id: " + options_.account.app_id +
         "\n    account_id: " + options_.account.account_id +
         "\n    mode: safe\n    token: {env: HUIYIN_LOAD_TOKEN}\n    aes_key: {env: HUIYIN_LOAD_AES_KEY}\n";
}

std::string Daemon::log_end() const {
  std::ifstream file(log_file_);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  constexpr std::size_t kShown = 2000;
  return text.size() > kShown ? text.substr(text.size() - kShown) : text;
}

void Daemon::wait_until_ready() {
  HttpClient client;
  const HttpCall ready{.url = "http://127.0.0.1:" + std::to_string(monitor_port_) + "/readyz", .method = "GET"};
  const auto deadline = std::chrono::steady_clock::now() + kStartPatience;
  while (std::chrono::steady_clock::now() < deadline) {
    if (!process_->is_running()) throw std::runtime_error("huiyin serve ended:\n" + log_end());
    const auto reply = client.call(ready);
    if (!reply.failure && reply.status == 200) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  throw std::runtime_error("huiyin serve is not ready after 20 s:\n" + log_end());
}

void Daemon::stop() {
  if (const int status = process_->terminate(); status != 0) {
    throw std::runtime_error("huiyin serve ended with status " + std::to_string(status) + ":\n" + log_end());
  }
}

}  // namespace huiyin::bench
