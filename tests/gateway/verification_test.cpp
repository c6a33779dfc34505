#include "gateway/verification.h"

#include <gtest/gtest.h>

#include <set>

#include "gateway/system.h"

namespace huiyin::gateway {
namespace {

TEST(VerificationCode, HasSixDigitsAndIsNotTheSameEachTime) {
  SystemRandom random;
  std::set<std::string> seen;
  for (int i = 0; i < 200; ++i) {
    const auto code = draw_code(random);
    EXPECT_EQ(code.size(), 6U);
    EXPECT_EQ(code.find_first_not_of("0123456789"), std::string::npos);
    seen.insert(code);
  }
  EXPECT_GT(seen.size(), 190U);
}

TEST(VerificationCode, IsKnownByItsHashAlone) {
  SystemRandom random;
  const auto hash = hash_code("042917", random);
  EXPECT_EQ(hash.find("042917"), std::string::npos);
  EXPECT_NE(hash, hash_code("042917", random)) << "salted";
  EXPECT_TRUE(fits_code(hash, "042917"));
  for (const char* wrong : {"042918", "", "42917", "0429170"}) EXPECT_FALSE(fits_code(hash, wrong)) << wrong;
  for (const char* none : {"", "x", ":", "salt:"}) EXPECT_FALSE(fits_code(none, "042917")) << none;
}

}  // namespace
}  // namespace huiyin::gateway
