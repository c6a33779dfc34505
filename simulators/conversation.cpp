#include "simulators/conversation.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <ostream>
#include <thread>
#include <utility>

#include "core/yaml.h"
#include "simulators/held_database.h"
#include "simulators/wechat_api.h"

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

struct Action {
  std::variant<OwnerMessage, TapsLink, Waits, AnswersNotice, StaffActs, TypesSms> does;
  std::string shown;
};

/// What the owner does beside writing: menu, follow, scan, his answer to a notice.
std::optional<Action> make_tap(std::string_view kind, const std::string& value) {
  if (kind == "menu") return Action{CausesEvent{"CLICK", value, {}}, "[菜单] " + value};
  if (kind == "follow")
    return Action{CausesEvent{"subscribe", value.empty() ? "" : "qrscene_" + value, {}}, "[关注公众号]"};
  if (kind == "unfollow") return Action{CausesEvent{"unsubscribe", {}, {}}, "[取消关注]"};
  if (kind == "scan") return Action{CausesEvent{"SCAN", value, {}}, "[扫码]"};
  if (kind == "accept") return Action{AnswersNotice{value, true}, "[同意接收通知]"};
  if (kind == "refuse") return Action{AnswersNotice{value, false}, "[拒绝接收通知]"};
  if (kind != "tap") return {};
  const bool number = value.size() == 1 && value[0] >= '1' && value[0] <= '9';
  return number ? std::optional(Action{TapsLink{value[0] - '0'}, {}}) : std::nullopt;
}

/// `value` of the key `kind`; nothing where it is malformed.
std::optional<Action> make_action(std::string_view kind, const std::string& value) {
  if (kind == "text") return Action{SaysText{value}, value};
  if (kind == "photo") return Action{SendsPhoto{}, "[照片] " + value};
  if (kind == "voice") return Action{SendsVoice{{}, value}, "[语音] " + value};
  if (kind == "video") return Action{SendsVideo{}, "[视频] " + value};
  if (kind == "file") return Action{SendsFile{value}, "[文件] " + value};
  if (kind == "sms") return Action{TypesSms{value}, value};
  if (kind == "staff") {
    const auto acts = read_staff_acts(value);
    return acts ? std::optional(Action{*acts, {}}) : std::nullopt;
  }
  if (kind != "location") return make_tap(kind, value);
  const auto place = read_location(value);
  return place ? std::optional(Action{*place, "[位置] " + place->label}) : std::nullopt;
}

constexpr std::string_view kKinds[] = {"text",   "photo",  "voice",    "video", "file",     "menu",  "follow", "scan",
                                       "accept", "refuse", "unfollow", "tap",   "location", "staff", "sms"};

void read_faults(YamlReader& read, std::vector<WeChatFault>& out, std::vector<Error>& errors) {
  const auto list = read.child("faults");
  if (!list) return;
  for (const auto& node : list->items())
    if (const auto fault = read_fault(node, errors)) out.push_back(*fault);
}

