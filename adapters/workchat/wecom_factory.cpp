#include <algorithm>
#include <utility>

#include "adapters/wechat/wechat_values.h"
#include "adapters/workchat/group_robot.h"
#include "adapters/workchat/wecom.h"

namespace huiyin::workchat {
namespace {

constexpr long long kMostAgentId = 999'999'999'999;

bool is_corp_id(std::string_view id) {
  constexpr std::size_t kMost = 64;
  return (id.starts_with("ww") || id.starts_with("wx")) && id.size() <= kMost &&
         std::all_of(id.begin(), id.end(),
                     [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); });
}

void read_keys(StanzaReader& read, WeCom::Config& out) {
  const auto keys = read.rotated_secret("aes_key");
  for (const auto* secret : {&keys.current, &keys.previous}) {
    if (secret->empty()) continue;
    if (const auto key = wechat::parse_encoding_aes_key(secret->reveal()))
      out.keys.push_back(*key);
    else
      read.complain("aes_key", "not an EncodingAESKey",
                    "It has 43 characters A-Z a-z 0-9, from 接收消息 → 设置API接收 of the app");
  }
}

}  // namespace

std::unique_ptr<Channel> make_wecom(const ChannelConfig& config, const SecretSources& secrets,
                                    std::vector<Error>& errors) {
  const auto before = errors.size();
  StanzaReader read(config, secrets, errors);
  WeCom::Config out{.channel = config.name};
  out.corp_id = read.text("corp_id");
  if (!out.corp_id.empty() && !is_corp_id(out.corp_id))
    read.complain("corp_id", "not a CorpID (企业 ID)", "It begins with ww; the console shows it under 我的企业");
  out.agent_id = read.number("agent_id", 1, kMostAgentId);
  out.token = read.rotated_secret("token");
  read_keys(read, out);
  out.timestamp_tolerance = std::chrono::seconds(read.number("timestamp_tolerance", 60, 86400, 600));
  out.secret = read.optional_secret("secret").value_or(Secret());
  out.api_url = read_api_url(read, kWeComApiUrl);
  out.sign_in_url = read_api_url(read, kWeComSignInUrl, "sign_in_url");
  out.source = read.text("source", "物业工单");
  out.media_hosts = read.texts("media_hosts");
  if (out.media_hosts.empty()) out.media_hosts = {"*.qpic.cn", "*.weixin.qq.com"};
  read.finish();
  if (errors.size() != before) return nullptr;
  return std::make_unique<WeCom>(std::move(out));
}

}  // namespace huiyin::workchat
