#include "simulators/wechat_platform.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <thread>

#include "core/overloaded.h"
#include "core/text.h"
#include "simulators/sample_media.h"
#include "simulators/strict_xml.h"
#include "simulators/wechat_answer.h"
#include "simulators/wechat_api.h"

namespace huiyin::simulators {
namespace {

using std::chrono::steady_clock;

constexpr std::uint64_t kFirstMessageId = 24867120000000000;  // the platform's have 17 digits

std::string quoted(const std::string& text) {
  std::string out = "<![CDATA[";
  std::size_t from = 0;
  for (auto at = text.find("]]>"); at != std::string::npos; at = text.find("]]>", from)) {
    out += text.substr(from, at + 2 - from) + "]]><![CDATA[";
    from = at + 2;
  }
  return out + text.substr(from) + "]]>";
}

std::string element(const char* name, const std::string& text) {
  return fmt::format("<{0}>{1}</{0}>\n", name, quoted(text));
}

/// MsgType and what belongs to it; events have no MsgId.
std::string body_of(const OwnerMessage& message) {
  return std::visit(
      Overloaded{
          [](const SaysText& says) {
            return element("MsgType", "text") + element("Content", says.text) +
                   (says.menu_id.empty() ? std::string() : element("bizmsgmenuid", says.menu_id));
          },
          [](const SendsPhoto& photo) {
            return element("MsgType", "image") + element("PicUrl", "http://mmbiz.qpic.test/" + photo.media_id + "/0") +
                   element("MediaId", photo.media_id);
          },
          [](const SendsVoice& voice) {
            return element("MsgType", "voice") + element("MediaId", voice.media_id) + element("Format", "amr") +
                   (voice.recognition.empty() ? std::string() : element("Recognition", voice.recognition));
          },
          [](const SendsVideo& video) {
            return element("MsgType", "video") + element("MediaId", video.media_id) +
                   element("ThumbMediaId", "thumb-" + video.media_id);
          },
          [](const SendsLocation& place) {
            return element("MsgType", "location") +
                   fmt::format("<Location_X>{:.6f}</Location_X>\n<Location_Y>{:.6f}</Location_Y>\n<Scale>16</Scale>\n",
                               place.latitude, place.longitude) +
                   element("Label", place.label);
          },
          [](const SendsFile& file) {
            return element("MsgType", "file") + element("Title", file.title) + element("Description", "") +
                   element("FileKey", "QUJDREVGRw") + "<FileTotalLen>48213</FileTotalLen>\n";
          },
          [](const CausesEvent& event) {
            return element("MsgType", "event") + element("Event", event.event) + element("EventKey", event.key) +
                   event.more;
          },
      },
      message);
}

bool shows_answer_to(const OwnerMessage& message) {
  const auto* event = std::get_if<CausesEvent>(&message);
  if (event == nullptr) return true;
  constexpr std::array<std::string_view, 4> kAnswered{"subscribe", "SCAN", "CLICK", "scancode_waitmsg"};
  return std::find(kAnswered.begin(), kAnswered.end(), event->event) != kAnswered.end();
}

}  // namespace

WeChatPlatform::WeChatPlatform(Config config, const Clock& clock, Random& random)
    : config_(std::move(config)),
      clock_(clock),
      random_(random),
      key_(shared_key(config_.encoding_aes_key)),
      http_({.connect_timeout = config_.patience, .total_timeout = config_.patience}),
      next_id_(kFirstMessageId + random.next() % 1'000'000'000) {
  if (!key_ && config_.mode != WeChatMode::plain) {
    throw std::invalid_argument("the EncodingAESKey is not 43 characters of base64");
  }
}

std::string WeChatPlatform::random_bytes(std::size_t size) {
  std::string bytes(size, '\0');
  random_.fill(std::as_writable_bytes(std::span(bytes)));
  return bytes;
}

std::string WeChatPlatform::random_digits() { return std::to_string(random_.next() % 10'000'000'000ULL); }

std::string WeChatPlatform::seconds() const { return std::to_string(clock_.now().time_since_epoch().count() / 1000); }

std::string WeChatPlatform::verify_url() {
  const auto timestamp = seconds(), nonce = random_digits(), echo = random_digits() + "+/=";
  const auto reply =
      http_.call({.url = with_query(config_.hook_url, {{"signature", signature_of(config_.token, timestamp, nonce)},
                                                       {"echostr", echo},
                                                       {"timestamp", timestamp},
                                                       {"nonce", nonce}}),
                  .method = "GET"});
  if (reply.failure) return "no answer: " + *reply.failure;
  if (reply.status != 200) return "HTTP status " + std::to_string(reply.status);
  return reply.body == echo ? std::string() : "the answer is not the echostr";
}

/// What the action opens at the API: a message one window, a tap, a follow or a scan another, the rest none.
void WeChatPlatform::note(const std::string& openid, const OwnerMessage& message) {
  if (api_ == nullptr) return;
  if (const auto* event = std::get_if<CausesEvent>(&message)) {
    constexpr std::array<std::string_view, 5> kOpening{"subscribe", "SCAN", "CLICK", "scancode_push",
                                                       "scancode_waitmsg"};
    if (event->event == "unsubscribe") return api_->owner_unfollowed(openid);
    if (std::find(kOpening.begin(), kOpening.end(), event->event) != kOpening.end()) api_->owner_acted(openid);
    return;
  }
  const auto* text = std::get_if<SaysText>(&message);
  text != nullptr && !text->menu_id.empty() ? api_->owner_acted(openid) : api_->owner_wrote(openid);
}

OwnerMessage WeChatPlatform::with_media(OwnerMessage message) {
  const auto keep = [this](std::string& id, SampleMedia sample) {
    if (!id.empty()) return;
    if (api_ == nullptr)
      id = "media-" + random_digits();
    else
      id = api_->keep_media(std::move(sample.bytes), sample.content_type, sample.extension);
  };
  if (auto* photo = std::get_if<SendsPhoto>(&message)) keep(photo->media_id, sample_photo());
  if (auto* voice = std::get_if<SendsVoice>(&message)) keep(voice->media_id, sample_voice());
  if (auto* video = std::get_if<SendsVideo>(&message)) keep(video->media_id, sample_video());
  return message;
}

int WeChatPlatform::deliver_job_events() {
  if (api_ == nullptr) return 0;
  const auto events = api_->take_job_events();
  for (const auto& event : events) static_cast<void>(send(event.openid, CausesEvent{event.event, {}, event.xml}));
  return static_cast<int>(events.size());
}

WeChatMessage WeChatPlatform::prepare(const std::string& openid, const OwnerMessage& given) {
  const auto message = with_media(given);
  note(openid, message);
  WeChatMessage out{.openid = openid};
  out.is_event = std::holds_alternative<CausesEvent>(message);
  out.may_be_answered = shows_answer_to(message);
  out.xml = "<xml>" + element("ToUserName", config_.account_id) + element("FromUserName", openid) + "<CreateTime>" +
            seconds() + "</CreateTime>\n" + body_of(message);
  if (!out.is_event) out.xml += "<MsgId>" + std::to_string(next_id_++) + "</MsgId>\n";
  out.xml += "</xml>";
  return out;
}

HttpCall WeChatPlatform::compose(const WeChatMessage& message) {
  const auto timestamp = seconds(), nonce = random_digits();
  Fields query{{"signature", signature_of(config_.token, timestamp, nonce)},
               {"timestamp", timestamp},
               {"nonce", nonce},
               {"openid", message.openid}};
  auto body = message.xml;
  if (config_.mode != WeChatMode::plain) {
    const auto sealed = seal(*key_, config_.app_id, random_bytes(16), message.xml);
    query.emplace_back("encrypt_type", "aes");
    query.emplace_back("msg_signature", signature_of(config_.token, timestamp, nonce, sealed));
    const auto encrypted = element("Encrypt", sealed);
    if (config_.mode == WeChatMode::safe) {
      body = "<xml>\n" + element("ToUserName", config_.account_id) + encrypted + "</xml>";
    } else {
      body.insert(body.rfind("</xml>"), encrypted);
    }
  }
  return {.url = with_query(config_.hook_url, query), .body = body, .headers = {{"Content-Type", "text/xml"}}};
}

WeChatDelivery WeChatPlatform::deliver(const WeChatMessage& message) {
  WeChatDelivery last;
  for (int attempt = 1; attempt <= config_.tries; ++attempt) {
    if (attempt > 1) std::this_thread::sleep_for(config_.pause);
    const auto began = steady_clock::now();
    const auto reply = http_.call(compose(message));
    last = judge(reply, message);
    last.tries = attempt;
    last.took = std::chrono::duration_cast<std::chrono::milliseconds>(steady_clock::now() - began);
    if (!reply.failure) break;  // a wrong answer is shown as a fault at once; only silence is tried again
  }
  return last;
}

std::vector<WeChatDelivery> WeChatPlatform::deliver_at_once(const WeChatMessage& message, int copies) {
  std::vector<WeChatDelivery> deliveries(static_cast<std::size_t>(copies));
  std::vector<std::thread> threads;
  for (auto& delivery : deliveries) threads.emplace_back([this, &message, &delivery] { delivery = deliver(message); });
  for (auto& thread : threads) thread.join();
  return deliveries;
}

HttpReply WeChatPlatform::post_garbage(const std::string& body) {
  auto call = compose({.openid = "oGarbage", .xml = "<xml></xml>"});
  call.body = body;
  return http_.call(call);
}

WeChatDelivery WeChatPlatform::judge(const HttpReply& reply, const WeChatMessage& message) const {
  WeChatDelivery out;
  if (reply.failure) {
    out.violation = "no answer: " + *reply.failure;
  } else if (reply.status != 200) {
    out.violation = "HTTP status " + std::to_string(reply.status);
  } else if (reply.body.empty() || reply.body == "success") {
    return out;
  } else {
    std::string xml;
    out.violation = open_reply(reply.body, xml);
    if (out.violation.empty()) out = read_answer(xml, message, config_.account_id);
  }
  if (!out.violation.empty()) {
    out.shown = kServiceFault;
    out.links.clear();
  }
  return out;
}

/// The plain XML of a reply; returns what is wrong with its envelope.
std::string WeChatPlatform::open_reply(const std::string& body, std::string& xml) const {
  const auto envelope = read_strictly(body);
  if (!envelope) return "answer: " + envelope.error();
  if (envelope->find("Encrypt") == nullptr) {
    xml = body;
    return config_.mode == WeChatMode::safe ? "answer: not encrypted, in safe mode" : "";
  }
  if (config_.mode == WeChatMode::plain) return "answer: encrypted, in plain mode";
  const auto encrypted = envelope->text("Encrypt"), timestamp = envelope->text("TimeStamp");
  const auto nonce = envelope->text("Nonce");
  if (envelope->fields.size() != 4 || timestamp.empty() || nonce.empty()) {
    return "answer: not exactly Encrypt, MsgSignature, TimeStamp, Nonce";
  }
  if (timestamp.find_first_not_of("0123456789") != std::string::npos) return "TimeStamp: not a number";
  if (envelope->text("MsgSignature") != signature_of(config_.token, timestamp, nonce, encrypted)) {
    return "MsgSignature: wrong";
  }
  const auto opened = unseal(*key_, config_.app_id, encrypted);
  if (!opened) return "Encrypt: cannot be decrypted";
  xml = *opened;
  return {};
}

}  // namespace huiyin::simulators
