#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/random.h"
#include "core/time.h"
#include "net/http.h"
#include "simulators/staff_screens.h"
#include "simulators/wechat_faults.h"
#include "simulators/wecom_card_rules.h"

namespace huiyin::simulators {

using WeComShown = StaffShown;

/// WeCom's API and what its members see on their phones: access tokens, app messages with their cards, changed cards,
/// media, and group robots. It takes nothing that the vendor's pages do not allow, drops what is over 30 a minute to
/// one member without a word, as the real one does, and does wrong on request (WeChatFaults). A second implementation:
/// it shares no code with adapters/. Thread-safe.
class WeComApi {
 public:
  struct Config {
    std::string corp_id{};
    std::string secret{};
    std::int64_t agent_id = 1000002;
    std::set<std::string> members{};        ///< user ids within the app's visible range, in lower case
    std::set<std::string> robots{};         ///< keys
    std::string trusted_host{"127.0.0.1"};  ///< 可信域名: where a sign-in may lead
    bool has_callback = true;
    std::chrono::seconds token_life{7200};
    int per_minute = 30;        ///< to one member
    int robot_per_minute = 20;  ///< of one robot
  };
  /// `clock` and `random` must outlive this.
  WeComApi(Config config, const Clock& clock, Random& random);

  /// One request to the API. Waits where a fault says so.
  [[nodiscard]] HttpReply answer(const HttpRequest& request);

  [[nodiscard]] WeChatFaults& faults() { return faults_; }
  [[nodiscard]] std::vector<WeComShown> screen(const std::string& member) const { return screens_.of(member); }
  [[nodiscard]] std::optional<WeComShown> wait_for(const std::string& member, std::size_t seen,
                                                   std::chrono::milliseconds patience) const {
    return screens_.wait_for(member, seen, patience);
  }
  [[nodiscard]] std::optional<WeComShown> wait_for_words(const std::string& member, const std::string& words,
                                                         std::chrono::milliseconds patience) const {
    return screens_.wait_for_words(member, words, patience);
  }
  void expire_tokens();
  [[nodiscard]] std::string keep_media(std::string bytes, std::string content_type, std::string extension);
  /// How often a call was made: by the end of its path, `message/send`.
  [[nodiscard]] int calls(const std::string& call) const;
  [[nodiscard]] int media_fetched() const;
  [[nodiscard]] int dropped() const;  ///< messages over the limit, which nobody was told of

  /// What WeCom's own browser does with `url` while `member` holds the phone: where it goes next (the app's page, with
  /// `code` and `state`), or an error page's words, which begin with "error". Strict about everything in the URL.
  [[nodiscard]] std::string browse_sign_in(const std::string& member, const std::string& url);

  // For the callback side (WeComPlatform).

  /// The newest card of the member's on which a button with these words can be tapped.
  struct Tap {
    std::string task_id{}, card_type{}, key{};
    bool menu = false;
    std::string response_code{};  ///< fresh: good for one change of this card for this member
  };
  [[nodiscard]] std::optional<Tap> tap(const std::string& member, const std::string& button);
  /// A button of a card as it once was: an old message that somebody kept open.
  [[nodiscard]] std::optional<Tap> tap_old(const std::string& member, const std::string& task_id,
                                           const std::string& key);
  /// What a passive reply makes of the tapped card; empty, or what is wrong with it.
  [[nodiscard]] std::string change_by_reply(const std::string& response_code, const std::string& replace_name);
  [[nodiscard]] std::string change_by_reply(const std::string& response_code, const WeComCard& card);
  void show_reply(const std::string& member, const std::string& words);

 private:
  friend struct WeComCalls;
  struct Token {
    std::string text{};
    Time expires{};
    bool ended = false;
  };
  struct SignIn {
    std::string member{};
    Time expires{};
  };
  struct Media {
    std::string bytes{}, content_type{}, extension{};
    Time expires{};
  };
  /// By what a card may be changed once.
  struct ResponseCode {
    std::string task_id{};
    std::set<std::string> members{};
    Time expires{};
  };
  struct Card {
    std::string type{};
    std::vector<WeComButton> buttons{};  ///< as sent; taps on old ones still come
    std::size_t plain_buttons = 0;       ///< the rest are its menu's
  };

  [[nodiscard]] HttpReply serve(const HttpRequest& request);
  [[nodiscard]] std::string random_word(std::size_t length);
  [[nodiscard]] std::string new_response_code(const std::string& task_id, std::set<std::string> members);
  /// Is one more to `whom` within `most` a minute?
  [[nodiscard]] bool has_room(const std::string& whom, int most);
  /// 0 or an errcode.
  [[nodiscard]] int change(const std::string& code, const std::set<std::string>& members, const std::string& replaced,
                           const WeComCard* card);
  [[nodiscard]] std::optional<Tap> tap_on(const std::string& member, const std::string& task_id,
                                          const std::string& key);

  Config config_;
  const Clock& clock_;
  Random& random_;
  mutable std::mutex mutex_;
  WeChatFaults faults_;
  std::optional<Token> token_;
  std::map<std::string, Token> old_tokens_;
  std::map<std::string, Media> media_;
  std::map<std::string, Card> cards_;          // by task id
  std::map<std::string, ResponseCode> codes_;  // unused ones
  std::map<std::string, SignIn> sign_ins_;     // by code; unused ones
  std::map<std::string, std::vector<Time>> sent_;
  std::map<std::string, Time> bodies_;  // for the duplicate check: until when the same one is dropped
  StaffScreens screens_;
  std::map<std::string, int> calls_;
  std::uint64_t next_id_ = 1;
  int media_fetched_ = 0;
  int dropped_ = 0;
};

}  // namespace huiyin::simulators
