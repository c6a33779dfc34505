#include "simulators/conversation.h"

#include <algorithm>
#include <charconv>
#include <functional>
#include <optional>
#include <ostream>
#include <thread>
#include <utility>

#include "core/yaml.h"

namespace huiyin::simulators {
namespace {

std::optional<SendsLocation> read_location(const std::string& text) {
  SendsLocation place;
  const char* at = text.data();
  const char* const end = at + text.size();
  auto result = std::from_chars(at, end, place.latitude);
  if (result.ec != std::errc() || result.ptr == end || *result.ptr != ',') return {};
  result = std::from_chars(result.ptr + 1, end, place.longitude);
  if (result.ec != std::errc()) return {};
  if (result.ptr != end) place.label = std::string(result.ptr + 1, end);
  return place;
}

/// The media id of a photo that the transcript calls `name`.
std::string media_id(const std::string& name) { return "media-" + std::to_string(std::hash<std::string>{}(name)); }

struct Action {
  std::variant<OwnerMessage, TapsLink> does;
  std::string shown;
};

/// `value` of the key `kind`; nothing where it is malformed.
std::optional<Action> make_action(std::string_view kind, const std::string& value) {
  if (kind == "text") return Action{SaysText{value}, value};
  if (kind == "photo") return Action{SendsPhoto{media_id(value)}, "[照片] " + value};
  if (kind == "voice") return Action{SendsVoice{media_id(value), value}, "[语音] " + value};
  if (kind == "video") return Action{SendsVideo{media_id(value)}, "[视频] " + value};
  if (kind == "file") return Action{SendsFile{value}, "[文件] " + value};
  if (kind == "menu") return Action{CausesEvent{"CLICK", value, {}}, "[菜单] " + value};
  if (kind == "follow") {
    return Action{CausesEvent{"subscribe", value.empty() ? "" : "qrscene_" + value, {}}, "[关注公众号]"};
  }
  if (kind == "unfollow") return Action{CausesEvent{"unsubscribe", {}, {}}, "[取消关注]"};
  if (kind == "tap") {
    const bool number = value.size() == 1 && value[0] >= '1' && value[0] <= '9';
    return number ? std::optional(Action{TapsLink{value[0] - '0'}, {}}) : std::nullopt;
  }
  if (kind == "location") {
    if (auto place = read_location(value)) return Action{*place, "[位置] " + place->label};
  }
  return {};
}

constexpr std::string_view kKinds[] = {"text", "photo",  "voice",    "video", "file",
                                       "menu", "follow", "unfollow", "tap",   "location"};

std::optional<ConversationStep> read_step(const YamlNode& node, std::vector<Error>& errors) {
  if (node.is_scalar()) {
    return ConversationStep{.action = SaysText{node.text()}, .shown = node.text(), .line = node.line()};
  }
  if (!node.is_map()) {
    errors.push_back(node.error("not a turn", "Write the owner's words, or one of text, photo, tap … with its value"));
    return {};
  }
  YamlReader read(node, "turns", errors);
  ConversationStep step{.expect = read.texts("expect"), .line = node.line()};
  step.copies = static_cast<int>(read.number("copies", 1, 10, 1));
  bool found = false;
  for (const auto kind : kKinds) {
    const auto child = read.child(kind);
    if (!child) continue;
    const auto action = make_action(kind, child->text());
    if (!action || found) {
      errors.push_back(
          child->error(found ? "a turn is one thing only" : "\"" + child->text() + "\" is no " + std::string(kind)));
      return {};
    }
    found = true;
    step.action = action->does;
    step.shown = action->shown;
  }
  if (!found) errors.push_back(node.error("a turn in which the owner does nothing"));
  read.finish();
  return step;
}

void write_lines(std::ostream& out, const std::string& who, const std::string& text) {
  std::size_t from = 0;
  std::string margin = who + "  ";
  while (from <= text.size()) {
    const auto end = std::min(text.find('\n', from), text.size());
    out << margin << text.substr(from, end - from) << '\n';
    margin = "        ";
    from = end + 1;
  }
}

class Player {
 public:
  Player(const Conversation& conversation, WeChatPlatform& platform, std::ostream& out)
      : conversation_(conversation), platform_(platform), out_(out) {}

  void take(const ConversationStep& step) {
    const auto message = message_of(step);
    if (!message) return fail(step, "there is no such link to tap");
    write_lines(out_, conversation_.owner, shown_);
    const auto prepared = platform_.prepare(conversation_.openid, *message);
    auto deliveries =
        step.copies > 1 ? platform_.deliver_at_once(prepared, step.copies) : std::vector{platform_.deliver(prepared)};
    for (const auto& delivery : deliveries) {
      if (!delivery.violation.empty()) fail(step, delivery.violation);
      if (delivery.shown != deliveries.front().shown)
        fail(step, "two deliveries of one message were answered differently");
    }
    last_ = std::move(deliveries.front());
    if (!last_.shown.empty()) write_lines(out_, conversation_.account, last_.shown);
    out_ << std::flush;
    for (const auto& words : step.expect) {
      if (last_.shown.find(words) == std::string::npos) fail(step, "the reply lacks 「" + words + "」");
    }
    result_.transcript += last_.shown + "\n";
    ++result_.messages;
  }
  [[nodiscard]] PlayResult result() && { return std::move(result_); }

 private:
  std::optional<OwnerMessage> message_of(const ConversationStep& step) {
    shown_ = step.shown;
    if (const auto* message = std::get_if<OwnerMessage>(&step.action)) return *message;
    const auto index = static_cast<std::size_t>(std::get<TapsLink>(step.action).number - 1);
    if (index >= last_.links.size()) return {};
    const auto& link = last_.links[index];
    shown_ = "[点选] " + link.content;
    return SaysText{link.content, link.id};
  }
  void fail(const ConversationStep& step, const std::string& why) {
    result_.failures.push_back("line " + std::to_string(step.line) + ": " + why);
  }

  const Conversation& conversation_;
  WeChatPlatform& platform_;
  std::ostream& out_;
  std::string shown_;
  WeChatDelivery last_;
  PlayResult result_;
};

}  // namespace

tl::expected<Conversation, std::vector<Error>> parse_conversation(std::string_view text, const std::string& name) {
  auto document = YamlNode::parse(text, name);
  if (!document) return tl::unexpected(std::vector{document.error()});
  std::vector<Error> errors;
  Conversation out;
  YamlReader read(*document, {}, errors);
  out.title = read.text("title");
  out.openid = read.text("openid", "oDemo_WangJianguo_0000000001");
  out.owner = read.text("owner", "业主");
  out.account = read.text("account", "物业");
  if (const auto turns = read.required("turns")) {
    for (const auto& node : turns->items()) {
      if (auto step = read_step(node, errors)) out.steps.push_back(*std::move(step));
    }
    if (errors.empty() && out.steps.empty()) read.complain("turns", "no turns", "List what the owner does");
  }
  read.finish();
  if (!errors.empty()) return tl::unexpected(std::move(errors));
  return out;
}

PlayResult play(const Conversation& conversation, WeChatPlatform& platform, std::ostream& out,
                std::chrono::milliseconds pace) {
  Player player(conversation, platform, out);
  for (const auto& step : conversation.steps) {
    std::this_thread::sleep_for(pace);
    player.take(step);
  }
  return std::move(player).result();
}

}  // namespace huiyin::simulators
