#include "gateway/place_code.h"

#include <gtest/gtest.h>

#include "core/text.h"

namespace huiyin::gateway {
namespace {

const std::map<std::string, std::string> kCodes{{"l3-2", "category=repair/elevator&address=3栋2单元电梯"}};

/// What the dialog sees: `scan SCENE`, `follow SCENE`, `text TEXT`.
std::string seen(const EventBody& body, const DialogState& dialog = {}) {
  const auto event = with_place(kCodes, {.body = body}, dialog);
  if (const auto* followed = std::get_if<Followed>(&event.body))
    return (followed->scanned ? "scan " : "follow ") + followed->scene;
  return "text " + std::get<TextMessage>(event.body).text;
}

TEST(PlaceCode, AScannedOneBecomesItsScene) {
  const auto& scene = kCodes.at("l3-2");
  EXPECT_EQ(seen(Followed{"L3-2", true}), "scan " + scene);
  EXPECT_EQ(seen(Followed{"l3-2", false}), "follow " + scene);
  EXPECT_EQ(seen(Followed{"", false}), "follow ");
  EXPECT_EQ(seen(Followed{"last_trade_no_17", false}), "follow last_trade_no_17");
  EXPECT_EQ(seen(Followed{std::string(100000, 'x'), true}), "scan " + std::string(100000, 'x'));
}

TEST(PlaceCode, AnSmsThatIsOneCountsAsAScan) {
  const auto& scene = kCodes.at("l3-2");
  for (const char* text : {"L3-2", "l3-2", " L3-2 ", "Ｌ３－２", "#L3-2", "＃l3-2"})
    EXPECT_EQ(seen(TextMessage{text}), "scan " + scene) << text;
  for (const char* text : {"L3", "L3-2 坏了", "##L3-2", ""})
    EXPECT_EQ(seen(TextMessage{text}), "text " + std::string(text));
  EXPECT_EQ(seen(TextMessage{"L3-2"}, {.flow = "feedback"}), "text L3-2") << "an answer to a question";
  EXPECT_EQ(seen(TextMessage{"L3-2", "5"}), "text L3-2") << "a tap";
}

TEST(PlaceCode, TheSceneIsBoundedAndHoldsNoSeparatorsOfItsOwn) {
  EXPECT_EQ(scene_of({.code = "L3-2", .address = "3栋2单元电梯", .category = "repair/elevator"}), kCodes.at("l3-2"));
  EXPECT_EQ(scene_of({.address = "A&B=C"}), "address=A B C");
  EXPECT_EQ(scene_of({.category = "repair"}), "category=repair");
  EXPECT_EQ(count_characters(scene_of({.address = std::string(5000, 'x')})), 208U);
}

}  // namespace
}  // namespace huiyin::gateway
