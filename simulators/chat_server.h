#pragma once

#include <functional>
#include <string>

#include "core/error.h"
#include "net/http_server.h"
#include "simulators/staff_screens.h"
#include "simulators/wechat_faults.h"

namespace huiyin::simulators {

/// A work chat's simulated API on a loopback port, with a control endpoint beside it: POST /simulator/fault with a
/// fault (WeChatFaults), DELETE /simulator/fault; GET /simulator/screen?member=M (what he sees, as JSON).
class ChatServer {
 public:
  struct Chat {
    std::function<HttpReply(const HttpRequest&)> answer{};
    WeChatFaults& faults;
    StaffScreens& screens;
  };
  /// What `chat` names must outlive this.
  ChatServer(Chat chat, const Clock& clock, int port = 0);
  /// Begins to listen; returns its address, without a slash at its end.
  [[nodiscard]] Expected<std::string> start();
  void stop() { server_.stop(); }

 private:
  Chat chat_;
  HttpServer server_;
};

/// What a screen shows, as JSON.
[[nodiscard]] HttpReply screen_reply(const std::vector<StaffShown>& screen);

}  // namespace huiyin::simulators
