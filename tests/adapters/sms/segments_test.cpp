#include "adapters/sms/segments.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "core/text.h"
#include "tests/adapters/sms/sms_requests.h"

namespace huiyin::sms {
namespace {

std::string repeat(const std::string& piece, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) out += piece;
  return out;
}

TEST(Segments, AsTheReferenceCalculatorCounts) {
  const auto vectors = nlohmann::json::parse(sms_data("vectors-segments.json"));
  ASSERT_GT(vectors.size(), 30U);
  for (const auto& vector : vectors) {
    const auto text = vector["inputs"]["text"].get<std::string>();
    const auto& expected = vector["expected"];
    if (text.empty()) continue;  // it takes nothing for one part
    EXPECT_EQ(count_segments(text), (Segments{expected["encoding"] == "GSM-7", expected["units"].get<std::size_t>(),
                                              expected["segments"].get<std::size_t>()}))
        << vector["name"];
  }
  EXPECT_EQ(count_segments("").parts, 0U);
}

TEST(Segments, WhatIsNoUtf8IsCountedAsWhatItIsSentAs) { EXPECT_EQ(count_segments("a\xff"), (Segments{false, 2, 1})); }

TEST(Segments, TheCloudsBillByCharacters) {
  const struct {
    std::string text;
    std::size_t parts;
  } table[] = {{"", 0},
               {repeat("a", 70), 1},
               {repeat("a", 71), 2},
               {repeat("水", 134), 2},
               {repeat("水", 135), 3},
               {repeat("水", 160), 3}};
  for (const auto& row : table) EXPECT_EQ(count_billed(row.text), row.parts) << row.text.size();
}

TEST(Segments, TheSignatureCountsAndStandsThereOnce) {
  EXPECT_EQ(with_signature("滨江物业", "好"), "【滨江物业】好");
  EXPECT_EQ(with_signature("滨江物业", "【滨江物业】好"), "【滨江物业】好");
  EXPECT_EQ(with_signature("", "好"), "好");
  EXPECT_EQ(count_billed(with_signature("滨江物业", repeat("水", 64))), 1U);
  EXPECT_EQ(count_billed(with_signature("滨江物业", repeat("水", 65))), 2U);
}

TEST(Segments, WhatIsTooLongIsCutBetweenCharacters) {
  EXPECT_EQ(fit_into_parts("电梯坏了", 1), "电梯坏了");
  EXPECT_EQ(fit_into_parts("Reply “no” – it’s leaking…", 1), "Reply \"no\" - it's leaking...") << "or it goes in UCS-2";
  EXPECT_EQ(fit_into_parts("“3栋”漏水…", 1), "“3栋”漏水…") << "is in UCS-2 whatever its marks";
  const auto chinese = fit_into_parts(repeat("水", 200), 2);
  EXPECT_EQ(count_segments(chinese).parts, 2U);
  EXPECT_EQ(count_characters(chinese), 134U);
  EXPECT_TRUE(chinese.ends_with("…"));
  const auto english = fit_into_parts(repeat("x", 200), 1);
  EXPECT_EQ(english, repeat("x", 157) + "...");  // … would make UCS-2 of it, in two parts
  for (const char* piece : {"😀", "€", "é", "\xff", "\xad", "a\xad\xad"}) {
    const auto cut = fit_into_parts(repeat(piece, 400), 3);
    EXPECT_LE(count_segments(cut).parts, 3U) << piece;
  }
}

}  // namespace
}  // namespace huiyin::sms
