#include "adapters/workchat/dingtalk_words.h"

#include <algorithm>

#include "adapters/workchat/card_words.h"
#include "core/text.h"

namespace huiyin::workchat {
namespace {

constexpr std::size_t kTitle = 60;  // characters; ours: what a phone's notification has room for
constexpr std::size_t kNumber = 30;
constexpr std::size_t kMostCard = 5000;  // bytes, of the 20,000 of a body, where quotes take two
constexpr std::size_t kMostAnswers = 6;  // what is done most stands first

std::string value_of(const OutboundMessage& message, std::string_view name) {
  for (const auto& [key, value] : message.data)
    if (key == name) return value;
  return {};
}

std::string answers_to(const OutboundMessage& message) {
  const auto number = plain_markdown(one_line(value_of(message, "number"), kNumber));
  std::string out;
  for (std::size_t i = 0; i < std::min(message.choices.size(), kMostAnswers); ++i) {
    out.append(out.empty() ? "" : " · ").append(plain_markdown(one_line(message.choices[i].label, kNumber)));
    if (!number.empty()) out.append(" ").append(number);
  }
  if (out.empty()) return {};
  return (message.locale == "en" ? "\n\nReply: " : "\n\n回复：") + out;
}

}  // namespace

std::string dingtalk_title(const Card& card) { return one_line(card.title, kTitle); }

std::string dingtalk_markdown(const OutboundMessage& message) {
  std::string out;
  for (const char c : within_bytes(card_markdown(message.card), kMostCard) + answers_to(message)) {
    if (c == '\n' && !out.ends_with('\n')) out += "  ";
    out += c;
  }
  return out;
}

void write_dingtalk_card(JsonWriter& json, const OutboundMessage& message, std::string_view text) {
  json.key("title").value(dingtalk_title(message.card));
  json.key("text").value(text);
  if (message.card.url.empty()) return;
  json.key("singleTitle").value(message.locale == "en" ? "Open the ticket" : "打开工单");
  json.key("singleURL").value(clean_text(message.card.url));
}

}  // namespace huiyin::workchat
