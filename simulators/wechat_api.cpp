#include "simulators/wechat_api.h"

#include <algorithm>
#include <array>
#include <thread>
#include <utility>

#include "simulators/wechat_calls.h"

namespace huiyin::simulators {
namespace {

constexpr std::uint64_t kFirstNoticeId = 3487542469355618313;
}  // namespace

WeChatApi::WeChatApi(Config config, const Clock& clock, Random& random)
    : config_(std::move(config)),
      clock_(clock),
      random_(random),
      tokens_(config_.token_life, [this] { return random_word(136); }),
      ledger_(config_.limits),
      next_id_(kFirstNoticeId + random.next() % 1000) {}

std::string WeChatApi::random_word(std::size_t length) {
  constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string out;
  while (out.size() < length) out += kLetters[random_.next() % kLetters.size()];
  return out;
}

std::string WeChatApi::next_message_id() { return std::to_string(next_id_++); }

void WeChatApi::show(WeChatPush push) {
  pushes_.push_back(std::move(push));
  pushed_.notify_all();
}

HttpReply WeChatApi::answer(const HttpRequest& request) {
  const auto fault = faults_.take(request.path);
  {
    const std::scoped_lock lock(mutex_);
    ++calls_[request.path];
  }
  return answer_with(
      fault, [](std::int64_t code) { return api_answer(code, "as the simulator was told"); },
      [&] {
        const std::scoped_lock lock(mutex_);
        return serve(request, request.path);
      });
}

HttpReply WeChatApi::serve(const HttpRequest& request, const std::string& call) {
  const auto entry = WeChatCalls::table().find(call);
  if (entry == WeChatCalls::table().end()) return api_answer(40066, "invalid url");
  if (request.method != entry->second.method)
    return request.method == "GET" ? api_answer(43002, "require POST method") : api_answer(43001, "require GET method");
  const auto now = clock_.now();
  if (entry->second.needs_token) {
    const auto refused = tokens_.check(request.param("access_token"), now);
    if (refused != 0) return api_answer(refused, "access_token is invalid, expired or missing");
  }
  return entry->second.call(*this, request, now);
}

void WeChatApi::set_base_url(std::string url) {
  const std::scoped_lock lock(mutex_);
  config_.base_url = std::move(url);
}

void WeChatApi::owner_wrote(const std::string& openid) {
  const std::scoped_lock lock(mutex_);
  ledger_.wrote(openid, clock_.now());
}

void WeChatApi::owner_acted(const std::string& openid) {
  const std::scoped_lock lock(mutex_);
  ledger_.acted(openid, clock_.now());
}

void WeChatApi::owner_unfollowed(const std::string& openid) {
  const std::scoped_lock lock(mutex_);
  ledger_.unfollowed(openid);
}

void WeChatApi::owner_answered(const std::string& openid, const std::string& template_id, bool accepts) {
  const std::scoped_lock lock(mutex_);
  auto& credits = credits_[openid + " " + template_id];
  credits = accepts ? credits + 1 : 0;
}

std::string WeChatApi::keep_media(std::string bytes, std::string content_type, std::string extension) {
  const std::scoped_lock lock(mutex_);
  auto id = random_word(64);
  media_[id] = {std::move(bytes), std::move(content_type), std::move(extension), clock_.now() + config_.media_life};
  return id;
}

void WeChatApi::expire_media() {
  const std::scoped_lock lock(mutex_);
  for (auto& [id, media] : media_) media.expires = clock_.now();
}

void WeChatApi::expire_tokens() {
  const std::scoped_lock lock(mutex_);
  tokens_.kill_all();
}

std::vector<WeChatPush> WeChatApi::pushes(const std::string& openid) const {
  const std::scoped_lock lock(mutex_);
  std::vector<WeChatPush> out;
  for (const auto& push : pushes_)
    if (push.openid == openid) out.push_back(push);
  return out;
}

std::optional<WeChatPush> WeChatApi::wait_for_push(const std::string& openid, std::size_t seen,
                                                   std::chrono::milliseconds patience) const {
  std::unique_lock lock(mutex_);
  std::optional<WeChatPush> found;
  pushed_.wait_for(lock, patience, [&] {
    std::size_t before = 0;
    for (const auto& push : pushes_)
      if (push.openid == openid && before++ == seen) found = push;
    return found.has_value();
  });
  return found;
}

std::vector<WeChatJobEvent> WeChatApi::take_job_events() {
  const std::scoped_lock lock(mutex_);
  return std::exchange(job_events_, {});
}

int WeChatApi::remaining(const std::string& openid) const {
  const std::scoped_lock lock(mutex_);
  return ledger_.remaining(openid, clock_.now());
}

int WeChatApi::calls(const std::string& call) const {
  const std::scoped_lock lock(mutex_);
  int sum = 0;
  for (const auto& [path, count] : calls_) sum += path.ends_with(call) ? count : 0;
  return sum;
}

int WeChatApi::media_fetched() const {
  const std::scoped_lock lock(mutex_);
  return media_fetched_;
}

std::string WeChatApi::menu() const {
  const std::scoped_lock lock(mutex_);
  return menu_;
}

void WeChatApi::set_counters(const std::string& day, int calls, int failed) {
  const std::scoped_lock lock(mutex_);
  counters_[day] = {calls, failed};
}

std::string WeChatApi::scene_of(const std::string& url) const {
  const std::scoped_lock lock(mutex_);
  const auto found = scenes_.find(url);
  return found == scenes_.end() ? std::string() : found->second;
}

}  // namespace huiyin::simulators
