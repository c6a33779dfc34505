// huiyin-simulators: stands in for providers that cannot be reached. WeChat so far.
#include <sysexits.h>

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <random>

#include "simulators/conversation.h"

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
  std::string token_variable = "HUIYIN_WECHAT_TOKEN", key_variable = "HUIYIN_WECHAT_AES_KEY";
  std::string mode = "safe", file, text, openid = "oDemo_WangJianguo_0000000001";
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

int play_file(const Options& options, WeChatPlatform& platform) {
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
  const auto result = play(*conversation, platform, std::cout, std::chrono::milliseconds(options.pace_ms));
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
  auto* say_command = app.add_subcommand("say", "Sends one text and prints what the owner sees");
  say_command->add_option("text", options.text)->required();
  say_command->add_option("--openid", options.openid)->capture_default_str();
  auto* verify_command = app.add_subcommand("verify", "Checks the webhook as the console does");
  for (auto* command : {play_command, say_command, verify_command}) add_account(*command, options);
  CLI11_PARSE(app, argc, argv);
  if (!read_secrets(options)) return EX_USAGE;
  const SystemClock clock;
  DeviceRandom random;
  WeChatPlatform platform(options.wechat, clock, random);
  if (play_command->parsed()) return play_file(options, platform);
  return say_command->parsed() ? say(options, platform) : verify(platform);
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
