#pragma once

#include <string>

#include "core/error.h"
#include "net/http_server.h"
#include "simulators/wecom_platform.h"

namespace huiyin::simulators {

/// A WeComApi on a loopback port, with a control endpoint beside it: POST /simulator/fault with a fault (WeChatFaults),
/// DELETE /simulator/fault; POST /simulator/expire?what=tokens; GET /simulator/screen?member=M (what he sees, as JSON);
/// with a platform also POST /simulator/tap?member=M&button=接单, and POST /simulator/write?member=M with his words as
/// the body: both answer with what he is shown.
class WeComServer {
 public:
  /// All must outlive this. `platform` may be null.
  WeComServer(WeComApi& api, WeComPlatform* platform, const Clock& clock, int port = 0);
  /// Begins to listen; returns its address, without a slash at its end.
  [[nodiscard]] Expected<std::string> start();
  void stop() { server_.stop(); }

 private:
  [[nodiscard]] HttpReply control(const HttpRequest& request);
  [[nodiscard]] HttpReply act(const HttpRequest& request, bool taps);

  WeComApi& api_;
  WeComPlatform* platform_;
  HttpServer server_;
};

}  // namespace huiyin::simulators
