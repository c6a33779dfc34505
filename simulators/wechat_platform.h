#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/random.h"
#include "core/time.h"
#include "net/http_client.h"
#include "simulators/wechat_envelope.h"

namespace huiyin::simulators {

class WeChatApi;

// What an owner does in the WeChat client.
struct SaysText {
  std::string text{};
  std::string menu_id{};  ///< of the tapped link, where it is a tap
};
struct SendsPhoto {
  std::string media_id{};  ///< empty, with an API connected: a sample that can be fetched
};
struct SendsVoice {
  std::string media_id{};
  std::string recognition{};
};
struct SendsVideo {
  std::string media_id{};
};
struct SendsLocation {
  double latitude = 0, longitude = 0;
  std::string label{};
};
struct SendsFile {
  std::string title{};
};
/// Anything that comes as an event; `more` is further XML.
struct CausesEvent {
  std::string event{};
  std::string key{};
  std::string more{};
};
using OwnerMessage = std::variant<SaysText, SendsPhoto, SendsVoice, SendsVideo, SendsLocation, SendsFile, CausesEvent>;

enum class WeChatMode { plain, compatible, safe };

/// One message with its ids and time, as the platform keeps it until it is delivered. Delivering it again is a repeat.
struct WeChatMessage {
  std::string openid{};
  std::string xml{};
  bool is_event = false;
  bool may_be_answered = true;
};

struct TappableLink {
  std::string shown{}, content{}, id{};
  friend bool operator==(const TappableLink&, const TappableLink&) = default;
};

/// What became of a message, as the owner sees it.
struct WeChatDelivery {
  std::string shown{};      ///< the reply as the client shows it; empty: nothing
  std::string violation{};  ///< what the platform found wrong; then `shown` is its own words for that
  std::string xml{};        ///< the reply's XML, decrypted; empty for a bare acknowledgement
  std::vector<TappableLink> links{};
  int tries = 0;
  std::chrono::milliseconds took{};  ///< of the try that was answered
};

/// The WeChat platform as an official account meets it: it signs, encrypts, posts to the account's hook, waits 5 s,
/// tries three times in all, each with a new timestamp, nonce and ciphertext, and takes no answer that is not exactly
/// right. A second implementation of the protocol: it shares no code with adapters/. Thread-safe.
class WeChatPlatform {
 public:
  struct Config {
    std::string token{};
    std::string encoding_aes_key{};  ///< unused in plain mode
    std::string app_id{};
    std::string account_id{};
    WeChatMode mode = WeChatMode::safe;
    std::string hook_url{};
    std::chrono::milliseconds patience{5000};
    int tries = 3;
    std::chrono::milliseconds pause{0};  ///< between the tries
  };
  /// `clock` and `random` must outlive this. Throws std::invalid_argument where the key is none.
  WeChatPlatform(Config config, const Clock& clock, Random& random);

  /// From now on what owners do opens their windows at `api` (which must outlive this), and media without an id is kept
  /// there. Before anything is sent.
  void connect(WeChatApi& api) { api_ = &api; }
  [[nodiscard]] WeChatApi* api() const { return api_; }
  /// Delivers what the API owes the hook (what became of notices); returns how many.
  int deliver_job_events();

  /// The console's check of the URL; empty: good, else what is wrong.
  [[nodiscard]] std::string verify_url();
  /// What the owner does becomes one message with fresh ids.
  [[nodiscard]] WeChatMessage prepare(const std::string& openid, const OwnerMessage& message);
  /// Delivers it, as often as the platform would try.
  [[nodiscard]] WeChatDelivery deliver(const WeChatMessage& message);
  /// The same message on `copies` connections at once.
  [[nodiscard]] std::vector<WeChatDelivery> deliver_at_once(const WeChatMessage& message, int copies);
  [[nodiscard]] WeChatDelivery send(const std::string& openid, const OwnerMessage& message) {
    return deliver(prepare(openid, message));
  }
  /// A body of the caller's own, with an honest `signature`; for what no platform would send.
  [[nodiscard]] HttpReply post_garbage(const std::string& body);

 private:
  void note(const std::string& openid, const OwnerMessage& message);
  [[nodiscard]] OwnerMessage with_media(OwnerMessage message);
  [[nodiscard]] std::string random_digits();
  [[nodiscard]] std::string random_bytes(std::size_t size);
  [[nodiscard]] std::string seconds() const;
  [[nodiscard]] HttpCall compose(const WeChatMessage& message);
  [[nodiscard]] WeChatDelivery judge(const HttpReply& reply, const WeChatMessage& message) const;
  [[nodiscard]] std::string open_reply(const std::string& body, std::string& xml) const;

  Config config_;
  const Clock& clock_;
  Random& random_;
  std::optional<SharedKey> key_;
  HttpClient http_;
  WeChatApi* api_ = nullptr;
  std::atomic<std::uint64_t> next_id_;
};

}  // namespace huiyin::simulators
