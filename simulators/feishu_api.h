#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/random.h"
#include "core/time.h"
#include "net/http.h"
#include "simulators/feishu_rules.h"
#include "simulators/staff_screens.h"
#include "simulators/wechat_faults.h"

namespace huiyin::simulators {

/// Feishu's API and what its members see on their phones: an app's access tokens, messages, cards and their changes,
/// pictures; and custom bots of groups, which check signature, time and keyword. It takes nothing that the vendor's
/// pages do not allow, and does wrong on request (WeChatFaults). A second implementation: it shares no code with
/// adapters/. Thread-safe.
class FeishuApi {
 public:
  struct Bot {
    std::string secret{};   ///< empty: it does not ask for signatures
    std::string keyword{};  ///< empty: any words will do
  };
  struct Config {
    std::string app_id{}, app_secret{};
    std::set<std::string> members{};    ///< open_ids for whom the app is available
    std::map<std::string, Bot> bots{};  ///< by what stands after /hook/
    std::chrono::seconds token_life{7200};
    int bot_per_minute = 100, bot_per_second = 5;
    int per_second = 5;  ///< to one member
  };
  /// Both must outlive this.
  FeishuApi(Config config, const Clock& clock, Random& random)
      : config_(std::move(config)), clock_(clock), random_(random) {}

  /// One request to the API. Waits where a fault says so.
  [[nodiscard]] HttpReply answer(const HttpRequest& request);
  [[nodiscard]] WeChatFaults& faults() { return faults_; }
  [[nodiscard]] StaffScreens& screens() { return screens_; }
  void expire_tokens();
  /// How often a call was made, by the beginning of its path.
  [[nodiscard]] int calls(const std::string& path) const;

  // For the callback side (FeishuPlatform).

  struct Tap {
    std::string message_id{};
    std::string value{};  ///< of the button, as JSON
  };
  /// The newest card of the member's on which a button with these words can be tapped.
  [[nodiscard]] std::optional<Tap> tap(const std::string& member, const std::string& button) const;
  /// The card that stands in a message's place from now on; empty, or what is wrong with it.
  [[nodiscard]] std::string change_card(const std::string& message_id, const std::string& card);
  /// A picture that a member sends: its key, to be fetched with the message's id.
  [[nodiscard]] std::string keep_picture(const std::string& message_id, std::string bytes);
  [[nodiscard]] std::string random_word(std::size_t length);

 private:
  using Call = HttpReply (FeishuApi::*)(const HttpRequest& request, Time now);
  struct Message {
    std::string member{};
    bool changes = false;  ///< a card with update_multi
    Time sent{};
  };
  struct Sent {
    std::string message_id{};
    Time until{};
  };
  [[nodiscard]] HttpReply serve(const HttpRequest& request);
  [[nodiscard]] bool is_token_good(const HttpRequest& request, Time now) const;
  [[nodiscard]] HttpReply issue_token(const HttpRequest& request, Time now);
  [[nodiscard]] HttpReply send(const HttpRequest& request, Time now);
  [[nodiscard]] HttpReply change(const HttpRequest& request, Time now);
  [[nodiscard]] HttpReply upload(const HttpRequest& request, Time now);
  [[nodiscard]] HttpReply resource(const HttpRequest& request, Time now);
  [[nodiscard]] HttpReply bot_send(const HttpRequest& request, Time now);
  [[nodiscard]] FeishuSaid read_message(const std::string& type, const std::string& content) const;
  /// Is one more to `whom` within `most` in `span`?
  [[nodiscard]] bool has_room(const std::string& whom, int most, std::chrono::seconds span, Time now);
  [[nodiscard]] std::string replace(const std::string& message_id, const std::string& card);

  Config config_;
  const Clock& clock_;
  Random& random_;
  mutable std::mutex mutex_;
  WeChatFaults faults_;
  StaffScreens screens_;
  std::map<std::string, Time> tokens_;  // until when each is good
  std::string newest_token_{};
  std::map<std::string, Message> messages_;
  std::map<std::string, Sent> by_uuid_;
  std::map<std::string, std::string> pictures_;  // by image_key, or `message_id/key`
  std::map<std::string, std::vector<Time>> sent_;
  std::map<std::string, int> calls_;
};

}  // namespace huiyin::simulators
