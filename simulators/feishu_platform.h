#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "core/random.h"
#include "core/time.h"
#include "net/http_client.h"
#include "simulators/feishu_api.h"

namespace huiyin::simulators {

/// One event with its ids. Delivering it again is a repeat.
struct FeishuEvent {
  std::string member{};
  std::string json{};        ///< before it is encrypted
  std::string message_id{};  ///< of a tap: the card that was tapped
};

/// What became of it, as the member sees it.
struct FeishuDelivery {
  std::string shown{};      ///< of a tap: the toast, and what the card became; empty: nothing
  std::string violation{};  ///< what the platform found wrong
  std::chrono::milliseconds took{};
};

/// Feishu's callback side as an app meets it, and its members: it encrypts, signs, posts to the app's URL, waits 3 s,
/// and repeats what was not answered after 15 s, 5 min, 1 h and 6 h (each a call of deliver(): the time is the test's).
/// A second implementation: it shares no code with adapters/. Thread-safe.
class FeishuPlatform {
 public:
  struct Config {
    std::string app_id{}, encrypt_key{}, token{};
    std::string tenant_key{"2ca1d211f64f6438"};
    std::string hook_url{};
    std::chrono::milliseconds patience{3000};
  };
  /// All must outlive this.
  FeishuPlatform(Config config, FeishuApi& api, const Clock& clock, Random& random);

  /// The console's check of the URL; empty: good, else what is wrong.
  [[nodiscard]] std::string verify_url();

  // What a member does becomes one event with fresh ids.
  [[nodiscard]] FeishuEvent write(const std::string& member, const std::string& text);
  /// In a group, to the app: `@_user_1` stands for it.
  [[nodiscard]] FeishuEvent write_in_group(const std::string& member, const std::string& text);
  [[nodiscard]] FeishuEvent send_photo(const std::string& member);
  /// Nothing where no card of his has a button with these words.
  [[nodiscard]] std::optional<FeishuEvent> tap(const std::string& member, const std::string& button);
  /// The same message as another event, as after a change of the subscription.
  [[nodiscard]] FeishuEvent again_as_another_event(const FeishuEvent& event);

  /// Delivers it once; what the answer says is on the member's screen then.
  [[nodiscard]] FeishuDelivery deliver(const FeishuEvent& event);
  /// The same event on `copies` connections at once.
  [[nodiscard]] std::vector<FeishuDelivery> deliver_at_once(const FeishuEvent& event, int copies);
  [[nodiscard]] FeishuApi& api() { return api_; }

 private:
  [[nodiscard]] std::string header(const std::string& type);
  [[nodiscard]] FeishuEvent message(const std::string& member, const std::string& type, const std::string& content,
                                    bool group, const std::string& id);
  [[nodiscard]] std::string seal(const std::string& json);
  [[nodiscard]] FeishuDelivery judge(const HttpReply& reply, const FeishuEvent& event);

  Config config_;
  FeishuApi& api_;
  const Clock& clock_;
  Random& random_;
  HttpClient http_;
};

}  // namespace huiyin::simulators
