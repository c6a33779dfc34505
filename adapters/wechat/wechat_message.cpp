#include "adapters/wechat/wechat_message.h"

#include <optional>
#include <utility>

#include "adapters/wechat/wechat_values.h"
#include "core/text.h"

namespace huiyin::wechat {
namespace {

using enum RejectReason;

// What the platform sends as text when the client has something that an account may not see.
constexpr std::string_view kUnsupportedText = "【收到不支持的消息类型，暂无法显示】";
constexpr std::size_t kMaxArticlesToEvent = 8;

/// Reads one message; its members are what the whole of it says.
class Reader {
 public:
  Reader(const Element& xml, const std::string& channel) : xml_(xml), channel_(channel) {}

  tl::expected<Inbound, Reject> read() {
    for (const auto* name : {"ToUserName", "FromUserName", "CreateTime", "MsgType"}) {
      if (xml_.value(name).empty()) return reject(malformed, std::string(name) + ": absent");
    }
    from_ = xml_.value("FromUserName");
    if (from_.size() > kMaxKeyPart) return reject(malformed, "FromUserName: too long");
    const auto sent = read_create_time(xml_.value("CreateTime"));
    if (!sent) return reject(malformed, "CreateTime: not a Unix time");
    sent_at_ = *sent;
    out_.context.to = from_;
    out_.context.from = xml_.value("ToUserName");
    const auto type = lower(xml_.value("MsgType"));
    const auto problem = type == "event" ? read_event() : read_message(type);
    if (!problem.empty()) return reject(malformed, problem);
    return std::move(out_);
  }

 private:
  [[nodiscard]] std::string created() const { return std::to_string(sent_at_.time_since_epoch().count() / 1000); }
  void add(const std::string& key, EventBody body) { add(key, from_, std::move(body)); }
  void add(const std::string& key, std::string address, EventBody body) {
    out_.events.push_back(
        {channel_ + ":" + key_part(key, kMaxKey), {channel_, std::move(address)}, sent_at_, std::move(body)});
  }

  // Each reader returns what is wrong, empty for nothing.
  std::string read_message(const std::string& type) {
    const auto id = xml_.value("MsgId");
    EventBody body = UnsupportedMessage{type};
    auto problem = read_body(type, body);
    if (!problem.empty()) return problem;
    // A type that we do not know may number its messages in its own way.
    const bool known = !std::holds_alternative<UnsupportedMessage>(body);
    if (id.empty() && known) return "MsgId: absent";
    add("m:" + key_part(id.empty() ? type : id) + ":" + from_ + ":" + created(), std::move(body));
    return {};
  }

  std::string read_body(const std::string& type, EventBody& body) {
    if (type == "text") return read_text(body);
    if (type == "image") return read_media(MediaKind::image, body);
    if (type == "voice") return read_media(MediaKind::voice, body);
    if (type == "video" || type == "shortvideo") return read_media(MediaKind::video, body);
    if (type == "location") return read_location(body);
    if (type == "link") {
      body = LinkMessage{clean_field(xml_, "Title"), clean_field(xml_, "Description"), clean_field(xml_, "Url")};
    }
    return {};  // file (which has no MediaId), miniprogrampage, and what comes later: the owner is told
  }

  std::string read_text(EventBody& body) {
    if (xml_.find("Content") == nullptr) return "Content: absent";
    const auto text = clean_field(xml_, "Content");
    if (trim(text) == kUnsupportedText) return {};
    std::optional<std::string> choice;
    if (const auto id = xml_.value("bizmsgmenuid"); !id.empty()) choice = clean_text(id);
    body = TextMessage{text, std::move(choice)};
    return {};
  }

  std::string read_media(MediaKind kind, EventBody& body) {
    MediaMessage media{.kind = kind,
                       .media_id = xml_.value("MediaId"),
                       .url = xml_.value("PicUrl"),
                       .format = xml_.value("Format"),
                       .recognition = clean_field(xml_, "Recognition")};
    if (media.media_id.empty()) return "MediaId: absent";
    body = std::move(media);
    return {};
  }

  std::string read_location(EventBody& body) {
    const auto latitude = read_degrees(xml_.value("Location_X"), 90);
    if (!latitude) return "Location_X: not a latitude";
    const auto longitude = read_degrees(xml_.value("Location_Y"), 180);
    if (!longitude) return "Location_Y: not a longitude";
    body = LocationMessage{*latitude, *longitude, clean_field(xml_, "Label")};
    return {};
  }

