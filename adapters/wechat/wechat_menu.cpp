#include "adapters/wechat/wechat_menu.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "core/json_writer.h"
#include "core/text.h"

namespace huiyin::wechat {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMostButtons = 3;
constexpr std::size_t kMostBelow = 5;
constexpr std::size_t kMostTopName = 16;
constexpr std::size_t kMostBelowName = 60;
constexpr std::size_t kMostKey = 128;
constexpr std::size_t kMostUrl = 1024;
constexpr std::array kKeyTypes = {
    std::string_view("click"),          std::string_view("scancode_push"),      std::string_view("scancode_waitmsg"),
    std::string_view("pic_sysphoto"),   std::string_view("pic_photo_or_album"), std::string_view("pic_weixin"),
    std::string_view("location_select")};

class MenuReader {
 public:
  explicit MenuReader(std::vector<Error>& errors) : errors_(errors) {}

  std::string read(const YamlNode& menu) {
    json_.key("button").open('[');
    const auto buttons = menu.items();
    if (buttons.empty() || buttons.size() > kMostButtons)
      errors_.push_back(menu.error("menu has " + std::to_string(buttons.size()) + " buttons", "WeChat takes 1 to 3"));
    for (const auto& button : buttons) read_button(button);
    json_.close(']');
    return json_.take();
  }

 private:
  void read_button(const YamlNode& node) {
    if (!node.find("buttons")) return read_entry(node, kMostTopName);
    YamlReader read(node, "menu", errors_);
    json_.open('{');
    write_name(read, kMostTopName);
    json_.key("sub_button").open('[');
    const auto below = read.child("buttons")->items();
    if (below.empty() || below.size() > kMostBelow)
      read.complain("buttons", std::to_string(below.size()) + " buttons below one", "WeChat takes 1 to 5");
    for (const auto& entry : below) read_entry(entry, kMostBelowName);
    json_.close(']');
    json_.close('}');
    read.finish();
  }

  void read_entry(const YamlNode& node, std::size_t most_name) {
    YamlReader read(node, "menu", errors_);
    const bool links = node.find("url").has_value() && !node.find("app_id").has_value();
    json_.open('{');
    write_name(read, most_name);
    if (node.find("app_id")) {
      json_.key("type").value("miniprogram");
      bounded(read, "app_id", "appid", kMostKey);
      bounded(read, "page", "pagepath", kMostUrl);
      bounded(read, "url", "url", kMostUrl);
    } else if (links) {
      json_.key("type").value("view");
      bounded(read, "url", "url", kMostUrl);
    } else {
      json_.key("type").value(read.one_of("type", {kKeyTypes.begin(), kKeyTypes.end()}, "click"));
      bounded(read, "key", "key", kMostKey);
    }
    json_.close('}');
    read.finish();
  }

  void write_name(YamlReader& read, std::size_t most) { bounded(read, "name", "name", most); }
  void bounded(YamlReader& read, std::string_view key, std::string_view name, std::size_t most) {
    const auto value = read.text(key);
    if (value.size() > most)
      read.complain(key, std::string(key) + " has " + std::to_string(value.size()) + " bytes",
                    "WeChat takes at most " + std::to_string(most) + "; a Chinese character has 3");
    json_.key(name).value(value);
  }

  std::vector<Error>& errors_;
  JsonWriter json_;
};

std::string text_of(const Json& json, const char* key) {
  const auto found = json.find(key);
  return found != json.end() && found->is_string() ? clean_text(found->get_ref<const std::string&>()) : std::string();
}

std::string describe_button(const Json& button, std::string_view margin) {
  if (!button.is_object()) return {};
  std::string target = text_of(button, "key");
  if (target.empty()) target = text_of(button, "url");
  std::string out(margin);
  out += text_of(button, "name");
  if (const auto type = text_of(button, "type"); !type.empty()) out.append("  ").append(type);
  if (!target.empty()) out.append(" ").append(target);
  return out + "\n";
}

/// `sub_button` is a list here and `{"list": […]}` there.
Json below(const Json& button) {
  if (!button.is_object() || !button.contains("sub_button")) return Json::array();
  const auto& found = button.at("sub_button");
  if (found.is_array()) return found;
  return found.is_object() && found.contains("list") && found.at("list").is_array() ? found.at("list") : Json::array();
}

}  // namespace

std::string read_menu(StanzaReader& read, std::vector<Error>& errors) {
  const auto menu = read.child("menu");
  return menu ? MenuReader(errors).read(*menu) : std::string();
}

std::string describe_menu(std::string_view answer) {
  const auto json = Json::parse(answer, nullptr, false);
  if (!json.is_object() || !json.contains("selfmenu_info") || !json.at("selfmenu_info").is_object()) return {};
  const auto& info = json.at("selfmenu_info");
  if (!info.contains("button") || !info.at("button").is_array()) return {};
  std::string out;
  for (const auto& button : info.at("button")) {
    out += describe_button(button, "");
    for (const auto& entry : below(button)) out += describe_button(entry, "  ");
  }
  return out;
}

}  // namespace huiyin::wechat
