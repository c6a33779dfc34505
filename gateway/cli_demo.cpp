#include <arpa/inet.h>
#include <fmt/format.h>
#include <signal.h>
#include <spawn.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/spdlog.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

#include "gateway/assets.h"
#include "gateway/clerk.h"
#include "gateway/cli.h"
#include "gateway/daemon.h"
#include "gateway/system.h"
#include "gateway/ticket_text.h"

namespace huiyin::gateway {
namespace {

namespace fs = std::filesystem;

constexpr auto kAppId = "wx0123456789abcdef";
constexpr auto kAccountId = "gh_0123456789ab";

constexpr auto kCorpId = "ww0123456789abcdef";

struct Secrets {
  std::string token{};
  std::string aes_key{};
  std::string app_secret{};
  std::string wecom_token{};
  std::string wecom_aes_key{};
  std::string wecom_secret{};
};

/// Where the simulators' APIs listen.
struct ApiPorts {
  int wechat = 0;
  int wecom = 0;
};

/// Who works in the demo, and how the work chat knows them.
constexpr std::array<std::pair<const char*, const char*>, 2> kRepairmen = {{{"张三", "zhangsan"}, {"李四", "lisi"}}};

/// `length` letters and digits.
std::string random_word(Random& random, std::size_t length) {
  constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  std::string out;
  while (out.size() < length) out += kLetters[random.next() % kLetters.size()];
  return out;
}

void write_private(const fs::path& file, const std::string& text) {
  std::ofstream out(file, std::ios::trunc);
  ::chmod(file.c_str(), 0600);
  if (!(out << text << std::flush))
    throw fs::filesystem_error("cannot write", file, std::make_error_code(std::errc::io_error));
}

/// A loopback port that nothing listens on: the configuration names the API before its simulator runs.
int free_port() {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  const bool found = ::bind(socket, generic, size) == 0 && ::getsockname(socket, generic, &size) == 0;
  ::close(socket);
  return found ? ntohs(address.sin_port) : 0;
}

std::string demo_config(const fs::path& folder, const ApiPorts& ports) {
  return fmt::format(R"(# Written by `huiyin demo`: everything in this folder, the channel's secrets made up.
company: 滨江物业服务有限公司
locale: zh-CN
listen: {{address: 127.0.0.1, port: 0}}
monitor: {{address: 127.0.0.1, port: 0}}
data_folder: {0}
database:
  driver: sqlite
  file: {0}/huiyin.db
emergency_numbers: {{gas: "96777"}}
estates:
  - name: riverside
    title: 滨江花园
    hotline: "0571-88001234"
channels:
  - name: wechat:main
    provider: wechat
    estate: riverside
    app_id: {1}
    account_id: {2}
    mode: safe
    token: {{file: {0}/token}}
    aes_key: {{file: {0}/aes_key}}
    app_secret: {{file: {0}/app_secret}}
    api_url: http://127.0.0.1:{3}
  - name: workchat:wecom
    provider: wecom
    estate: riverside
    corp_id: {4}
    agent_id: 1000002
    token: {{file: {0}/wecom_token}}
    aes_key: {{file: {0}/wecom_aes_key}}
    secret: {{file: {0}/wecom_secret}}
    api_url: http://127.0.0.1:{5}
)",
                     folder.string(), kAppId, kAccountId, ports.wechat, kCorpId, ports.wecom);
}

constexpr std::string_view kMark = "# Written by `huiyin demo`";

/// The recorded owner is a new one each time: what an earlier demo left goes, in a folder that is a demo's.
void begin_afresh(const fs::path& folder) {
  std::ifstream config(folder / "huiyin.yaml");
  std::string first;
  if (!std::getline(config, first) || !first.starts_with(kMark)) return;
  for (const char* name : {"huiyin.db", "huiyin.db-wal", "huiyin.db-shm", "spool.db", "spool.db-wal", "spool.db-shm"})
    fs::remove(folder / name);
  fs::remove_all(folder / "media");
}

/// The daemon's log goes into the folder: it would stand between the lines of the conversation.
void log_to(const fs::path& file) {
  auto logger = spdlog::basic_logger_mt("huiyin-demo", file.string(), true);
  logger->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %l %v", spdlog::pattern_time_type::utc);
  logger->flush_on(spdlog::level::warn);
  spdlog::set_default_logger(std::move(logger));
}

/// Where the programs lie that people call; this one is run from libexec/ beside it.
fs::path program_folder() {
  std::error_code problem;
  return fs::read_symlink("/proc/self/exe", problem).parent_path().parent_path() / "bin";
}

/// Runs the simulator and waits for it; its exit code, or 127 where it cannot be run.
int play(const Secrets& secrets, const std::string& database, int port, const ApiPorts& ports) {
  const auto simulators = program_folder() / "huiyin-simulators";
  const std::vector<std::string> words{simulators.string(),
                                       "play",
                                       share_folder() + "/simulators/conversations/ticket-life.yaml",
                                       "--hook",
                                       fmt::format("http://127.0.0.1:{}/hook/wechat/main", port),
                                       "--app-id",
                                       kAppId,
                                       "--account-id",
                                       kAccountId,
                                       "--database",
                                       database,
                                       "--api-port",
                                       std::to_string(ports.wechat),
                                       "--wecom-hook",
                                       fmt::format("http://127.0.0.1:{}/hook/workchat/wecom", port),
                                       "--wecom-port",
                                       std::to_string(ports.wecom),
                                       "--corp-id",
                                       kCorpId,
                                       "--member",
                                       kRepairmen[0].second,
                                       "--member",
                                       kRepairmen[1].second};
  std::vector<char*> arguments;
  for (const auto& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  std::string variables[] = {
      "HUIYIN_WECHAT_TOKEN=" + secrets.token,           "HUIYIN_WECHAT_AES_KEY=" + secrets.aes_key,
      "HUIYIN_WECHAT_APP_SECRET=" + secrets.app_secret, "HUIYIN_WECOM_TOKEN=" + secrets.wecom_token,
      "HUIYIN_WECOM_AES_KEY=" + secrets.wecom_aes_key,  "HUIYIN_WECOM_SECRET=" + secrets.wecom_secret};
  std::vector<char*> environment;
  for (auto& variable : variables) environment.push_back(variable.data());
  environment.push_back(nullptr);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  pid_t child = 0;
  const int failed = posix_spawn(&child, arguments[0], nullptr, &attributes, arguments.data(), environment.data());
  posix_spawnattr_destroy(&attributes);
  int status = 0;
  if (failed != 0 || ::waitpid(child, &status, 0) != child || !WIFEXITED(status)) return 127;
  return WEXITSTATUS(status);
}

/// The repairmen, on duty today and tomorrow whatever the hour.
bool hire(const std::string& config_file, const Config& config, Console console) {
  std::ostringstream unseen;
  const Console quiet{console.in, unseen, console.errors};
  const auto offset = utc_offset(config.time_zone);
  const auto now = SystemClock().now();
  for (const auto& [name, member] : kRepairmen) {
    StaffOptions options{.config_file = config_file, .name = name, .department = "repair", .estate = "riverside"};
    options.peers = {std::string("workchat:wecom/") + member};
    options.from = write_local_time(now - std::chrono::hours(1), offset);
    options.until = write_local_time(now + std::chrono::hours(24), offset);
    if (run_staff_add(options, quiet) != EX_OK || run_staff_duty(options, quiet) != EX_OK) return false;
  }
  return true;
}

/// The newest ticket, as staff would see it.
bool show_ticket(const Config& config, std::ostream& out) {
  const auto store = db::open_store(store_options(config));
  if (!store) return false;
  const auto tickets = (*store)->list_tickets({.limit = 1});
  if (!tickets || tickets->empty()) return false;
  const Ticket& ticket = tickets->front();
  const auto history = (*store)->history_of(ticket.id);
  const auto attachments = (*store)->attachments_of(ticket.id);
  const auto jobs = (*store)->media_jobs_of(ticket.id);
  if (!history || !attachments || !jobs) return false;
  out << "\n──── 物业看到的工单 the ticket as staff see it ────\n"
      << describe_ticket(ticket, *history, {*attachments, *jobs, config.media_folder}, config.ticket_prefix,
                         utc_offset(config.time_zone));
  return true;
}

void show_next_steps(const fs::path& folder, int port, std::ostream& out) {
  const auto program = (program_folder() / "huiyin").lexically_relative(fs::current_path()).string();
  out << "\n──── 接着试 go on by hand ────\n"
      << fmt::format("  {} chat                                       自己当业主聊一聊 be the owner\n", program)
      << fmt::format("  {} ticket list --config {}/huiyin.yaml   看工单 look at the tickets\n", program,
                     folder.string())
      << fmt::format("  less {}/huiyin.log                           服务的日志 the daemon's log\n", folder.string())
      << fmt::format("  sqlite3 {}/huiyin.db 'select * from tickets'\n", folder.string())
      << fmt::format("  {} serve --config {}/huiyin.yaml         再开服务 serve again\n", program, folder.string())
      << fmt::format(
             "  http://127.0.0.1:{}/hook/wechat/main                     本次的推送地址 the webhook of this run\n",
             port);
}

}  // namespace

int run_demo(const DemoOptions& options, Console console) {
  SystemRandom random;
  const fs::path folder = fs::absolute(options.folder).lexically_relative(fs::current_path());
  fs::create_directories(folder);
  begin_afresh(folder);
  log_to(folder / "huiyin.log");
  const Secrets secrets{random_word(random, 24), random_word(random, 43), random_word(random, 32),
                        random_word(random, 24), random_word(random, 43), random_word(random, 32)};
  const ApiPorts ports{free_port(), free_port()};
  write_private(folder / "token", secrets.token);
  write_private(folder / "aes_key", secrets.aes_key);
  write_private(folder / "app_secret", secrets.app_secret);
  write_private(folder / "wecom_token", secrets.wecom_token);
  write_private(folder / "wecom_aes_key", secrets.wecom_aes_key);
  write_private(folder / "wecom_secret", secrets.wecom_secret);
  write_private(folder / "huiyin.yaml", demo_config(folder, ports));
  const auto config = load_config((folder / "huiyin.yaml").string(), console.errors);
  if (!config) return EX_CONFIG;

  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
  auto daemon = Daemon::start(*config, process_secrets());
  if (!daemon) {
    print(daemon.error(), console.errors);
    return EX_CONFIG;
  }
  if (!hire((folder / "huiyin.yaml").string(), *config, console)) return EX_SOFTWARE;
  const int played = play(secrets, config->database.file, (*daemon)->hook_port(), ports);
  if (played != 0) {
    console.errors << "the recorded conversation did not go as it should (huiyin-simulators ended with " << played
                   << ")\n";
    return EX_SOFTWARE;
  }
  if (!show_ticket(*config, console.out)) {
    console.errors << "no ticket was opened\n";
    return EX_SOFTWARE;
  }
  show_next_steps(folder, (*daemon)->hook_port(), console.out);
  if (!options.once) {
    console.out << "\n正在服务，按 Ctrl-C 结束。Serving; Ctrl-C ends.\n" << std::flush;
    int received = 0;
    sigwait(&signals, &received);
  }
  (*daemon)->stop();
  return EX_OK;
}

}  // namespace huiyin::gateway
