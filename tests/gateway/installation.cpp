#include "tests/gateway/installation.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <regex>
#include <sstream>
#include <thread>

#include "gateway/assets.h"
#include "net/http_client.h"

namespace huiyin::gateway {
namespace {

using namespace std::chrono_literals;

constexpr auto kToken = "huiyinTestToken";
constexpr auto kAesKey = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";
constexpr auto kAppId = "wx0123456789abcdef";
constexpr auto kAccountId = "gh_0123456789ab";

void write(const std::string& path, const std::string& text) { std::ofstream(path) << text; }

std::string database_stanza(const db::StoreOptions& options, const std::string& password_file) {
  if (options.sqlite) return fmt::format("  driver: sqlite\n  file: {}\n", options.sqlite->file);
  const auto& mysql = *options.mysql;
  write(password_file, mysql.password.reveal());
  std::string out = fmt::format("  driver: mysql\n  host: {}\n  port: {}\n  name: {}\n  user: {}\n", mysql.host,
                                mysql.port, mysql.database, mysql.user);
  if (!mysql.password.empty()) out += fmt::format("  password: {{file: {}}}\n", password_file);
  return out;
}

bool answers_ready(int monitor_port) {
  HttpClient client({.connect_timeout = 500ms, .total_timeout = 2000ms});
  const auto reply = client.call({.url = fmt::format("http://127.0.0.1:{}/readyz", monitor_port), .method = "GET"});
  return !reply.failure && reply.status == 200;
}

}  // namespace

Installation::Installation(const db::Driver& driver) : database_(std::make_unique<db::Database>(driver)) {
  write(file("token"), kToken);
  write(file("aes_key"), kAesKey);
}

std::string Installation::write_config(int port, const std::string& spool, const std::string& more) const {
  const auto path = file(fmt::format("huiyin-{}.yaml", port));
  write(path, fmt::format(R"(company: 滨江物业
listen: {{address: 127.0.0.1, port: {0}}}
monitor: {{address: 127.0.0.1, port: {1}}}
data_folder: {2}
spool: {{file: {2}/{3}}}
database:
{4}emergency_numbers: {{gas: "96777"}}
estates:
  - {{name: riverside, title: 滨江花园, hotline: "0571-88001234"}}
channels:
  - name: wechat:main
    provider: wechat
    estate: riverside
    app_id: {5}
    account_id: {6}
    mode: safe
    token: {{file: {2}/token}}
    aes_key: {{file: {2}/aes_key}}
{7})",
                          port, port == 0 ? 0 : port + 1, folder_.path().string(), spool,
                          database_stanza(database_->options(), file("password")), kAppId, kAccountId, more));
  return path;
}

Config Installation::load(const std::string& config_file) const {
  const auto config = parse_config(read_file(config_file).value(), config_file, process_secrets());
  if (!config) throw std::runtime_error(describe(config.error().front()));
  return *config;
}

std::unique_ptr<simulators::WeChatPlatform> Installation::platform(int port, std::chrono::milliseconds patience,
                                                                   int tries) {
  return std::make_unique<simulators::WeChatPlatform>(
      simulators::WeChatPlatform::Config{.token = kToken,
                                         .encoding_aes_key = kAesKey,
                                         .app_id = kAppId,
                                         .account_id = kAccountId,
                                         .hook_url = fmt::format("http://127.0.0.1:{}/hook/wechat/main", port),
                                         .patience = patience,
                                         .tries = tries},
      clock_, random_);
}

std::string Installation::ask(const std::string& sql) const {
  const auto session = database_->connect();
  auto& statement = session->prepare(sql);
  statement.query();
  return statement.next() ? statement.text() : "";
}

ServeProcess::ServeProcess(const std::string& config_file, const std::string& log_file, int port) {
  const int log = ::open(log_file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  pid_ = ::fork();
  if (pid_ == 0) {
    ::dup2(log, 1);
    ::dup2(log, 2);
    ::execl(HUIYIN_PROGRAM, HUIYIN_PROGRAM, "serve", "--config", config_file.c_str(), nullptr);
    ::_exit(127);
  }
  ::close(log);
  const auto limit = std::chrono::steady_clock::now() + 60s;
  while (!answers_ready(port + 1)) {
    if (::waitpid(pid_, nullptr, WNOHANG) == pid_ || std::chrono::steady_clock::now() > limit) {
      kill();
      throw std::runtime_error("huiyin serve did not become ready:\n" + read_file(log_file).value_or("no log"));
    }
    std::this_thread::sleep_for(5ms);
  }
}

ServeProcess::~ServeProcess() { kill(); }

void ServeProcess::kill() { (void)end_with(SIGKILL); }

int ServeProcess::terminate() { return end_with(SIGTERM); }

int ServeProcess::end_with(int signal) {
  if (pid_ <= 0) return -1;
  int status = 0;
  ::kill(pid_, signal);
  ::waitpid(std::exchange(pid_, -1), &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int free_port() {
  // Two in a row are wanted: the monitor's is the next. Tried from a random place on, below the ephemeral range.
  static int next = 20000 + static_cast<int>(::getpid() % 500) * 20;
  for (;; next += 2) {
    bool both = true;
    for (const int port : {next, next + 1}) {
      const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
      sockaddr_in address{};
      address.sin_family = AF_INET;
      address.sin_port = htons(static_cast<std::uint16_t>(port));
      address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
      both = both && ::bind(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
      ::close(socket);
    }
    if (both) return std::exchange(next, next + 2);
  }
}

std::vector<std::string> whole_report() {
  return {"报修", "王建国", "13800138000", "3号楼2单元602", "厨房水管漏水，地上都是水", "跳过", "1"};
}

std::string ticket_number_in(const std::string& text) {
  std::smatch found;
  return std::regex_search(text, found, std::regex("HY[0-9]+-[0-9]")) ? found.str() : "";
}

}  // namespace huiyin::gateway
