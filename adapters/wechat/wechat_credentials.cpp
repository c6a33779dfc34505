// Access tokens: compose_credential() and judge_credential().
#include "adapters/wechat/access_token.h"
#include "adapters/wechat/wechat.h"
#include "core/json_writer.h"

namespace huiyin::wechat {
namespace {

/// On this call a code that elsewhere means "fetch another token" means that the account cannot: the secret is wrong.
SendResult judge_refusal(const ApiAnswer& answer) {
  const auto* known = find_error(answer.code);
  if (known != nullptr && known->remedy == Remedy::retry) return RetryAfter{kBusyWait, answer.why};
  if (known != nullptr && known->remedy == Remedy::slow_down) return RetryAfter{kSlowDownWait, answer.why};
  return RetryAfter{kOperatorWait, answer.why, true};
}

}  // namespace

// stable_token, never token: every call of that one kills the token that another node uses. Within its life the
// platform hands out the same one; `force_refresh` is bounded to 20 a day, and kills the old one at once.
std::optional<HttpCall> WeChat::compose_credential(bool force) const {
  if (!can_call()) return std::nullopt;
  JsonWriter json;
  json.key("grant_type").value("client_credential");
  json.key("appid").value(config_.app_id);
  json.key("secret").value(config_.app_secret.reveal());
  json.key("force_refresh").value(force);
  return HttpCall{.url = config_.api_url + "/cgi-bin/stable_token",
                  .body = json.take(),
                  .headers = {{"Content-Type", "application/json; charset=utf-8"}}};
}

tl::expected<Credential, SendResult> WeChat::judge_credential(const HttpReply& reply, Time now) const {
  if (reply.failure) return tl::unexpected(SendResult(RetryAfter{kNoTokenWait, *reply.failure}));
  const auto answer = read_answer(reply.body);
  if (answer && answer->code != 0) return tl::unexpected(judge_refusal(*answer));
  return answer ? read_token(reply, answer->access_token, answer->expires_in, now) : read_token(reply, "", 0, now);
}

}  // namespace huiyin::wechat
