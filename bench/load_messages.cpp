#include "bench/load_messages.h"

#include <utility>

namespace huiyin::bench {
namespace {

constexpr std::size_t kRandoms = 4096;

std::string_view between(std::string_view text, std::string_view before, std::string_view after) {
  const auto begin = text.find(before);
  if (begin == std::string_view::npos) return {};
  const auto end = text.find(after, begin + before.size());
  if (end == std::string_view::npos) return {};
  return text.substr(begin + before.size(), end - begin - before.size());
}

tl::unexpected<std::string> wrong(std::string why) { return tl::unexpected(std::move(why)); }

}  // namespace

LoadMessages::LoadMessages(const HookAccount& account, const Clock& clock)
    : account_(account),
      clock_(clock),
      random_(kRandoms),
      // Another run against the same database must not repeat an id: it would be a duplicate.
      next_id_(static_cast<std::uint64_t>(clock.now().time_since_epoch().count()) * 10000) {
  for (auto& random : random_) {
    for (auto& byte : random) byte = static_cast<std::byte>(engine_());
  }
}

std::string LoadMessages::seconds() const { return std::to_string(clock_.now().time_since_epoch().count() / 1000); }

std::string LoadMessages::message(const std::string& openid, const std::string& text) {
  return "<xml><ToUserName><![CDATA[" + account_.account_id + "]]></ToUserName><FromUserName><![CDATA[" + openid +
         "]]></FromUserName><CreateTime>" + seconds() +
         "</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[" + text + "]]></Content><MsgId>" +
         std::to_string(next_id_++) + "</MsgId></xml>";
}

std::string LoadMessages::delivery(const std::string& openid, const std::string& message) {
  const auto timestamp = seconds(), nonce = std::to_string(1000000000 + ++next_);
  const auto encrypted = wechat::encrypt(account_.key, message, account_.app_id, random_[next_ % kRandoms]);
  const std::string_view query_parts[] = {account_.token, timestamp, nonce};
  const std::string_view body_parts[] = {account_.token, timestamp, nonce, encrypted};
  const auto body = "<xml><ToUserName><![CDATA[" + account_.account_id + "]]></ToUserName><Encrypt><![CDATA[" +
                    encrypted + "]]></Encrypt></xml>";
  return "POST " + account_.path + "?signature=" + wechat::sign(query_parts) + "&timestamp=" + timestamp +
         "&nonce=" + nonce + "&openid=" + openid + "&encrypt_type=aes&msg_signature=" + wechat::sign(body_parts) +
         " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/xml\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\n\r\n" + body;
}

tl::expected<std::string, std::string> LoadMessages::open(const std::string& body) const {
  const auto encrypted = between(body, "<Encrypt><![CDATA[", "]]>");
  if (encrypted.empty()) return wrong("the answer is not an encrypted reply: " + body.substr(0, 80));
  const auto timestamp = between(body, "<TimeStamp>", "<"), nonce = between(body, "<Nonce><![CDATA[", "]]>");
  const std::string_view parts[] = {account_.token, timestamp, nonce, encrypted};
  if (between(body, "<MsgSignature><![CDATA[", "]]>") != wechat::sign(parts)) return wrong("MsgSignature is wrong");
  const auto xml = wechat::decrypt(account_.key, encrypted, account_.app_id);
  if (!xml) return wrong("cannot be decrypted: " + std::string(to_string(xml.error())));
  const auto content = between(*xml, "<Content><![CDATA[", "]]></Content>");
  if (content.empty()) return wrong("no Content: " + xml->substr(0, 80));
  return std::string(content);
}

}  // namespace huiyin::bench
