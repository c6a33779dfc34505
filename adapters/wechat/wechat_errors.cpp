#include "adapters/wechat/wechat_errors.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <nlohmann/json.hpp>

#include "core/text.h"

namespace huiyin::wechat {
namespace {

using Json = nlohmann::json;
using enum Remedy;

constexpr std::array kCodes = {
    ErrorCode{-1, -1, retry, "system busy"},
    ErrorCode{0, 0, none, "ok"},
    ErrorCode{40001, 40001, refresh_token, "credential not good, or superseded"},
    ErrorCode{40002, 40002, operator_acts, "grant type"},
    ErrorCode{40003, 40003, peer_gone, "not an openid of this account"},
    ErrorCode{40004, 40012, our_fault, "media, its type or its size"},
    ErrorCode{40013, 40013, operator_acts, "not an AppID"},
    ErrorCode{40014, 40014, refresh_token, "not an access token"},
    ErrorCode{40015, 40028, our_fault, "menu"},
    ErrorCode{40031, 40031, peer_gone, "openid of another account"},
    ErrorCode{40033, 40033, our_fault, "characters that are not allowed"},
    ErrorCode{40035, 40035, our_fault, "parameter"},
    ErrorCode{40037, 40037, our_fault, "no such template"},
    ErrorCode{40054, 40055, our_fault, "menu link outside the account's domains"},
    ErrorCode{40118, 40121, our_fault, "media id or type"},
    ErrorCode{40125, 40125, operator_acts, "the AppSecret is wrong"},
    ErrorCode{40164, 40164, operator_acts, "this server's address is not on the IP allow-list"},
    ErrorCode{40243, 40243, operator_acts, "the AppSecret is frozen"},
    ErrorCode{41001, 41001, refresh_token, "no access token"},
    ErrorCode{41002, 41002, operator_acts, "no AppID"},
    ErrorCode{41004, 41004, operator_acts, "no AppSecret"},
    ErrorCode{41005, 41006, our_fault, "no media"},
    ErrorCode{41030, 41030, our_fault, "page of the template's link"},
    ErrorCode{42001, 42001, refresh_token, "the access token has expired"},
    ErrorCode{43004, 43004, peer_gone, "does not follow the account"},
    ErrorCode{43019, 43019, peer_gone, "is on the account's block list"},
    ErrorCode{43100, 43100, way_blocked, "the template no longer exists"},
    ErrorCode{43101, 43101, other_way, "the owner refused the notice, or his consent is used up"},
    ErrorCode{43104, 43104, way_blocked, "the account may not send subscription notices"},
    ErrorCode{43116, 43116, way_blocked, "the template is blocked"},
    ErrorCode{44002, 44004, our_fault, "empty content"},
    ErrorCode{45001, 45008, our_fault, "content over its limit"},
    ErrorCode{45009, 45009, way_blocked, "the daily limit of this call is used up"},
    ErrorCode{45011, 45011, slow_down, "too many calls this minute"},
    ErrorCode{45015, 45015, other_way, "the owner has not written for 48 hours"},
    ErrorCode{45047, 45047, other_way, "as many messages as the owner's last action allowed were sent"},
    ErrorCode{45065, 45065, none, "sent already"},
    ErrorCode{45072, 45072, our_fault, "typing command"},
    ErrorCode{45080, 45081, none, "typing is not shown"},
    ErrorCode{46001, 46001, our_fault, "no such media"},
    ErrorCode{47001, 47001, our_fault, "JSON"},
    ErrorCode{47003, 47003, our_fault, "a template's value breaks its rule"},
    ErrorCode{48001, 48001, way_blocked, "the account lacks this call"},
    ErrorCode{48002, 48002, other_way, "the owner switched messages off"},
    ErrorCode{48003, 48003, operator_acts, "the agreement is not accepted"},
    ErrorCode{48004, 48004, way_blocked, "the call is blocked for a violation"},
    ErrorCode{48005, 48008, operator_acts, "no right to this"},
    ErrorCode{50001, 50004, operator_acts, "the account is restricted"},
    ErrorCode{50005, 50005, peer_gone, "no longer follows the account"},
    ErrorCode{50007, 50007, operator_acts, "the account is frozen"},
    ErrorCode{61004, 61024, operator_acts, "third-party platform's grant"},
    ErrorCode{65301, 65318, our_fault, "personalised menu"},
    ErrorCode{65400, 65418, our_fault, "human desk"},
    ErrorCode{87009, 87009, our_fault, "signature of the content"},
    ErrorCode{87014, 87014, our_fault, "risky content"},
    ErrorCode{89501, 89507, operator_acts, "the call waits for an administrator's confirmation"},
};

constexpr std::size_t kMostErrmsg = 300;  // of the log's line; the rid stands within

std::string text_of(const Json& json, const char* key) {
  const auto found = json.find(key);
  if (found == json.end()) return {};
  if (found->is_string()) return clean_text(found->get_ref<const std::string&>());
  return found->is_number_integer() ? found->dump() : std::string();
}

/// Nothing where it is absent or no whole number that can be a code.
std::optional<std::int64_t> number_of(const Json& json, const char* key) {
  const auto found = json.find(key);
  if (found == json.end() || !found->is_number_integer()) return {};
  if (found->is_number_unsigned() && found->get<std::uint64_t>() > std::uint64_t{INT64_MAX}) return {};
  return found->get<std::int64_t>();
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
  ApiAnswer answer{.id = text_of(json, "msgid"),
                   .access_token = text_of(json, "access_token"),
                   .expires_in = number_of(json, "expires_in").value_or(0),
                   .video_url = text_of(json, "video_url"),
                   .ticket = text_of(json, "ticket"),
                   .url = text_of(json, "url")};
  const auto code = number_of(json, "errcode");
  const auto errmsg = text_of(json, "errmsg");
  if (code) {
    answer.code = *code;
    answer.why = describe(*code, errmsg);
    return answer;
  }
  // A success may leave the errcode out, but never says nothing at all.
  const bool says_something = !answer.id.empty() || !answer.access_token.empty() || !answer.video_url.empty() ||
                              !answer.ticket.empty() || errmsg == "ok";
  if (json.contains("errcode") || !says_something) return {};
  return answer;
}

std::chrono::milliseconds retry_after(const HttpReply& reply, std::chrono::milliseconds otherwise) {
  for (const auto& [name, value] : reply.headers) {
    if (name != "retry-after") continue;
    std::int64_t seconds = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), seconds);
    if (error != std::errc() || end != value.data() + value.size() || seconds <= 0) return otherwise;
    return std::min(std::chrono::seconds(seconds), std::chrono::seconds(std::chrono::hours(1)));
  }
  return otherwise;
}

}  // namespace huiyin::wechat
