#include <gtest/gtest.h>

#include "core/dialog_state.h"
#include "core/message.h"

namespace huiyin {
namespace {

using namespace std::chrono_literals;

TEST(DialogStateCodec, GivesBackWhatItWasGiven) {
  const DialogState full{.flow = "feedback",
                         .asking = "phone",
                         .misses = 1,
                         .slots = {{"name", {.value = "王建国"}},
                                   {"phone", {.value = "+8613800138000", .shown = "13800138000"}},
                                   {"address", {.value = "𠮷🏠 \"3\"号楼\n", .to_audit = true}}},
                         .attachments = {AttachmentId{9007199254740993}},
                         .asked = {"name", "phone"},
                         .proposal = "draft",
                         .resume = "address",
                         .ticket = TicketId{4611686018427387905},
                         .ticket_number = "HY1024-4",
                         .draft = true,
                         .touched = Time{1795428712123ms},
                         .media_acknowledged = Time{1795428712000ms},
                         .exchange = {.said = "1",
                                      .asking = "confirm",
                                      .at = Time{1795428712000ms},
                                      .answered = Time{1795428712001ms},
                                      .fruitless = 1,
                                      .quick = 2},
                         .parts = {{"7", 2, 3, "漏水", Time{1795428712002ms}}},
                         .verification = Verification{.phone = "+8613800138000",
                                                      .hash = "c2FsdA:00ff",
                                                      .expires = Time{1795428712003ms},
                                                      .attempts = 1,
                                                      .sent = 2,
                                                      .first = Time{1795428712004ms}}};
  EXPECT_EQ(decode_dialog_state(encode(full)), full);
  EXPECT_EQ(decode_dialog_state(encode(DialogState{})), DialogState{});
  EXPECT_EQ(encode(DialogState{}), "{}");
  EXPECT_EQ(decode_dialog_state(""), DialogState{});
}

TEST(DialogStateCodec, IgnoresWhatALaterVersionAdded) {
  EXPECT_EQ(decode_dialog_state(R"({"flow":"feedback","mood":[1]})"), DialogState{.flow = "feedback"});
}

TEST(DialogStateCodec, RefusesWhatItDidNotWrite) {
  for (const char* text : {"[]", "{", "3", R"({"misses":"many"})", R"({"slots":{"name":3}})"})
    EXPECT_THROW((void)decode_dialog_state(text), std::runtime_error) << text;
}

TEST(OutboundMessageCodec, GivesBackWhatItWasGiven) {
  const OutboundMessage full{
      .key = "o42",
      .to = {"wechat:main", "oHuiYin6tQx8AbCdEfGhIjKlMn_0"},
      .template_name = "ticket_received",
      .data = {{"number", "HY1024-4"}, {"name", "王建国"}},
      .text = "已收到 🙏",
      .locale = "zh-CN",
      .choices = {{"yes", "确认"}},
      .articles = {{"t", "d", "p", "u"}},
      .media = {{MediaKind::voice, "m1"}, {MediaKind::image, "", "/var/lib/huiyin/media/ab/abcd"}},
      .card = {.id = "HY10244_1",
               .title = "新工单 HY1024-4",
               .subtitle = "3号楼2单元602",
               .text = "厨房水管漏水",
               .lines = {{"电话", "138****1111"}, {"期限", "17:00"}},
               .url = "https://huiyin.example.com/t/x",
               .replaces = "code"},
      .answer = true,
      .hand_to_desk = true};
  EXPECT_EQ(decode_outbound_message(encode(full)), full);
  EXPECT_EQ(decode_outbound_message(encode(OutboundMessage{})), OutboundMessage{});
}

TEST(OutboundMessageCodec, AnAnswerLeavesOutWhatItsDeliverySays) {
  const Peer owner{"wechat:main", "oWang"};
  const OutboundMessage answer{.key = "k1", .to = owner, .text = "已收到"};
  EXPECT_EQ(encode_answer(answer, "k1", owner), R"({"text":"已收到"})");
  EXPECT_EQ(decode_answer(encode_answer({.text = "x"}, "k1", owner), "k1", owner), OutboundMessage{.text = "x"});
  for (const auto& message : {answer, OutboundMessage{.key = "o42", .to = owner, .text = "x"},
                              OutboundMessage{.key = "k1", .to = {"sms:main", "+8613800138000"}, .text = "x"}}) {
    EXPECT_EQ(decode_answer(encode_answer(message, "k1", owner), "k1", owner), message);
    EXPECT_EQ(decode_answer(encode(message), "k1", owner), message) << "as it was written before";
  }
}

TEST(OutboundMessageCodec, WritesALoneByteAsAReplacement) {
  EXPECT_EQ(decode_outbound_message(encode(OutboundMessage{.text = "a\xff"
                                                                   "b"}))
                .text,
            "a\xEF\xBF\xBD"
            "b");
}

}  // namespace
}  // namespace huiyin
