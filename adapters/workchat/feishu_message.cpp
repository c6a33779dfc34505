#include "adapters/workchat/feishu_message.h"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "adapters/crypto.h"
#include "adapters/wechat/wechat_values.h"
#include "adapters/workchat/card_words.h"
#include "adapters/workchat/feishu_content.h"
#include "adapters/workchat/json_fields.h"
#include "core/text.h"

namespace huiyin::workchat {
namespace {

using Json = nlohmann::json;
using wechat::key_part;
using wechat::kMaxKey;
using enum RejectReason;

/// Milliseconds since 1970, as text; when it was received where it is none.
Time read_time(const std::string& text, Time received) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  constexpr std::int64_t kFirst = 946'684'800'000, kLast = 4'102'444'800'000;  // 2000 to 2100
  const bool good = error == std::errc{} && end == text.data() + text.size() && value >= kFirst && value <= kLast;
  return good ? Time(Millis(value)) : received;
}

/// Reads one callback.
class Reader {
 public:
  Reader(const FeishuApp& app, Time received) : app_(app), received_(received) {}

  tl::expected<Inbound, Reject> read(const Json& body) {
    const bool newer = body.contains("schema");
    const auto& header = newer ? object_in(body, "header") : object_in(body, "event");
    const auto& event = object_in(body, "event");
    if (text_in(header, "app_id") != app_.app_id) return reject(malformed, "app_id: not this app");
    tenant_ = text_in(header, "tenant_key");
    if (!app_.tenant_key.empty() && tenant_ != app_.tenant_key)
      return reject(malformed, "tenant_key: not this company");
    const auto id = text_in(newer ? header : body, newer ? "event_id" : "uuid");
    if (id.empty()) return reject(malformed, newer ? "event_id: absent" : "uuid: absent");
    sent_ = read_time(text_in(header, "create_time"), received_);
    out_.context.from = app_.app_id;
    const auto type = newer ? text_in(header, "event_type") : text_in(event, "type");
    auto problem = type == "im.message.receive_v1" ? read_message(event)
                   : type == "card.action.trigger" ? read_tap(event, "c:" + key_part(id))
                   : !newer && type == "message"   ? read_old_message(event)
                                                   : notice(id, type, {}, false);
    if (!problem.empty()) return reject(malformed, std::move(problem));
    return std::move(out_);
  }

  tl::expected<Inbound, Reject> read_old_tap(const Json& body) {
    const auto token = text_in(body, "token");
    if (token.empty()) return reject(malformed, "token: absent");
    tenant_ = text_in(body, "tenant_key");
    if (!app_.tenant_key.empty() && tenant_ != app_.tenant_key)
      return reject(malformed, "tenant_key: not this company");
    sent_ = received_;
    const auto action = object_in(body, "action").dump(-1, ' ', false, Json::error_handler_t::replace);
    auto problem = add_tap("t:" + key_part(token) + ":" + to_hex(sha256(action)).substr(0, kHash), address_in(body),
                           object_in(body, "action"), text_in(body, "open_message_id"));
    if (!problem.empty()) return reject(malformed, std::move(problem));
    return std::move(out_);
  }

 private:
  static constexpr std::size_t kHash = 16;

  // Each reader returns what is wrong, empty for nothing.
  std::string read_message(const Json& event) {
    const auto& message = object_in(event, "message");
    const auto& sender = object_in(event, "sender");
    const auto id = text_in(message, "message_id");
    if (id.empty()) return "message_id: absent";
    sent_ = read_time(text_in(message, "create_time"), sent_);
    const auto type = text_in(message, "message_type");
    if (type.empty()) return "message_type: absent";
    if (text_in(sender, "sender_type") != "user") return notice(id, "message of an app", {}, false);
    // In a group with people of another company: they are none of ours.
    if (text_in(sender, "tenant_key") != tenant_) return notice(id, "message of another company", {}, false);
    const auto from = address_in(object_in(sender, "sender_id"));
    if (from.empty()) return no_address(id);
    const auto content = read_object(text_in(message, "content"));
    if (!content) return "content: no JSON";
    auto bodies = read_feishu_content({.type = type, .message_id = id}, *content, message);
    if (!bodies) return std::move(bodies.error());
    for (std::size_t i = 0; i < bodies->size(); ++i)
      add("m:" + key_part(id) + (i == 0 ? "" : ":" + std::to_string(i)), from, std::move((*bodies)[i]));
    return {};
  }

  /// Of before 2021: an event's id alone, and only its text.
  std::string read_old_message(const Json& event) {
    const auto id = text_in(event, "open_message_id");
    if (id.empty()) return "open_message_id: absent";
    const auto from = address_in(event);
    if (from.empty()) return no_address(id);
    const auto type = text_in(event, "msg_type");
    EventBody body = UnsupportedMessage{type};
    if (type == "text") body = TextMessage{text_in(event, "text_without_at_bot"), {}, {}};
    add("m:" + key_part(id), from, std::move(body));
    return {};
  }

  std::string read_tap(const Json& event, const std::string& key) {
    const auto& who = object_in(event, "operator");
    if (text_in(who, "tenant_key") != tenant_) return "operator: not of this company";
    return add_tap(key, address_in(who), object_in(event, "action"),
                   text_in(object_in(event, "context"), "open_message_id"));
  }

  /// `value` is what we put into the button: an object, or an object as text.
  std::string add_tap(const std::string& key, const std::string& from, const Json& action, const std::string& message) {
    if (from.empty()) return no_address(key);
    auto value = object_in(action, "value");
    if (const auto written = read_object(text_in(action, "value"))) value = *written;
    CardTap tap{.card = text_in(value, "card"), .key = text_in(value, "key"), .response = message};
    if (tap.card.empty() || tap.key.empty()) return "action.value: no card of ours";
    if (const auto chosen = text_in(action, "option"); !chosen.empty())
      tap.selected.emplace_back(text_in(action, "name"), chosen);
    add(key, from, std::move(tap));
    return {};
  }

  [[nodiscard]] std::string address_in(const Json& ids) const {
    auto id = text_in(ids, app_.id_type.c_str());
    return is_user_id(id) ? id : std::string();
  }

  /// The platform tells other ids than the open_id only to apps with the permission.
  std::string no_address(const std::string& id) {
    return notice(id, "no " + app_.id_type, "the app lacks the permission to see it", true);
  }

  std::string notice(const std::string& id, std::string kind, std::string detail, bool alarm) {
    out_.context.takes_reply = false;
    add("e:" + key_part(id), {}, Notice{std::move(kind), std::move(detail), alarm});
    return {};
  }

  void add(const std::string& key, std::string address, EventBody body) {
    out_.context.to = address;
    out_.events.push_back(
        {app_.channel + ":" + key_part(key, kMaxKey), {app_.channel, std::move(address)}, sent_, std::move(body)});
  }

  const FeishuApp& app_;
  Time received_{};
  Time sent_{};
  std::string tenant_{};
  Inbound out_{};
};

}  // namespace

tl::expected<Inbound, Reject> read_feishu_event(const Json& body, const FeishuApp& app, Time received) {
  return Reader(app, received).read(body);
}

tl::expected<Inbound, Reject> read_feishu_old_tap(const Json& body, const FeishuApp& app, Time received) {
  return Reader(app, received).read_old_tap(body);
}

}  // namespace huiyin::workchat
