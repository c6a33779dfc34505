#include "gateway/monitor.h"

namespace huiyin::gateway {
namespace {

HttpReply plain(int status, std::string body) {
  return {.status = status, .body = std::move(body), .headers = {{"Content-Type", "text/plain; charset=utf-8"}}};
}

}  // namespace

HttpReply Monitor::handle(const HttpRequest& request) const {
  if (request.method != "GET" && request.method != "HEAD") return plain(405, "only GET is answered here\n");
  if (request.path == "/healthz") return plain(200, "ok\n");
  if (request.path == "/readyz") {
    const auto spooled = spool_.size();
    const std::string waiting = spooled == 0 ? "" : std::to_string(spooled) + " requests wait in the spool\n";
    if (node_.is_ready()) return plain(200, "ready\n" + waiting);
    return plain(503, "not ready: " + node_.why_not() + "\n" + waiting);
  }
  if (request.path == "/metrics") {
    metrics_.spool_depth(spool_.size());
    auto reply = plain(200, metrics_.text());
    reply.headers = {{"Content-Type", "text/plain; version=0.0.4; charset=utf-8"}};
    return reply;
  }
  return plain(404, "/healthz, /readyz and /metrics are answered here\n");
}

}  // namespace huiyin::gateway
