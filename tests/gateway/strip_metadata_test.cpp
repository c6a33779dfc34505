#include "gateway/strip_metadata.h"

#include <gtest/gtest.h>

#include "tests/gateway/pictures.h"

namespace huiyin::gateway {
namespace {

using namespace std::string_view_literals;

bool has(const std::string& bytes, std::string_view part) { return bytes.find(part) != std::string::npos; }

TEST(StripMetadata, AJpegKeepsItsPictureItsColoursAndItsOrientationAlone) {
  for (const bool little_endian : {false, true}) {
    const auto stripped = strip_metadata(pictures::jpeg(6, little_endian), "image/jpeg");
    ASSERT_TRUE(stripped);
    const auto expected =
        "\xFF\xD8" + pictures::segment(0xE0, "JFIF\0\1\2\0\0\1\0\1\0\0"sv) +
        pictures::segment(0xE1, "Exif\0\0MM\0\x2A\0\0\0\x08\0\1\1\x12\0\3\0\0\0\1\0\6\0\0\0\0\0\0"sv) +
        pictures::segment(0xE2, "ICC_PROFILE\0\1\1colours"sv) + pictures::jpeg_end();
    EXPECT_EQ(*stripped, expected);
  }
}

TEST(StripMetadata, WhatIsUprightNeedsNoOrientation) {
  for (const std::uint32_t orientation : {0U, 1U, 9U, 77U}) {
    const auto stripped = strip_metadata(pictures::jpeg(orientation), "image/jpeg");
    ASSERT_TRUE(stripped);
    EXPECT_FALSE(has(*stripped, "Exif")) << orientation;
  }
}

TEST(StripMetadata, StrippingTwiceChangesNothingMore) {
  for (const auto& [bytes, type] : {std::pair{pictures::jpeg(8), "image/jpeg"}, std::pair{pictures::png(), "image/png"},
                                    std::pair{pictures::webp(), "image/webp"}}) {
    const auto once = strip_metadata(bytes, type);
    ASSERT_TRUE(once) << type;
    EXPECT_EQ(strip_metadata(*once, type), once) << type;
  }
}

TEST(StripMetadata, APngKeepsWhatShowsIt) {
  const auto stripped = strip_metadata(pictures::png(), "image/png");
  ASSERT_TRUE(stripped);
  EXPECT_FALSE(has(*stripped, "GPS"));
  EXPECT_FALSE(has(*stripped, "2026"));
  for (const auto* part : {"IHDR", "iCCPcolours", "IDATpixels", "IEND"}) EXPECT_TRUE(has(*stripped, part)) << part;
  EXPECT_TRUE(stripped->ends_with("IENDcrc!"));
}

TEST(StripMetadata, AWebpSaysNoMoreThatItHasMetadata) {
  const auto stripped = strip_metadata(pictures::webp(), "image/webp");
  ASSERT_TRUE(stripped);
  const auto body = "WEBP" + pictures::riff("VP8X", "\x20\0\0\0\0\0\0\0\0\0"sv) + pictures::riff("ICCP", "colours") +
                    pictures::riff("VP8L", "pixels!");
  EXPECT_EQ(*stripped, "RIFF" + pictures::little(static_cast<std::uint32_t>(body.size()), 4) + body);
}

TEST(StripMetadata, WhatItCannotReadItDoesNotPassOn) {
  EXPECT_FALSE(strip_metadata(pictures::jpeg(), "image/heic"));
  EXPECT_FALSE(strip_metadata(pictures::jpeg(), "video/mp4"));
  EXPECT_FALSE(strip_metadata(pictures::png(), "image/jpeg"));
  EXPECT_FALSE(strip_metadata(pictures::jpeg(), "image/png"));
  EXPECT_FALSE(strip_metadata("", "image/jpeg"));
  EXPECT_FALSE(strip_metadata("\xFF\xD8\xFF\xD9", "image/jpeg")) << "no picture in it";
}

TEST(StripMetadata, NoPrefixAndNoFlippedByteLetsAPlaceThroughOrCrashes) {
  for (const auto& [bytes, type] : {std::pair{pictures::jpeg(), "image/jpeg"}, std::pair{pictures::png(), "image/png"},
                                    std::pair{pictures::webp(), "image/webp"}}) {
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      const auto stripped = strip_metadata(std::string_view(bytes).substr(0, size), type);
      EXPECT_FALSE(stripped && has(*stripped, "GPS-31")) << type << " cut at " << size;
    }
    for (std::size_t at = 0; at < bytes.size(); ++at)
      for (const unsigned flip : {0x01U, 0x80U, 0xFFU}) {
        auto changed = bytes;
        changed[at] = static_cast<char>(static_cast<unsigned char>(changed[at]) ^ flip);
        (void)strip_metadata(changed, type);
      }
  }
}

}  // namespace
}  // namespace huiyin::gateway
