#include "adapters/workchat/feishu_card.h"

#include <algorithm>

#include "adapters/workchat/card_words.h"
#include "core/json_writer.h"
#include "core/text.h"

namespace huiyin::workchat {
namespace {

// Characters; the platform's only limit is that of the whole, so that these are ours: what a phone shows well.
constexpr std::size_t kTitle = 100, kSubtitle = 200, kText = 600, kLabel = 20, kValue = 100, kButton = 20, kSource = 30;
constexpr std::size_t kMostLines = 12, kMostButtons = 12;

class CardWriter {
 public:
  CardWriter(const OutboundMessage& message, bool buttons) : message_(message), buttons_(buttons) {}

  std::string write(std::string_view source) {
    const auto& card = message_.card;
    json_.key("config").open('{');
    json_.key("wide_screen_mode").value(true);
    json_.key("update_multi").value(true);  // without it a card cannot be changed later
    json_.close('}');
    json_.key("header").open('{');
    json_.key("template").value(buttons_ && !message_.choices.empty() ? "blue" : "grey");
    words("title", one_line(card.title, kTitle));
    json_.close('}');
    json_.key("elements").open('[');
    if (!card.subtitle.empty()) div(within(card.subtitle, kSubtitle));
    if (!card.text.empty()) div(within(card.text, kText));
    lines();
    actions();
    if (!source.empty()) note(one_line(source, kSource));
    json_.close(']');
    return json_.take();
  }

 private:
  static std::string within(std::string_view text, std::size_t most) {
    const auto clean = clean_text(text);
    if (count_characters(clean) <= most) return std::string(trim(clean));
    return std::string(trim(first_characters(clean, most - 1))) + "…";
  }
  void words(const char* key, std::string_view content) {
    json_.key(key).open('{');
    json_.key("tag").value("plain_text");
    json_.key("content").value(content);
    json_.close('}');
  }
  void div(std::string_view content) {
    json_.open('{');
    json_.key("tag").value("div");
    words("text", content);
    json_.close('}');
  }
  void lines() {
    const auto& all = message_.card.lines;
    if (all.empty()) return;
    json_.open('{');
    json_.key("tag").value("div");
    json_.key("fields").open('[');
    for (std::size_t i = 0; i < std::min(all.size(), kMostLines); ++i) {
      json_.open('{');
      json_.key("is_short").value(false);
      words("text", one_line(all[i].first, kLabel) + "：" + one_line(all[i].second, kValue));
      json_.close('}');
    }
    json_.close(']');
    json_.close('}');
  }
  void actions() {
    const bool taps = buttons_ && !message_.choices.empty();
    if (!taps && message_.card.url.empty()) return;
    json_.open('{');
    json_.key("tag").value("action");
    json_.key("layout").value("flow");
    json_.key("actions").open('[');
    if (taps)
      for (std::size_t i = 0; i < std::min(message_.choices.size(), kMostButtons); ++i) button(i);
    if (!message_.card.url.empty()) link();
    json_.close(']');
    json_.close('}');
  }
  void button(std::size_t i) {
    json_.open('{');
    json_.key("tag").value("button");
    words("text", one_line(message_.choices[i].label, kButton));
    json_.key("type").value(i == 0 ? "primary" : "default");  // the first stands out
    json_.key("value").open('{');
    json_.key("card").value(clean_text(message_.card.id));
    json_.key("key").value(clean_text(message_.choices[i].id));
    json_.close('}');
    json_.close('}');
  }
  void link() {
    json_.open('{');
    json_.key("tag").value("button");
    words("text", message_.locale == "en" ? "Open the ticket" : "打开工单");
    json_.key("type").value("default");
    json_.key("url").value(clean_text(message_.card.url));
    json_.close('}');
  }
  void note(std::string_view content) {
    json_.open('{');
    json_.key("tag").value("note");
    json_.key("elements").open('[');
    json_.open('{');
    json_.key("tag").value("plain_text");
    json_.key("content").value(content);
    json_.close('}');
    json_.close(']');
    json_.close('}');
  }

  const OutboundMessage& message_;
  bool buttons_;
  JsonWriter json_;
};

}  // namespace

std::string write_feishu_card(const OutboundMessage& message, bool buttons, std::string_view source) {
  return CardWriter(message, buttons).write(source);
}

std::string plain_feishu(std::string_view text) {
  std::string out;
  for (const char c : clean_text(text)) {
    if (c == '<')
      out += "＜";
    else if (c == '>')
      out += "＞";
    else
      out += c;
  }
  return out;
}

}  // namespace huiyin::workchat
