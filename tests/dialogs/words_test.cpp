// The words themselves, as owners read them: golden files, reviewed as prose. HUIYIN_UPDATE_GOLDEN=1 rewrites them.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <set>

#include "core/yaml.h"
#include "templates/renderer.h"
#include "tests/dialogs/dialog.h"
#include "tests/templates/shipped_texts.h"

namespace huiyin::dialogs {
namespace {

const templates::Renderer& texts() {
  static const auto renderer = [] {
    auto loaded = templates::Renderer::load(shipped_texts(), "zh-CN");
    if (!loaded) throw std::runtime_error(huiyin::describe(loaded.error().front()));
    return *std::move(loaded);
  }();
  return renderer;
}

/// As a gateway writes a turn out for a channel without buttons.
std::string written(const std::vector<Effect>& effects, const std::string& locale) {
  std::string out;
  const auto add = [&](const std::string& text) { out += (out.empty() ? "" : "\n") + text; };
  for (const auto& effect : effects) {
    if (const auto* say = std::get_if<Say>(&effect)) {
      auto data = say->data;
      for (auto& [key, value] : data)
        if (key == "number" && value.empty()) value = "HY1024-4";
      add(texts().render(say->name, locale, "wechat", data));
    }
    if (const auto* ask = std::get_if<Ask>(&effect)) {
      add(texts().render(ask->name, locale, "wechat", ask->data));
      if (!ask->choices.empty()) add(templates::render_choices(ask->choices));
    }
  }
  return out;
}

void expect_golden(const std::string& name, const std::string& text) {
  const auto path = "tests/golden/" + name;
  if (std::getenv("HUIYIN_UPDATE_GOLDEN") != nullptr) {  // NOLINT(concurrency-mt-unsafe): one thread
    std::ofstream(path, std::ios::binary) << text;
    return;
  }
  EXPECT_EQ(text, read_file(path)) << path << " differs; HUIYIN_UPDATE_GOLDEN=1 rewrites it";
}

std::string conversation(const std::string& locale, const std::vector<const char*>& lines) {
  Dialog dialog;
  dialog.locale = locale;
  std::string out;
  for (const auto* line : lines) {
    (void)dialog.owner(line);
    out += "> " + std::string(line) + "\n" + written(dialog.effects, locale) + "\n\n";
  }
  return out;
}

TEST(Words, AChineseConversation) {
  expect_golden("dialog_zh-CN.txt",
                conversation("zh-CN", {"你好", "1", "王建国", "138001", "13800138000", "3栋2单元602", "厨房水管漏水",
                                       "[照片]", "地址改成3栋2单元603", "2", "李秀英", "1", "进度", "反馈", "转人工",
                                       "闻到煤气味", "跳过", "取消"}));
}

TEST(Words, AnEnglishConversation) {
  expect_golden("dialog_en.txt",
                conversation("en", {"hello", "1", "Anna Lee", "12", "13900139000", "Building 6, Unit 2, Room 602",
                                    "the tap is dripping", "skip", "change phone to 13800138000", "1", "status",
                                    "report", "human", "I am stuck in the lift"}));
}

TEST(Words, EveryDanger) {
  std::string out;
  for (const auto& danger : shipped_flow().dangers)
    for (const auto* locale : {"zh-CN", "en"})
      out += "# " + danger.kind + " " + locale + "\n" +
             texts().render(danger.say, locale, "",
                            {{"ring", danger.ring}, {"number", "HY1024-4"}, {"hotline", "400-800-1234"}}) +
             "\n\n";
  expect_golden("danger.txt", out);
}

TEST(Words, EveryTextIsThereAndNoneIsIdle) {
  for (const auto& error :
       check_flow(shipped_flow(), shipped_lexicon(), [](std::string_view name) { return texts().has(name); }))
    ADD_FAILURE() << huiyin::describe(error);
  const auto names = template_names(shipped_flow());
  const std::set<std::string> used(names.begin(), names.end());
  const auto document = YamlNode::parse(read_file("templates/zh-CN/messages.yaml"), "messages.yaml");
  ASSERT_TRUE(document);
  for (const auto& [name, node] : document->entries())
    EXPECT_TRUE(used.contains(name) || name.starts_with("gateway."))
        << node.file() << ":" << node.line() << ": nothing says \"" << name << "\"";
}

/// A placeholder that the engine never fills would leave a hole in a sentence.
TEST(Words, DangerTextsNameTheNumberToRing) {
  for (const auto& danger : shipped_flow().dangers)
    for (const auto* locale : {"zh-CN", "en"})
      EXPECT_NE(texts().render(danger.say, locale, "", {{"ring", "987"}}).find("987"), std::string::npos)
          << danger.kind << locale;
}

}  // namespace
}  // namespace huiyin::dialogs
