#include "gateway/wechat_account.h"

#include <ostream>
#include <utility>
#include <vector>

#include "adapters/registry.h"
#include "adapters/wechat/wechat_errors.h"
#include "gateway/system.h"

namespace huiyin::gateway {

std::unique_ptr<WeChatAccount> WeChatAccount::open(const Config& config, const std::string& name, Console console) {
  std::vector<const ChannelConfig*> found;
  for (const auto& stanza : config.channels)
    if (stanza.kind == "wechat" && (name.empty() || stanza.name == name)) found.push_back(&stanza);
  if (found.size() != 1) {
    console.errors << (found.empty() ? "there is no such WeChat channel"
                                     : "there is more than one WeChat channel: name it with --channel")
                   << '\n';
    return nullptr;
  }
  std::vector<Error> complaints;
  auto channel = make_channel(*found.front(), process_secrets(), complaints);
  print(complaints, console.errors);
  auto* wechat = dynamic_cast<wechat::WeChat*>(channel.get());
  if (wechat == nullptr) return nullptr;
  if (!wechat->can_call()) {
    console.errors << found.front()->describe() << ": app_secret is missing. Set it to {env: …} or {file: …}\n";
    return nullptr;
  }
  return std::unique_ptr<WeChatAccount>(new WeChatAccount(std::move(channel), *wechat, console));
}

bool WeChatAccount::enter() {
  const auto got = wechat_.judge_credential(http_.call(*wechat_.compose_credential(false)), SystemClock().now());
  if (got) {
    token_ = got->value.reveal();
    return true;
  }
  const auto* retry = std::get_if<RetryAfter>(&got.error());
  console_.errors << "WeChat gives no access token: " << (retry == nullptr ? "refused" : retry->why) << '\n';
  return false;
}

std::optional<std::string> WeChatAccount::call(std::string_view path, const std::string& body, const char* method) {
  auto request = wechat_.account_call(path, token_, body);
  request.method = method;
  const auto reply = http_.call(request);
  const auto answer = wechat::read_answer(reply.body);
  if (!reply.failure && (!answer || answer->code == 0)) return reply.body;
  console_.errors << path << ": " << (reply.failure ? *reply.failure : answer->why) << '\n';
  return std::nullopt;
}

}  // namespace huiyin::gateway
