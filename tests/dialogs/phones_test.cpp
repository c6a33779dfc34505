// Which number of a message is to be called, over tests/data/understanding/phones.txt.
#include <gtest/gtest.h>

#include <sstream>

#include "tests/dialogs/dialog.h"

namespace huiyin::dialogs {
namespace {

TEST(Phones, AreFoundInEveryFormAndCompany) {
  constexpr int kLeast = 500;
  std::istringstream lines(read_file("tests/data/understanding/phones.txt"));
  int count = 0;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with('#')) continue;
    const auto tab = line.find('\t');
    ASSERT_NE(tab, std::string::npos) << line;
    const auto phone = understand(shipped_lexicon(), line.substr(tab + 1)).phone;
    EXPECT_EQ(phone ? phone->value : "-", line.substr(0, tab)) << line.substr(tab + 1);
    ++count;
  }
  EXPECT_GE(count, kLeast);
}

}  // namespace
}  // namespace huiyin::dialogs
