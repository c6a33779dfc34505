#include "adapters/sms/numbers.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/adapters/sms/sms_requests.h"

namespace huiyin::sms {
namespace {

std::string describe(const Number& number) {
  constexpr std::string_view kNames[] = {"mobile", "landline", "service", "short_code", "name", "none"};
  return std::string(kNames[static_cast<std::size_t>(number.kind)]) + " " + number.address;
}

TEST(Numbers, AsTheReferenceLibraryReadsThem) {
  const auto vectors = nlohmann::json::parse(sms_data("vectors-phone.json"));
  ASSERT_GT(vectors.size(), 50U);
  for (const auto& vector : vectors) {
    const auto text = vector["inputs"]["text"].get<std::string>();
    const auto& expected = vector["expected"];
    const auto number = parse_number(text, vector["inputs"]["defaultRegion"].get<std::string>());
    const auto type = expected["type"].is_string() ? expected["type"].get<std::string>() : std::string();
    const auto e164 = expected["e164"].get<std::string>();
    if (type == "MOBILE" || type == "FIXED_LINE_OR_MOBILE")
      EXPECT_EQ(describe(number), "mobile " + e164) << text;
    else if (type == "FIXED_LINE")
      EXPECT_EQ(describe(number), "landline " + e164) << text;
    else if (text == "14012345678")  // a range that is in use, and in no table yet
      EXPECT_EQ(describe(number), "mobile " + e164) << text;
    else
      EXPECT_NE(number.kind, NumberKind::mobile) << text;
  }
}

TEST(Numbers, WhatGetsNoSms) {
  const struct {
    const char *text, *expect;
  } table[] = {
      {"010-12345678", "landline +861012345678"},
      {"4008001234", "service 4008001234"},
      {"95588", "short_code 95588"},
      {"110", "short_code 110"},
      {"1069012345678", "service 1069012345678"},
      {"HUIYIN", "name HUIYIN"},
      {"Bank95588", "name Bank95588"},
      {"", "none "},
      {"   ", "none "},
      {"水管", "none 水管"},
      {"12345678", "none 12345678"},
      {"1380013800", "none 1380013800"},
      {"+86138001380", "none +86138001380"},
      {"+", "none +"},
  };
  for (const auto& row : table) EXPECT_EQ(describe(parse_number(row.text)), row.expect) << row.text;
}

TEST(Numbers, ASendersCountryCodeNeedsNoPlus) {
  const struct {
    const char *text, *expect;
  } table[] = {
      {"13800138000", "mobile +8613800138000"}, {"8613800138000", "mobile +8613800138000"},
      {"85291234567", "mobile +85291234567"},   {"85366123456", "mobile +85366123456"},
      {"886912345678", "mobile +886912345678"}, {"85228123456", "landline +85228123456"},
      {"10690000123", "service 10690000123"},   {"１３８００１３８０００", "mobile +8613800138000"},
  };
  for (const auto& row : table) EXPECT_EQ(describe(parse_sender(row.text)), row.expect) << row.text;
}

TEST(Numbers, AsMainlandProvidersWantThem) {
  EXPECT_EQ(without_plus("+8613800138000"), "13800138000");
  EXPECT_EQ(without_plus("+85291234567"), "85291234567");
  EXPECT_FALSE(is_mainland("+85291234567"));
}

TEST(Numbers, NoTextIsTooLong) { EXPECT_NE(parse_number(std::string(100000, '1')).kind, NumberKind::mobile); }

}  // namespace
}  // namespace huiyin::sms
