#include "simulators/chat_server.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "simulators/control.h"
#include "simulators/json_rules.h"

namespace huiyin::simulators {
namespace {

constexpr std::size_t kThreads = 16;
constexpr std::size_t kMaxBody = 12U << 20;  // a photo

}  // namespace

ChatServer::ChatServer(Chat chat, const Clock& clock, int port)
    : chat_(std::move(chat)), server_({.port = port, .threads = kThreads, .max_body_bytes = kMaxBody}, clock) {
  server_.handle([this](const HttpRequest& request) {
    if (request.path == "/simulator/fault") return control_faults(chat_.faults, request);
    if (request.path == "/simulator/screen") return screen_reply(chat_.screens.of(request.param("member")));
    return chat_.answer(request);
  });
}

Expected<std::string> ChatServer::start() {
  const auto port = server_.start();
  if (!port) return tl::unexpected(port.error());
  return "http://127.0.0.1:" + std::to_string(*port);
}

HttpReply screen_reply(const std::vector<StaffShown>& screen) {
  auto out = nlohmann::json::array();
  for (const auto& one : screen) {
    auto buttons = nlohmann::json::array();
    for (const auto& button : one.buttons) buttons.push_back({{"key", button.key}, {"text", button.text}});
    out.push_back({{"kind", one.kind},
                   {"shown", one.shown},
                   {"url", one.url},
                   {"task_id", one.task_id},
                   {"buttons", std::move(buttons)},
                   {"replaced", one.replaced}});
  }
  return json_reply(200, out);
}

}  // namespace huiyin::simulators
