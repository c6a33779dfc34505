// The JSON forms of what the store keeps as text. Fields that hold their default are left out: the hot rows stay small.
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "core/dialog_state.h"
#include "core/json_writer.h"
#include "core/message.h"

namespace huiyin {
namespace {

using Json = nlohmann::json;

void put(JsonWriter& json, const char* key, const std::string& value) {
  if (!value.empty()) json.key(key).value(value);
}

void put(JsonWriter& json, const char* key, std::int64_t value) {
  if (value != 0) json.key(key).value(value);
}

void put(JsonWriter& json, const char* key, bool value) {
  if (value) json.key(key).value(true);
}

void put_time(JsonWriter& json, const char* key, const std::optional<Time>& value) {
  if (value) json.key(key).value(static_cast<std::int64_t>(value->time_since_epoch().count()));
}

/// `"key":[…]`, each item written by `write`; nothing for an empty list.
template <class List, class Write>
void put_list(JsonWriter& json, const char* key, const List& list, Write write) {
  if (list.empty()) return;
  json.key(key).open('[');
  for (const auto& item : list) write(item);
  json.close(']');
}

std::optional<Time> get_time(const Json& json, const char* key) {
  const auto found = json.find(key);
  if (found == json.end()) return std::nullopt;
  return Time{Millis{found->get<std::int64_t>()}};
}

Json parse(const std::string& text, const char* what) {
  auto json = Json::parse(text, nullptr, false);
  if (!json.is_object()) throw std::runtime_error(std::string(what) + ": stored JSON is no object");
  return json;
}

void put(JsonWriter& json, const std::string& field, const SlotValue& slot) {
  json.key(field);
  if (slot.shown.empty() && !slot.to_audit) return json.value(slot.value);
  json.open('{');
  json.key("v").value(slot.value);
  put(json, "s", slot.shown);
  put(json, "audit", slot.to_audit);
  json.close('}');
}

SlotValue slot_from(const Json& json) {
  if (json.is_string()) return {.value = json.get<std::string>()};
  return {.value = json.value("v", ""), .shown = json.value("s", ""), .to_audit = json.value("audit", false)};
}

void put(JsonWriter& json, const Exchange& exchange) {
  if (exchange == Exchange{}) return;
  json.key("exchange").open('{');
  put(json, "said", exchange.said);
  put(json, "asking", exchange.asking);
  put_time(json, "at", exchange.at);
  put_time(json, "answered", exchange.answered);
  put(json, "fruitless", std::int64_t{exchange.fruitless});
  put(json, "quick", std::int64_t{exchange.quick});
  json.close('}');
}

Exchange exchange_from(const Json& state) {
  const auto found = state.find("exchange");
  if (found == state.end()) return {};
  return {.said = found->value("said", ""),
          .asking = found->value("asking", ""),
          .at = get_time(*found, "at"),
          .answered = get_time(*found, "answered"),
          .fruitless = found->value("fruitless", 0),
          .quick = found->value("quick", 0)};
}

void put(JsonWriter& json, const HeldPart& part) {
  json.open('{');
  put(json, "ref", part.reference);
  put(json, "number", std::int64_t{part.number});
  put(json, "of", std::int64_t{part.of});
  put(json, "text", part.text);
  put_time(json, "at", part.at);
  json.close('}');
}

HeldPart part_from(const Json& json) {
  return {.reference = json.value("ref", ""),
          .number = json.value("number", 0),
          .of = json.value("of", 0),
          .text = json.value("text", ""),
          .at = get_time(json, "at").value_or(Time{})};
}

void put(JsonWriter& json, const Verification& verification) {
  json.key("verification").open('{');
  put(json, "phone", verification.phone);
  put(json, "hash", verification.hash);
  put_time(json, "expires", verification.expires);
  put(json, "attempts", std::int64_t{verification.attempts});
  put(json, "sent", std::int64_t{verification.sent});
  put_time(json, "first", verification.first);
  json.close('}');
}

std::optional<Verification> verification_from(const Json& state) {
  const auto found = state.find("verification");
  if (found == state.end()) return std::nullopt;
  return Verification{.phone = found->value("phone", ""),
                      .hash = found->value("hash", ""),
                      .expires = get_time(*found, "expires").value_or(Time{}),
                      .attempts = found->value("attempts", 0),
                      .sent = found->value("sent", 0),
                      .first = get_time(*found, "first").value_or(Time{})};
}

}  // namespace

std::string encode(const DialogState& state) {
  JsonWriter json;
  put(json, "flow", state.flow);
  put(json, "asking", state.asking);
  put(json, "misses", std::int64_t{state.misses});
  if (!state.slots.empty()) {
    json.key("slots").open('{');
    for (const auto& [field, slot] : state.slots) put(json, field, slot);
    json.close('}');
  }
  put_list(json, "attachments", state.attachments, [&](AttachmentId id) { json.value(id.value); });
  put_list(json, "asked", state.asked, [&](const std::string& field) { json.value(field); });
  put(json, "proposal", state.proposal);
  put(json, "resume", state.resume);
  put(json, "hint", state.hint);
  put(json, "danger", state.danger);
  put(json, "consent", std::int64_t{static_cast<int>(state.consent)});
  put(json, "ticket", state.ticket.value);
  put(json, "number", state.ticket_number);
  put(json, "draft", state.draft);
  put_time(json, "touched", state.touched);
  put_time(json, "media_at", state.media_acknowledged);
  put(json, "survey", state.survey.value);
  put_time(json, "surveyed", state.surveyed);
  put(json, "talk", state.talk.value);
  put_time(json, "talked", state.talked);
  put(json, state.exchange);
  put_list(json, "parts", state.parts, [&](const HeldPart& part) { put(json, part); });
  if (state.verification) put(json, *state.verification);
  put_list(json, "mails", state.mails_answered,
           [&](Time time) { json.value(static_cast<std::int64_t>(time.time_since_epoch().count())); });
  return json.take();
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
    state.survey = SurveyId{json.value("survey", std::int64_t{0})};
    state.surveyed = get_time(json, "surveyed");
    state.talk = TicketId{json.value("talk", std::int64_t{0})};
    state.talked = get_time(json, "talked");
    state.exchange = exchange_from(json);
    if (const auto parts = json.find("parts"); parts != json.end())
      for (const auto& part : *parts) state.parts.push_back(part_from(part));
    state.verification = verification_from(json);
    for (const auto at : json.value("mails", std::vector<std::int64_t>{}))
      state.mails_answered.push_back(Time(Millis(at)));
    return state;
  } catch (const Json::exception& error) {
    throw std::runtime_error(std::string("dialog state: ") + error.what());
  }
}

