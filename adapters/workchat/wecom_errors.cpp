#include "adapters/workchat/wecom_errors.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "adapters/wechat/wechat_errors.h"
#include "adapters/wechat/wechat_values.h"
#include "core/text.h"

namespace huiyin::workchat {
namespace {

using namespace std::chrono_literals;
using Json = nlohmann::json;
using enum Remedy;

constexpr auto kUnknownCodeWait = 1min;
constexpr auto kRefusedWait = 5min;
constexpr std::size_t kMostErrmsg = 300;  // of the log's line

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

std::string text_of(const Json& json, const char* key) {
  const auto found = json.find(key);
  if (found == json.end()) return {};
  if (found->is_string()) return clean_text(found->get_ref<const std::string&>());
  return found->is_number_integer() ? found->dump() : std::string();
}

std::optional<std::int64_t> number_of(const Json& json, const char* key) {
  const auto found = json.find(key);
  if (found == json.end() || !found->is_number_integer()) return {};
  if (found->is_number_unsigned() && found->get<std::uint64_t>() > std::uint64_t{INT64_MAX}) return {};
  return found->get<std::int64_t>();
}

std::vector<std::string> members_of(const Json& json, const char* key) {
  std::vector<std::string> out;
  const auto text = text_of(json, key);
  for (const auto member : split(text, '|'))
    if (!member.empty()) out.emplace_back(member);
  return out;
}

std::string describe(std::int64_t code, const std::string& errmsg) {
  const auto* known = find_error(code);
  std::string out = std::to_string(code);
  if (known != nullptr) out.append(" ").append(known->words);
  if (!errmsg.empty()) out.append(": ").append(first_characters(errmsg, kMostErrmsg));
  return out;
}

}  // namespace

std::span<const ErrorCode> error_codes() { return kCodes; }

const ErrorCode* find_error(std::int64_t code) {
  const auto* const found =
      std::find_if(kCodes.begin(), kCodes.end(), [code](const ErrorCode& row) { return code <= row.last; });
  return found != kCodes.end() && found->first <= code ? found : nullptr;
}

std::optional<ApiAnswer> read_answer(std::string_view body) {
  const auto json = Json::parse(body, nullptr, false);
  if (!json.is_object()) return {};
  const auto code = number_of(json, "errcode");
  if (!code) return {};
  const auto errmsg = text_of(json, "errmsg");
  return ApiAnswer{.code = *code,
                   .why = describe(*code, errmsg),
                   .not_reached = members_of(json, "invaliduser"),
                   .unlicensed = members_of(json, "unlicenseduser"),
                   .warned = errmsg.find("wrong json format") != std::string::npos,
                   .msgid = text_of(json, "msgid"),
                   .response_code = text_of(json, "response_code"),
                   .media_id = text_of(json, "media_id"),
                   .access_token = text_of(json, "access_token"),
                   .member = wechat::lower(text_of(json, "userid")),
                   .expires_in = number_of(json, "expires_in").value_or(0)};
}

SendResult judge_code(const ApiAnswer& answer) {
  const auto* known = find_error(answer.code);
  if (known == nullptr) return RetryAfter{kUnknownCodeWait, answer.why, true};
  switch (known->remedy) {
    case Remedy::done:
      return Accepted{answer.msgid};
    case Remedy::retry:
      return RetryAfter{kBusyWait, answer.why};
    case Remedy::slow_down:
      return RetryAfter{kSlowDownWait, answer.why};
    case Remedy::refresh_token:
      return CredentialExpired{};
    case Remedy::peer_gone:
      return PeerGone{answer.why};
    case Remedy::our_fault:
      return Rejected{std::to_string(answer.code), answer.why};
    case Remedy::operator_acts:
      return RetryAfter{kOperatorWait, answer.why, true};
  }
  return Unknown{answer.why};
}

SendResult judge_status(const HttpReply& reply) {
  auto why = "HTTP " + std::to_string(reply.status) + ", and " + std::to_string(reply.body.size()) +
             " bytes that are no answer of the API";
  if (reply.status == 429) return RetryAfter{wechat::retry_after(reply, kSlowDownWait), std::move(why)};
  // 4xx without an answer of the API: a proxy, or a wrong api_url. Nobody has taken the message.
  if (reply.status >= 400 && reply.status < 500 && reply.status != 408)
    return RetryAfter{wechat::retry_after(reply, kRefusedWait), std::move(why), true};
  return Unknown{std::move(why)};
}

}  // namespace huiyin::workchat
