#include "simulators/wecom_server.h"

#include "simulators/chat_server.h"
#include "simulators/control.h"

namespace huiyin::simulators {
namespace {

constexpr std::string_view kControl = "/simulator/";
constexpr std::size_t kThreads = 16;
constexpr std::size_t kMaxBody = 12U << 20;  // a photo

}  // namespace

WeComServer::WeComServer(WeComApi& api, WeComPlatform* platform, const Clock& clock, int port)
    : api_(api), platform_(platform), server_({.port = port, .threads = kThreads, .max_body_bytes = kMaxBody}, clock) {
  server_.handle([this](const HttpRequest& request) {
    return request.path.starts_with(kControl) ? control(request) : api_.answer(request);
  });
}

Expected<std::string> WeComServer::start() {
  const auto port = server_.start();
  if (!port) return tl::unexpected(port.error());
  return "http://127.0.0.1:" + std::to_string(*port);
}

HttpReply WeComServer::control(const HttpRequest& request) {
  const auto what = request.path.substr(kControl.size());
  if (what == "fault") return control_faults(api_.faults(), request);
  if (what == "screen" && request.method == "GET") return screen_reply(api_.screen(request.param("member")));
  if (what == "expire" && request.method == "POST" && request.param("what") == "tokens")
    return api_.expire_tokens(), plain(200, "tokens are dead");
  if ((what == "tap" || what == "write") && request.method == "POST") return act(request, what == "tap");
  return plain(404, "no such control");
}

HttpReply WeComServer::act(const HttpRequest& request, bool taps) {
  if (platform_ == nullptr) return plain(404, "no callback is connected");
  const auto member = request.param("member");
  const auto message = taps ? platform_->tap(member, request.param("button")) : platform_->write(member, request.body);
  if (!message) return plain(404, "no card of his has that button");
  const auto delivery = platform_->deliver(*message);
  return delivery.violation.empty() ? plain(200, delivery.shown) : plain(502, delivery.violation);
}

}  // namespace huiyin::simulators
