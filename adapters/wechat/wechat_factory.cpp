#include <utility>

#include "adapters/safe_url.h"
#include "adapters/wechat/wechat.h"
#include "adapters/wechat/wechat_menu.h"
#include "adapters/wechat/wechat_values.h"

namespace huiyin::wechat {
namespace {

/// What sending needs; all of it may be left out.
void read_api(StanzaReader& read, WeChat::Config& out, std::vector<Error>& errors) {
  out.app_secret = read.optional_secret("app_secret").value_or(Secret());
  out.api_url = read.url("api_url", kApiUrl);
  if (!out.api_url.empty() && !is_safe_url(out.api_url))
    read.complain("api_url", "plain http would carry the secret in clear",
                  "Write https://, or http:// to this machine");
  out.templates = read_templates(read, errors);
  out.menu = read_menu(read, errors);
  out.consent_url = read.url("consent_url", "");
  out.media_hosts = read.texts("media_hosts");
  if (out.media_hosts.empty()) out.media_hosts = default_media_hosts();
}

}  // namespace

std::unique_ptr<Channel> make_wechat(const ChannelConfig& config, const SecretSources& secrets,
                                     std::vector<Error>& errors) {
  const auto before = errors.size();
  StanzaReader read(config, secrets, errors);
  WeChat::Config out{.channel = config.name};
  out.app_id = read.text("app_id");
  out.account_id = read.text("account_id", "");
  if (!out.account_id.empty() && !out.account_id.starts_with("gh_")) {
    read.complain("account_id", "not an original id (原始 ID)",
                  "It begins with gh_; the console shows it under 账号详情");
  }
  const auto mode = read.one_of("mode", {"plain", "compatible", "safe"}, "safe");
  out.mode = mode == "plain" ? Mode::plain : mode == "compatible" ? Mode::compatible : Mode::safe;
  out.token = read.rotated_secret("token");
  out.timestamp_tolerance = std::chrono::seconds(read.number("timestamp_tolerance", 60, 86400, 600));
  if (out.mode != Mode::plain || read.node().find("aes_key")) {
    const auto keys = read.rotated_secret("aes_key");
    for (const auto* secret : {&keys.current, &keys.previous}) {
      if (secret->empty()) continue;
      if (const auto key = parse_encoding_aes_key(secret->reveal())) {
        out.keys.push_back(*key);
      } else {
        read.complain("aes_key", "not an EncodingAESKey",
                      "It has 43 characters A-Z a-z 0-9, from the console's 基本配置");
      }
    }
  }
  read_api(read, out, errors);
  read.finish();
  if (errors.size() != before) return nullptr;
  return std::make_unique<WeChat>(std::move(out));
}

}  // namespace huiyin::wechat
