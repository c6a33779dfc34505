#include "db/conversation_cache.h"

#include <gtest/gtest.h>

#include "tests/db/drivers.h"

namespace huiyin::db {
namespace {

using namespace std::chrono_literals;

Conversation full(const Peer& peer) {
  auto row = conversation_of(peer);
  row.estate = EstateId{2};
  row.contact = ContactId{3};
  row.dialog = {.flow = "feedback",
                .asking = "phone",
                .misses = 1,
                .slots = {{"name", {"王建国", "王先生", true}}, {"phone", {"+8613800138000", "", false}}},
                .attachments = {AttachmentId{9007199254740993}},
                .asked = {"name", "phone"},
                .proposal = "draft",
                .resume = "address",
                .hint = "repair",
                .danger = "gas",
                .consent = ConsentNotice::accepted,
                .ticket = TicketId{4611686018427387905},
                .ticket_number = "HY1024-4",
                .draft = true,
                .touched = kNoon + 1ms,
                .media_acknowledged = kNoon + 4ms,
                .survey = SurveyId{9},
                .surveyed = kNoon + 5ms,
                .talk = TicketId{10},
                .talked = kNoon + 6ms,
                .exchange = {"漏水", "phone", kNoon + 7ms, kNoon + 8ms, 2, 1},
                .parts = {{"ref", 2, 3, "半句", kNoon + 9ms}},
                .verification = Verification{"+8613800138000", "hash", kNoon + 10ms, 2, 1, kNoon + 11ms},
                .mails_answered = {kNoon, kNoon + 12ms}};
  row.more = std::string("a\0b", 3);
  row.last_inbound = kNoon + 2ms;
  row.windows = {{kNoon, 5}, {kNoon + 1h, 0}};
  row.consents = {"TPL", "TPL", "OTHER"};
  row.consented = kNoon + 3ms;
  row.opted_out = row.with_human = true;
  row.version = 7;
  return row;
}

void put(ConversationCache& cache, const Conversation& row) { cache.put(row, row.version); }

TEST(ConversationCache, GivesBackWhatWasPut) {
  ConversationCache cache(1 << 20);
  const auto row = full(kWang);
  put(cache, row);
  EXPECT_EQ(cache.find(kWang), row);
  EXPECT_EQ(cache.find(kLi), std::nullopt);
  cache.drop(kWang);
  EXPECT_EQ(cache.find(kWang), std::nullopt);
  EXPECT_EQ(cache.bytes(), 0U);
}

// Does not compile once the state has one more field: it is then packed too, or an answer from memory lacks it.
TEST(ConversationCache, TheRowOfTheseTestsHasEveryFieldOfTheState) {
  const auto row = full(kWang);
  const auto& [flow, asking, misses, slots, attachments, asked, proposal, resume, hint, danger, consent, ticket, number,
               draft, touched, acknowledged, survey, surveyed, talk, talked, exchange, parts, verification, mails] =
      row.dialog;
  const DialogState fresh;
  EXPECT_TRUE(flow != fresh.flow && asking != fresh.asking && misses != 0 && !slots.empty() && !attachments.empty());
  EXPECT_TRUE(!asked.empty() && !proposal.empty() && !resume.empty() && !hint.empty() && !danger.empty());
  EXPECT_TRUE(consent != fresh.consent && ticket && !number.empty() && draft && touched && acknowledged);
  EXPECT_TRUE(survey && surveyed && talk && talked && exchange != fresh.exchange && !parts.empty());
  EXPECT_TRUE(verification && !mails.empty());
}

TEST(ConversationCache, ANewerRowIsNotReplacedByAnOlder) {
  ConversationCache cache(1 << 20);
  auto row = full(kWang);
  put(cache, row);
  row.version = 6;
  row.locale = "en";
  put(cache, row);
  EXPECT_EQ(cache.find(kWang)->version, 7);
  row.version = 8;
  put(cache, row);
  EXPECT_EQ(cache.find(kWang), row);
}

TEST(ConversationCache, StaysWithinItsBytesAndForgetsWhatWasUsedLongestAgo) {
  constexpr std::size_t kMost = 20000;
  ConversationCache cache(kMost);
  const auto peer = [](int i) { return Peer{"wechat:main", "o" + std::to_string(i)}; };
  put(cache, full(peer(0)));
  for (int i = 1; i < 1000; ++i) {
    put(cache, full(peer(i)));
    EXPECT_TRUE(cache.find(peer(0))) << "used again and again";
    ASSERT_LE(cache.bytes(), kMost);
  }
  EXPECT_GT(cache.bytes(), kMost / 2);
  EXPECT_FALSE(cache.find(peer(1)));
  EXPECT_TRUE(cache.find(peer(999)));
}

TEST(ConversationCache, ARowLargerThanAllOfItIsNotKept) {
  ConversationCache cache(1000);
  auto row = full(kWang);
  put(cache, row);
  row.version = 8;
  row.more = std::string(2000, 'x');
  put(cache, row);
  EXPECT_FALSE(cache.find(kWang)) << "nor the old one";
}

}  // namespace
}  // namespace huiyin::db
