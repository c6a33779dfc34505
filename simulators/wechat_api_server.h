#pragma once

#include <string>

#include "core/error.h"
#include "net/http_server.h"
#include "simulators/wechat_api.h"

namespace huiyin::simulators {

/// A WeChatApi on a loopback port, with a control endpoint beside it:
/// POST /simulator/fault with a fault (WeChatFaults), DELETE /simulator/fault; POST
/// /simulator/expire?what=tokens|media; POST
/// /simulator/owner?openid=O&does=writes|acts|unfollows|accepts|refuses[&template=T]; GET /simulator/pushes?openid=O.
class WeChatApiServer {
 public:
  /// Both must outlive this.
  WeChatApiServer(WeChatApi& api, const Clock& clock, int port = 0);
  /// Begins to listen, and tells the API its own address; returns that, without a slash at its end.
  [[nodiscard]] Expected<std::string> start();
  void stop() { server_.stop(); }

 private:
  [[nodiscard]] HttpReply control(const HttpRequest& request);
  [[nodiscard]] HttpReply owner(const HttpRequest& request);
  [[nodiscard]] HttpReply pushes(const HttpRequest& request);

  WeChatApi& api_;
  HttpServer server_;
};

}  // namespace huiyin::simulators
