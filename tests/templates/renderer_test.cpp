#include "templates/renderer.h"

#include <gtest/gtest.h>

#include <thread>

#include "tests/templates/shipped_texts.h"

namespace huiyin::templates {
namespace {

Renderer renderer(const std::string& zh, const std::string& en) {
  auto loaded = Renderer::load({{"zh-CN", {{"zh.yaml", zh}}}, {"en", {{"en.yaml", en}}}}, "zh-CN");
  if (!loaded) throw std::runtime_error(describe(loaded.error().front()));
  return *std::move(loaded);
}

TEST(Renderer, PutsValuesInAsTheyAre) {
  const auto texts = renderer("hello: 您好 {{name}}{{#phone}}（{{phone}}）{{/phone}}\n", "hello: Hello {{name}}\n");
  EXPECT_EQ(texts.render("hello", "zh-CN", "", {{"name", "<王> & \"李\""}, {"phone", "138"}}),
            "您好 <王> & \"李\"（138）");
  EXPECT_EQ(texts.render("hello", "zh-CN", "", {{"name", "王"}, {"phone", ""}}), "您好 王");  // an empty value is none
  EXPECT_EQ(texts.render("hello", "zh-CN", "", {{"name", "{{phone}}"}, {"phone", "138"}}), "您好 {{phone}}（138）");
  EXPECT_EQ(texts.render("hello", "en", "", {{"name", "Anna"}}), "Hello Anna");
  EXPECT_EQ(texts.render("hello", "fr", "", {{"name", "Anne"}}), "您好 Anne");  // an unknown locale: the default one
  EXPECT_THROW((void)texts.render("hallo", "en", "", {}), std::out_of_range);
  EXPECT_TRUE(texts.has("hello"));
  EXPECT_FALSE(texts.has("hallo"));
}

TEST(Renderer, AChannelKindMayHaveItsOwnText) {
  const auto texts = renderer("hello: 您好\nhello.sms: 【物业】您好\n", "hello: Hello\n");
  EXPECT_EQ(texts.render("hello", "zh-CN", "sms", {}), "【物业】您好");
  EXPECT_EQ(texts.render("hello", "zh-CN", "wechat", {}), "您好");
}

TEST(Renderer, AValueMayBeAnotherText) {
  const auto texts =
      renderer("ticket: 工单{{status}}\nstatus.closed: 已关闭\n", "ticket: ticket {{status}}\nstatus.closed: closed\n");
  EXPECT_EQ(texts.render("ticket", "en", "", {{"@status", "status.closed"}}), "ticket closed");
  EXPECT_EQ(texts.render("ticket", "zh-CN", "", {{"status", "@status.closed"}}),
            "工单@status.closed");  // only the key counts
}

TEST(Renderer, RefusesWhatIsBrokenAndSaysHowToMendIt) {
  const struct {
    const char *zh, *en, *complaint;
  } table[] = {{"a: x\nb: '{{#n}}x'\n", "a: x\nb: y\n",
                "zh.yaml:2: text \"b\" is broken Mustache: Unclosed section \"n\" at 0. Close each {{ with }}, and "
                "each {{#name}} with {{/name}}."},
               {"a: x\nb: y\n", "a: x\n", "en.yaml: text \"b\" is missing; zh.yaml:2 has it. Add it in en."},
               {"name: '{{phone}}'\n", "name: '{{phnoe}}'\n",
                "en.yaml:1: text \"name\" has {{phnoe}}, which it has not in zh-CN. Use the same placeholders. Did you "
                "mean \"phone\"?"},
               {"hello: x\n", "hello: x\nhelo: y\n",
                "en.yaml:2: text \"helo\" is not in zh-CN. Add it there or remove it here. Did you mean \"hello\"?"},
               {"a: ''\n", "a: x\n",
                "zh.yaml:1: text \"a\" is empty or no text. Write `a: …` on one line, or `|-` and lines below."},
               {"a: '{{>b}}'\n", "a: x\n",
                "zh.yaml:1: text \"a\" includes another with {{> }}. Write its words out; there are no partials here."},
               {"- a\n", "a: x\n", "zh.yaml:1: is no list of texts. Write one `name: text` a line."}};
  for (const auto& row : table) {
    const auto loaded = Renderer::load({{"zh-CN", {{"zh.yaml", row.zh}}}, {"en", {{"en.yaml", row.en}}}}, "zh-CN");
    ASSERT_FALSE(loaded) << row.zh;
    EXPECT_EQ(describe(loaded.error().front()), row.complaint);
  }
  const auto none = Renderer::load({{"en", {{"en.yaml", "a: x\n"}}}}, "zh-CN");
  ASSERT_FALSE(none);
  EXPECT_EQ(describe(none.error().front()).substr(0, 60),
            "templates: there are no texts in the default locale zh-CN. A");
  EXPECT_FALSE(Renderer::load({{"zh-CN", {{"zh.yaml", "a: x\na: y\n"}}}}, "zh-CN"));
}

TEST(Renderer, ServesThreadsAtOnce) {
  const auto texts = renderer("a: '{{#n}}[{{n}}]{{/n}}'\n", "a: '{{n}}'\n");
  std::vector<std::thread> threads;
  for (int id = 0; id < 4; ++id)
    threads.emplace_back([&texts, id] {
      const auto n = std::to_string(id);
      for (int i = 0; i < 2000; ++i) EXPECT_EQ(texts.render("a", "zh-CN", "", {{"n", n}}), "[" + n + "]");
    });
  for (auto& thread : threads) thread.join();
}

TEST(Renderer, ALocaleMayBeSeveralFiles) {
  const auto loaded = Renderer::load({{"zh-CN", {{"zh-CN/a.yaml", "a: 甲\n"}, {"zh-CN/b.yaml", "b: 乙\n"}}}}, "zh-CN");
  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded->render("b", "zh-CN", "", {}), "乙");
  const auto twice = Renderer::load({{"zh-CN", {{"zh-CN/a.yaml", "a: 甲\n"}, {"zh-CN/b.yaml", "\na: 乙\n"}}}}, "zh-CN");
  ASSERT_FALSE(twice);
  EXPECT_EQ(describe(twice.error().front()),
            "zh-CN/b.yaml:2: text \"a\" stands in zh-CN/a.yaml:1 already. Remove one of the two.");
  const auto missing = Renderer::load({{"zh-CN", {{"zh-CN/a.yaml", "a: 甲\n"}, {"zh-CN/b.yaml", "b: 乙\n"}}},
                                       {"en", {{"en/a.yaml", "a: A\n"}, {"en/b.yaml", "c: C\n"}}}},
                                      "zh-CN");
  ASSERT_FALSE(missing);
  EXPECT_EQ(describe(missing.error().front()),
            "en/b.yaml: text \"b\" is missing; zh-CN/b.yaml:1 has it. Add it in en.");
}

TEST(Renderer, TheShippedTextsLoad) {
  const auto loaded = Renderer::load(shipped_texts(), "zh-CN");
  if (!loaded)
    for (const auto& error : loaded.error()) ADD_FAILURE() << describe(error);
}

TEST(RenderChoices, NumbersThem) {
  EXPECT_EQ(render_choices({{"repair", "设施故障"}, {"cleaning", "环境卫生"}}), "1. 设施故障\n2. 环境卫生");
  EXPECT_EQ(render_choices({}), "");
}

}  // namespace
}  // namespace huiyin::templates
