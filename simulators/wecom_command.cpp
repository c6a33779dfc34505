#include "simulators/wecom_command.h"

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <iostream>

namespace huiyin::simulators {
namespace {

/// False, with a line on stderr, where the variable is not set.
bool read_variable(const std::string& variable, std::string& out) {
  const char* value = std::getenv(variable.c_str());  // NOLINT(concurrency-mt-unsafe): before any thread
  if (value != nullptr) out = value;
  if (value == nullptr) std::cerr << "huiyin-simulators: the environment variable " << variable << " is not set\n";
  return value != nullptr;
}

WeComApi::Config api_config(const WeComOptions& options, const std::string& secret) {
  WeComApi::Config config{.corp_id = options.corp_id, .secret = secret, .agent_id = options.agent_id};
  config.members.insert(options.members.begin(), options.members.end());
  config.robots.insert(options.robots.begin(), options.robots.end());
  return config;
}

}  // namespace

void add_wecom(CLI::App& command, WeComOptions& options) {
  command.add_option("--wecom-hook", options.hook_url, "The WeCom app's callback, http://…/hook/workchat/wecom");
  command.add_option("--wecom-port", options.port, "Serve WeCom's API (api_url) on this loopback port")
      ->check(CLI::Range(1, 65535));
  command.add_option("--corp-id", options.corp_id, "CorpID")->capture_default_str();
  command.add_option("--agent-id", options.agent_id, "AgentId")->capture_default_str();
  command.add_option("--member", options.members, "A user id within the app's visible range, in lower case");
  command.add_option("--robot", options.robots, "The key of a group's robot");
  command.add_option("--wecom-token-env", options.token_variable, "Environment variable with its token")
      ->capture_default_str();
  command.add_option("--wecom-aes-key-env", options.key_variable, "Environment variable with its EncodingAESKey")
      ->capture_default_str();
  command.add_option("--wecom-secret-env", options.secret_variable, "Environment variable with its secret")
      ->capture_default_str();
}

WeComWorld::WeComWorld(const WeComOptions& options, const std::string& secret, WeComPlatform::Config platform,
                       const Clock& clock, Random& random)
    : api_(api_config(options, secret), clock, random),
      platform_(std::move(platform), api_, clock, random),
      server_(api_, &platform_, clock, options.port) {}

std::unique_ptr<WeComWorld> WeComWorld::start(const WeComOptions& options, const Clock& clock, Random& random) {
  WeComPlatform::Config platform{
      .corp_id = options.corp_id, .agent_id = options.agent_id, .hook_url = options.hook_url};
  std::string secret;
  const bool read = read_variable(options.token_variable, platform.token) &&
                    read_variable(options.key_variable, platform.encoding_aes_key) &&
                    read_variable(options.secret_variable, secret);
  if (!read) return nullptr;
  std::unique_ptr<WeComWorld> world(new WeComWorld(options, secret, std::move(platform), clock, random));
  const auto url = world->server_.start();
  if (url) return world;
  std::cerr << "huiyin-simulators: " << describe(url.error()) << '\n';
  return nullptr;
}

}  // namespace huiyin::simulators
