#include "core/yaml.h"

#include <gtest/gtest.h>

namespace huiyin {
namespace {

std::string first_error(std::string_view text) {
  const auto parsed = YamlNode::parse(text, "f.yaml");
  return parsed ? "no error" : describe(parsed.error());
}

TEST(Yaml, RefusesWithTheLine) {
  EXPECT_EQ(first_error("a: 1\nb: 2\na: 3\n"),
            "f.yaml:3: \"a\" stands here a second time, first in line 1. Remove one.");
  EXPECT_TRUE(first_error("a:\n  - b\n c: [").starts_with("f.yaml:3: not valid YAML here"))
      << first_error("a:\n  - b\n c: [");
  EXPECT_EQ(first_error("a: \xff"), "f.yaml:1: the file is not UTF-8. Save it as UTF-8.");
  EXPECT_EQ(first_error(std::string(200, '[')).substr(0, 7), "f.yaml:");
  EXPECT_EQ(first_error(std::string(100, '[') + std::string(100, ']')),
            "f.yaml:1: nested deeper than 64 levels. Flatten it.");
}

TEST(Yaml, RefusesAnAliasBomb) {
  std::string bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n";
  for (int i = 1; i < 9; ++i) {
    const auto before = "*a" + std::to_string(i - 1);
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [";
    for (int j = 0; j < 10; ++j) bomb += before + (j < 9 ? "," : "]\n");
  }
  EXPECT_NE(first_error(bomb).find("over 200,000 nodes"), std::string::npos) << first_error(bomb);
}

TEST(YamlReader, CollectsEveryComplaintWithItsLine) {
  const auto node =
      YamlNode::parse("port: many\nnmae: x\nkind: sqllite\nlist: [a, {b: c}]\nflag: perhaps\n", "f.yaml").value();
  std::vector<Error> errors;
  YamlReader read(node, "db", errors);
  EXPECT_EQ(read.number("port", 1, 65535, 3306), 3306);
  EXPECT_EQ(read.text("name"), "");
  EXPECT_EQ(read.one_of("kind", {"sqlite", "mysql"}), "");
  EXPECT_EQ(read.texts("list"), std::vector<std::string>{"a"});
  EXPECT_TRUE(read.flag("flag", true));
  read.finish();
  std::vector<std::string> lines;
  for (const auto& error : errors) lines.push_back(describe(error));
  EXPECT_EQ(lines, (std::vector<std::string>{
                       "f.yaml:1: db: port should be a whole number from 1 to 65535, not \"many\".",
                       "f.yaml:1: db: name is missing.",
                       "f.yaml:3: db: kind is \"sqllite\", which is none of sqlite, mysql. Did you mean \"sqlite\"?",
                       "f.yaml:4: db: list should list texts only.",
                       "f.yaml:5: db: flag should be true or false.",
                       "f.yaml:2: db: unknown key \"nmae\". Did you mean \"name\"?",
                   }));
}

TEST(YamlReader, AnEmptyValueIsMissing) {
  const auto node = YamlNode::parse("name:\nother: 1\n", "f.yaml").value();
  std::vector<Error> errors;
  YamlReader read(node, "", errors);
  EXPECT_EQ(read.text("name"), "");
  ASSERT_EQ(errors.size(), 1U);
  EXPECT_EQ(describe(errors[0]), "f.yaml:1: name is missing.");
}

TEST(YamlNode, TellsQuotedFromPlain) {
  const auto node = YamlNode::parse("a: \"12\"\nb: 12\n", "f.yaml").value();
  EXPECT_TRUE(node.find("a")->is_quoted());
  EXPECT_FALSE(node.find("b")->is_quoted());
}

}  // namespace
}  // namespace huiyin
