#include "simulators/wechat_api_server.h"

#include <nlohmann/json.hpp>

#include "simulators/control.h"

namespace huiyin::simulators {
namespace {

constexpr std::string_view kControl = "/simulator/";
constexpr std::size_t kThreads = 16;

}  // namespace

WeChatApiServer::WeChatApiServer(WeChatApi& api, const Clock& clock, int port)
    : api_(api), server_({.port = port, .threads = kThreads}, clock) {
  server_.handle([this](const HttpRequest& request) {
    return request.path.starts_with(kControl) ? control(request) : api_.answer(request);
  });
}

Expected<std::string> WeChatApiServer::start() {
  const auto port = server_.start();
  if (!port) return tl::unexpected(port.error());
  auto url = "http://127.0.0.1:" + std::to_string(*port);
  api_.set_base_url(url);
  return url;
}

HttpReply WeChatApiServer::control(const HttpRequest& request) {
  const auto what = request.path.substr(kControl.size());
  if (what == "fault") return control_faults(api_.faults(), request);
  if (what == "owner" && request.method == "POST") return owner(request);
  if (what == "pushes" && request.method == "GET") return pushes(request);
  if (what == "expire" && request.method == "POST") {
    if (request.param("what") == "tokens") return api_.expire_tokens(), plain(200, "tokens are dead");
    if (request.param("what") == "media") return api_.expire_media(), plain(200, "media is gone");
  }
  return plain(404, "no such control");
}

HttpReply WeChatApiServer::owner(const HttpRequest& request) {
  const auto openid = request.param("openid"), does = request.param("does"), with = request.param("template");
  if (openid.empty()) return plain(400, "openid is missing");
  if (does == "writes")
    api_.owner_wrote(openid);
  else if (does == "acts")
    api_.owner_acted(openid);
  else if (does == "unfollows")
    api_.owner_unfollowed(openid);
  else if (does == "accepts" || does == "refuses")
    api_.owner_answered(openid, with, does == "accepts");
  else
    return plain(400, "does is none of writes, acts, unfollows, accepts, refuses");
  return plain(200, "done");
}

HttpReply WeChatApiServer::pushes(const HttpRequest& request) {
  auto out = nlohmann::json::array();
  for (const auto& push : api_.pushes(request.param("openid")))
    out.push_back({{"call", push.call}, {"kind", push.kind}, {"shown", push.shown}, {"id", push.id}});
  return {.body = out.dump(), .headers = {{"Content-Type", "application/json"}}};
}

}  // namespace huiyin::simulators
