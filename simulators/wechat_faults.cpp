#include "simulators/wechat_faults.h"

#include <algorithm>
#include <charconv>
#include <thread>

namespace huiyin::simulators {
namespace {

using Kind = WeChatFault::Kind;

/// `answer`: a name, or an errcode.
bool read_answer(const std::string& text, WeChatFault& fault) {
  constexpr std::pair<std::string_view, Kind> kNames[] = {
      {"html", Kind::html}, {"half", Kind::half}, {"empty", Kind::empty}};
  for (const auto& [name, kind] : kNames) {
    if (text != name) continue;
    fault.kind = kind;
    return true;
  }
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), fault.code);
  return error == std::errc() && end == text.data() + text.size();
}

}  // namespace

std::optional<WeChatFault> read_fault(const YamlNode& node, std::vector<Error>& errors) {
  const auto before = errors.size();
  YamlReader read(node, "faults", errors);
  WeChatFault fault{.call = read.text("call", "")};
  fault.times = static_cast<int>(read.number("times", 1, 1000000, 1));
  if (node.find("status")) {
    fault.kind = Kind::status;
    fault.code = read.number("status", 400, 599);
  } else if (node.find("stall")) {
    fault.kind = Kind::stall;
    fault.wait = std::chrono::seconds(read.number("stall", 1, 600));
  } else if (!read_answer(read.text("answer"), fault)) {
    read.complain("answer", "answer is no errcode, and none of html, half, empty");
  }
  read.finish();
  return errors.size() == before ? std::optional(fault) : std::nullopt;
}

void WeChatFaults::add(WeChatFault fault) {
  const std::scoped_lock lock(mutex_);
  waiting_.push_back(std::move(fault));
}

void WeChatFaults::clear() {
  const std::scoped_lock lock(mutex_);
  waiting_.clear();
}

std::optional<WeChatFault> WeChatFaults::take(std::string_view path) {
  const std::scoped_lock lock(mutex_);
  const auto found = std::find_if(waiting_.begin(), waiting_.end(),
                                  [path](const WeChatFault& fault) { return path.ends_with(fault.call); });
  if (found == waiting_.end()) return std::nullopt;
  auto fault = *found;
  if (--found->times <= 0) waiting_.erase(found);
  return fault;
}

HttpReply answer_with(const std::optional<WeChatFault>& fault, const std::function<HttpReply(std::int64_t)>& coded,
                      const std::function<HttpReply()>& serve) {
  const auto page = [](int status) {
    return HttpReply{.status = status,
                     .body = "<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>",
                     .headers = {{"Content-Type", "text/html"}}};
  };
  if (!fault) return serve();
  if (fault->kind == Kind::code) return coded(fault->code);
  if (fault->kind == Kind::html) return page(200);
  if (fault->kind == Kind::status) return page(static_cast<int>(fault->code));
  auto reply = serve();
  if (fault->kind == Kind::half) reply.body.resize(reply.body.size() / 2);
  if (fault->kind == Kind::empty) reply.body.clear();
  if (fault->kind == Kind::stall) std::this_thread::sleep_for(fault->wait);
  return reply;
}

}  // namespace huiyin::simulators
