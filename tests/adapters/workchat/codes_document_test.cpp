// What operators look up when a code stands in the log.
#include <gtest/gtest.h>

#include "adapters/workchat/dingtalk_errors.h"
#include "adapters/workchat/feishu_errors.h"
#include "adapters/workchat/wecom_errors.h"
#include "tests/adapters/workchat/wecom_requests.h"

namespace huiyin::workchat {
namespace {

TEST(WorkChatDocuments, NameEveryCodeOfTheTables) {
  const std::pair<const char*, std::span<const ErrorCode>> pages[] = {
      {"wecom", error_codes()}, {"dingtalk", dingtalk_codes()}, {"feishu", feishu_codes()}};
  for (const auto& [name, codes] : pages) {
    const auto page = read_file(std::string("docs/channels/") + name + ".md");
    for (const auto& row : codes) {
      if (row.first == 0) continue;
      EXPECT_NE(page.find(std::to_string(row.first)), std::string::npos)
          << name << " " << row.first << " " << row.words;
      EXPECT_NE(page.find(std::to_string(row.last)), std::string::npos) << name << " " << row.last << " " << row.words;
    }
  }
}

TEST(WorkChatCodes, AreSorted) {
  for (const auto codes : {error_codes(), dingtalk_codes(), feishu_codes()})
    for (std::size_t i = 1; i < codes.size(); ++i) EXPECT_LT(codes[i - 1].last, codes[i].first);
}

}  // namespace
}  // namespace huiyin::workchat
