// Access tokens and media: compose_credential(), judge_credential(), compose_fetch(), judge_fetch(); and the stanza.
#include <algorithm>
#include <array>

#include "adapters/wechat/wechat_values.h"
#include "adapters/workchat/app_account.h"
#include "adapters/workchat/feishu.h"
#include "adapters/workchat/feishu_content.h"
#include "adapters/workchat/feishu_errors.h"
#include "adapters/workchat/group_robot.h"
#include "core/json_writer.h"

namespace huiyin::workchat {
namespace {

// What was not answered comes again for up to 7.1 hours, and nothing says that it is signed anew then. The signature
// covers the body, and a delivery that was done is known for a week, so that an old one does nothing twice.
constexpr long long kTolerance = 8LL * 3600;
constexpr auto kIdTypes = std::array{"open_id", "user_id", "union_id"};

}  // namespace

// Within a token's life the same one comes back, to every node, until half an hour of it is left.
std::optional<HttpCall> Feishu::compose_credential(bool /*force*/) const {
  if (!can_call()) return std::nullopt;
  JsonWriter json;
  json.key("app_id").value(config_.app_id);
  json.key("app_secret").value(config_.secret.reveal());
  return json_call(config_.api_url + "/open-apis/auth/v3/tenant_access_token/internal", json.take());
}

tl::expected<Credential, SendResult> Feishu::judge_credential(const HttpReply& reply, Time now) const {
  if (reply.failure) return tl::unexpected(SendResult(RetryAfter{wechat::kNoTokenWait, *reply.failure}));
  const auto answer = read_feishu_answer(reply.body);
  if (answer && answer->code != 0) return tl::unexpected(without_token(judge_feishu(*answer, reply), answer->why));
  return wechat::read_token(reply, answer ? answer->token : std::string(), answer ? answer->expire : 0, now);
}

tl::expected<HttpCall, Rejected> Feishu::compose_fetch(const MediaJob& job, const Sending& sending) const {
  const auto media = parse_feishu_media_id(job.media_id);
  if (!media) return tl::unexpected(Rejected{"media", "no file of a message"});
  if (!can_call()) return tl::unexpected(Rejected{"unsupported", "no secret is configured: media cannot be fetched"});
  auto call = api_call(
      with_query("/open-apis/im/v1/messages/" + url_encode(media->message_id) + "/resources/" + url_encode(media->key),
                 {{"type", media->type}}),
      sending);
  call.method = "GET";
  return call;
}

FetchResult Feishu::judge_fetch(const HttpReply& reply, const MediaJob& /*job*/, const Sending& /*sending*/) const {
  const auto answer = !reply.failure && wechat::may_be_json(reply) ? read_feishu_answer(reply.body) : std::nullopt;
  if (answer && answer->code != 0)
    return fetch_result(judge_feishu(*answer, reply), std::to_string(answer->code), answer->why);
  return judge_media(reply);
}

std::unique_ptr<Channel> make_feishu(const ChannelConfig& config, const SecretSources& secrets,
                                     std::vector<Error>& errors) {
  const auto before = errors.size();
  StanzaReader read(config, secrets, errors);
  Feishu::Config out{.channel = config.name};
  out.app_id = read.text("app_id");
  if (!out.app_id.empty() && !out.app_id.starts_with("cli_"))
    read.complain("app_id", "not an App ID", "It begins with cli_; the console shows it under 凭证与基础信息");
  out.secret = read.optional_secret("secret").value_or(Secret());
  out.keys.encrypt_key = read.rotated_secret("encrypt_key");
  out.keys.token = read.rotated_secret("token");
  out.tenant_key = read.text("tenant_key", "");
  out.id_type = read.text("id_type", kIdTypes.front());
  if (std::find(kIdTypes.begin(), kIdTypes.end(), out.id_type) == kIdTypes.end())
    read.complain("id_type", "id_type is none of open_id, user_id, union_id", "Leave it out for open_id");
  out.timestamp_tolerance = std::chrono::seconds(read.number("timestamp_tolerance", 60, 86400, kTolerance));
  out.api_url = read_api_url(read, kFeishuUrl);
  out.source = read.text("source", "物业工单");
  read.finish();
  if (errors.size() != before) return nullptr;
  return std::make_unique<Feishu>(std::move(out));
}

}  // namespace huiyin::workchat