std::optional<ConversationStep> read_step(const YamlNode& node, std::vector<Error>& errors) {
  if (node.is_scalar()) {
    ConversationStep step{.action = SaysText{node.text()}, .shown = node.text()};
    step.line = node.line();
    return step;
  }
  if (!node.is_map()) {
    errors.push_back(node.error("not a turn", "Write the owner's words, or one of text, photo, tap … with its value"));
    return {};
  }
  YamlReader read(node, "turns", errors);
  ConversationStep step{.action = Waits{}, .expect = read.texts("expect")};
  step.line = node.line();
  step.expect_push = read.texts("expect_push");
  step.expect_sms = read.texts("expect_sms");
  step.expect_fetch = read.flag("expect_fetch", false);
  step.within = std::chrono::seconds(read.number("within", 1, 600, 5));
  read_faults(read, step.faults, errors);
  step.database_busy = std::chrono::seconds(read.number("database_busy", 1, 60, 0));
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
  if (!found && step.expect_push.empty() && step.expect_sms.empty())
    errors.push_back(node.error("a turn in which the owner does nothing"));
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
  Player(const Conversation& conversation, WeChatPlatform& platform, std::ostream& out, const std::string& database,
         WeComPlatform* staff, SmsPhones* phones)
      : conversation_(conversation),
        platform_(platform),
        out_(out),
        database_(database),
        staff_(staff),
        phones_(phones) {}

  void take(const ConversationStep& step) {
    std::optional<HeldDatabase> held;
    if (step.database_busy.count() > 0) {
      if (database_.empty()) return;
      held.emplace(database_, step.database_busy);
      if (!held->is_held()) return fail(step, "the database cannot be kept busy");
      out_ << "        （数据库忙 the database is busy for " << step.database_busy.count() << " s）\n";
    }
    add_faults(step.faults);
    if (const auto* acts = std::get_if<StaffActs>(&step.action)) {
      take_staff(step, *acts);
    } else if (const auto* types = std::get_if<TypesSms>(&step.action)) {
      type_sms(step, *types);
    } else if (!std::holds_alternative<Waits>(step.action)) {
      const auto message = message_of(step);
      if (!message) return fail(step, "there is no such link to tap");
      write_lines(out_, conversation_.owner, shown_);
      deliver(step, *message);
      ++result_.messages;
    }
    if (!step.expect_sms.empty()) take_sms(step);
    if (platform_.api() == nullptr) return;
    if (step.expect_fetch && !is_fetched(step)) fail(step, "the media was not fetched");
    if (!step.expect_push.empty()) take_push(step);
    platform_.deliver_job_events();
  }
  void add_faults(const std::vector<WeChatFault>& faults) {
    if (platform_.api() == nullptr) return;
    for (const auto& fault : faults) platform_.api()->faults().add(fault);
  }
  [[nodiscard]] PlayResult result() && { return std::move(result_); }

 private:
  std::optional<OwnerMessage> message_of(const ConversationStep& step) {
    shown_ = step.shown;
    if (const auto* message = std::get_if<OwnerMessage>(&step.action)) return *message;
    if (const auto* answer = std::get_if<AnswersNotice>(&step.action)) return answer_event(*answer);
    const auto index = static_cast<std::size_t>(std::get<TapsLink>(step.action).number - 1);
    if (index >= last_.links.size()) return {};
    const auto& link = last_.links[index];
    shown_ = "[点选] " + link.content;
    return SaysText{link.content, link.id};
  }
  void take_staff(const ConversationStep& step, const StaffActs& acts) {
    if (staff_ == nullptr) return fail(step, "no work chat is connected");
    const auto turn = take_staff_turn(*staff_, acts, number_, step.copies, step.within);
    const auto name = conversation_.staff.find(acts.member);
    const auto& who = name == conversation_.staff.end() ? acts.member : name->second;
    if (!turn.did.empty()) write_lines(out_, who, turn.did);
    if (!turn.shown.empty()) write_lines(out_, who + "（企业微信里看到）", turn.shown);
    out_ << std::flush;
    for (const auto& failure : turn.failures) fail(step, failure);
    for (const auto& words : step.expect)
      if (turn.shown.find(words) == std::string::npos) fail(step, who + " is not shown 「" + words + "」");
    note(turn.shown);
    ++result_.messages;
  }
  void type_sms(const ConversationStep& step, const TypesSms& types) {
    if (phones_ == nullptr) return fail(step, "no SMS provider is connected");
    write_lines(out_, conversation_.owner + "（短信）", types.words);
    if (const auto wrong = phones_->says(conversation_.phone, types.words); !wrong.empty()) fail(step, wrong);
    ++result_.messages;
  }
  void take_sms(const ConversationStep& step) {
    if (phones_ == nullptr) return fail(step, "no SMS provider is connected");
    const auto text = phones_->wait_for(conversation_.phone, seen_sms_, step.within);
    if (!text) return fail(step, "no SMS came");
    ++seen_sms_;
    write_lines(out_, conversation_.owner + "（手机上收到短信）", *text);
    out_ << std::flush;
    for (const auto& words : step.expect_sms)
      if (text->find(words) == std::string::npos) fail(step, "the SMS lacks 「" + words + "」");
    note(*text);
  }
  void note(const std::string& shown) {
    result_.transcript += shown + "\n";
    if (auto number = last_ticket_number(shown); !number.empty()) number_ = std::move(number);
  }
  OwnerMessage answer_event(const AnswersNotice& answer) {
    if (platform_.api() != nullptr)
      platform_.api()->owner_answered(conversation_.openid, answer.template_id, answer.accepts);
    return CausesEvent{"subscribe_msg_popup_event",
                       {},
                       "<SubscribeMsgPopupEvent><List><TemplateId><![CDATA[" + answer.template_id +
                           "]]></TemplateId><SubscribeStatusString><![CDATA[" + (answer.accepts ? "accept" : "reject") +
                           "]]></SubscribeStatusString><PopupScene>1</PopupScene></List></SubscribeMsgPopupEvent>"};
  }
  void deliver(const ConversationStep& step, const OwnerMessage& message) {
    const auto prepared = platform_.prepare(conversation_.openid, message);
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
    note(last_.shown);
  }
  void take_push(const ConversationStep& step) {
    const auto seen = static_cast<std::size_t>(result_.pushes);
    const auto push = platform_.api()->wait_for_push(conversation_.openid, seen, step.within);
    if (!push) return fail(step, "nothing was pushed");
    ++result_.pushes;
    write_lines(out_, conversation_.account + "（主动推送）", push->shown);
    out_ << std::flush;
    for (const auto& words : step.expect_push)
      if (push->shown.find(words) == std::string::npos) fail(step, "the push lacks 「" + words + "」");
    note(push->shown);
  }
  bool is_fetched(const ConversationStep& step) {
    const auto give_up = std::chrono::steady_clock::now() + step.within;
    while (platform_.api()->media_fetched() <= fetched_) {
      if (std::chrono::steady_clock::now() > give_up) return false;
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    out_ << "        （微信的照片已取回 the photo was fetched）\n";
    fetched_ = platform_.api()->media_fetched();
    return true;
  }
  void fail(const ConversationStep& step, const std::string& why) {
    result_.failures.push_back("line " + std::to_string(step.line) + ": " + why);
  }

  const Conversation& conversation_;
  WeChatPlatform& platform_;
  std::ostream& out_;
  const std::string database_;
  WeComPlatform* const staff_;
  SmsPhones* const phones_;
  std::size_t seen_sms_ = 0;
  std::string number_;  // of the ticket that was seen last
  std::string shown_;
  WeChatDelivery last_;
  int fetched_ = 0;
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
  out.phone = read.text("phone", "");
  out.owner = read.text("owner", "业主");
  out.account = read.text("account", "物业");
  if (const auto names = read.child("staff"))
    for (const auto& [member, called] : names->entries()) out.staff[member] = called.text();
  if (const auto turns = read.required("turns")) {
    for (const auto& node : turns->items()) {
      if (auto step = read_step(node, errors)) out.steps.push_back(*std::move(step));
    }
    if (errors.empty() && out.steps.empty()) read.complain("turns", "no turns", "List what the owner does");
  }
  read_faults(read, out.faults, errors);
  read.finish();
  if (!errors.empty()) return tl::unexpected(std::move(errors));
  return out;
}

PlayResult play(const Conversation& conversation, WeChatPlatform& platform, std::ostream& out,
                std::chrono::milliseconds pace, const std::string& database, WeComPlatform* staff, SmsPhones* phones) {
  Player player(conversation, platform, out, database, staff, phones);
  player.add_faults(conversation.faults);
  for (const auto& step : conversation.steps) {
    std::this_thread::sleep_for(pace);
    player.take(step);
  }
  return std::move(player).result();
}

}  // namespace huiyin::simulators
