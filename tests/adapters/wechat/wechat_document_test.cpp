// docs/channels/wechat.md tells the operator what each code of the table means for him.
#include <gtest/gtest.h>

#include "adapters/wechat/wechat_errors.h"
#include "tests/adapters/wechat/wechat_requests.h"

namespace huiyin::wechat {
namespace {

TEST(WeChatDocument, NamesEveryCodeThatTheTableKnows) {
  const auto document = read_file("docs/channels/wechat.md");
  for (const auto& row : error_codes()) {
    if (row.first == 0) continue;
    for (const auto code : {row.first, row.last})
      EXPECT_NE(document.find(std::to_string(code)), std::string::npos) << code << " " << row.words;
  }
}

}  // namespace
}  // namespace huiyin::wechat
