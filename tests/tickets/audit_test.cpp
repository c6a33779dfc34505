#include "tickets/audit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace huiyin::tickets {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Ticket complete(Category category) {
  Ticket ticket;
  ticket.name = "王建国";
  ticket.phone = "+8613800138000";
  ticket.address = "3栋2单元602";
  ticket.category = category;
  ticket.description = "电梯坏了";
  return ticket;
}

TEST(Audit, FlagsAreASet) {
  EXPECT_EQ(with_flag("", "human"), "human");
  EXPECT_EQ(with_flag("phone", "human"), "phone,human");
  EXPECT_EQ(with_flag("phone,human", "human"), "phone,human");
  EXPECT_EQ(without_flag("phone,human,name", "human"), "phone,name");
  EXPECT_EQ(without_flag("human", "human"), "");
  EXPECT_TRUE(has_flag("phone,human", "human"));
  EXPECT_FALSE(has_flag("phone_number", "phone")) << "a flag is a whole word";
  EXPECT_FALSE(has_flag("", ""));
  EXPECT_THAT(flags_of(",a,,b,"), ElementsAre("a", "b"));
}

TEST(Audit, RulesOfTheCompanySayWhatIsOthersBusiness) {
  const std::vector<ScopeRule> rules{{.words = {"太阳能"}, .call = "the maker"},
                                     {.kind = {Category::cleaning, "pool"}, .call = "the pool's"},
                                     {.kind = {Category::repair, ""}, .words = {"warranty"}, .call = "the builder"}};
  auto ticket = complete(Category::repair);
  EXPECT_EQ(out_of_scope_by(rules, ticket), nullptr);
  ticket.description = "屋顶的太阳能不热";
  ASSERT_NE(out_of_scope_by(rules, ticket), nullptr);
  EXPECT_EQ(out_of_scope_by(rules, ticket)->call, "the maker");
  ticket.danger = "fire";
  EXPECT_EQ(out_of_scope_by(rules, ticket), nullptr) << "danger is always ours to see to";
  ticket = complete(Category::repair);
  ticket.description = "The door, still under WARRANTY";
  EXPECT_EQ(out_of_scope_by(rules, ticket)->call, "the builder");
  ticket.category = Category::service;
  EXPECT_EQ(out_of_scope_by(rules, ticket), nullptr);
  ticket = complete(Category::cleaning);
  ticket.subcategory = "pool";
  EXPECT_EQ(out_of_scope_by(rules, ticket)->call, "the pool's");
}

TEST(Audit, ACompleteTicketLacksNothing) {
  for (const auto category : {Category::repair, Category::cleaning, Category::service, Category::security})
    EXPECT_THAT(missing_fields(complete(category)), IsEmpty()) << to_string(category);
}

TEST(Audit, EachMissingFieldIsNamedInTheOrderOfAsking) {
  EXPECT_THAT(missing_fields(Ticket{}), ElementsAre("name", "phone", "address", "category", "description"));
  auto ticket = complete(Category::repair);
  ticket.address.clear();
  EXPECT_THAT(missing_fields(ticket), ElementsAre("address"));
  ticket.place = PlaceId{7};
  EXPECT_THAT(missing_fields(ticket), IsEmpty()) << "a known place is an address";
}

TEST(Audit, ASuggestionNeedsOnlyItsWords) {
  Ticket ticket;
  ticket.category = Category::internal;
  EXPECT_THAT(missing_fields(ticket), ElementsAre("description"));
  ticket.category = Category::out_of_scope;
  EXPECT_THAT(missing_fields(ticket), ElementsAre("name", "phone", "description"));
}

TEST(Audit, TheFlagsOfMissingFieldsJoinThoseOfTheDialog) {
  auto ticket = complete(Category::repair);
  ticket.phone.clear();
  ticket.audit = "name";
  EXPECT_EQ(audited(ticket), "name,phone");
}

}  // namespace
}  // namespace huiyin::tickets
