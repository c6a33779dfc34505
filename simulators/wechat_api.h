#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "core/random.h"
#include "core/time.h"
#include "net/http.h"
#include "simulators/wechat_faults.h"
#include "simulators/wechat_ledger.h"
#include "simulators/wechat_tokens.h"

namespace huiyin::simulators {

/// A template of the account, as its console would list it.
struct WeChatTemplate {
  std::string id{};
  bool subscription = false;        ///< needs the owner's accept, one per message
  std::vector<std::string> keys{};  ///< `thing1`, `phrase2` …: all must be given
};

/// Something that arrived on an owner's screen.
struct WeChatPush {
  std::string openid{};
  std::string call{};   ///< `custom/send`, `template/send`, `subscribe/bizsend`
  std::string kind{};   ///< text, image, news, msgmenu, template …
  std::string shown{};  ///< as the client shows it
  std::string id{};     ///< the message's, where the call has one
  Time at{};
};

/// An event that the platform owes the account's hook: what became of a notice.
struct WeChatJobEvent {
  std::string openid{};
  std::string event{};  ///< `TEMPLATESENDJOBFINISH`, `subscribe_msg_sent_event`
  std::string xml{};    ///< its further fields
};

/// The API side of WeChat: access tokens, customer-service messages, templates, subscriptions, media, menu, QR codes.
/// It takes nothing that the vendor's pages do not allow, keeps each owner's windows, quotas and consents, and does
/// wrong on request (WeChatFaults). A second implementation: it shares no code with adapters/. Thread-safe.
class WeChatApi {
 public:
  struct Config {
    std::string app_id{};
    std::string app_secret{};
    std::string base_url{};  ///< its own, for a video's address; may be set later
    std::vector<WeChatTemplate> templates{};
    std::chrono::seconds token_life{7200};
    std::chrono::seconds media_life{std::chrono::hours(72)};
    WeChatLedger::Limits limits{};
  };
  /// `clock` and `random` must outlive this.
  WeChatApi(Config config, const Clock& clock, Random& random);

  /// One request to the API. Waits where a fault says so.
  [[nodiscard]] HttpReply answer(const HttpRequest& request);
  void set_base_url(std::string url);

  // What owners do.
  void owner_wrote(const std::string& openid);
  void owner_acted(const std::string& openid);
  void owner_unfollowed(const std::string& openid);
  /// He accepts a subscription notice once more, or (`false`) refuses: his credits are gone.
  void owner_answered(const std::string& openid, const std::string& template_id, bool accepts);
  /// He sends media: the id by which it can be fetched for three days.
  [[nodiscard]] std::string keep_media(std::string bytes, std::string content_type, std::string extension);
  /// As if three days had passed.
  void expire_media();
  void expire_tokens();

  [[nodiscard]] WeChatFaults& faults() { return faults_; }
  [[nodiscard]] std::vector<WeChatPush> pushes(const std::string& openid) const;
  /// The first push after the first `seen` to this owner, as soon as it is there.
  [[nodiscard]] std::optional<WeChatPush> wait_for_push(const std::string& openid, std::size_t seen,
                                                        std::chrono::milliseconds patience) const;
  [[nodiscard]] std::vector<WeChatJobEvent> take_job_events();
  [[nodiscard]] int remaining(const std::string& openid) const;
  /// How often a call was made: by the end of its path, `custom/send`.
  [[nodiscard]] int calls(const std::string& call) const;
  /// Fetches of media that were answered with its bytes.
  [[nodiscard]] int media_fetched() const;
  /// The menu as created; empty: none.
  [[nodiscard]] std::string menu() const;
  /// What the platform counted of its calls to the hook on a day, `2026-11-25`: all, and those that failed.
  void set_counters(const std::string& day, int calls, int failed);
  /// The scene of a QR code, by what it says; empty for no code of this account.
  [[nodiscard]] std::string scene_of(const std::string& url) const;

 private:
  friend struct WeChatCalls;
  struct Media {
    std::string bytes{}, content_type{}, extension{};
    Time expires{};
  };
  struct Notice {
    std::string openid{}, client_id{}, id{};
    Time at{};
  };
  [[nodiscard]] HttpReply serve(const HttpRequest& request, const std::string& call);
  [[nodiscard]] std::string random_word(std::size_t length);
  [[nodiscard]] std::string next_message_id();
  void show(WeChatPush push);

  Config config_;
  const Clock& clock_;
  Random& random_;
  mutable std::mutex mutex_;
  mutable std::condition_variable pushed_;
  WeChatFaults faults_;
  WeChatTokens tokens_;
  WeChatLedger ledger_;
  std::map<std::string, Media> media_;
  std::map<std::string, int> credits_;         // by openid and template
  std::map<std::string, Time> typing_until_;   // by openid
  std::map<std::string, std::string> scenes_;  // by url
  std::map<std::string, int> calls_;
  std::vector<Notice> notices_;
  std::vector<WeChatPush> pushes_;
  std::vector<WeChatJobEvent> job_events_;
  std::map<std::string, std::pair<int, int>> counters_;  // by day
  std::string menu_;
  std::uint64_t next_id_ = 0;
  int media_fetched_ = 0;
};

}  // namespace huiyin::simulators
