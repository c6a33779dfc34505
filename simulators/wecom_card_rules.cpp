#include "simulators/wecom_card_rules.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <string_view>

#include "core/text.h"
#include "simulators/json_rules.h"

namespace huiyin::simulators {
namespace {

using Json = nlohmann::json;

constexpr int kBadParameter = 40058, kMissing = 40063;

/// Reads one card; the first thing that is wrong with it is kept.
class Reader {
 public:
  Reader(const Json& card, bool update) : card_(card), update_(update) {}

  WeComCard read() {
    if (!card_.is_object()) return refused(kBadParameter, "template_card is no object");
    out_.type = text_of(card_, "card_type");
    const bool buttons = out_.type == "button_interaction";
    if (!buttons && out_.type != "text_notice") return refused(kBadParameter, "card_type");
    only(card_, {"card_type", "source", "action_menu", "main_title", "sub_title_text", "horizontal_content_list",
                 "card_action", "task_id", "button_list"});
    read_words();
    read_lines();
    read_action(!buttons);
    read_id(buttons);
    if (buttons) read_buttons();
    read_menu();
    if (out_.code != 0) out_.buttons.clear();
    return std::move(out_);
  }

 private:
  WeComCard refused(int code, const std::string& words) {
    refuse(code, words);
    return std::move(out_);
  }
  void refuse(int code, const std::string& words) {
    if (out_.code != 0) return;
    out_.code = code;
    out_.words = words;
  }
  /// A misspelt member is one that the caller believes in and the platform ignores.
  void only(const Json& json, const std::set<std::string>& allowed) {
    for (const auto& [key, value] : json.items())
      if (!allowed.contains(key)) refuse(kBadParameter, "a member that a card does not have: " + key);
  }
  std::string limited(const Json& json, const char* key, std::size_t most, bool required) {
    if (json.is_object() && json.contains(key) && !json.at(key).is_string())
      refuse(kBadParameter, std::string(key) + " is no text");
    auto text = text_of(json, key);
    if (count_characters(text) > most) refuse(kBadParameter, std::string(key) + " exceed max length");
    if (required && text.empty()) refuse(kMissing, std::string(key) + " is empty");
    return text;
  }
  void show(std::string_view line) {
    if (line.empty()) return;
    if (!out_.shown.empty()) out_.shown += '\n';
    out_.shown += line;
  }

