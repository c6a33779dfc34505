#include "adapters/workchat/wecom_card.h"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "adapters/wechat/wechat_xml.h"
#include "adapters/workchat/card_words.h"
#include "core/text.h"

namespace huiyin::workchat {
namespace {

// developer.work.weixin.qq.com, 模板卡片类型, 按钮交互型; the vendor's advice, in characters.
constexpr std::size_t kTitle = 36, kDescription = 44, kText = 160, kLabel = 5, kValue = 30, kButton = 10, kSource = 20;
constexpr std::size_t kMostLines = 6, kMostButtons = 6, kMostMenu = 3;
constexpr std::int64_t kFirstStyle = 1, kOtherStyle = 2;  // the first button stands out
constexpr std::int64_t kLeadsToUrl = 1;

/// Where a card's members go: the API's JSON and the passive reply's XML name and nest them alike.
class Sink {
 public:
  Sink() = default;
  Sink(const Sink&) = delete;
  Sink& operator=(const Sink&) = delete;
  virtual ~Sink() = default;
  virtual void text(std::string_view name, std::string_view value) = 0;
  virtual void number(std::string_view name, std::int64_t value) = 0;
  virtual void open(std::string_view name) = 0;
  virtual void close() = 0;
  virtual void open_list(std::string_view name) = 0;
  virtual void open_item() = 0;
  virtual void close_item() = 0;
  virtual void close_list() = 0;
};

class JsonSink final : public Sink {
 public:
  explicit JsonSink(JsonWriter& json) : json_(json) {}
  void text(std::string_view name, std::string_view value) override { json_.key(name).value(value); }
  void number(std::string_view name, std::int64_t value) override { json_.key(name).value(value); }
  void open(std::string_view name) override { json_.key(name).open('{'); }
  void close() override { json_.close('}'); }
  void open_list(std::string_view name) override { json_.key(name).open('['); }
  void open_item() override { json_.open('{'); }
  void close_item() override { json_.close('}'); }
  void close_list() override { json_.close(']'); }

 private:
  JsonWriter& json_;
};

/// `button_list` is <ButtonList>, repeated for each item.
class XmlSink final : public Sink {
 public:
  void text(std::string_view name, std::string_view value) override {
    wechat::append_cdata(out_, element(name), clean_text(value));
  }
  void number(std::string_view name, std::int64_t value) override {
    const auto tag = element(name);
    out_.append("<").append(tag).append(">").append(std::to_string(value)).append("</").append(tag).append(">");
  }
  void open(std::string_view name) override { push(element(name)); }
  void close() override { pop(); }
  void open_list(std::string_view name) override { lists_.push_back(element(name)); }
  void open_item() override { push(lists_.back()); }
  void close_item() override { pop(); }
  void close_list() override { lists_.pop_back(); }
  [[nodiscard]] std::string take() { return std::move(out_); }

 private:
  static std::string element(std::string_view name) {
    if (name == "keyname") return "KeyName";
    std::string out;
    bool upper = true;
    for (const char c : name) {
      if (c == '_') {
        upper = true;
        continue;
      }
      out += upper ? static_cast<char>(c - 'a' + 'A') : c;
      upper = false;
    }
    return out;
  }
  void push(std::string tag) {
    out_.append("<").append(tag).append(">");
    open_.push_back(std::move(tag));
  }
  void pop() {
    out_.append("</").append(open_.back()).append(">");
    open_.pop_back();
  }
  std::string out_;
  std::vector<std::string> open_, lists_;
};

/// The card's own words, and the lines that its list has no room for.
std::string body_of(const Card& card) {
  auto out = std::string(trim(clean_text(card.text)));
  for (std::size_t i = kMostLines; i < card.lines.size(); ++i)
    out += (out.empty() ? "" : "\n") + clean_text(card.lines[i].first) + "：" + clean_text(card.lines[i].second);
  if (count_characters(out) <= kText) return out;
  return std::string(first_characters(out, kText - 1)) + "…";
}

void write_lines(Sink& sink, const Card& card) {
  if (card.lines.empty()) return;
  sink.open_list("horizontal_content_list");
  for (std::size_t i = 0; i < std::min(card.lines.size(), kMostLines); ++i) {
    sink.open_item();
    sink.text("keyname", one_line(card.lines[i].first, kLabel));
    sink.text("value", one_line(card.lines[i].second, kValue));
    sink.close_item();
  }
  sink.close_list();
}

void write_buttons(Sink& sink, const std::vector<Choice>& choices) {
  sink.open_list("button_list");
  for (std::size_t i = 0; i < std::min(choices.size(), kMostButtons); ++i) {
    sink.open_item();
    sink.text("text", one_line(choices[i].label, kButton));
    sink.number("style", i == 0 ? kFirstStyle : kOtherStyle);
    sink.text("key", clean_text(choices[i].id));
    sink.close_item();
  }
  sink.close_list();
}

void write_menu(Sink& sink, const std::vector<Choice>& choices) {
  if (choices.size() <= kMostButtons) return;
  sink.open("action_menu");
  sink.text("desc", "更多操作");
  sink.open_list("action_list");
  for (std::size_t i = kMostButtons; i < std::min(choices.size(), kMostButtons + kMostMenu); ++i) {
    sink.open_item();
    sink.text("text", one_line(choices[i].label, kButton));
    sink.text("key", clean_text(choices[i].id));
    sink.close_item();
  }
  sink.close_list();
  sink.close();
}

void write_card(Sink& sink, const OutboundMessage& message, CardForm form, std::string_view source, bool with_id) {
  const auto& card = message.card;
  sink.text("card_type", form == CardForm::buttons ? "button_interaction" : "text_notice");
  if (!source.empty()) {
    sink.open("source");
    sink.text("desc", one_line(source, kSource));
    sink.close();
  }
  if (form == CardForm::buttons) write_menu(sink, message.choices);
  sink.open("main_title");
  sink.text("title", one_line(card.title, kTitle));
  if (!card.subtitle.empty()) sink.text("desc", one_line(card.subtitle, kDescription));
  sink.close();
  if (const auto body = body_of(card); !body.empty()) sink.text("sub_title_text", body);
  write_lines(sink, card);
  if (!card.url.empty()) {
    sink.open("card_action");
    sink.number("type", kLeadsToUrl);
    sink.text("url", clean_text(card.url));
    sink.close();
  }
  if (with_id) sink.text("task_id", card.id);
  if (form == CardForm::buttons) write_buttons(sink, message.choices);
}

}  // namespace

bool is_task_id(std::string_view id) {
  return !id.empty() && id.size() <= kMostTaskId && std::all_of(id.begin(), id.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
           c == '@';
  });
}

void write_card_json(JsonWriter& json, const OutboundMessage& message, CardForm form, std::string_view source,
                     bool with_id) {
  JsonSink sink(json);
  write_card(sink, message, form, source, with_id);
}

std::string write_card_xml(const OutboundMessage& message, CardForm form, std::string_view source) {
  XmlSink sink;
  write_card(sink, message, form, source, false);
  return sink.take();
}

}  // namespace huiyin::workchat
