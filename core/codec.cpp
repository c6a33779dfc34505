// The JSON forms of what the store keeps as text. Fields that hold their default are left out: the hot rows stay small.
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "core/dialog_state.h"
#include "core/message.h"

namespace huiyin {
namespace {

using Json = nlohmann::json;

void put(Json& json, const char* key, const std::string& value) {
  if (!value.empty()) json[key] = value;
}

void put_time(Json& json, const char* key, const std::optional<Time>& value) {
  if (value) json[key] = value->time_since_epoch().count();
}

std::optional<Time> get_time(const Json& json, const char* key) {
  const auto found = json.find(key);
  if (found == json.end()) return std::nullopt;
  return Time{Millis{found->get<std::int64_t>()}};
}

std::string write(const Json& json) {
  // Text was cleaned at the door; should a stray byte have come through, the row must still be written.
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json parse(const std::string& text, const char* what) {
  auto json = Json::parse(text, nullptr, false);
  if (!json.is_object()) throw std::runtime_error(std::string(what) + ": stored JSON is no object");
  return json;
}

Json to_json(const SlotValue& slot) {
  if (slot.shown.empty() && !slot.to_audit) return slot.value;
  Json json{{"v", slot.value}};
  put(json, "s", slot.shown);
  if (slot.to_audit) json["audit"] = true;
  return json;
}

SlotValue slot_from(const Json& json) {
  if (json.is_string()) return {.value = json.get<std::string>()};
  return {.value = json.value("v", ""), .shown = json.value("s", ""), .to_audit = json.value("audit", false)};
}

}  // namespace

std::string encode(const DialogState& state) {
  Json json = Json::object();
  put(json, "flow", state.flow);
  put(json, "asking", state.asking);
  if (state.misses != 0) json["misses"] = state.misses;
  for (const auto& [field, slot] : state.slots) json["slots"][field] = to_json(slot);
  for (const auto& id : state.attachments) json["attachments"].push_back(id.value);
  if (!state.asked.empty()) json["asked"] = state.asked;
  put(json, "proposal", state.proposal);
  put(json, "resume", state.resume);
  put(json, "hint", state.hint);
  put(json, "danger", state.danger);
  if (state.consent != ConsentNotice::none) json["consent"] = static_cast<int>(state.consent);
  if (state.ticket) json["ticket"] = state.ticket.value;
  put(json, "number", state.ticket_number);
  if (state.draft) json["draft"] = true;
  put_time(json, "touched", state.touched);
  put_time(json, "media_at", state.media_acknowledged);
  return write(json);
}

DialogState decode_dialog_state(const std::string& text) {
  if (text.empty()) return {};
  const Json json = parse(text, "dialog state");
  try {
    DialogState state{
        .flow = json.value("flow", ""), .asking = json.value("asking", ""), .misses = json.value("misses", 0)};
    if (const auto slots = json.find("slots"); slots != json.end())
      for (const auto& [field, slot] : slots->items()) state.slots[field] = slot_from(slot);
    if (const auto ids = json.find("attachments"); ids != json.end())
      for (const auto& id : *ids) state.attachments.push_back(AttachmentId{id.get<std::int64_t>()});
    state.asked = json.value("asked", std::vector<std::string>{});
    state.proposal = json.value("proposal", "");
    state.resume = json.value("resume", "");
    state.hint = json.value("hint", "");
    state.danger = json.value("danger", "");
    const int consent = json.value("consent", 0);
    if (consent >= 0 && consent <= static_cast<int>(ConsentNotice::accepted)) state.consent = ConsentNotice{consent};
    state.ticket = TicketId{json.value("ticket", std::int64_t{0})};
    state.ticket_number = json.value("number", "");
    state.draft = json.value("draft", false);
    state.touched = get_time(json, "touched");
    state.media_acknowledged = get_time(json, "media_at");
    return state;
  } catch (const Json::exception& error) {
    throw std::runtime_error(std::string("dialog state: ") + error.what());
  }
}

std::string encode(const OutboundMessage& message) {
  Json json = Json::object();
  put(json, "key", message.key);
  put(json, "channel", message.to.channel);
  put(json, "to", message.to.address);
  put(json, "template", message.template_name);
  for (const auto& [name, value] : message.data) json["data"].push_back({name, value});
  put(json, "text", message.text);
  put(json, "locale", message.locale);
  for (const auto& choice : message.choices) json["choices"].push_back({choice.id, choice.label});
  for (const auto& article : message.articles)
    json["articles"].push_back({article.title, article.description, article.picture_url, article.url});
  for (const auto& media : message.media) json["media"].push_back({static_cast<int>(media.kind), media.media_id});
  if (message.hand_to_desk) json["desk"] = true;
  return write(json);
}

OutboundMessage decode_outbound_message(const std::string& text) {
  const Json json = parse(text, "outbound message");
  const Json none = Json::array();
  const auto list = [&](const char* key) -> const Json& { return json.contains(key) ? json.at(key) : none; };
  try {
    OutboundMessage message{.key = json.value("key", ""),
                            .to = {.channel = json.value("channel", ""), .address = json.value("to", "")},
                            .template_name = json.value("template", ""),
                            .text = json.value("text", ""),
                            .locale = json.value("locale", ""),
                            .hand_to_desk = json.value("desk", false)};
    for (const auto& pair : list("data"))
      message.data.emplace_back(pair.at(0).get<std::string>(), pair.at(1).get<std::string>());
    for (const auto& choice : list("choices"))
      message.choices.push_back({choice.at(0).get<std::string>(), choice.at(1).get<std::string>()});
    for (const auto& article : list("articles"))
      message.articles.push_back({article.at(0).get<std::string>(), article.at(1).get<std::string>(),
                                  article.at(2).get<std::string>(), article.at(3).get<std::string>()});
    for (const auto& media : list("media"))
      message.media.push_back({static_cast<MediaKind>(media.at(0).get<int>()), media.at(1).get<std::string>()});
    return message;
  } catch (const Json::exception& error) {
    throw std::runtime_error(std::string("outbound message: ") + error.what());
  }
}

}  // namespace huiyin
