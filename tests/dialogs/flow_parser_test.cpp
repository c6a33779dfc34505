#include <gtest/gtest.h>

#include "tests/dialogs/dialog.h"

namespace huiyin::dialogs {
namespace {

/// The shipped flow with one thing broken, and the first complaint about it.
std::string complaint_after(const std::string& what, const std::string& with) {
  auto text = read_file("dialogs/flows/feedback.yaml");
  const auto at = text.find(what);
  if (at == std::string::npos) return "not in the flow: " + what;
  text.replace(at, what.size(), with);
  const auto flow = parse_flow(text, "feedback.yaml");
  if (flow) return "accepted";
  auto first = huiyin::describe(flow.error().front());
  const auto colon = first.find(':');
  const auto end = first.find(':', colon + 1);
  return end == std::string::npos ? first
                                  : first.substr(0, colon) + first.substr(end);  // without the line: the file changes
}

TEST(FlowParser, RefusesWhatIsBrokenAndSaysHowToMendIt) {
  EXPECT_EQ(complaint_after("kind: phone", "kind: fone"),
            "feedback.yaml: field \"phone\": kind is \"fone\", which is none of text, name, phone, address, choice, "
            "attachments, confirm. Did you mean \"phone\"?");
  EXPECT_EQ(complaint_after("  - name: phone", "  - name: name"),
            "feedback.yaml: field \"name\" is there twice; the first is in line 15. Remove one of them.");
  EXPECT_EQ(
      complaint_after("  - name: phone", "  - name: cancel"),
      "feedback.yaml: field \"cancel\" has a name that the engine keeps for a question of its own. Call it otherwise.");
  EXPECT_EQ(complaint_after("      - id: cleaning", "      - id: cleening"),
            "feedback.yaml: choice \"cleening\" is no category. Use repair, cleaning, service, security or internal; "
            "what is finer is a `sub`.");
  EXPECT_EQ(
      complaint_after("start: cleaning", "start: gardening"),
      "feedback.yaml: menu \"clean\": \"gardening\" is no choice of field \"category\". Use one of them, or any.");
  EXPECT_EQ(complaint_after("command: progress", "command: progres"),
            "feedback.yaml: command \"progres\" is not known. Did you mean \"progress\"?");
  EXPECT_EQ(complaint_after("category: repair/gas", "category: repair/gaz"),
            "feedback.yaml: danger gas: \"repair/gaz\" is no choice of field \"category\". Write a category and a "
            "sub-type of it: repair/gas.");
  EXPECT_EQ(complaint_after("\"{field}(应该是", "\"({field}(应该是").substr(0, 34),
            "feedback.yaml: correction \"({field");
  EXPECT_EQ(complaint_after("label: {zh-CN: 姓名, en: name}", "label: 姓名"),
            "feedback.yaml: \"label\" is no map of languages. Write {zh-CN: 地址, en: address}.");
  EXPECT_EQ(complaint_after("    kind: confirm", "    kind: text").substr(0, 14), "feedback.yaml:");
}

TEST(FlowParser, NamesTheLine) {
  const auto flow = parse_flow("flow: x\nfields:\n  - name: a\n    kind: tekst\n", "x.yaml");
  ASSERT_FALSE(flow);
  EXPECT_TRUE(huiyin::describe(flow.error().front()).starts_with("x.yaml:4: "))
      << huiyin::describe(flow.error().front());
  EXPECT_FALSE(parse_flow("", "x.yaml"));
  EXPECT_FALSE(parse_flow("- 1", "x.yaml"));
  EXPECT_FALSE(parse_flow("fields: [", "x.yaml"));
}

TEST(CheckFlow, TheShippedOneIsWhole) {
  for (const auto& error : check_flow(shipped_flow(), shipped_lexicon(), [](std::string_view) { return true; }))
    ADD_FAILURE() << huiyin::describe(error);
}

TEST(CheckFlow, NamesWhatIsMissing) {
  auto flow = shipped_flow();
  flow.dangers.erase(flow.dangers.begin());
  const auto errors =
      check_flow(flow, shipped_lexicon(), [](std::string_view name) { return name != "ask_phone.again"; });
  ASSERT_EQ(errors.size(), 2U);
  EXPECT_EQ(huiyin::describe(errors[0]).substr(0, 14), "feedback.yaml:");
  EXPECT_NE(huiyin::describe(errors[0]).find("field \"phone\" needs the text \"ask_phone.again\""), std::string::npos);
  EXPECT_NE(huiyin::describe(errors[1]).find("the danger \"fire\""), std::string::npos);
}

}  // namespace
}  // namespace huiyin::dialogs
