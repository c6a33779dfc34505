#include "adapters/workchat/dingtalk.h"

#include <charconv>
#include <nlohmann/json.hpp>
#include <utility>

#include "adapters/workchat/card_words.h"
#include "adapters/workchat/dingtalk_message.h"
#include "adapters/workchat/dingtalk_robot.h"
#include "adapters/workchat/dingtalk_words.h"
#include "adapters/workchat/group_robot.h"
#include "adapters/workchat/json_fields.h"
#include "core/text.h"

namespace huiyin::workchat {
namespace {

using namespace std::chrono_literals;
using enum RejectReason;

// How long the platform waits is not written down; others' robots answer within 3 s.
constexpr auto kReplyDeadline = 2500ms;
constexpr std::size_t kMaxBodyBytes = 256U << 10;
constexpr auto kTolerance = 1h;  // the vendor's

bool is_signed(const HttpRequest& request, const RotatedSecret& secret) {
  const auto timestamp = request.header("timestamp"), sign = request.header("sign");
  const auto by = [&](const Secret& one) {
    return !one.empty() && equal_constant_time(sign, dingtalk_sign(timestamp, one.reveal()));
  };
  const bool current = by(secret.current), previous = by(secret.previous);
  return !timestamp.empty() && !sign.empty() && (current || previous);
}

bool is_timely(const HttpRequest& request) {
  const auto written = request.header("timestamp");
  std::int64_t ms = 0;
  const auto [end, error] = std::from_chars(written.data(), written.data() + written.size(), ms);
  constexpr std::int64_t kLatest = 9'999'999'999'999;
  if (error != std::errc{} || end != written.data() + written.size() || ms < 0 || ms > kLatest) return false;
  const auto off = request.received_at - Time(Millis(ms));
  return off <= kTolerance && off >= -kTolerance;
}

}  // namespace

Capabilities DingTalk::capabilities() const {
  return {.reply_deadline = kReplyDeadline,
          .passive_reply = false,
          .max_bytes = kMaxDingTalkText,
          .owner_may_begin = true,
          .photos_in = true,
          .sends = true,
          .staff = true,
          .per_minute = 18,  // ours: the platform names a limit for groups alone
          .per_second = 20};
}

tl::expected<Inbound, Reject> DingTalk::parse(const HttpRequest& request) const {
  if (request.method != "POST") return reject(unsupported, "method: not POST");
  if (request.body.size() > kMaxBodyBytes) return reject(too_large, "body: over 256 KB");
  if (!is_signed(request, config_.secret)) return reject(bad_signature, "sign");
  if (!is_timely(request)) return reject(stale, "timestamp");
  const auto body = read_object(request.body);
  if (!body) return reject(malformed, "body: no JSON object");
  auto inbound =
      read_dingtalk_message(*body, {config_.channel, config_.corp_id, config_.robot_code}, request.received_at);
  if (inbound) inbound->raw = request.body;
  return inbound;
}

HttpReply DingTalk::acknowledge(const Inbound& /*inbound*/, const std::optional<OutboundMessage>& /*message*/,
                                const Envelope& /*envelope*/) const {
  return {};
}

std::unique_ptr<Channel> make_dingtalk(const ChannelConfig& config, const SecretSources& secrets,
                                       std::vector<Error>& errors) {
  const auto before = errors.size();
  StanzaReader read(config, secrets, errors);
  DingTalk::Config out{.channel = config.name};
  out.corp_id = read.text("corp_id");
  if (!out.corp_id.empty() && !out.corp_id.starts_with("ding"))
    read.complain("corp_id", "not a CorpId", "It begins with ding; the developer console shows it on its first page");
  out.app_key = read.text("app_key");
  out.robot_code = read.text("robot_code", out.app_key);
  out.secret = read.rotated_secret("secret");
  out.api_url = read_api_url(read, kDingTalkApiUrl);
  out.media_hosts = read.texts("media_hosts");
  if (out.media_hosts.empty()) out.media_hosts = {"*.dingtalk.com", "*.aliyuncs.com"};
  read.finish();
  if (errors.size() != before) return nullptr;
  return std::make_unique<DingTalk>(std::move(out));
}

}  // namespace huiyin::workchat
