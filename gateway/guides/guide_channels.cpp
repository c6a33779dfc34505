// What documents say of channels: how owners reach the company, what staff have, where providers are to post.
#include <algorithm>

#include "core/text.h"
#include "gateway/guides/guide_source.h"
#include "pages/markdown.h"

namespace huiyin::gateway {
namespace {

using pages::markdown_code;
using pages::markdown_table;
using pages::markdown_text;

bool is_of(const ChannelConfig& channel, const EstateConfig& estate) {
  return channel.estate.empty() || channel.estate == estate.name;
}

std::string key_of(const ChannelConfig& channel, std::string_view key) {
  const auto node = channel.stanza ? channel.stanza->find(key) : std::nullopt;
  return node ? node->text() : std::string();
}

/// The number that owners may write to first; with Aliyun and Tencent Cloud they can only answer.
std::string number_of(const ChannelConfig& channel) {
  if (channel.provider == "kannel") return key_of(channel, "sender");
  return channel.provider == "twilio" ? key_of(channel, "from") : std::string();
}

std::string button_line(const GuideSource& source, const YamlNode& button, std::string_view indent) {
  const auto name = button.find("name");
  auto line = std::string(indent) + "- " + markdown_text(name ? name->text() : "");
  const auto key = button.find("key");
  if (!key) return line + "\n";
  for (const auto& entry : source.assets.flow.menu)
    if (entry.key == key->text() && source.has_word("menu_" + entry.id))
      line += source.word("colon") + source.word("menu_" + entry.id);
  return line + "\n";
}

}  // namespace

bool has_channel(const GuideSource& source, const EstateConfig& estate, std::string_view kind) {
  return std::any_of(source.config.channels.begin(), source.config.channels.end(),
                     [&](const ChannelConfig& channel) { return channel.kind == kind && is_of(channel, estate); });
}

std::string ways_list(const GuideSource& source, const EstateConfig& estate) {
  std::vector<std::string> lines;
  const auto add = [&](const char* name, const templates::Data& data) {
    auto line = "- " + source.words("guide." + std::string(name), data) + "\n";
    if (std::find(lines.begin(), lines.end(), line) == lines.end()) lines.push_back(std::move(line));
  };
  for (const auto& channel : source.config.channels) {
    if (!is_of(channel, estate)) continue;
    if (channel.kind == "wechat") add("way_wechat", {});
    if (channel.kind == "sms") {
      const auto number = number_of(channel);
      add(number.empty() ? "way_sms_reply" : "way_sms", {{"number", markdown_text(number)}});
    }
    // The staff's own box of suggestions is no way for owners.
    if (channel.kind == "email" && key_of(channel, "category") != "internal")
      add("way_email", {{"address", markdown_text(key_of(channel, "address"))}});
  }
  if (!source.config.codes.empty()) add("way_code", {});
  if (!estate.hotline.empty()) add("way_phone", {{"number", markdown_text(estate.hotline)}});
  std::string out;
  for (const auto& line : lines) out += line;
  return out;
}

std::string menu_list(const GuideSource& source, const EstateConfig& estate) {
  std::string out;
  for (const auto& channel : source.config.channels) {
    const auto menu = channel.kind == "wechat" && is_of(channel, estate) && channel.stanza
                          ? channel.stanza->find("menu")
                          : std::nullopt;
    if (!menu) continue;
    for (const auto& button : menu->items()) {
      out += button_line(source, button, "");
      if (const auto below = button.find("buttons"))
        for (const auto& one : below->items()) out += button_line(source, one, "  ");
    }
  }
  return out;
}

std::string code_table(const GuideSource& source) {
  std::vector<std::vector<std::string>> rows;
  for (const auto& code : source.config.codes) {
    const auto slash = code.category.find('/');
    const auto category = parse_category(code.category.substr(0, slash)).value_or(Category::none);
    const auto kind = code.category.empty()
                          ? std::string()
                          : kind_words(source, category,
                                       slash == std::string::npos ? std::string() : code.category.substr(slash + 1));
    rows.push_back({markdown_code(code.code), markdown_text(code.title), markdown_text(kind)});
  }
  return markdown_table({source.word("column_code"), source.word("column_place"), source.word("column_kind")}, rows);
}

std::string channel_table(const GuideSource& source) {
  std::vector<std::vector<std::string>> rows;
  for (const auto& channel : source.config.channels) {
    std::string estate = channel.estate;
    for (const auto& one : source.config.estates)
      if (one.name == channel.estate) estate = one.title;
    const auto hook = channel.public_url.empty() ? channel.hook_path() : channel.hook_url();
    const auto page = "page_" + channel.kind + "_" + channel.provider;
    rows.push_back({markdown_code(channel.name), markdown_text(channel.provider),
                    markdown_text(estate.empty() ? source.word("all_estates") : estate), markdown_code(hook),
                    source.has_word(page) ? source.word(page) : source.word("page_other")});
  }
  return markdown_table({source.word("column_channel"), source.word("column_provider"), source.word("column_estate"),
                         source.word("column_hook"), source.word("column_page")},
                        rows);
}

std::string work_chat_words(const GuideSource& source) {
  std::vector<std::string> words;
  for (const auto& channel : source.config.channels) {
    const auto name = "chat_" + channel.provider;
    if (channel.kind != "workchat" || !source.has_word(name)) continue;
    auto one = source.word(name);
    if (std::find(words.begin(), words.end(), one) == words.end()) words.push_back(std::move(one));
  }
  return source.join(words);
}

}  // namespace huiyin::gateway
