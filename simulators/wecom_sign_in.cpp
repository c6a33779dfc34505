// How a page in WeCom's own browser learns who holds the phone. Source: developer.work.weixin.qq.com, 构造网页授权链接,
// 获取访问用户身份.
#include <algorithm>
#include <array>

#include "core/text.h"
#include "simulators/wechat_calls.h"
#include "simulators/wecom_calls.h"

namespace huiyin::simulators {
namespace {

using namespace std::chrono_literals;

constexpr auto kCodeLife = 5min;
constexpr std::size_t kMostState = 128;
constexpr std::string_view kPage = "/connect/oauth2/authorize?", kFragment = "#wechat_redirect";
/// In this order, as the vendor's page has them.
constexpr std::array<std::string_view, 6> kNames = {"appid", "redirect_uri", "response_type",
                                                    "scope", "state",        "agentid"};

bool is_letter_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

/// The host of a URL, without its port; empty where it is none that may be gone to.
std::string_view host_of(std::string_view url) {
  for (const std::string_view scheme : {"https://", "http://"})
    if (url.starts_with(scheme)) {
      url.remove_prefix(scheme.size());
      return url.substr(0, std::min(url.find_first_of(":/?#"), url.size()));
    }
  return {};
}

}  // namespace

std::string WeComApi::browse_sign_in(const std::string& member, const std::string& url) {
  const std::scoped_lock lock(mutex_);
  const auto at = url.find(kPage);
  if (at == std::string::npos || !url.ends_with(kFragment)) return "error: no page of ours, or no #wechat_redirect";
  auto query = std::string_view(url).substr(at + kPage.size());
  query.remove_suffix(kFragment.size());
  std::array<std::string, kNames.size()> values;
  const auto parts = split(query, '&');
  if (parts.size() != kNames.size()) return "error: not these six parameters";
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    const auto equals = std::min(parts[i].find('='), parts[i].size());
    if (parts[i].substr(0, equals) != kNames.at(i)) return "error: parameters are not in order";
    values.at(i) = url_decode(parts[i].substr(std::min(equals + 1, parts[i].size())), false);
  }
  const auto& [app, back, type, scope, state, agent] = values;
  if (app != config_.corp_id) return "error: appid";
  if (agent != std::to_string(config_.agent_id)) return "error: agentid";
  if (type != "code" || scope != "snsapi_base") return "error: response_type or scope";
  if (host_of(back) != config_.trusted_host) return "error 50001: redirect_uri does not match the trusted domain";
  if (state.empty() || state.size() > kMostState || !std::all_of(state.begin(), state.end(), is_letter_or_digit))
    return "error: state";
  const auto code = random_word(43);
  sign_ins_[code] = {member, clock_.now() + kCodeLife};
  return back + (back.find('?') == std::string::npos ? "?" : "&") + "code=" + code + "&state=" + state;
}

HttpReply WeComCalls::getuserinfo(WeComApi& api, const HttpRequest& request, Time now) {
  const auto found = api.sign_ins_.find(request.param("code"));
  if (found == api.sign_ins_.end()) return api_answer(40029, "invalid code");
  const auto who = found->second;
  api.sign_ins_.erase(found);  // once
  if (who.expires <= now) return api_answer(40029, "invalid code");
  if (!api.config_.members.contains(who.member))
    return {.body = R"({"errcode":0,"errmsg":"ok","openid":")" + who.member + R"("})"};
  // As somebody wrote it into the address book: in whatever case.
  auto written = who.member;
  written.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(written.front())));
  return {.body = R"({"errcode":0,"errmsg":"ok","userid":")" + written + R"(","user_ticket":"TICKET"})"};
}

}  // namespace huiyin::simulators