namespace {

void put(JsonWriter& json, const Card& card) {
  if (card == Card{}) return;
  json.key("card").open('{');
  put(json, "id", card.id);
  put(json, "title", card.title);
  put(json, "subtitle", card.subtitle);
  put(json, "text", card.text);
  put_list(json, "lines", card.lines, [&](const auto& line) {
    json.open('[');
    json.value(line.first);
    json.value(line.second);
    json.close(']');
  });
  put(json, "url", card.url);
  put(json, "replaces", card.replaces);
  json.close('}');
}

Card card_from(const Json& message) {
  const auto found = message.find("card");
  if (found == message.end()) return {};
  Card card{.id = found->value("id", ""),
            .title = found->value("title", ""),
            .subtitle = found->value("subtitle", ""),
            .text = found->value("text", ""),
            .url = found->value("url", ""),
            .replaces = found->value("replaces", "")};
  for (const auto& line : found->value("lines", Json::array()))
    card.lines.emplace_back(line.at(0).get<std::string>(), line.at(1).get<std::string>());
  return card;
}

void put(JsonWriter& json, const MailThread& thread) {
  if (thread == MailThread{}) return;
  json.key("thread").open('{');
  put(json, "subject", thread.subject);
  put(json, "id", thread.message_id);
  put_list(json, "references", thread.references, [&](const std::string& id) { json.value(id); });
  put(json, "ticket", thread.ticket);
  json.close('}');
}

MailThread thread_from(const Json& message) {
  const auto found = message.find("thread");
  if (found == message.end()) return {};
  return {.subject = found->value("subject", ""),
          .message_id = found->value("id", ""),
          .references = found->value("references", std::vector<std::string>{}),
          .ticket = found->value("ticket", std::int64_t{0})};
}

}  // namespace

