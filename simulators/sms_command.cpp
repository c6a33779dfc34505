#include "simulators/sms_command.h"

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <iostream>

namespace huiyin::simulators {
namespace {

std::string variable(const std::string& name) {
  const char* value = std::getenv(name.c_str());  // NOLINT(concurrency-mt-unsafe): before any thread
  if (value == nullptr) std::cerr << "huiyin-simulators: the environment variable " << name << " is not set\n";
  return value == nullptr ? std::string() : value;
}

}  // namespace

void add_sms(CLI::App& command, SmsOptions& options) {
  command.add_option("--sms-hook", options.hook_url, "The SMS channel's webhook, http://…/hook/sms/aliyun");
  command.add_option("--sms-port", options.port, "Serve the SMS cloud's API (api_url) on this loopback port")
      ->check(CLI::Range(1, 65535));
  command.add_option("--sms-key-id", options.key_id, "AccessKeyId")->capture_default_str();
  command.add_option("--sms-signature", options.signature, "The approved signature")->capture_default_str();
  command.add_option("--sms-template", options.templates, "An approved template, SMS_1=text with ${name}");
  command.add_option("--sms-key-env", options.key_variable, "Environment variable with the AccessKeySecret")
      ->capture_default_str();
  command.add_option("--sms-secret-env", options.secret_variable, "Environment variable with the callback_secret")
      ->capture_default_str();
}

SmsWorld::SmsWorld(AliyunCloud::Account account, const std::string& hook_url, int port, const Clock& clock)
    : cloud_(std::move(account)), phones_(clock, port) {
  phones_.connect(phones_of(cloud_, hook_url));
}

std::unique_ptr<SmsWorld> SmsWorld::start(const SmsOptions& options, const Clock& clock) {
  AliyunCloud::Account account{.key_id = options.key_id, .key_secret = variable(options.key_variable)};
  account.signatures = {options.signature};
  for (const auto& one : options.templates) {
    const auto equals = one.find('=');
    if (equals == 0 || equals == std::string::npos) {
      std::cerr << "huiyin-simulators: --sms-template " << one << ": write it as SMS_1=text\n";
      return nullptr;
    }
    account.templates[one.substr(0, equals)] = one.substr(equals + 1);
  }
  const auto secret = variable(options.secret_variable);
  if (account.key_secret.empty() || secret.empty()) return nullptr;
  std::unique_ptr<SmsWorld> world(
      new SmsWorld(std::move(account), options.hook_url + "/" + secret, options.port, clock));
  if (const auto url = world->phones_.start(); !url) {
    std::cerr << "huiyin-simulators: " << describe(url.error()) << '\n';
    return nullptr;
  }
  return world;
}

}  // namespace huiyin::simulators
