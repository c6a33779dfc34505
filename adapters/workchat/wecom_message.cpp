#include "adapters/workchat/wecom_message.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "adapters/crypto.h"
#include "adapters/wechat/wechat_values.h"
#include "core/text.h"

namespace huiyin::workchat {
namespace {

using wechat::clean_field;
using wechat::Element;
using wechat::key_part;
using wechat::kMaxKey;
using wechat::lower;
using wechat::read_create_time;
using wechat::read_degrees;
using enum RejectReason;

constexpr std::size_t kMostUserId = 64;
constexpr std::size_t kKeyHashBytes = 16;  // of the SHA-256; 32 hex digits tell all deliveries of a year apart

std::string hash_of(std::string_view text) { return to_hex(sha256(text).substr(0, kKeyHashBytes)); }

/// What an app may be told that the operator has to act upon: nobody uses it, so the platform switches it off.
bool is_alarm(std::string_view event) {
  constexpr std::array kAlarms = {std::string_view("inactive_alert"), std::string_view("low_active_alert"),
                                  std::string_view("close_inactive_agent")};
  return std::find(kAlarms.begin(), kAlarms.end(), event) != kAlarms.end();
}

/// Reads one message; its members are what the whole of it says.
class Reader {
 public:
  Reader(const Element& xml, const std::string& channel, std::string_view raw)
      : xml_(xml), channel_(channel), raw_(raw) {}

  tl::expected<Inbound, Reject> read() {
    for (const auto* name : {"FromUserName", "CreateTime", "MsgType"})
      if (xml_.value(name).empty()) return reject(malformed, std::string(name) + ": absent");
    const auto written = xml_.value("FromUserName");
    if (written.size() > kMostUserId) return reject(malformed, "FromUserName: too long");
    from_ = lower(written);
    const auto sent = read_create_time(xml_.value("CreateTime"));
    if (!sent) return reject(malformed, "CreateTime: not a Unix time");
    sent_at_ = *sent;
    out_.context.to = written;
    out_.context.from = xml_.value("ToUserName");
    const auto type = lower(xml_.value("MsgType"));
    const auto problem = type == "event" ? read_event() : read_message(type);
    if (!problem.empty()) return reject(malformed, problem);
    return std::move(out_);
  }

 private:
  [[nodiscard]] std::string created() const { return std::to_string(sent_at_.time_since_epoch().count() / 1000); }
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
    const bool known = !std::holds_alternative<UnsupportedMessage>(body);
    if (id.empty() && known) return "MsgId: absent";
    add("m:" + key_part(id.empty() ? type : id) + ":" + from_ + ":" + created(), from_, std::move(body));
    return {};
  }

  std::string read_body(const std::string& type, EventBody& body) {
    if (type == "text") return read_text(body);
    if (type == "image") return read_media(MediaKind::image, body);
    if (type == "voice") return read_media(MediaKind::voice, body);
    if (type == "video") return read_media(MediaKind::video, body);
    if (type == "location") return read_location(body);
    if (type == "link")
      body = LinkMessage{clean_field(xml_, "Title"), clean_field(xml_, "Description"), clean_field(xml_, "Url")};
    return {};  // what comes later: he is told
  }

  std::string read_text(EventBody& body) {
    if (xml_.find("Content") == nullptr) return "Content: absent";
    body = TextMessage{clean_field(xml_, "Content"), {}};
    return {};
  }

  std::string read_media(MediaKind kind, EventBody& body) {
    MediaMessage media{
        .kind = kind, .media_id = xml_.value("MediaId"), .url = xml_.value("PicUrl"), .format = xml_.value("Format")};
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
    const auto written = clean_text(xml_.value("Event"));
    const auto event = lower(written);
    const auto key = "e:" + from_ + ":" + created() + ":" + key_part(event) + ":" + hash_of(raw_);
    if (event == "template_card_event" || event == "template_card_menu_event") return read_tap(key);
    if (event == "click") {
      add(key, from_, MenuClick{clean_field(xml_, "EventKey")});
      return {};
    }
    out_.context.takes_reply = false;  // opening the app is no question, and the rest is shown to nobody
    const bool alarm = is_alarm(event);
    add(key, alarm ? std::string() : from_, Notice{written, detail(event), alarm});
    return {};
  }

  std::string read_tap(const std::string& key) {
    CardTap tap{.card = clean_field(xml_, "TaskId"),
                .key = clean_field(xml_, "EventKey"),
                .response = clean_field(xml_, "ResponseCode")};
    if (tap.card.empty()) return "TaskId: absent";
    if (tap.key.empty()) return "EventKey: absent";
    if (const auto* items = xml_.find("SelectedItems"); items != nullptr)
      for (const auto* item : items->find_all("SelectedItem"))
        if (const auto* options = item->find("OptionIds"); options != nullptr)
          for (const auto* option : options->find_all("OptionId"))
            tap.selected.emplace_back(clean_field(*item, "QuestionKey"), clean_text(trim(option->text)));
    add(key, from_, std::move(tap));
    return {};
  }

  [[nodiscard]] std::string detail(const std::string& event) const {
    if (event.starts_with("scancode_"))
      if (const auto* code = xml_.find("ScanCodeInfo")) return clean_field(*code, "ScanResult");
    return clean_field(xml_, "EventKey");
  }

  const Element& xml_;
  const std::string& channel_;
  const std::string_view raw_;
  Inbound out_;
  std::string from_;  // in lower case: user ids are compared without regard to it
  Time sent_at_{};
};

}  // namespace

tl::expected<Inbound, Reject> read_wecom_message(const wechat::Element& xml, const std::string& channel,
                                                 std::string_view raw) {
  return Reader(xml, channel, raw).read();
}

}  // namespace huiyin::workchat
