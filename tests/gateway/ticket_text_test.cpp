#include "gateway/ticket_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace huiyin::gateway {
namespace {

using testing::HasSubstr;

std::string shown(const Attachment& attachment, const std::vector<db::MediaJobState>& jobs = {}) {
  return describe_ticket({.number = {1024}}, {}, {{attachment}, jobs, "/srv/media"}, "HY", std::chrono::hours(8));
}

TEST(TicketText, SaysWhereAPhotoLiesOrWhyItDoesNot) {
  const std::string sha256 = "ab" + std::string(62, '0');
  const Attachment fetched{.id = AttachmentId{5}, .sha256 = sha256, .mime_type = "image/jpeg", .bytes = 2049};
  EXPECT_THAT(shown(fetched), HasSubstr("照片 photo  5  image/jpeg 3 KB  /srv/media/ab/" + sha256));
  const Attachment waiting{.id = AttachmentId{6}, .kind = MediaKind::voice};
  EXPECT_THAT(shown(waiting), HasSubstr("语音 voice  6  待下载 to be fetched\n"));
  EXPECT_THAT(shown(waiting, {{AttachmentId{6}, 3, "timeout", false}}),
              HasSubstr("to be fetched, tried 3 times: timeout\n"));
  EXPECT_THAT(shown(waiting, {{AttachmentId{6}, 1, "too large", true}}), HasSubstr("未能保存 not saved: too large\n"));
  EXPECT_THAT(shown(waiting, {{AttachmentId{7}, 1, "another's", true}}), HasSubstr("6  待下载 to be fetched\n"));
}

}  // namespace
}  // namespace huiyin::gateway
