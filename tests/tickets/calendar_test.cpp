#include "tickets/calendar.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "tests/tickets/chinese_calendar.h"

namespace huiyin::tickets {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

constexpr auto kBerlin = "Europe/Berlin";

TEST(Calendar, OpensByWeekdayHolidayAndWorkedWeekend) {
  const auto calendar = chinese_calendar();
  struct {
    const char *when, *why;
    bool open;
  } const table[] = {
      {"2026-11-23 09:00", "a Monday, to the minute", true},
      {"2026-11-23 08:59", "before", false},
      {"2026-11-23 12:00", "lunch begins", false},
      {"2026-11-23 13:00", "and ends", true},
      {"2026-11-23 18:00", "the end", false},
      {"2026-11-28 10:00", "a Saturday", false},
      {"2026-10-01 10:00", "a Thursday, 国庆节", false},
      {"2026-10-10 10:00", "a Saturday that is worked", true},
      {"2026-10-08 10:00", "the first day after", true},
      {"2026-02-14 10:00", "a Saturday before 春节", true},
      {"2026-02-23 17:59", "its last day", false},
      {"2026-12-31 17:59", "the year's last working minute", true},
      {"2026-01-01 10:00", "元旦", false},
      {"2026-01-04 10:00", "a Sunday that is worked", true},
      {"2025-01-26 10:00", "and one of the year before", true},
      {"2025-10-08 10:00", "the eighth day of 2025's holiday", false},
  };
  for (const auto& row : table) EXPECT_EQ(calendar.is_open(at(row.when)), row.open) << row.when << " " << row.why;
}

TEST(Calendar, AddsOpenTime) {
  const auto calendar = chinese_calendar();
  struct {
    const char* from;
    Millis duration;
    const char *until, *why;
  } const table[] = {
      {"2026-11-23 09:00", 0ms, "2026-11-23 09:00", "nothing is nothing"},
      {"2026-11-22 03:00", 0ms, "2026-11-22 03:00", "at night as well"},
      {"2026-11-23 10:00", 30min, "2026-11-23 10:30", "within a morning"},
      {"2026-11-23 11:45", 30min, "2026-11-23 13:15", "over lunch"},
      {"2026-11-23 17:45", 30min, "2026-11-24 09:15", "over night"},
      {"2026-11-23 17:30", 30min, "2026-11-23 18:00", "to the end of a day, not the next day's begin"},
      {"2026-11-27 17:45", 30min, "2026-11-30 09:15", "over a weekend and a month's end"},
      {"2026-11-23 23:59", 1min, "2026-11-24 09:01", "from a minute before midnight"},
      {"2026-11-24 00:00", 1min, "2026-11-24 09:01", "from midnight"},
      {"2026-09-30 17:00", 2h, "2026-10-08 10:00", "over 国庆节"},
      {"2026-10-09 17:30", 1h, "2026-10-10 09:30", "into a Saturday that is worked"},
      {"2026-12-31 17:30", 1h, "2027-01-01 09:30", "into a year whose holidays are not known yet"},
      {"2025-12-31 17:30", 1h, "2026-01-04 09:30", "over 元旦 into a worked Sunday"},
      {"2026-02-13 17:00", 9h, "2026-02-14 18:00", "a worked Saturday is a whole day"},
      {"2026-02-14 18:00", 1min, "2026-02-24 09:01", "the longest holiday"},
      {"2026-11-23 09:00", 40h, "2026-11-27 18:00", "a week"},
      {"2024-02-28 17:30", 1h, "2024-02-29 09:30", "a leap day"},
  };
  for (const auto& row : table) {
    EXPECT_EQ(wall(calendar.add(at(row.from), row.duration)), row.until) << row.why;
    EXPECT_EQ(calendar.between(at(row.from), at(row.until)), row.duration) << row.why;
  }
}

TEST(Calendar, NextOpen) {
  const auto calendar = chinese_calendar();
  struct {
    const char *from, *open;
  } const table[] = {{"2026-11-23 10:00", "2026-11-23 10:00"},
                     {"2026-11-23 12:30", "2026-11-23 13:00"},
                     {"2026-11-23 18:00", "2026-11-24 09:00"},
                     {"2026-11-28 10:00", "2026-11-30 09:00"},
                     {"2026-10-01 00:00", "2026-10-08 09:00"}};
  for (const auto& row : table) EXPECT_EQ(wall(calendar.next_open(at(row.from))), row.open) << row.from;
}

Calendar all_day(const char* zone) {
  Calendar::Settings settings{.zone = date::locate_zone(zone)};
  settings.week.fill(parse_hours("00:00-24:00").value());
  return Calendar(std::move(settings));
}

TEST(Calendar, DaysWithoutEndMeetAtMidnightWhateverTheClocksDo) {
  const auto calendar = all_day(kBerlin);
  // The night of 2026-03-29 has 23 hours, that of 2026-10-25 has 25.
  for (const auto* from : {"2026-03-28 22:00", "2026-10-24 22:00", "2026-12-31 22:00"}) {
    EXPECT_EQ(calendar.add(at(from, kBerlin), 30h), at(from, kBerlin) + 30h) << from;
    EXPECT_EQ(calendar.between(at(from, kBerlin), at(from, kBerlin) + 30h), 30h) << from;
  }
  EXPECT_TRUE(calendar.is_open(at("2026-03-29 00:00", kBerlin)));
}

TEST(Calendar, HoursThatTheClocksSkipOrRepeat) {
  Calendar::Settings settings{.zone = date::locate_zone(kBerlin)};
  settings.week.fill(parse_hours("01:00-04:00").value());
  const Calendar calendar(std::move(settings));
  EXPECT_EQ(calendar.between(at("2026-03-29 00:00", kBerlin), at("2026-03-29 12:00", kBerlin)), 2h)
      << "02:00 is skipped";
  EXPECT_EQ(calendar.between(at("2026-10-25 00:00", kBerlin), at("2026-10-25 12:00", kBerlin)), 4h)
      << "02:00 comes twice";
  EXPECT_EQ(calendar.between(at("2026-03-28 00:00", kBerlin), at("2026-03-28 12:00", kBerlin)), 3h);
}

TEST(Calendar, ThatNeverOpensPutsNothingOffForGood) {
  const Calendar closed(Calendar::Settings{.zone = date::locate_zone("Asia/Shanghai")});
  const auto from = at("2026-11-23 10:00");
  EXPECT_FALSE(closed.is_open(from));
  EXPECT_EQ(closed.add(from, 2h), from + 2h);
  EXPECT_EQ(closed.between(from, from + 48h), 0ms);
  EXPECT_EQ(closed.next_open(from), from);
}

TEST(Calendar, RoundTheClock) {
  const Calendar always;
  const auto from = at("2026-10-01 03:00");
  EXPECT_TRUE(always.is_open(from));
  EXPECT_EQ(always.add(from, 4h), from + 4h);
  EXPECT_EQ(always.between(from, from + 4h), 4h);
  EXPECT_EQ(always.between(from + 4h, from), 0ms);
}

TEST(Calendar, HolidayHoursAndTheLaterOfTwoSpans) {
  Calendar::Settings settings{.zone = date::locate_zone("Asia/Shanghai")};
  settings.week.fill(parse_hours("08:00-20:00").value());
  settings.holiday = parse_hours("10:00-12:00").value();
  const auto holidays =
      parse_calendar("name: x\nyears: [2026]\nholidays: {2026-10-01..2026-10-07: 国庆节}\n", "x").value();
  const auto own = parse_calendar("name: y\nyears: []\nworkdays: {2026-10-03: 我们上班}\n", "y").value();
  settings.days = holidays.days;
  settings.days.insert(settings.days.end(), own.days.begin(), own.days.end());
  const Calendar calendar(std::move(settings));
  EXPECT_TRUE(calendar.is_open(at("2026-10-01 11:00")));
  EXPECT_FALSE(calendar.is_open(at("2026-10-01 13:00")));
  EXPECT_TRUE(calendar.is_open(at("2026-10-03 13:00"))) << "the estate's own word is the later one";
}

// add() and between() are each other's inverse, and time does not run backwards.
TEST(Calendar, AddingAndMeasuringAgree) {
  const auto calendar = chinese_calendar();
  std::mt19937_64 random(20261123);
  const auto first = at("2025-01-01 00:00");
  for (int i = 0; i < 2000; ++i) {
    const auto from = first + std::chrono::minutes(random() % (2 * 365 * 24 * 60));
    const auto duration = std::chrono::minutes(1 + random() % (90 * 60));
    const auto until = calendar.add(from, duration);
    ASSERT_GT(until, from);
    ASSERT_EQ(calendar.between(from, until), duration) << wall(from) << " + " << duration.count();
    ASSERT_LE(until, calendar.add(from + 1min, duration));
  }
}

TEST(Hours, AreReadOrRefused) {
  EXPECT_THAT(parse_hours("08:30-12:00, 13:30-18:00").value(), ElementsAre(OpenSpan{510, 720}, OpenSpan{810, 1080}));
  EXPECT_THAT(parse_hours("０８：３０-１２：００").value(), ElementsAre(OpenSpan{510, 720})) << "full-width";
  EXPECT_THAT(parse_hours("0:00-24:00").value(), ElementsAre(OpenSpan{0, 1440}));
  EXPECT_TRUE(parse_hours("closed").value().empty());
  for (const auto* bad : {"", "9", "9-12", "09:00", "12:00-09:00", "09:00-09:00", "09:00-24:01", "09:60-10:00",
                          "09:00-12:00,11:00-13:00", "13:00-14:00,09:00-10:00", "-1:00-02:00", "all day"})
    EXPECT_FALSE(parse_hours(bad)) << bad;
}

std::string complaints(const char* text) {
  const auto parsed = parse_calendar(text, "x.yaml");
  std::string out;
  if (!parsed)
    for (const auto& error : parsed.error()) out += describe(error) + "\n";
  return out;
}

TEST(CalendarFile, EveryMistakeIsNamedWithItsLine) {
  struct {
    const char *text, *expect;
  } const table[] = {
      {"name: x\nyears: [2026]\nholidays:\n  2026-13-01: 元旦\n",
       "x.yaml:4: holidays: \"2026-13-01\" is no day. Write 2026-10-01, or 2026-10-01..2026-10-07 for several.\n"},
      {"name: x\nyears: [2026]\nholidays:\n  2026-10-07..2026-10-01: 国庆节\n",
       "x.yaml:4: holidays: \"2026-10-07..2026-10-01\" is no day. Write 2026-10-01, or 2026-10-01..2026-10-07 for "
       "several.\n"},
      {"name: x\nyears: [2026]\nholidays:\n  2025-10-01..2026-10-07: 国庆节\n",
       "x.yaml:4: holidays: \"2025-10-01..2026-10-07\" is no day. Write 2026-10-01, or 2026-10-01..2026-10-07 for "
       "several.\n"},
      {"name: x\nyears: [二〇二六]\n", "x.yaml:2: years: \"二〇二六\" is no year. Write [2025, 2026].\n"},
      {"name: x\nyears: [2026]\nholiday: {}\n", "x.yaml:3: unknown key \"holiday\". Did you mean \"holidays\"?\n"},
      {"name: x\nyears: [2026]\nholidays: {2026-10-01: 国庆节}\nworkdays: {2026-10-01: 上班}\n",
       "x.yaml:1: \"上班\" falls on \"国庆节\". A day is a holiday or worked, not both.\n"},
      {"- a\n", "x.yaml:1: is no map. Begin it with name:.\n"},
  };
  for (const auto& row : table) EXPECT_EQ(complaints(row.text), row.expect) << row.text;
}

TEST(CalendarFile, TheOneShippedHasWholeYears) {
  std::ifstream in("tickets/calendars/cn.yaml");
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  const auto holidays = parse_calendar(text, "cn.yaml");
  ASSERT_TRUE(holidays) << complaints(text.c_str());
  EXPECT_THAT(holidays->years, ElementsAre(2025, 2026));
  std::map<int, std::pair<int, int>> days;  // free, worked
  for (const auto& span : holidays->days)
    for (auto day = span.from; day <= span.until; day += std::chrono::days(1)) {
      auto& [free, worked] = days[static_cast<int>(std::chrono::year_month_day(day).year())];
      ++(span.is_workday ? worked : free);
      if (span.is_workday) {
        EXPECT_GE(std::chrono::weekday(day).iso_encoding(), 6U) << "only a weekend day is worked instead";
      }
    }
  // As counted in the announcements: 1+8+3+5+3+8 and 3+9+3+5+3+3+7 days.
  EXPECT_EQ(days[2025], std::pair(28, 5));
  EXPECT_EQ(days[2026], std::pair(33, 6));
}

}  // namespace
}  // namespace huiyin::tickets
