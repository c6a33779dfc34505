#include <gtest/gtest.h>

#include "adapters/workchat/wecom_errors.h"
#include "tests/adapters/workchat/wecom_requests.h"

namespace huiyin::workchat {
namespace {

TEST(WeComDocument, NamesEveryCodeOfTheTable) {
  const auto page = read_file("docs/channels/wecom.md");
  for (const auto& row : error_codes()) {
    if (row.first == 0) continue;
    EXPECT_NE(page.find(std::to_string(row.first)), std::string::npos) << row.first << " " << row.words;
    EXPECT_NE(page.find(std::to_string(row.last)), std::string::npos) << row.last << " " << row.words;
  }
}

}  // namespace
}  // namespace huiyin::workchat
