#include "dialogs/language.h"

#include <gtest/gtest.h>

namespace huiyin::dialogs {
namespace {

TEST(Language, IsGuessedFromWordsAndKeptOtherwise) {
  const struct {
    const char *text, *current, *expect;
  } table[] = {{"电梯坏了", "en", "zh-CN"}, {"電梯壞了", "en", "zh-CN"},  {"the lift is broken", "zh-CN", "en"},
               {"Hello", "zh-CN", "en"},    {"ok", "zh-CN", "zh-CN"},     {"ok", "en", "en"},
               {"13800138000", "en", "en"}, {"HY1024", "zh-CN", "zh-CN"}, {"A座 lift broken", "en", "zh-CN"},
               {"😀", "en", "en"},           {"", "zh-CN", "zh-CN"},       {"Привет", "zh-CN", "zh-CN"}};
  for (const auto& row : table) EXPECT_EQ(guess_locale(row.text, row.current), row.expect) << row.text;
}

}  // namespace
}  // namespace huiyin::dialogs
