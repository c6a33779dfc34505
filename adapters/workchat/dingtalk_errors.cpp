#include "adapters/workchat/dingtalk_errors.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "adapters/workchat/json_fields.h"

namespace huiyin::workchat {
namespace {

using enum Remedy;

constexpr std::array kCodes = {
    ErrorCode{-1, -1, retry, "system busy"},
    ErrorCode{0, 0, done, "ok"},
    ErrorCode{88, 88, operator_acts, "refused by the platform's gateway"},
    ErrorCode{40035, 40035, our_fault, "parameter"},
    ErrorCode{130101, 130101, slow_down, "over 20 messages a minute: the robot is mute for ten"},
    ErrorCode{300001, 300001, operator_acts, "the robot's token is unknown"},
    ErrorCode{300005, 300005, operator_acts, "the robot's token is unknown"},
    ErrorCode{310000, 310000, operator_acts, "the robot's security setting: secret, keyword or addresses"},
    ErrorCode{400013, 400013, operator_acts, "the group is dissolved"},
    ErrorCode{400101, 400101, operator_acts, "no token"},
    ErrorCode{400102, 400102, operator_acts, "the robot is switched off"},
    ErrorCode{400105, 400105, our_fault, "a type that robots do not send"},
    ErrorCode{400106, 400106, our_fault, "empty content"},
    ErrorCode{410100, 410100, slow_down, "over 20 messages a minute: the robot is mute for ten"},
    ErrorCode{430101, 430104, our_fault, "a link, words or a picture that the platform holds for unsafe"},
};

constexpr std::array kErrors = {
    NamedError{"InvalidAuthentication", refresh_token, "not an access token"},
    NamedError{"Forbidden.AccessDenied*", operator_acts, "the app may not make this call, or not from this address"},
    NamedError{"Forbidden*", operator_acts, "the app may not make this call"},
    NamedError{"invalidClientIdOrSecret", operator_acts, "the AppKey or the AppSecret is wrong"},
    NamedError{"invalidRobotCode", operator_acts, "not this app's robot"},
    NamedError{"robot*", operator_acts, "the robot is not there, or is switched off"},
    NamedError{"staffId.notExisted", peer_gone, "no such member"},
    NamedError{"Throttling*", slow_down, "too many calls"},
    NamedError{"QpsLimit*", slow_down, "too many calls"},
    NamedError{"ServiceUnavailable", retry, "the platform is busy"},
    NamedError{"SystemError", retry, "the platform is busy"},
    NamedError{"InternalError", retry, "the platform is busy"},
    NamedError{"InvalidParameter*", our_fault, "a parameter"},
    NamedError{"MissingParameter*", our_fault, "a parameter is missing"},
    NamedError{"param.*", our_fault, "a parameter"},
};

const NamedError* find_named(std::string_view code) {
  const auto* const found = std::find_if(kErrors.begin(), kErrors.end(), [code](const NamedError& row) {
    const bool open = row.code.ends_with('*');
    return open ? code.starts_with(row.code.substr(0, row.code.size() - 1)) : code == row.code;
  });
  return found == kErrors.end() ? nullptr : found;
}

}  // namespace

std::span<const ErrorCode> dingtalk_codes() { return kCodes; }
std::span<const NamedError> dingtalk_errors() { return kErrors; }

SendResult judge_dingtalk_robot(const HttpReply& reply) {
  const auto json = read_object(reply.body);
  const auto code = json ? number_in(*json, "errcode") : std::nullopt;
  if (!code) return judge_status(reply, kMuteWait);
  auto said = text_in(*json, "errmsg");
  if (const auto more = text_in(*json, "sub_code"); !more.empty())
    said.append(" (").append(more).append(" ").append(text_in(*json, "sub_msg")).append(")");
  const auto* known = find_error(kCodes, *code);
  return judge_code(known, {*code, describe_code(known, std::to_string(*code), said), {}}, kMuteWait);
}

SendResult judge_dingtalk_error(const HttpReply& reply) {
  const auto json = read_object(reply.body);
  const auto code = json ? text_in(*json, "code") : std::string();
  if (code.empty()) return judge_status(reply, kThrottledWait);
  const auto* const found = find_named(code);
  if (found == nullptr && reply.status == 401) return CredentialExpired{};
  if (found == nullptr && reply.status == 429) return RetryAfter{kThrottledWait, code};
  const ErrorCode row{.remedy = found == nullptr ? operator_acts : found->remedy,
                      .words = found == nullptr ? std::string_view("nobody knows this code") : found->words};
  auto result =
      judge_code(&row, {reply.status, describe_code(&row, code, text_in(*json, "message")), {}}, kThrottledWait);
  if (auto* rejected = std::get_if<Rejected>(&result)) rejected->code = code;
  return result;
}

}  // namespace huiyin::workchat
