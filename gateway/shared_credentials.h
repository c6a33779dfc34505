#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "adapters/channel.h"
#include "core/random.h"
#include "core/time.h"
#include "db/store.h"
#include "gateway/credentials.h"

namespace huiyin::gateway {

/// Access tokens that all nodes share through the store. Whoever finds one missing, refused or about to expire leases
/// the right to fetch; the others wait for what he publishes. One thread fetches, for all channels in turn: it starts
/// five minutes before a token's end, so that a slow provider holds up nobody else's. Thread-safe.
class SharedCredentials final : public Credentials {
 public:
  struct Tools {
    db::Store& store;
    const Clock& clock;
    Random& random;
    std::function<HttpReply(const HttpCall&)> call;  ///< blocks; with a timeout of its own
    /// What only the operator can mend, each time that it is met. May be empty.
    std::function<void(const std::string& channel, const std::string& why)> alarm;
  };
  /// `owner` names this process: unique over all, at most 64 bytes. Channels that need no credential may be among them;
  /// all must outlive this, and so must the tools.
  SharedCredentials(const std::map<std::string, const Channel*>& channels, std::string owner, Tools tools);
  SharedCredentials(const SharedCredentials&) = delete;
  SharedCredentials& operator=(const SharedCredentials&) = delete;
  ~SharedCredentials() override;

  [[nodiscard]] std::optional<Secret> current(const std::string& channel) override;
  void refuse(const std::string& channel, const Secret& refused) override;
  void listen(Listener listener) override;

  /// Begins the thread. Without it, look() does the work: for tests, and for commands that need one token.
  void start();
  /// One look at every channel, on the caller's thread.
  void look();
  /// Ends the thread. Idempotent.
  void stop();

 private:
  struct Held {
    const Channel* channel = nullptr;
    Secret value{};
    Time expires{};
    Time renew{};      ///< from when on another one is to be fetched
    Secret refused{};  ///< the provider took this one for bad
    Time next_try{};
  };
  void work();
  void refresh(const std::string& name, const Held& held);
  [[nodiscard]] tl::expected<Credential, Millis> fetch(const std::string& name, const Held& held);
  [[nodiscard]] static bool is_good(const Held& held, Time now);
  void adopt(const std::string& name, const Secret& value, Time expires);
  void put_off(const std::string& name, Millis wait);

  const std::string owner_;
  Tools tools_;
  std::mutex mutex_;
  std::mutex looking_;  ///< one look at a time
  std::mutex telling_;  ///< held while the listener is called, and by nothing that it may call but listen()
  std::condition_variable wakes_;
  std::map<std::string, Held> held_;
  Listener listener_;
  bool stopping_ = false;
  bool woken_ = false;
  std::thread thread_;
};

}  // namespace huiyin::gateway