  void read_words() {
    const auto source = card_.value("source", Json::object());
    only(source, {"icon_url", "desc", "desc_color"});
    if (const auto words = limited(source, "desc", 20, false); !words.empty()) show("【" + words + "】");
    const auto title = card_.value("main_title", Json());
    if (!title.is_object()) return refuse(kMissing, "main_title is missing");
    only(title, {"title", "desc"});
    show(limited(title, "title", 36, true));
    show(limited(title, "desc", 44, false));
    show(limited(card_, "sub_title_text", 160, false));
  }
  void read_lines() {
    const auto lines = card_.value("horizontal_content_list", Json::array());
    if (!lines.is_array() || lines.size() > 6) return refuse(kBadParameter, "horizontal_content_list");
    for (const auto& line : lines) {
      if (!line.is_object()) return refuse(kBadParameter, "horizontal_content_list");
      only(line, {"keyname", "value", "type", "url", "media_id", "userid"});
      const auto name = limited(line, "keyname", 5, true);
      show(name + "：" + limited(line, "value", 30, false));
    }
  }
  void read_action(bool required) {
    if (!card_.contains("card_action")) {
      if (required) refuse(kMissing, "card_action is missing");
      return;
    }
    const auto& action = card_.at("card_action");
    if (!action.is_object() || action.value("type", Json()) != Json(1))
      return refuse(kBadParameter, "card_action.type");
    only(action, {"type", "url"});
    out_.url = text_of(action, "url");
    const bool page = out_.url.starts_with("https://") || out_.url.starts_with("http://");
    if (!page || out_.url.size() > 1024 || out_.url.find_first_of(" \"<>\n") != std::string::npos)
      refuse(kBadParameter, "card_action.url");
  }
  void read_id(bool required) {
    out_.task_id = text_of(card_, "task_id");
    const bool fits =
        out_.task_id.size() <= 128 && std::all_of(out_.task_id.begin(), out_.task_id.end(), [](unsigned char c) {
          return std::isalnum(c) != 0 || c == '_' || c == '-' || c == '@';
        });
    if (!fits) refuse(kBadParameter, "task_id");
    if (update_ && card_.contains("task_id")) refuse(kBadParameter, "task_id of a card that exists");
    if (!update_ && required && out_.task_id.empty()) refuse(kMissing, "task_id is empty");
  }
  void read_buttons() {
    const auto list = card_.value("button_list", Json());
    if (!list.is_array() || list.empty() || list.size() > 6) return refuse(kBadParameter, "button_list");
    for (const auto& button : list) {
      if (!button.is_object()) return refuse(kBadParameter, "button_list");
      only(button, {"type", "text", "style", "key", "url"});
      const auto style = button.value("style", Json(1));
      if (!style.is_number_integer() || style < 1 || style > 4) refuse(kBadParameter, "button_list.style");
      const auto key = text_of(button, "key");
      if (key.empty() || key.size() > 1024) refuse(kBadParameter, "button_list.key");
      out_.buttons.push_back({key, limited(button, "text", 10, true)});
    }
    distinct();
  }
  void read_menu() {
    if (!card_.contains("action_menu")) return;
    const auto& menu = card_.at("action_menu");
    const auto list = menu.is_object() ? menu.value("action_list", Json()) : Json();
    if (!list.is_array() || list.empty() || list.size() > 3) return refuse(kBadParameter, "action_menu.action_list");
    only(menu, {"desc", "action_list"});
    for (const auto& entry : list) {
      const auto key = text_of(entry, "key");
      if (key.empty() || key.size() > 1024) refuse(kBadParameter, "action_menu.action_list.key");
      out_.buttons.push_back({key, limited(entry, "text", 10, true)});
    }
    distinct();
  }
  void distinct() {
    std::set<std::string> keys;
    for (const auto& button : out_.buttons)
      if (!keys.insert(button.key).second) refuse(kBadParameter, "two buttons with one key");
  }

  const Json& card_;
  const bool update_;
  WeComCard out_;
};

/// `HorizontalContentList` is `horizontal_content_list`; `KeyName` alone is written as one word.
std::string snake(std::string_view name) {
  if (name == "KeyName") return "keyname";
  std::string out;
  for (const char c : name) {
    const bool upper = c >= 'A' && c <= 'Z';
    if (upper && !out.empty()) out += '_';
    out += upper ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return out;
}

Json value_of(const XmlField& field) {
  const bool number = field.name == "Type" || field.name == "Style" || field.name == "DescColor";
  const bool digits = !field.value.empty() && field.value.find_first_not_of("0123456789") == std::string::npos;
  return number && digits && field.value.size() < 9 ? Json(std::stoi(field.value)) : Json(field.value);
}

Json flat(const XmlField& object) {
  Json out = Json::object();
  for (const auto& field : object.fields) out[snake(field.name)] = value_of(field);
  return out;
}

}  // namespace

WeComCard read_card(std::string_view json, bool update) {
  const auto card = Json::parse(json, nullptr, false);
  return Reader(card, update).read();
}

std::string card_from_xml(const XmlField& card) {
  constexpr std::string_view kLists[] = {"HorizontalContentList", "ButtonList"};
  Json out = Json::object();
  for (const auto& field : card.fields) {
    const auto name = snake(field.name);
    if (std::find(std::begin(kLists), std::end(kLists), field.name) != std::end(kLists)) {
      out[name].push_back(flat(field));
    } else if (field.name == "ActionMenu") {
      out[name] = Json{{"desc", field.text("Desc")}, {"action_list", Json::array()}};
      for (const auto& entry : field.fields)
        if (entry.name == "ActionList") out[name]["action_list"].push_back(flat(entry));
    } else {
      out[name] = field.fields.empty() ? value_of(field) : flat(field);
    }
  }
  return out.dump();
}

}  // namespace huiyin::simulators
