// Sending: compose() and judge().
#include <utility>

#include "adapters/wechat/wechat.h"

namespace huiyin::wechat {
namespace {

using namespace std::chrono_literals;

constexpr auto kUnreachedWait = 5s;
constexpr auto kRepeatWait = 15s;
// The vendor promises to know a client_msg_id again for ten minutes. A minute is left for the call itself.
constexpr auto kRepeatable = 9min;
constexpr auto kRefusedWait = 5min;
constexpr auto kUnknownCodeWait = 1min;
// What a menu that the account may not send is sent as instead: Sending::previous of the second step.
constexpr const char* kPlain = "plain";
constexpr std::int64_t kWrongMessageType = 40008;
constexpr std::int64_t kNoRight = 48001;

bool is_plain(const Sending& sending) { return sending.previous == kPlain; }

/// 4xx without an answer of the API: a proxy, or a wrong api_url. Nobody has taken the message.
bool is_refusal(int status) { return status >= 400 && status < 500 && status != 408; }

SendResult judge_code(const ApiAnswer& answer) {
  const auto* known = find_error(answer.code);
  if (known == nullptr) return RetryAfter{kUnknownCodeWait, answer.why, true};
  switch (known->remedy) {
    case Remedy::none:
      return Accepted{answer.id};
    case Remedy::retry:
      return RetryAfter{kBusyWait, answer.why};
    case Remedy::slow_down:
      return RetryAfter{kSlowDownWait, answer.why};
    case Remedy::refresh_token:
      return CredentialExpired{};
    case Remedy::other_way:
      return WindowClosed{answer.why};
    case Remedy::way_blocked:
      return WindowClosed{answer.why, true};
    case Remedy::peer_gone:
      return PeerGone{answer.why};
    case Remedy::our_fault:
      return Rejected{std::to_string(answer.code), answer.why};
    case Remedy::operator_acts:
      return RetryAfter{kOperatorWait, answer.why, true};
  }
  return Unknown{answer.why};
}

}  // namespace

const Template* WeChat::find_template(const Sending& sending) const {
  for (const auto& with : config_.templates)
    if (with.way == sending.way && with.id == sending.template_id) return &with;
  return nullptr;
}

tl::expected<HttpCall, Rejected> WeChat::compose(const OutboundMessage& message, const Sending& sending) const {
  if (!can_call())
    return tl::unexpected(Rejected{"unsupported", "no app_secret is configured: this account only replies"});
  if (sending.way == Way::push) {
    auto body = write_push(message, is_plain(sending));
    if (!body) return tl::unexpected(body.error());
    return api_call(config_.api_url, "/cgi-bin/message/custom/send", sending.credential, *std::move(body));
  }
  const auto* with = find_template(sending);
  if (with == nullptr)
    return tl::unexpected(Rejected{"template", "template " + sending.template_id + " is not configured"});
  auto body = write_template(*with, message);
  if (!body) return tl::unexpected(body.error());
  const auto* path =
      sending.way == Way::subscription ? "/cgi-bin/message/subscribe/bizsend" : "/cgi-bin/message/template/send";
  return api_call(config_.api_url, path, sending.credential, *std::move(body));
}

/// No answer, or none of the API's: the message may have gone. Only a template message may then be tried again.
SendResult WeChat::judge_silence(const OutboundMessage& message, const Sending& sending, std::string why) const {
  const bool known_again = sending.way == Way::template_notice && !message.key.empty() && sending.created != Time{};
  if (known_again && sending.now + kRepeatWait - sending.created < kRepeatable)
    return RetryAfter{kRepeatWait, std::move(why)};
  return Unknown{std::move(why)};
}

SendResult WeChat::judge(const HttpReply& reply, const OutboundMessage& message, const Sending& sending) const {
  if (reply.failure) {
    if (!reply.request_left) return RetryAfter{kUnreachedWait, *reply.failure};
    return judge_silence(message, sending, *reply.failure);
  }
  const auto answer = read_answer(reply.body);
  if (!answer) {
    auto why = "HTTP " + std::to_string(reply.status) + ", and " + std::to_string(reply.body.size()) +
               " bytes that are no answer of the API";
    if (reply.status == 429) return RetryAfter{retry_after(reply, kSlowDownWait), std::move(why)};
    if (is_refusal(reply.status)) return RetryAfter{retry_after(reply, kRefusedWait), std::move(why), true};
    return judge_silence(message, sending, std::move(why));
  }
  const bool menu_refused = answer->code == kWrongMessageType || answer->code == kNoRight;
  if (menu_refused && sending.way == Way::push && !is_plain(sending) && makes_menu(message)) return NextStep{kPlain};
  return judge_code(*answer);
}

}  // namespace huiyin::wechat
