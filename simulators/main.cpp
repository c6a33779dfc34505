// huiyin-simulators: stands in for providers that cannot be reached: WeChat, WeCom, Aliyun's SMS.
#include <signal.h>
#include <sysexits.h>

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <optional>
#include <random>

#include "core/text.h"
#include "simulators/conversation.h"
#include "simulators/sms_command.h"
#include "simulators/wechat_api_server.h"
#include "simulators/wecom_command.h"

namespace huiyin::simulators {
namespace {

class SystemClock final : public Clock {
 public:
  [[nodiscard]] Time now() const override {
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  }
};

class DeviceRandom final : public Random {
 public:
  void fill(std::span<std::byte> out) override {
    thread_local std::random_device device;
    for (auto& byte : out) byte = static_cast<std::byte>(device());
  }
};

struct Options {
  WeChatPlatform::Config wechat{};
  WeChatApi::Config api{};
  WeComOptions wecom{};
  SmsOptions sms{};
  std::string token_variable = "HUIYIN_WECHAT_TOKEN", key_variable = "HUIYIN_WECHAT_AES_KEY";
  std::string secret_variable = "HUIYIN_WECHAT_APP_SECRET";
  std::vector<std::string> templates{};
  int api_port = 0;  // 0: no API
  std::string mode = "safe", file, database, text, openid = "oDemo_WangJianguo_0000000001";
  int pace_ms = 0;
};

void add_account(CLI::App& command, Options& options) {
  command.add_option("--hook", options.wechat.hook_url, "The account's webhook, http://…/hook/wechat/main")->required();
  command.add_option("--app-id", options.wechat.app_id, "AppID")->capture_default_str();
  command.add_option("--account-id", options.wechat.account_id, "The account's original id, gh_…")
      ->capture_default_str();
  command.add_option("--mode", options.mode, "How messages are encrypted")
      ->check(CLI::IsMember({"plain", "compatible", "safe"}))
      ->capture_default_str();
  command.add_option("--token-env", options.token_variable, "Environment variable with the token")
      ->capture_default_str();
  command.add_option("--aes-key-env", options.key_variable, "Environment variable with the EncodingAESKey")
      ->capture_default_str();
}

void add_api(CLI::App& command, Options& options) {
  command.add_option("--api-port", options.api_port, "Serve the API (api_url) on this loopback port")
      ->check(CLI::Range(1, 65535));
  command.add_option("--app-secret-env", options.secret_variable, "Environment variable with the AppSecret")
      ->capture_default_str();
  command.add_option("--template", options.templates,
                     "A template of the account, ID=thing1,phrase2; a subscription notice as ID+=thing1,phrase2");
}

/// `ID=thing1,phrase2`, or `ID+=…` for a subscription notice.
std::optional<WeChatTemplate> read_template(const std::string& text) {
  const auto equals = text.find('=');
  if (equals == std::string::npos || equals == 0) return std::nullopt;
  WeChatTemplate out{.id = text.substr(0, equals)};
  out.subscription = out.id.ends_with('+');
  if (out.subscription) out.id.pop_back();
  for (const auto key : split(std::string_view(text).substr(equals + 1), ',')) out.keys.emplace_back(key);
  return out;
}

bool read_api(Options& options) {
  const char* secret =
      std::getenv(options.secret_variable.c_str());  // NOLINT(concurrency-mt-unsafe): before any thread
  if (secret == nullptr) {
    std::cerr << "huiyin-simulators: the environment variable " << options.secret_variable << " is not set\n";
    return false;
  }
  options.api.app_id = options.wechat.app_id;
  options.api.app_secret = secret;
  for (const auto& text : options.templates) {
    const auto read = read_template(text);
    if (!read) std::cerr << "huiyin-simulators: --template " << text << ": write it as ID=thing1,phrase2\n";
    if (!read) return false;
    options.api.templates.push_back(*read);
  }
  return true;
}

/// Fills what comes from the environment; false, with a line on stderr, where it is missing.
bool read_secrets(Options& options) {
  options.wechat.mode = options.mode == "plain"  ? WeChatMode::plain
                        : options.mode == "safe" ? WeChatMode::safe
                                                 : WeChatMode::compatible;
  const auto read = [](const std::string& variable, std::string& out) {
    const char* value = std::getenv(variable.c_str());  // NOLINT(concurrency-mt-unsafe): before any thread
    if (value != nullptr) out = value;
    if (value == nullptr) std::cerr << "huiyin-simulators: the environment variable " << variable << " is not set\n";
    return value != nullptr;
  };
  return read(options.token_variable, options.wechat.token) &&
         (options.wechat.mode == WeChatMode::plain || read(options.key_variable, options.wechat.encoding_aes_key));
}

int play_file(const Options& options, WeChatPlatform& platform, WeComPlatform* staff, SmsPhones* phones) {
  std::ifstream file(options.file, std::ios::binary);
  if (!file) {
    std::cerr << options.file << ": cannot be read\n";
    return EX_NOINPUT;
  }
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const auto conversation = parse_conversation(text, options.file);
  if (!conversation) {
    for (const auto& error : conversation.error()) std::cerr << describe(error) << '\n';
    return EX_DATAERR;
  }
  std::cout << "—— " << conversation->title << " ——\n";
  const auto result = play(*conversation, platform, std::cout, std::chrono::milliseconds(options.pace_ms),
                           options.database, staff, phones);
  for (const auto& failure : result.failures) std::cerr << options.file << ": " << failure << '\n';
  return result.failures.empty() ? EXIT_SUCCESS : EXIT_FAILURE;
}

int say(const Options& options, WeChatPlatform& platform) {
  const auto delivery = platform.send(options.openid, SaysText{options.text});
  std::cout << delivery.shown << '\n';
  if (!delivery.violation.empty()) std::cerr << delivery.violation << '\n';
  return delivery.violation.empty() ? EXIT_SUCCESS : EXIT_FAILURE;
}

int verify(WeChatPlatform& platform) {
  const auto wrong = platform.verify_url();
  std::cout << (wrong.empty() ? "配置成功" : "token 验证失败：" + wrong) << '\n';
  return wrong.empty() ? EXIT_SUCCESS : EXIT_FAILURE;
}

bool start(WeChatApiServer& server) {
  const auto url = server.start();
  if (!url) std::cerr << "huiyin-simulators: " << describe(url.error()) << '\n';
  return url.has_value();
}

int serve_api(Options& options) {
  if (options.api_port == 0) {
    std::cerr << "huiyin-simulators: --api-port is missing\n";
    return EX_USAGE;
  }
  if (!read_api(options)) return EX_USAGE;
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  const SystemClock clock;
  DeviceRandom random;
  WeChatApi api(options.api, clock, random);
  WeChatApiServer server(api, clock, options.api_port);
  if (!start(server)) return EX_UNAVAILABLE;
  std::cout << "api_url: http://127.0.0.1:" << options.api_port << '\n' << std::flush;
  int received = 0;
  sigwait(&signals, &received);
  server.stop();
  return EXIT_SUCCESS;
}

int play_all(Options& options, WeChatPlatform& platform, const Clock& clock, Random& random) {
  std::unique_ptr<WeComWorld> work_chat;
  if (!options.wecom.hook_url.empty() && !(work_chat = WeComWorld::start(options.wecom, clock, random)))
    return EX_UNAVAILABLE;
  std::unique_ptr<SmsWorld> sms;
  if (!options.sms.hook_url.empty() && !(sms = SmsWorld::start(options.sms, clock))) return EX_UNAVAILABLE;
  WeComPlatform* const staff = work_chat ? &work_chat->platform() : nullptr;
  SmsPhones* const phones = sms ? &sms->phones() : nullptr;
  if (options.api_port == 0) return play_file(options, platform, staff, phones);
  if (!read_api(options)) return EX_USAGE;
  WeChatApi api(options.api, clock, random);
  WeChatApiServer server(api, clock, options.api_port);
  if (!start(server)) return EX_UNAVAILABLE;
  platform.connect(api);
  const auto result = play_file(options, platform, staff, phones);
  server.stop();
  return result;
}

int run(int argc, char** argv) {
  Options options;
  options.wechat.app_id = "wx0123456789abcdef";
  options.wechat.account_id = "gh_0123456789ab";
  CLI::App app{"Stands in for providers that cannot be reached", "huiyin-simulators"};
  app.require_subcommand(1);
  auto* play_command =
      app.add_subcommand("play", "Plays a recorded conversation over the webhook, as its owner sees it");
  play_command->add_option("file", options.file, "The conversation, YAML")->required();
  play_command->add_option("--pace", options.pace_ms, "Milliseconds before each of the owner's messages");
  play_command->add_option("--database", options.database, "The daemon's SQLite file, for turns that keep it busy");
  add_api(*play_command, options);
  add_wecom(*play_command, options.wecom);
  add_sms(*play_command, options.sms);
  auto* api_command = app.add_subcommand("api", "Serves WeChat's API until it is told to stop");
  add_api(*api_command, options);
  api_command->add_option("--app-id", options.wechat.app_id, "AppID")->capture_default_str();
  auto* say_command = app.add_subcommand("say", "Sends one text and prints what the owner sees");
  say_command->add_option("text", options.text)->required();
  say_command->add_option("--openid", options.openid)->capture_default_str();
  auto* verify_command = app.add_subcommand("verify", "Checks the webhook as the console does");
  for (auto* command : {play_command, say_command, verify_command}) add_account(*command, options);
  CLI11_PARSE(app, argc, argv);
  if (api_command->parsed()) return serve_api(options);
  if (!read_secrets(options)) return EX_USAGE;
  const SystemClock clock;
  DeviceRandom random;
  WeChatPlatform platform(options.wechat, clock, random);
  if (say_command->parsed()) return say(options, platform);
  if (!play_command->parsed()) return verify(platform);
  return play_all(options, platform, clock, random);
}

}  // namespace
}  // namespace huiyin::simulators

int main(int argc, char** argv) {
  try {
    return huiyin::simulators::run(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << "huiyin-simulators: " << error.what() << '\n';
    return EX_SOFTWARE;
  }
}
