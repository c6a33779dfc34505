#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/random.h"
#include "core/time.h"
#include "net/http_client.h"
#include "simulators/wechat_envelope.h"
#include "simulators/wecom_api.h"

namespace huiyin::simulators {

/// One message or tap with its ids and time. Delivering it again is a repeat.
struct WeComMessage {
  std::string member{};
  std::string xml{};
  std::string response_code{};  ///< of a tap: the card may be changed by the answer
};

/// What became of it, as the member sees it.
struct WeComDelivery {
  std::string shown{};      ///< words, or what the tapped card became; empty: nothing
  std::string violation{};  ///< what the platform found wrong
  int tries = 0;
  std::chrono::milliseconds took{};
};

/// WeCom's callback side as an app meets it, and its members: it signs, encrypts, posts to the app's URL, waits 5 s,
/// tries three times in all, each with a new timestamp, nonce and ciphertext, and takes no answer that is not exactly
/// right. A second implementation: it shares no code with adapters/. Thread-safe.
class WeComPlatform {
 public:
  struct Config {
    std::string token{};
    std::string encoding_aes_key{};
    std::string corp_id{};
    std::int64_t agent_id = 1000002;
    std::string hook_url{};
    std::chrono::milliseconds patience{5000};
    int tries = 3;
  };
  /// All must outlive this. Throws std::invalid_argument where the key is none.
  WeComPlatform(Config config, WeComApi& api, const Clock& clock, Random& random);

  /// The console's check of the URL; empty: good, else what is wrong.
  [[nodiscard]] std::string verify_url();

  // What a member does becomes one message with fresh ids.
  [[nodiscard]] WeComMessage write(const std::string& member, const std::string& text);
  [[nodiscard]] WeComMessage send_photo(const std::string& member);
  [[nodiscard]] WeComMessage open_app(const std::string& member);
  /// Nothing where no card of his has a button with these words.
  [[nodiscard]] std::optional<WeComMessage> tap(const std::string& member, const std::string& button);
  /// A button of an old card, kept open on some screen.
  [[nodiscard]] std::optional<WeComMessage> tap_old(const std::string& member, const std::string& task_id,
                                                    const std::string& key);
  /// An event with further XML of the caller's.
  [[nodiscard]] WeComMessage cause(const std::string& member, const std::string& event, const std::string& more = {});

  /// Delivers it, as often as the platform would try; what the answer says is on the member's screen then.
  [[nodiscard]] WeComDelivery deliver(const WeComMessage& message);
  /// The same message on `copies` connections at once.
  [[nodiscard]] std::vector<WeComDelivery> deliver_at_once(const WeComMessage& message, int copies);
  [[nodiscard]] WeComApi& api() { return api_; }

 private:
  [[nodiscard]] std::string random_digits();
  [[nodiscard]] std::string random_bytes(std::size_t size);
  [[nodiscard]] std::string seconds() const;
  [[nodiscard]] WeComMessage make(const std::string& member, const std::string& body);
  [[nodiscard]] HttpCall compose(const WeComMessage& message);
  [[nodiscard]] WeComDelivery judge(const HttpReply& reply, const WeComMessage& message);
  [[nodiscard]] std::string open_reply(const std::string& body, std::string& xml) const;
  [[nodiscard]] WeComDelivery read_reply(const std::string& xml, const WeComMessage& message);
  [[nodiscard]] WeComDelivery change_card(const std::string& type, const XmlField& reply, const WeComMessage& message);

  Config config_;
  WeComApi& api_;
  const Clock& clock_;
  Random& random_;
  std::optional<SharedKey> key_;
  HttpClient http_;
  std::atomic<std::uint64_t> next_id_;
};

}  // namespace huiyin::simulators
