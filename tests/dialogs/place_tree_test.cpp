// Places compared with those that the estate has: alone, and in the dialog.
#include <gtest/gtest.h>

#include "core/text.h"
#include "dialogs/understanding/place_tree.h"
#include "tests/dialogs/dialog.h"

namespace huiyin::dialogs {
namespace {

std::string doubted(const PlaceTree& tree, std::string_view address) {
  const auto doubt = tree.doubt(address);
  if (!doubt) return "";
  std::string out = doubt->several ? "which:" : "none:";
  for (const auto& place : doubt->nearest) out += " " + place;
  return out;
}

TEST(PlaceTree, WhatIsNotThereIsDoubtedWithTheNearestThatAre) {
  const PlaceTree rooms({"3栋/1单元/601", "3栋/1单元/602", "3栋/2单元/601", "3栋/2单元/602", "3栋/2单元/702",
                         "5栋/1单元/101", "A座/1201", "A座/1202", "会所"});
  const struct {
    const char *address, *doubt;
  } table[] = {{"3栋2单元602", ""},
               {"3号楼2单元602", ""},  // another word for it
               {"3-2-602", ""},
               {"三栋二单元六零二", ""},
               {"3栋", ""},
               {"3栋2单元", ""},
               {"3栋2单元6楼", ""},  // the tree knows no floors
               {"2单元602", ""},     // without a building nothing is certain
               {"小区东门", ""},
               {"3栋2单元603", "none: 3栋2单元602 3栋2单元601 3栋1单元602"},
               {"3栋3单元602", "none: 3栋2单元602 3栋1单元602 3栋2单元601"},
               {"3栋3单元", "none: 3栋2单元 3栋1单元"},
               {"8栋", "none: 5栋 3栋 A座"},
               {"3栋602", "which: 3栋1单元602 3栋2单元602"},
               {"3栋702", ""},  // one unit has it
               {"A座1203", "none: A座1202 A座1201"},
               {"B座1202", "none: A座1202 A座1201 3栋2单元702"}};
  for (const auto& row : table) EXPECT_EQ(doubted(rooms, row.address), row.doubt) << row.address;
}

TEST(PlaceTree, BelowItsLeavesAnythingMayBe) {
  const PlaceTree units({"1栋/1单元", "1栋/2单元", "3栋"});
  EXPECT_EQ(doubted(units, "1栋2单元602"), "");
  EXPECT_EQ(doubted(units, "3栋7单元602"), "");
  EXPECT_EQ(doubted(units, "1栋3单元602"), "none: 1栋2单元602 1栋1单元602");
  EXPECT_EQ(doubted(units, "1栋602"), "which: 1栋1单元602 1栋2单元602");
  EXPECT_EQ(doubted(PlaceTree(), "1栋602"), "");
  EXPECT_TRUE(PlaceTree(std::vector<std::string>{"会所", "南门"}).empty());
}

TEST(PlaceTree, ReadsEnglishPaths) {
  const PlaceTree tree(std::vector<std::string>{"Building 6/Unit 2", "Building 7"});
  EXPECT_EQ(doubted(tree, "Building 6, Unit 2"), "");
  EXPECT_EQ(doubted(tree, "Building 8"), "none: Building 7 Building 6");
}

class PlacesInTheDialog : public testing::Test {
 protected:
  PlacesInTheDialog() { dialog_.flow.site.places = PlaceTree({"3栋/1单元/602", "3栋/2单元/602", "3栋/2单元/603"}); }
  void expect(const std::vector<Exchange>& exchanges) {
    for (const auto& [owner, effects] : exchanges) EXPECT_EQ(dialog_.owner(owner), effects) << owner;
  }
  Dialog dialog_;
};

TEST_F(PlacesInTheDialog, OneThatDoesNotExistIsAskedAbout) {
  expect({{"3栋2单元605厨房漏水", "set(address) set(description) set(category) ask(place)"}});
  const auto* ask = find_effect<Ask>(dialog_.effects);
  ASSERT_NE(ask, nullptr);
  ASSERT_EQ(ask->choices.size(), 3U);
  EXPECT_EQ(ask->choices[0].label, "3栋2单元603");
  expect({{"1", "say(consent) set(address) say(changed) ask(name)"}});
  EXPECT_EQ(dialog_.state.slots["address"].value, "3栋2单元603");
}

TEST_F(PlacesInTheDialog, OneThatMayBeTwoIsAskedAbout) {
  expect({{"3栋602停电了", "set(address) set(description) set(category) ask(place)"},
          {"嗯嗯嗯嗯", "ask(place)"},
          {"2", "say(consent) set(address) say(changed) ask(name)"}});
  EXPECT_EQ(dialog_.state.slots["address"].value, "3栋2单元602");
}

TEST_F(PlacesInTheDialog, AnotherAddressIsReadAgain) {
  expect({{"3栋2单元605厨房漏水", "set(address) set(description) set(category) ask(place)"},
          {"3栋2单元606", "set(address) say(changed) ask(place)"},
          {"写错了，是3栋1单元602", "say(consent) set(address) say(changed) ask(name)"}});
}

TEST_F(PlacesInTheDialog, WhoHoldsToHisIsBelievedAndStaffLook) {
  expect({{"3栋2单元605厨房漏水", "set(address) set(description) set(category) ask(place)"},
          {"不改", "say(consent) ask(name)"}});
  EXPECT_EQ(dialog_.state.slots["address"].value, "3栋2单元605");
  EXPECT_TRUE(dialog_.state.slots["address"].to_audit);
}

TEST_F(PlacesInTheDialog, NobodyIsKeptAtIt) {
  expect({{"3栋2单元605厨房漏水", "set(address) set(description) set(category) ask(place)"},
          {"3栋2单元607", "set(address) say(changed) ask(place)"},
          {"3栋2单元608", "set(address) say(changed) ask(place)"},
          {"3栋2单元609", "say(consent) set(address) say(changed) ask(name)"}});
  EXPECT_TRUE(dialog_.state.slots["address"].to_audit);
}

TEST_F(PlacesInTheDialog, DangerWaitsForNoPlace) {
  expect({{"3栋2单元605有煤气味",
           "open_ticket(repair) say(danger_gas) set(address) set(description) set(category) ask(place)"}});
}

}  // namespace
}  // namespace huiyin::dialogs
