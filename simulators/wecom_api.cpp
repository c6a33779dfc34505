#include "simulators/wecom_api.h"

#include <algorithm>
#include <utility>

#include "simulators/wechat_calls.h"
#include "simulators/wecom_calls.h"

namespace huiyin::simulators {
namespace {

using namespace std::chrono_literals;

constexpr auto kCardLife = 72h;
constexpr auto kMediaLife = 72h;
}  // namespace

WeComApi::WeComApi(Config config, const Clock& clock, Random& random)
    : config_(std::move(config)), clock_(clock), random_(random) {}

std::string WeComApi::random_word(std::size_t length) {
  constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string out;
  while (out.size() < length) out += kLetters[random_.next() % kLetters.size()];
  return out;
}

HttpReply WeComApi::answer(const HttpRequest& request) {
  const auto fault = faults_.take(request.path);
  {
    const std::scoped_lock lock(mutex_);
    ++calls_[request.path];
  }
  return answer_with(
      fault, [](std::int64_t code) { return api_answer(code, "as the simulator was told"); },
      [&] {
        const std::scoped_lock lock(mutex_);
        return serve(request);
      });
}

HttpReply WeComApi::serve(const HttpRequest& request) {
  const auto entry = WeComCalls::table().find(request.path);
  if (entry == WeComCalls::table().end()) return api_answer(40066, "invalid url");
  if (request.method != entry->second.method) return api_answer(43001, "wrong method");
  const auto now = clock_.now();
  if (entry->second.needs_token) {
    const auto given = request.param("access_token");
    if (given.empty()) return api_answer(41001, "access_token missing");
    const bool current = token_ && token_->text == given;
    if (!current && !old_tokens_.contains(given)) return api_answer(40014, "invalid access_token");
    const auto& token = current ? *token_ : old_tokens_.at(given);
    if (token.ended || token.expires <= now) return api_answer(token.ended ? 40014 : 42001, "access_token expired");
  }
  return entry->second.call(*this, request, now);
}

void WeComApi::expire_tokens() {
  const std::scoped_lock lock(mutex_);
  if (token_) token_->ended = true;
  for (auto& [text, token] : old_tokens_) token.ended = true;
}

std::string WeComApi::keep_media(std::string bytes, std::string content_type, std::string extension) {
  const std::scoped_lock lock(mutex_);
  auto id = random_word(64);
  media_[id] = {std::move(bytes), std::move(content_type), std::move(extension), clock_.now() + kMediaLife};
  return id;
}

int WeComApi::calls(const std::string& call) const {
  const std::scoped_lock lock(mutex_);
  int sum = 0;
  for (const auto& [path, count] : calls_) sum += path.ends_with(call) ? count : 0;
  return sum;
}

int WeComApi::media_fetched() const {
  const std::scoped_lock lock(mutex_);
  return media_fetched_;
}

int WeComApi::dropped() const {
  const std::scoped_lock lock(mutex_);
  return dropped_;
}

bool WeComApi::has_room(const std::string& whom, int most) {
  const auto now = clock_.now();
  auto& times = sent_[whom];
  std::erase_if(times, [now](Time at) { return at + 1min <= now; });
  if (times.size() >= static_cast<std::size_t>(most)) return false;
  times.push_back(now);
  return true;
}

std::string WeComApi::new_response_code(const std::string& task_id, std::set<std::string> members) {
  auto code = random_word(72);
  codes_[code] = {task_id, std::move(members), clock_.now() + kCardLife};
  return code;
}

int WeComApi::change(const std::string& code, const std::set<std::string>& members, const std::string& replaced,
                     const WeComCard* card) {
  const auto found = codes_.find(code);
  if (found == codes_.end() || found->second.expires <= clock_.now()) return 40058;
  const auto what = found->second;
  const bool all_had_it =
      std::all_of(members.begin(), members.end(), [&](const auto& member) { return what.members.contains(member); });
  if (members.empty() || !all_had_it) return 81013;
  codes_.erase(found);  // once
  screens_.change([&](WeComShown& one) {
    if (one.task_id != what.task_id || !members.contains(one.member)) return;
    one.buttons = card == nullptr ? std::vector<WeComButton>() : card->buttons;
    one.replaced = replaced;
    if (card == nullptr) return;
    one.shown = card->shown;
    one.url = card->url;
    one.kind = card->type;
    auto& known = cards_[what.task_id];
    known.buttons.insert(known.buttons.end(), card->buttons.begin(), card->buttons.end());
    known.plain_buttons = known.buttons.size();
  });
  return 0;
}

std::optional<WeComApi::Tap> WeComApi::tap_on(const std::string& member, const std::string& task_id,
                                              const std::string& key) {
  const auto card = cards_.find(task_id);
  if (card == cards_.end()) return std::nullopt;
  const auto& buttons = card->second.buttons;
  const auto found =
      std::find_if(buttons.begin(), buttons.end(), [&](const WeComButton& button) { return button.key == key; });
  if (found == buttons.end()) return std::nullopt;
  const bool menu = static_cast<std::size_t>(found - buttons.begin()) >= card->second.plain_buttons;
  return Tap{task_id, card->second.type, key, menu, new_response_code(task_id, {member})};
}

std::optional<WeComApi::Tap> WeComApi::tap(const std::string& member, const std::string& button) {
  const std::scoped_lock lock(mutex_);
  std::string key;
  const auto card = screens_.newest([&](const WeComShown& one) {
    const auto found = std::find_if(one.buttons.begin(), one.buttons.end(),
                                    [&](const WeComButton& each) { return each.text == button; });
    if (one.member != member || found == one.buttons.end()) return false;
    key = found->key;
    return true;
  });
  return card ? tap_on(member, card->task_id, key) : std::nullopt;
}

std::optional<WeComApi::Tap> WeComApi::tap_old(const std::string& member, const std::string& task_id,
                                               const std::string& key) {
  const std::scoped_lock lock(mutex_);
  return tap_on(member, task_id, key);
}

std::string WeComApi::change_by_reply(const std::string& response_code, const std::string& replace_name) {
  const std::scoped_lock lock(mutex_);
  const auto found = codes_.find(response_code);
  if (found == codes_.end()) return "a card that cannot be changed any more";
  const auto members = found->second.members;  // the code and what it holds end with the change
  return change(response_code, members, replace_name, nullptr) == 0 ? "" : "the card is not changed";
}

std::string WeComApi::change_by_reply(const std::string& response_code, const WeComCard& card) {
  const std::scoped_lock lock(mutex_);
  const auto found = codes_.find(response_code);
  if (found == codes_.end()) return "a card that cannot be changed any more";
  const auto members = found->second.members;  // the code and what it holds end with the change
  return change(response_code, members, {}, &card) == 0 ? "" : "the card is not changed";
}

void WeComApi::show_reply(const std::string& member, const std::string& words) {
  const std::scoped_lock lock(mutex_);
  screens_.show({.member = member, .kind = "reply", .shown = words, .at = clock_.now()});
}

}  // namespace huiyin::simulators
