#include "adapters/wechat/access_token.h"

#include "adapters/wechat/wechat_errors.h"

namespace huiyin::wechat {
namespace {

constexpr std::size_t kMostToken = 2048;  // the vendors ask for room for 512
constexpr std::int64_t kLongestLife = 86400;

bool is_token(const std::string& text) {
  return !text.empty() && text.size() <= kMostToken && text.find_first_of(" \t\r\n\"") == std::string::npos;
}

}  // namespace

tl::expected<Credential, SendResult> read_token(const HttpReply& reply, const std::string& token, std::int64_t life_s,
                                                Time now) {
  if (!is_token(token) || life_s <= 0 || life_s > kLongestLife)
    return tl::unexpected(SendResult(RetryAfter{retry_after(reply, kNoTokenWait),
                                                "HTTP " + std::to_string(reply.status) + " without an access token"}));
  return Credential{Secret(token), now + std::chrono::seconds(life_s)};
}

}  // namespace huiyin::wechat
