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
constexpr auto kSmsKeyId = "LTAI5tHuiyinDemo";

struct Secrets {
  std::string token{};
  std::string aes_key{};
  std::string app_secret{};
  std::string wecom_token{};
  std::string wecom_aes_key{};
  std::string wecom_secret{};
  std::string sms_key{};
  std::string sms_secret{};
};

/// Where the simulators' APIs listen.
struct ApiPorts {
  int wechat = 0;
  int wecom = 0;
  int sms = 0;
};

/// Of the ten templates (docs/channels/sms.md) those that the demo needs, as Aliyun approved them.
struct DemoTemplate {
  const char *id, *carries, *wording, *parameters;
};
constexpr std::array<DemoTemplate, 3> kSmsTemplates = {
    {{"SMS_100000003", "news.*", "您的工单{number}有新进展：{status}。查进度请回复：进度，找人请回复：人工。",
      "{number: {data: number, kind: number}, status: {data: status, max: 20}}"},
     {"SMS_100000009", "news.result_survey",
      "您的工单{number}（{problem}）已办结，请回复1到5打分，5为最满意，也可附一句话；没修好请回复：没修好。",
      "{number: {data: number, kind: number}, problem: {data: description, max: 15}}"},
     {"SMS_100000010", "survey_*", "已收到，谢谢。需要帮助请直接回复，找人请回复：人工。", "{}"}}};

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

/// Owners without WeChat: `huiyin ticket open` registers their calls, and they hear by SMS.
std::string sms_stanza(const fs::path& folder, int port) {
  auto out = fmt::format(R"(  - name: sms:aliyun
    provider: aliyun
    estate: riverside
    access_key_id: {1}
    access_key_secret: {{file: {0}/sms_key}}
    callback_secret: {{file: {0}/sms_secret}}
    signature: 滨江物业
    api_url: http://127.0.0.1:{2}
    sending: {{quiet: ["00:00", "00:00"]}}
    templates:
)",
                         folder.string(), kSmsKeyId, port);
  for (const auto& one : kSmsTemplates)
    out += fmt::format("      - carries: [\"{}\"]\n        id: {}\n        wording: \"{}\"\n        parameters: {}\n",
                       one.carries, one.id, one.wording, one.parameters);
  return out;
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
                     folder.string(), kAppId, kAccountId, ports.wechat, kCorpId, ports.wecom) +
         sms_stanza(folder, ports.sms);
}

/// Random ones, each in a file of its own.
Secrets make_secrets(const fs::path& folder, Random& random) {
  Secrets out;
  const auto make = [&](const char* name, std::size_t length, std::string& secret) {
    secret = random_word(random, length);
    write_private(folder / name, secret);
  };
  make("token", 24, out.token);
  make("aes_key", 43, out.aes_key);
  make("app_secret", 32, out.app_secret);
  make("wecom_token", 24, out.wecom_token);
  make("wecom_aes_key", 43, out.wecom_aes_key);
  make("wecom_secret", 32, out.wecom_secret);
  make("sms_key", 30, out.sms_key);
  make("sms_secret", 32, out.sms_secret);
  return out;
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

/// Runs the program and waits for it; its exit code, or 127 where it cannot be run.
int run_program(const std::vector<std::string>& words, std::vector<std::string> variables) {
  std::vector<char*> arguments;
  for (const auto& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
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

/// `$` before each variable, as Aliyun has it.
std::string as_approved(std::string wording) {
  for (auto at = wording.find('{'); at != std::string::npos; at = wording.find('{', at + 2)) wording.insert(at, "$");
  return wording;
}

/// Has the simulators play one recorded conversation; false where it did not go as recorded (said then).
bool play(const std::string& conversation, const Secrets& secrets, const std::string& database, int port,
          const ApiPorts& ports, std::ostream& errors) {
  const auto hook = [port](const char* rest) { return fmt::format("http://127.0.0.1:{}/hook/{}", port, rest); };
  const auto simulators = program_folder() / "huiyin-simulators";
  const auto file = share_folder() + "/simulators/conversations/" + conversation;
  std::vector<std::string> words{simulators.string(), "play", file, "--hook", hook("wechat/main")};
  const auto add = [&words](const char* option, std::string value) {
    words.emplace_back(option);
    words.push_back(std::move(value));
  };
  add("--app-id", kAppId);
  add("--account-id", kAccountId);
  add("--database", database);
  add("--api-port", std::to_string(ports.wechat));
  add("--wecom-hook", hook("workchat/wecom"));
  add("--wecom-port", std::to_string(ports.wecom));
  add("--corp-id", kCorpId);
  for (const auto& [name, member] : kRepairmen) add("--member", member);
  add("--sms-hook", hook("sms/aliyun"));
  add("--sms-port", std::to_string(ports.sms));
  add("--sms-key-id", kSmsKeyId);
  for (const auto& one : kSmsTemplates) add("--sms-template", fmt::format("{}={}", one.id, as_approved(one.wording)));
  const int code = run_program(
      words, {"HUIYIN_WECHAT_TOKEN=" + secrets.token, "HUIYIN_WECHAT_AES_KEY=" + secrets.aes_key,
              "HUIYIN_WECHAT_APP_SECRET=" + secrets.app_secret, "HUIYIN_WECOM_TOKEN=" + secrets.wecom_token,
              "HUIYIN_WECOM_AES_KEY=" + secrets.wecom_aes_key, "HUIYIN_WECOM_SECRET=" + secrets.wecom_secret,
              "HUIYIN_SMS_KEY=" + secrets.sms_key, "HUIYIN_SMS_SECRET=" + secrets.sms_secret});
  if (code != 0)
    errors << "the recorded conversation did not go as it should (huiyin-simulators ended with " << code << ")\n";
  return code == 0;
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

/// An owner without WeChat rings; the desk registers it.
bool take_call(const std::string& config_file, Console console) {
  console.out << "\n──── 李秀英打来电话，前台登记 a call comes in, and the desk registers it ────\nhuiyin ticket open "
                 "--name 李秀英 --phone "
                 "13900139000 --address 5栋1单元301 卫生间的灯不亮\n"
              << std::flush;
  const bool opened = run_ticket_open({.config_file = config_file,
                                       .description = "卫生间的灯不亮",
                                       .name = "李秀英",
                                       .phone = "13900139000",
                                       .address = "5栋1单元301"},
                                      console) == EX_OK;
  console.out << '\n' << std::flush;
  return opened;
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
  const auto secrets = make_secrets(folder, random);
  const ApiPorts ports{free_port(), free_port(), free_port()};
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
  const auto config_file = (folder / "huiyin.yaml").string();
  if (!hire(config_file, *config, console)) return EX_SOFTWARE;
  const auto& database = config->database.file;
  const int port = (*daemon)->hook_port();
  const bool played = play("ticket-life.yaml", secrets, database, port, ports, console.errors) &&
                      show_ticket(*config, console.out) && take_call(config_file, console) &&
                      play("phone-call.yaml", secrets, database, port, ports, console.errors) &&
                      show_ticket(*config, console.out);
  if (!played) {
    console.errors << "the demo did not come to its end; its log: " << (folder / "huiyin.log").string() << '\n';
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
