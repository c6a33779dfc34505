#include "gateway/qr_image.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <cstdint>
#include <set>
#include <stdexcept>
#include <utility>

namespace huiyin::gateway {
namespace {

using testing::HasSubstr;

const std::string kUrl = "http://weixin.qq.com/q/02xyzAbCdEfGhIjKlMn01";

std::uint32_t number_at(const std::string& bytes, std::size_t at) {
  std::uint32_t out = 0;
  for (std::size_t i = 0; i < 4; ++i) out = out * 256 + static_cast<unsigned char>(bytes.at(at + i));
  return out;
}

/// The data of each chunk, its checksum verified.
std::vector<std::pair<std::string, std::string>> chunks_of(const std::string& png) {
  std::vector<std::pair<std::string, std::string>> out;
  for (std::size_t at = 8; at < png.size();) {
    const auto size = number_at(png, at);
    const auto type_and_data = png.substr(at + 4, 4 + size);
    EXPECT_EQ(number_at(png, at + 8 + size),
              crc32(0, reinterpret_cast<const Bytef*>(type_and_data.data()), static_cast<uInt>(type_and_data.size())));
    out.emplace_back(type_and_data.substr(0, 4), type_and_data.substr(4));
    at += 12 + size;
  }
  return out;
}

/// The dark modules of an SVG.
std::set<std::pair<int, int>> modules_of(const std::string& svg) {
  std::set<std::pair<int, int>> out;
  for (auto at = svg.find('M', svg.find("<path")); at != std::string::npos; at = svg.find('M', at + 1)) {
    int x = 0, y = 0;
    if (std::sscanf(svg.c_str() + at, "M%d %dh1v1h-1z", &x, &y) == 2) out.emplace(x, y);
  }
  return out;
}

TEST(QrImage, HasThreeFindersAndAQuietZone) {
  const auto dark = modules_of(qr_svg(kUrl, {}));
  ASSERT_FALSE(dark.empty());
  int last = 0;
  for (const auto& [x, y] : dark) {
    EXPECT_GE(std::min(x, y), 4);
    last = std::max({last, x, y});
  }
  for (const auto& [left, top] : {std::pair{4, 4}, {last - 6, 4}, {4, last - 6}})
    for (int i = 0; i < 7; ++i) {
      EXPECT_TRUE(dark.contains({left + i, top}));
      EXPECT_TRUE(dark.contains({left, top + i}));
      EXPECT_EQ(dark.contains({left + i, top + 1}), i == 0 || i == 6);
    }
}

TEST(QrImage, ThePngShowsTheSameAsTheSvg) {
  constexpr int kScale = 3;
  const auto dark = modules_of(qr_svg(kUrl, {}));
  const auto png = qr_png(kUrl, kScale);
  EXPECT_TRUE(png.starts_with("\x89PNG\r\n\x1a\n"));
  const auto chunks = chunks_of(png);
  ASSERT_EQ(chunks.size(), 3U);
  const auto side = number_at(chunks[0].second, 0);
  EXPECT_EQ(side, number_at(chunks[0].second, 4));
  const std::size_t row = (side + 7) / 8 + 1;
  std::string pixels(row * side, 'x');
  auto size = static_cast<uLongf>(pixels.size());
  ASSERT_EQ(
      uncompress(reinterpret_cast<Bytef*>(pixels.data()), &size,
                 reinterpret_cast<const Bytef*>(chunks[1].second.data()), static_cast<uLong>(chunks[1].second.size())),
      Z_OK);
  ASSERT_EQ(size, pixels.size());
  for (std::size_t y = 0; y < side; ++y) {
    EXPECT_EQ(pixels[y * row], '\0');
    for (std::size_t x = 0; x < side; ++x) {
      const bool white = (static_cast<unsigned char>(pixels[y * row + 1 + x / 8]) >> (7 - x % 8) & 1U) != 0;
      ASSERT_EQ(!white, dark.contains({static_cast<int>(x) / kScale, static_cast<int>(y) / kScale})) << x << "," << y;
    }
  }
}

TEST(QrImage, TheCaptionIsEscaped) { EXPECT_THAT(qr_svg(kUrl, {"A<B>&C", "3栋"}), HasSubstr(">A&lt;B>&amp;C</text>")); }

TEST(QrImage, WhatIsTooLongIsRefused) { EXPECT_THROW((void)qr_png(std::string(5000, 'x'), 1), std::runtime_error); }

}  // namespace
}  // namespace huiyin::gateway
