#include "tickets/duplicates.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "tests/tickets/life.h"
#include "tickets/departments.h"

namespace huiyin::tickets {
namespace {

using namespace std::chrono_literals;
const auto kNow = at("2026-11-23 12:00");

struct Told {
  const char* address;
  const char* subcategory = "elevator";
  const char* words = "电梯坏了";
  std::string peer{};  ///< empty: one of his own
  Category category = Category::repair;
  TicketStatus status = TicketStatus::accepted;
  Millis ago = 1h;
};

Ticket ticket_of(const Told& told, std::int64_t id) {
  Ticket out;
  out.id = TicketId{id};
  out.peer = {"wechat:main", told.peer.empty() ? "o-" + std::to_string(id) : told.peer};
  out.address = told.address;
  out.category = told.category;
  out.subcategory = told.subcategory;
  out.description = told.words;
  out.status = told.status;
  out.opened = kNow - told.ago;
  return out;
}

std::string compared(const Ticket& ticket, const std::vector<Ticket>& others) {
  const auto found = find_duplicate(ticket, others, kNow, {});
  if (found.likeness == Likeness::none) return "-";
  return std::string(found.likeness == Likeness::same ? "same " : "maybe ") + std::to_string(found.of.value) + ": " +
         found.why;
}

TEST(Duplicates, SamePlaceAndKindStillOpen) {
  struct {
    const char* name;
    Told one, other;
    const char* expect;
  } const table[] = {
      {"one lift, told of from two flats", {"3号楼2单元602"}, {"三栋2单元101"}, "same 1: shared elevator of 3栋2单元"},
      {"the other staircase's lift", {"3号楼2单元"}, {"3号楼1单元"}, "-"},
      {"the other building's", {"13号楼2单元"}, {"3号楼2单元"}, "-"},
      {"which lift is not said", {"小区"}, {"3号楼2单元"}, "-"},
      {"a leak is another one in every flat", {"3栋2单元602", "water", "漏水"}, {"3栋2单元502", "water", "漏水"}, "-"},
      {"the same flat's", {"3栋2单元602", "water", "厨房漏水"}, {"3号楼2单元602室", "water", "水管爆了"}, "-"},
      {"written alike",
       {"3栋2单元602", "water", "厨房漏水"},
       {"3号楼 2单元 602", "water", "水管爆了"},
       "same 1: same place"},
      {"another trouble there", {"3栋2单元602", "water"}, {"3栋2单元602", "power"}, "-"},
      {"a garage has many lamps",
       {"地下车库", "light", "灯坏了"},
       {"地下车库", "light", "东边的灯不亮"},
       "maybe 1: same place"},
      {"few words stand in many a report",
       {"地下车库", "light", "灯坏了"},
       {"地下车库", "light", "灯坏了！"},
       "maybe 1: same place"},
      {"word for word", {"地下车库", "light", "A区灯坏了"}, {"地下车库", "light", "A区灯坏了"}, "same 1: same place"},
      {"he told it before",
       {"地下车库", "light", "灯坏了", "o-wang"},
       {"地下车库", "light", "还不亮", "o-wang"},
       "same 1: same owner, same place"},
      {"done with already", {"3号楼2单元"}, {.address = "3号楼2单元", .status = TicketStatus::resolved}, "-"},
      {"from long ago", {"3号楼2单元"}, {.address = "3号楼2单元", .ago = 169h}, "-"},
      {"complaints of two people are two",
       {"3栋2单元602", "fee", "多收", "o-wang", Category::service},
       {"3栋2单元602", "fee", "多收", "o-li", Category::service},
       "-"},
  };
  for (const auto& row : table) {
    const auto one = ticket_of(row.one, 2), other = ticket_of(row.other, 1);
    EXPECT_EQ(compared(one, {other}), row.expect) << row.name;
    if (row.expect != std::string("-")) {
      EXPECT_EQ(matter_of(one, {}), matter_of(other, {})) << row.name << ": by that the other is found";
      EXPECT_NE(matter_of(one, {}), 0) << row.name;
    }
  }
}

TEST(Duplicates, AMatterIsOfOneEstatePlaceAndKind) {
  const auto matter = [](const Told& told, EstateId estate = {}) {
    auto ticket = ticket_of(told, 1);
    ticket.estate = estate;
    return matter_of(ticket, {});
  };
  const auto leak = matter({"3栋2单元602", "water"});
  EXPECT_GT(leak, 0);
  EXPECT_NE(leak, matter({"3栋2单元602", "power"}));
  EXPECT_NE(leak, matter({"3栋2单元502", "water"}));
  EXPECT_NE(leak, matter({"3栋2单元602", "water"}, EstateId{1}));
  EXPECT_EQ(matter({"", "water"}), 0) << "nowhere is no place that two share";
  EXPECT_EQ(matter({.address = "3栋", .subcategory = "fee", .category = Category::service}), 0);
  EXPECT_EQ(matter({.address = "3栋", .subcategory = "", .category = Category::none}), 0);
  EXPECT_EQ(matter_of(ticket_of({"3栋2单元602"}, 1), {.enabled = false}), 0);
}

TEST(Duplicates, TheOldestOfSeveralAndTheSurestFirst) {
  const auto ticket = ticket_of({"3栋2单元602"}, 9);
  auto older = ticket_of({"3栋2单元"}, 5);
  older.opened -= 5h;
  EXPECT_EQ(compared(ticket, {ticket_of({"3栋2单元"}, 4), older}), "same 5: shared elevator of 3栋2单元");
  EXPECT_EQ(compared(ticket, {ticket}), "-") << "it is not its own";
}

TEST(Duplicates, WithDangerNobodyWaitsForAnothers) {
  auto trapped = ticket_of({"3栋2单元602"}, 9);
  trapped.danger = "trapped";
  EXPECT_EQ(compared(trapped, {ticket_of({"3栋2单元"}, 4)}), "maybe 4: shared elevator of 3栋2单元");
}

TEST(Duplicates, CanBeSwitchedOff) {
  EXPECT_EQ(find_duplicate(ticket_of({"3栋2单元"}, 9), {ticket_of({"3栋2单元"}, 4)}, kNow, {.enabled = false}).likeness,
            Likeness::none);
}

TEST(Places, AreComparedAsPeopleMeanThem) {
  EXPECT_EQ(comparable_place("三号楼 2单元/602"), "3栋2单元602");
  EXPECT_EQ(comparable_place("１２幢二单元"), "12栋2单元");
  EXPECT_EQ(comparable_place("一楼大厅"), "1楼大厅");
  EXPECT_EQ(comparable_place("三角花园"), "三角花园");
  struct {
    const char *address, *place;
    bool named;
  } const table[] = {{"3号楼2单元602", "3栋", true},
                     {"13号楼2单元602", "3栋", false},
                     {"3号楼2单元602", "3栋/2单元", true},
                     {"3号楼12单元", "3栋/2单元", false},
                     {"地下车库B区", "地下车库", true},
                     {"3号楼2单元602", "3栋2单元60", false},
                     {"滨江花园3幢", "3栋", true},
                     {"", "3栋", false},
                     {"3栋", "", false}};
  for (const auto& row : table)
    EXPECT_EQ(names_place(row.address, row.place), row.named) << row.address << " " << row.place;
}

TEST(Departments, TheFirstRuleThatFits) {
  const DepartmentId lifts{1}, garage{2}, repairs{3};
  const std::vector<DepartmentRule> rules = {
      {{Category::repair, "elevator"}, "", lifts}, {{}, "地下车库", garage}, {{Category::repair, ""}, "", repairs}};
  EXPECT_EQ(find_department(rules, ticket_of({"地下车库"}, 1)), lifts);
  EXPECT_EQ(find_department(rules, ticket_of({"地下车库", "light"}, 1)), garage);
  EXPECT_EQ(find_department(rules, ticket_of({"3栋", "light"}, 1)), repairs);
  EXPECT_EQ(find_department(rules, ticket_of({"3栋", "", "", "o", Category::service}, 1)), DepartmentId{});
}

}  // namespace
}  // namespace huiyin::tickets
