#include "simulators/dingtalk_api.h"

#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "core/text.h"
#include "simulators/dingtalk_rules.h"
#include "simulators/json_rules.h"

namespace huiyin::simulators {
namespace {

using namespace std::chrono_literals;

constexpr auto kMute = 10min;
constexpr std::size_t kMostBody = 20000;

HttpReply coded(std::int64_t code, const std::string& words) {
  return json_reply(200, {{"errcode", code}, {"errmsg", words}});
}

/// A parameter as the platform reads it: there a + is a blank, so that a signature must be encoded.
std::string strict_param(const HttpRequest& request, std::string_view name) {
  for (const auto part : split(request.query, '&')) {
    const auto equals = part.find('=');
    if (equals != std::string_view::npos && part.substr(0, equals) == name)
      return url_decode(part.substr(equals + 1), true);
  }
  return {};
}

}  // namespace

HttpReply DingTalkApi::answer(const HttpRequest& request) {
  return answer_with(
      faults_.take(request.path), [](std::int64_t code) { return coded(code, "as the simulator was told"); },
      [&] {
        const std::scoped_lock lock(mutex_);
        return serve(request);
      });
}

int DingTalkApi::robot_calls() const {
  const std::scoped_lock lock(mutex_);
  return robot_calls_;
}

HttpReply DingTalkApi::serve(const HttpRequest& request) {
  if (request.method == "POST" && request.path == "/robot/send") return robot_send(request, clock_.now());
  return {.status = 404, .body = "404 page not found"};
}

bool DingTalkApi::is_mute(const std::string& token, Time now) {
  if (const auto until = mute_until_.find(token); until != mute_until_.end() && now < until->second) return true;
  auto& times = sent_[token];
  std::erase_if(times, [now](Time at) { return at + 1min <= now; });
  if (times.size() < static_cast<std::size_t>(config_.robot_per_minute)) return times.push_back(now), false;
  mute_until_[token] = now + kMute;
  return true;
}

HttpReply DingTalkApi::robot_send(const HttpRequest& request, Time now) {
  ++robot_calls_;
  const auto token = strict_param(request, "access_token");
  if (token.empty()) return coded(400101, "access_token is blank");
  const auto robot = config_.robots.find(token);
  if (robot == config_.robots.end()) return coded(300005, "token is not exist");
  if (const auto& secret = robot->second.secret; !secret.empty()) {
    const auto timestamp = strict_param(request, "timestamp");
    if (!is_dingtalk_time(timestamp, now)) return coded(310000, "invalid timestamp, more in the vendor's page");
    if (strict_param(request, "sign") != dingtalk_signature(timestamp, secret))
      return coded(310000, "sign not match, more in the vendor's page");
  }
  if (request.body.size() > kMostBody || request.header("content-type").find("application/json") != 0)
    return coded(40035, "invalid parameter: body");
  auto said = read_robot_message(request.body);
  if (said.code != 0) return coded(said.code, said.words);
  if (said.shown.shown.find(robot->second.keyword) == std::string::npos)
    return coded(310000, "keywords not in content, more in the vendor's page");
  if (is_mute(token, now)) return coded(130101, "send too fast, exceed 20 times per minute");
  said.shown.member = "group:" + token;
  said.shown.at = now;
  screens_.show(std::move(said.shown));
  return coded(0, "ok");
}

}  // namespace huiyin::simulators
