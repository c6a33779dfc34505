#include "adapters/workchat/wecom_errors.h"

#include <array>
#include <nlohmann/json.hpp>

#include "adapters/wechat/wechat_values.h"
#include "adapters/workchat/json_fields.h"
#include "core/text.h"

namespace huiyin::workchat {
namespace {

using Json = nlohmann::json;
using enum Remedy;

constexpr std::array kCodes = {
    ErrorCode{-1, -1, retry, "system busy"},
    ErrorCode{0, 0, done, "ok"},
    ErrorCode{6000, 6000, retry, "two changes at once"},
    ErrorCode{40001, 40001, operator_acts, "the secret is wrong"},
    ErrorCode{40003, 40003, peer_gone, "no such member"},
    ErrorCode{40004, 40011, our_fault, "media, its type or its size"},
    ErrorCode{40013, 40013, operator_acts, "not a CorpID"},
    ErrorCode{40014, 40014, refresh_token, "not an access token"},
    ErrorCode{40016, 40033, our_fault, "button, characters or menu"},
    ErrorCode{40035, 40035, our_fault, "parameter"},
    ErrorCode{40056, 40056, operator_acts, "not an AgentId"},
    ErrorCode{40058, 40058, our_fault, "parameter, or content over its limit"},
    ErrorCode{40063, 40063, our_fault, "parameter is empty"},
    ErrorCode{40091, 40091, operator_acts, "the secret is wrong"},
    ErrorCode{41001, 41001, refresh_token, "no access token"},
    ErrorCode{41002, 41004, operator_acts, "no CorpID or secret"},
    ErrorCode{41005, 41006, our_fault, "no media"},
    ErrorCode{41011, 41011, operator_acts, "no AgentId"},
    ErrorCode{41016, 41016, our_fault, "no receiver, or no title"},
    ErrorCode{42001, 42001, refresh_token, "the access token has expired"},
    ErrorCode{42014, 42014, done, "the card was sent already"},
    ErrorCode{43004, 43004, operator_acts, "the app needs a callback URL"},
    ErrorCode{44001, 44004, our_fault, "empty content"},
    ErrorCode{45001, 45008, our_fault, "content over its limit"},
    ErrorCode{45009, 45009, slow_down, "too many calls"},
    ErrorCode{45011, 45011, slow_down, "too many calls this minute"},
    ErrorCode{45033, 45033, retry, "too many calls at once"},
    ErrorCode{46004, 46004, peer_gone, "no such member"},
    ErrorCode{47001, 47003, our_fault, "JSON"},
    ErrorCode{48001, 48004, operator_acts, "the app may not make this call"},
    ErrorCode{50001, 50003, operator_acts, "outside of what the app may see, or the app is switched off"},
    ErrorCode{60011, 60011, operator_acts, "outside of the app's visible range"},
    ErrorCode{60020, 60020, operator_acts, "this server's address is not among the app's trusted ones"},
    ErrorCode{60111, 60111, peer_gone, "no such member"},
    ErrorCode{81013, 81013, peer_gone, "no receiver is left: none exists, or none is within the app's visible range"},
    ErrorCode{82001, 82001, peer_gone, "no receiver is left"},
    ErrorCode{85002, 85002, our_fault, "forbidden words"},
    ErrorCode{93000, 93000, operator_acts, "the robot's address is wrong, or it was removed from the group"},
    ErrorCode{301002, 301002, operator_acts, "no right to this app"},
};

std::vector<std::string> members_of(const Json& json, const char* key) {
  std::vector<std::string> out;
  const auto text = text_in(json, key);
  for (const auto member : split(text, '|'))
    if (!member.empty()) out.emplace_back(member);
  return out;
}

}  // namespace

std::span<const ErrorCode> error_codes() { return kCodes; }

const ErrorCode* find_error(std::int64_t code) { return find_error(kCodes, code); }

std::optional<ApiAnswer> read_answer(std::string_view body) {
  const auto json = read_object(body);
  if (!json) return {};
  const auto code = number_in(*json, "errcode");
  if (!code) return {};
  const auto errmsg = text_in(*json, "errmsg");
  return ApiAnswer{.code = *code,
                   .why = describe_code(find_error(*code), std::to_string(*code), errmsg),
                   .not_reached = members_of(*json, "invaliduser"),
                   .unlicensed = members_of(*json, "unlicenseduser"),
                   .warned = errmsg.find("wrong json format") != std::string::npos,
                   .msgid = text_in(*json, "msgid"),
                   .response_code = text_in(*json, "response_code"),
                   .media_id = text_in(*json, "media_id"),
                   .access_token = text_in(*json, "access_token"),
                   .member = wechat::lower(text_in(*json, "userid")),
                   .expires_in = number_in(*json, "expires_in").value_or(0)};
}

SendResult judge_answer(const ApiAnswer& answer) {
  return judge_code(find_error(answer.code), {answer.code, answer.why, answer.msgid}, kSlowDownWait);
}

}  // namespace huiyin::workchat
