#include "core/time.h"

#include <gtest/gtest.h>

namespace huiyin {
namespace {

using namespace std::chrono_literals;

constexpr Time kNoon = Time{std::chrono::sys_days{std::chrono::year{2026} / 11 / 23}} + 4h;  // noon in Shanghai

TEST(Time, IsWrittenInUtcWithThreeDigits) {
  EXPECT_EQ(format_utc(kNoon + 123ms), "2026-11-23 04:00:00.123");
  EXPECT_EQ(format_utc(Time{}), "1970-01-01 00:00:00.000");
  EXPECT_EQ(format_utc(Time{-1ms}), "1969-12-31 23:59:59.999");
  EXPECT_EQ(format_utc(Time::max()).substr(0, 5), "9999-");  // cut to what a database takes
  EXPECT_EQ(format_utc(Time::min()).substr(0, 5), "0000-");
}

TEST(Time, ReadsWhatADatabaseGives) {
  const struct {
    const char* text;
    std::optional<Time> expect;
  } table[] = {
      {"2026-11-23 04:00:00.123", kNoon + 123ms},
      {"2026-11-23 04:00:00.123000", kNoon + 123ms},
      {"2026-11-23 04:00:00.1", kNoon + 100ms},
      {"2026-11-23 04:00:00", kNoon},
      {"2026-11-23 04:00:00.", std::nullopt},
      {"2026-11-23 04:00:00.1234567", std::nullopt},
      {"2026-13-23 04:00:00", std::nullopt},
      {"2026-02-30 04:00:00", std::nullopt},
      {"2026-11-23 24:00:00", std::nullopt},
      {"2026-11-23T04:00:00", std::nullopt},
      {"", std::nullopt},
      {"0000-00-00 00:00:00", std::nullopt},
  };
  for (const auto& row : table) EXPECT_EQ(parse_utc(row.text), row.expect) << row.text;
}

}  // namespace
}  // namespace huiyin