  std::string read_event() {
    if (xml_.find("Event") == nullptr) return "Event: absent";
    const auto written = xml_.value("Event");
    event_ = lower(written);
    event_key_ = xml_.value("EventKey");
    const auto key = "e:" + from_ + ":" + created() + ":" + key_part(event_) + ":" + key_part(event_key_);
    out_.context.max_articles = kMaxArticlesToEvent;
    if (read_chat_event(key)) return {};
    out_.context.takes_reply = false;  // nobody would be shown it
    if (event_ == "templatesendjobfinish") return read_template_receipt();
    if (event_ == "subscribe_msg_sent_event") return read_sent_receipts();
    if (event_ == "subscribe_msg_popup_event") return read_consents("SubscribeMsgPopupEvent", key);
    if (event_ == "subscribe_msg_change_event") return read_consents("SubscribeMsgChangeEvent", key);
    if (event_.starts_with("user_authorization_") || event_ == "user_info_modified") return read_withdrawal(key);
    if (event_ == "annual_renew" || event_ == "verify_expired") {
      add(key, {}, Notice{written, xml_.value("ExpiredTime"), true});
      return {};
    }
    if (event_ == "unsubscribe") {
      add(key, Unfollowed{});
    } else if (event_ == "kf_create_session" || event_ == "kf_switch_session") {
      add(key, HumanDesk{true});
    } else if (event_ == "kf_close_session") {
      add(key, HumanDesk{false});
    } else {
      add(key, Notice{written, clean_text(event_key_), false});
    }
    return {};
  }

  /// Those that the owner waits for an answer to.
  bool read_chat_event(const std::string& key) {
    if (event_ == "subscribe") {
      constexpr std::string_view kPrefix = "qrscene_";
      const bool has_scene = event_key_.starts_with(kPrefix);
      add(key, Followed{has_scene ? clean_text(event_key_.substr(kPrefix.size())) : std::string(), false});
    } else if (event_ == "scan") {
      add(key, Followed{clean_text(event_key_), true});
    } else if (event_ == "scancode_waitmsg") {
      const auto* code = xml_.find("ScanCodeInfo");
      add(key, Followed{code == nullptr ? std::string() : clean_field(*code, "ScanResult"), true});
    } else if (event_ == "click") {
      add(key, MenuClick{clean_text(event_key_)});
    } else {
      return false;
    }
    return true;
  }

  std::string read_template_receipt() {
    const auto id = xml_.value("MsgID");
    if (id.empty()) return "MsgID: absent";
    const auto status = xml_.value("Status");
    add("j:" + key_part(id) + ":" + event_, {}, Receipt{id, state_of(status == "success"), status});
    return {};
  }

  std::string read_sent_receipts() {
    for (const auto* entry : entries("SubscribeMsgSentEvent")) {
      const auto id = entry->value("MsgID");
      if (id.empty()) return "SubscribeMsgSentEvent/List/MsgID: absent";
      const bool sent = entry->value("ErrorCode") == "0";
      add("j:" + key_part(id) + ":" + event_, {}, Receipt{id, state_of(sent), entry->value("ErrorStatus")});
    }
    return out_.events.empty() ? "SubscribeMsgSentEvent/List: absent" : "";
  }

  std::string read_consents(std::string_view parent, const std::string& key) {
    for (const auto* entry : entries(parent)) {
      const auto id = entry->value("TemplateId");
      if (id.empty()) return std::string(parent) + "/List/TemplateId: absent";
      const bool accepted = entry->value("SubscribeStatusString") == "accept";
      add(key + ":" + key_part(id), NoticeConsent{clean_text(id), accepted});
    }
    return out_.events.empty() ? std::string(parent) + "/List: absent" : "";
  }

  /// FromUserName is the platform's own account here; the person is in OpenID.
  std::string read_withdrawal(const std::string& key) {
    const auto person = xml_.value("OpenID");
    if (person.empty() || person.size() > kMaxKeyPart) return "OpenID: absent or too long";
    const auto scope = clean_text(xml_.value("RevokeInfo"));
    const auto whole = key + ":" + person;
    if (event_ == "user_authorization_revoke") {
      add(whole, person, DataWithdrawal{scope});
    } else if (event_ == "user_authorization_cancellation") {
      add(whole, person, DataWithdrawal{"account"});
    } else {
      add(whole, person, Notice{event_, scope, false});
    }
    return {};
  }

  [[nodiscard]] std::vector<const Element*> entries(std::string_view parent) const {
    const auto* found = xml_.find(parent);
    return found == nullptr ? std::vector<const Element*>() : found->find_all("List");
  }
  static ReceiptState state_of(bool delivered) { return delivered ? ReceiptState::delivered : ReceiptState::failed; }

  const Element& xml_;
  const std::string& channel_;
  Inbound out_;
  std::string from_, event_, event_key_;
  Time sent_at_{};
};

}  // namespace

tl::expected<Inbound, Reject> read_message(const Element& xml, const std::string& channel) {
  return Reader(xml, channel).read();
}

}  // namespace huiyin::wechat
