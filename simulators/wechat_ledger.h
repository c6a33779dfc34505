#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "core/time.h"

namespace huiyin::simulators {

/// How many customer-service messages an owner's own actions allow, and until when, as the platform counts: 5 in 48 h
/// after a message, 3 in a minute after a tap, a follow or a scan. Not thread-safe.
class WeChatLedger {
 public:
  struct Limits {
    int per_message = 5;
    std::chrono::seconds message_open = std::chrono::hours(48);
    int per_action = 3;
    std::chrono::seconds action_open = std::chrono::minutes(1);
  };
  explicit WeChatLedger(Limits limits) : limits_(limits) {}

  void wrote(const std::string& openid, Time now);
  /// A tap on a menu or on a line of a message's menu, a follow, a scan.
  void acted(const std::string& openid, Time now);
  void unfollowed(const std::string& openid);
  /// Has he ever been here? To anybody else nothing can be sent.
  [[nodiscard]] bool knows(const std::string& openid) const { return owners_.contains(openid); }
  [[nodiscard]] bool follows(const std::string& openid) const;
  /// Spends one message of the window that ends first; 0, or the errcode by which the platform refuses: 45015 outside
  /// every window, 45047 when they are used up.
  [[nodiscard]] int spend(const std::string& openid, Time now);
  /// Messages that could be sent now.
  [[nodiscard]] int remaining(const std::string& openid, Time now) const;
  [[nodiscard]] Time last_message(const std::string& openid) const;

 private:
  struct Window {
    Time ends{};
    int left = 0;
    bool by_message = false;
  };
  struct Owner {
    std::vector<Window> windows{};
    Time last_message{};
    bool follows = true;
  };
  Limits limits_;
  std::map<std::string, Owner> owners_;
};

}  // namespace huiyin::simulators