std::string encode(const OutboundMessage& message) { return encode_answer(message, {}, {}); }

std::string encode_answer(const OutboundMessage& message, const std::string& key, const Peer& peer) {
  JsonWriter json;
  const auto tuple = [&](std::initializer_list<std::string_view> texts) {
    json.open('[');
    for (const auto text : texts) json.value(text);
    json.close(']');
  };
  const auto tell = [&](std::string_view name, const std::string& value, const std::string& known) {
    if (value != known) json.key(name).value(value);
  };
  tell("key", message.key, key);
  tell("channel", message.to.channel, peer.channel);
  tell("to", message.to.address, peer.address);
  put(json, "template", message.template_name);
  put_list(json, "data", message.data, [&](const auto& pair) { tuple({pair.first, pair.second}); });
  put(json, "text", message.text);
  put(json, "locale", message.locale);
  put_list(json, "choices", message.choices, [&](const Choice& choice) { tuple({choice.id, choice.label}); });
  put_list(json, "articles", message.articles, [&](const Article& article) {
    tuple({article.title, article.description, article.picture_url, article.url});
  });
  put_list(json, "media", message.media, [&](const MediaReference& media) {
    json.open('[');
    json.value(std::int64_t{static_cast<int>(media.kind)});
    json.value(media.media_id);
    if (!media.file.empty()) json.value(media.file);
    json.close(']');
  });
  put(json, message.card);
  put(json, message.thread);
  put(json, "answer", message.answer);
  put(json, "desk", message.hand_to_desk);
  return json.take();
}

OutboundMessage decode_outbound_message(const std::string& text) { return decode_answer(text, {}, {}); }

OutboundMessage decode_answer(const std::string& text, const std::string& key, const Peer& peer) {
  const Json json = parse(text, "outbound message");
  const Json none = Json::array();
  const auto list = [&](const char* name) -> const Json& { return json.contains(name) ? json.at(name) : none; };
  try {
    OutboundMessage message{.key = json.value("key", key),
                            .to = {json.value("channel", peer.channel), json.value("to", peer.address)},
                            .template_name = json.value("template", ""),
                            .text = json.value("text", ""),
                            .locale = json.value("locale", ""),
                            .card = card_from(json),
                            .thread = thread_from(json),
                            .answer = json.value("answer", false),
                            .hand_to_desk = json.value("desk", false)};
    for (const auto& pair : list("data"))
      message.data.emplace_back(pair.at(0).get<std::string>(), pair.at(1).get<std::string>());
    for (const auto& choice : list("choices"))
      message.choices.push_back({choice.at(0).get<std::string>(), choice.at(1).get<std::string>()});
    for (const auto& article : list("articles"))
      message.articles.push_back({article.at(0).get<std::string>(), article.at(1).get<std::string>(),
                                  article.at(2).get<std::string>(), article.at(3).get<std::string>()});
    for (const auto& media : list("media"))
      message.media.push_back({static_cast<MediaKind>(media.at(0).get<int>()), media.at(1).get<std::string>(),
                               media.size() > 2 ? media.at(2).get<std::string>() : std::string()});
    return message;
  } catch (const Json::exception& error) {
    throw std::runtime_error(std::string("outbound message: ") + error.what());
  }
}

}  // namespace huiyin
