#include "simulators/dingtalk_api.h"

#include <fmt/format.h>

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
constexpr std::size_t kMostBody = 20000, kMostReceivers = 20;
constexpr std::string_view kFiles = "/files/";

HttpReply coded(std::int64_t code, const std::string& words) {
  return json_reply(200, {{"errcode", code}, {"errmsg", words}});
}

/// An error of the newer API.
HttpReply named(int status, const std::string& code, const std::string& words) {
  return json_reply(status, {{"code", code}, {"message", words}, {"requestid", "0"}});
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

void DingTalkApi::expire_tokens() {
  const std::scoped_lock lock(mutex_);
  token_.clear();
}

void DingTalkApi::set_base_url(std::string url) {
  const std::scoped_lock lock(mutex_);
  base_url_ = std::move(url);
}

std::string DingTalkApi::random_word() { return fmt::format("{:016x}{:016x}", random_.next(), random_.next()); }

std::string DingTalkApi::keep_file(std::string bytes) {
  const std::scoped_lock lock(mutex_);
  auto code = random_word();
  files_[code] = std::move(bytes);
  return code;
}

HttpReply DingTalkApi::serve(const HttpRequest& request) {
  const auto now = clock_.now();
  const auto& path = request.path;
  if (request.method == "GET" && path.starts_with(kFiles)) {
    const auto file = files_.find(path.substr(kFiles.size()));
    return file == files_.end() ? HttpReply{.status = 404}
                                : HttpReply{.body = file->second, .headers = {{"Content-Type", "image/jpeg"}}};
  }
  if (request.method != "POST") return {.status = 404, .body = "404 page not found"};
  if (path == "/robot/send") return robot_send(request, now);
  if (path == "/v1.0/oauth2/accessToken") return issue_token(request, now);
  const auto token = request.header("x-acs-dingtalk-access-token");
  if (token.empty() || token != token_ || token_until_ <= now)
    return named(401, "InvalidAuthentication", "不合法的access_token");
  if (path == "/v1.0/robot/oToMessages/batchSend") return batch_send(request, now);
  if (path == "/v1.0/robot/messageFiles/download") return download(request, now);
  return {.status = 404, .body = "404 page not found"};
}

// Within its life a token is the same for everybody who asks.
HttpReply DingTalkApi::issue_token(const HttpRequest& request, Time now) {
  const auto json = read_json(request.body);
  if (text_of(json, "appKey") != config_.app_key || text_of(json, "appSecret") != config_.app_secret)
    return named(400, "invalidClientIdOrSecret", "无效的clientId或者clientSecret");
  if (token_.empty() || token_until_ <= now) {
    token_ = random_word();
    token_until_ = now + config_.token_life;
  }
  const auto left = std::chrono::floor<std::chrono::seconds>(token_until_ - now).count();
  return json_reply(200, {{"accessToken", token_}, {"expireIn", left}});
}

HttpReply DingTalkApi::batch_send(const HttpRequest& request, Time now) {
  const auto json = read_json(request.body);
  if (json.is_null() || !has_only(json, {"robotCode", "userIds", "msgKey", "msgParam"}))
    return named(400, "InvalidParameter", "a parameter that this call does not have");
  if (text_of(json, "robotCode") != config_.robot_code) return named(400, "invalidRobotCode", "robotCode");
  const auto users = json.value("userIds", nlohmann::json());
  if (!users.is_array() || users.empty() || users.size() > kMostReceivers)
    return named(400, "InvalidParameter.userIds", "userIds");
  const auto said = read_robot_template(text_of(json, "msgKey"), text_of(json, "msgParam"));
  if (said.code != 0) return named(400, "InvalidParameter.msgParam", said.words);
  auto unknown = nlohmann::json::array();
  for (const auto& user : users) {
    auto shown = said.shown;
    shown.member = user.is_string() ? user.get<std::string>() : std::string();
    shown.at = now;
    if (config_.members.contains(shown.member))
      screens_.show(std::move(shown));
    else
      unknown.push_back(user);
  }
  return json_reply(200, {{"processQueryKey", random_word()},
                          {"invalidStaffIdList", unknown},
                          {"flowControlledStaffIdList", nlohmann::json::array()}});
}

HttpReply DingTalkApi::download(const HttpRequest& request, Time /*now*/) {
  const auto json = read_json(request.body);
  if (text_of(json, "robotCode") != config_.robot_code) return named(400, "invalidRobotCode", "robotCode");
  const auto code = text_of(json, "downloadCode");
  if (!files_.contains(code)) return named(400, "InvalidParameter.downloadCode", "expired");
  return json_reply(200, {{"downloadUrl", base_url_ + std::string(kFiles) + code}});
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
