// Timers, node numbers, blocks of ticket numbers: held by one at a time.
#include <algorithm>
#include <set>
#include <thread>

#include "tests/db/store_conformance.h"

namespace huiyin::db {
namespace {

using namespace std::chrono_literals;

class StoreLease : public StoreConformance {};

using testing::ElementsAre;
using testing::IsEmpty;

TEST_P(StoreLease, ATimerIsHeldByOneNode) {
  auto unit = unit_of("e1");
  const Timer timer{TimerId{fresh_id()}, kNoon + 123ms, "draft", "7"};
  unit.timers = {timer};
  must_commit(unit);
  EXPECT_THAT(store_->lease_timers("a", kNoon + 122ms, 30s, 10).value(), IsEmpty());
  EXPECT_THAT(store_->lease_timers("a", kNoon + 123ms, 30s, 10).value(), ElementsAre(timer));
  EXPECT_THAT(store_->lease_timers("b", kNoon + 1s, 30s, 10).value(), IsEmpty());
  EXPECT_THAT(store_->lease_timers("b", kNoon + 31s, 30s, 10).value(), ElementsAre(timer));
  auto again = unit_of("e2");
  again.timers = {timer};
  must_commit(again);
  EXPECT_THAT(store_->lease_timers("c", kNoon + 31s, 30s, 10).value(), ElementsAre(timer)) << "set anew is free";
}

class StoreMedia : public StoreLease {
 protected:
  /// A photo that kWang sent, with its job.
  MediaJob photo(const std::string& key, Time due = kNoon) {
    auto unit = unit_of(key);
    unit.conversation = stored_conversation(kWang).value_or(conversation_of(kWang));
    const Attachment attachment{
        .id = AttachmentId{fresh_id()}, .conversation = unit.conversation->id, .file_name = "m.jpg", .received = kNoon};
    const MediaJob job{.id = MediaJobId{fresh_id()},
                       .attachment = attachment.id,
                       .channel = "wechat:main",
                       .media_id = "m-" + key,
                       .url = "http://mmbiz.qpic.cn/1",
                       .due = due,
                       .expires = kNoon + 72h};
    unit.attachments = {attachment};
    unit.media_jobs = {job};
    must_commit(unit);
    return job;
  }
  std::vector<MediaJobId> lease_media(const std::string& owner, Time now, int most = 10) {
    std::vector<MediaJobId> out;
    const auto leased = store_->lease_media_jobs(owner, now, 30s, most).value();
    for (const auto& one : leased) out.push_back(one.job.id);
    return out;
  }
  void link(const std::string& key, AttachmentId id, TicketId ticket) {
    auto unit = unit_of(key);
    unit.attachments = {{.id = id, .ticket = ticket, .stage = AttachmentStage::before, .received = kNoon}};
    must_commit(unit);
  }
  void end(const std::string& key, FetchedMedia fetched) {
    auto unit = unit_of(key);
    unit.fetched = {std::move(fetched)};
    must_commit(unit);
  }
};

TEST_P(StoreMedia, AJobIsHeldByOneNodeWithAllThatFetchingNeeds) {
  const auto job = photo("e1", kNoon + 1s);
  EXPECT_THAT(lease_media("a", kNoon), IsEmpty());
  const auto leased = store_->lease_media_jobs("a", kNoon + 1s, 30s, 10).value();
  ASSERT_EQ(leased.size(), 1U);
  EXPECT_EQ(leased[0].job, job);
  EXPECT_EQ(leased[0].attachment.id, job.attachment);
  EXPECT_EQ(leased[0].attachment.file_name, "m.jpg");
  EXPECT_EQ(leased[0].peer, kWang);
  EXPECT_EQ(leased[0].locale, "zh-CN");
  EXPECT_EQ(leased[0].attempts, 0);
  EXPECT_THAT(lease_media("b", kNoon + 2s), IsEmpty());
  EXPECT_THAT(lease_media("b", kNoon + 32s), ElementsAre(job.id));
}

TEST_P(StoreMedia, TheOldestDueComesFirstAndNotTooMany) {
  const auto second = photo("e1", kNoon - 1s), first = photo("e2", kNoon - 2s), third = photo("e3", kNoon);
  EXPECT_THAT(lease_media("a", kNoon, 2), ElementsAre(first.id, second.id));
  EXPECT_THAT(lease_media("a", kNoon, 2), ElementsAre(third.id));
}

TEST_P(StoreMedia, AFailedFetchIsTriedAgainWhenItIsDue) {
  const auto job = photo("e1");
  ASSERT_THAT(lease_media("a", kNoon), ElementsAre(job.id));
  ASSERT_TRUE(store_->settle_media("b", {{job.id, kNoon, 9, "not mine"}}));
  EXPECT_THAT(lease_media("b", kNoon + 1s), IsEmpty()) << "who does not hold it does not give it back";
  ASSERT_TRUE(store_->settle_media("a", {{job.id, kNoon + 10s, 1, std::string(300, 'x')}}));
  EXPECT_THAT(lease_media("b", kNoon + 9s), IsEmpty());
  const auto again = store_->lease_media_jobs("b", kNoon + 10s, 30s, 10).value();
  ASSERT_EQ(again.size(), 1U);
  EXPECT_EQ(again[0].attempts, 1);
}

TEST_P(StoreMedia, WhatWasFetchedIsInItsAttachmentAndItsJobGone) {
  const auto job = photo("e1");
  link("e2", job.attachment, TicketId{5});
  ASSERT_EQ(store_->media_jobs_of(TicketId{5})->size(), 1U);
  end("media:1", {job.id, job.attachment, std::string(64, 'a'), "image/jpeg", 1234, ""});
  const auto attachments = store_->attachments_of(TicketId{5}).value();
  ASSERT_EQ(attachments.size(), 1U);
  EXPECT_EQ(attachments[0].sha256, std::string(64, 'a'));
  EXPECT_EQ(attachments[0].mime_type, "image/jpeg");
  EXPECT_EQ(attachments[0].bytes, 1234);
  EXPECT_EQ(attachments[0].stage, AttachmentStage::before);
  EXPECT_EQ(attachments[0].file_name, "m.jpg") << "linking changes no more than the link";
  EXPECT_THAT(store_->media_jobs_of(TicketId{5}).value(), IsEmpty());
  EXPECT_THAT(lease_media("a", kNoon + 1h), IsEmpty());
}

TEST_P(StoreMedia, LinkingToATicketLeavesWhatWasFetchedMeanwhile) {
  const auto job = photo("e1");
  end("media:1", {job.id, job.attachment, std::string(64, 'a'), "image/jpeg", 1234, ""});
  link("e2", job.attachment, TicketId{5});  // decided on a snapshot of before
  EXPECT_EQ(store_->attachments_of(TicketId{5})->at(0).sha256, std::string(64, 'a'));
}

TEST_P(StoreMedia, WhatIsRefusedIsKeptForPeopleToSeeAndNeverTakenAgain) {
  const auto job = photo("e1");
  ASSERT_THAT(lease_media("a", kNoon), ElementsAre(job.id));
  link("e2", job.attachment, TicketId{5});
  end("media:1", {.job = job.id, .attachment = job.attachment, .refused = "too large"});
  ASSERT_TRUE(store_->settle_media("a", {{job.id, kNoon, 1, "late"}}));
  EXPECT_THAT(lease_media("b", kNoon + 1000h), IsEmpty());
  const auto states = store_->media_jobs_of(TicketId{5}).value();
  ASSERT_EQ(states.size(), 1U);
  EXPECT_EQ(states[0].attachment, job.attachment);
  EXPECT_EQ(states[0].last_error, "too large");
  EXPECT_TRUE(states[0].ended);
  EXPECT_EQ(store_->attachments_of(TicketId{5})->at(0).sha256, "");
}

TEST_P(StoreMedia, APeerIsFoundByHisConversation) {
  (void)photo("e1");
  EXPECT_EQ(store_->find_peer(stored_conversation(kWang)->id).value(), kWang);
  EXPECT_EQ(store_->find_peer(ConversationId{fresh_id()}).value(), std::nullopt);
}

TEST_P(StoreLease, TimersAreCancelledTogether) {
  auto unit = unit_of("e1");
  for (int i = 0; i < 5; ++i) unit.timers.push_back({TimerId{fresh_id()}, kNoon, "draft", "7"});
  must_commit(unit);
  auto cancelling = unit_of("e2");
  for (const auto i : {0U, 2U, 3U}) cancelling.timers_cancelled.push_back(unit.timers[i].id);
  must_commit(cancelling);
  EXPECT_THAT(store_->lease_timers("a", kNoon, 30s, 10).value(), ElementsAre(unit.timers[1], unit.timers[4]));
}

TEST_P(StoreLease, ATimerThatSetsItselfAnewStays) {
  auto unit = unit_of("e1");
  const Timer timer{TimerId{fresh_id()}, kNoon, "draft", "7"};
  unit.timers = {timer};
  must_commit(unit);
  auto fired =
      unit_of("timer:" + std::to_string(timer.id.value) + ":" + std::to_string(kNoon.time_since_epoch().count()));
  fired.timers = {{timer.id, kNoon + 1h, "draft", "7"}};
  must_commit(fired);
  EXPECT_THAT(store_->lease_timers("a", kNoon, 30s, 10).value(), IsEmpty());
  EXPECT_THAT(store_->lease_timers("a", kNoon + 1h, 30s, 10).value(), ElementsAre(fired.timers[0]));
}

TEST_P(StoreLease, EachNodeKeepsItsNumber) {
  EXPECT_EQ(store_->lease_node("a", kNoon, 60s).value(), 0);
  EXPECT_EQ(store_->lease_node("b", kNoon, 60s).value(), 1);
  EXPECT_EQ(store_->lease_node("a", kNoon + 50s, 60s).value(), 0);
  EXPECT_EQ(store_->lease_node("c", kNoon + 70s, 60s).value(), 1) << "what expired is free";
  EXPECT_EQ(store_->lease_node("b", kNoon + 71s, 60s).value(), 2);
}

TEST_P(StoreLease, AllNodeNumbersTakenIsAnError) {
  for (int i = 0; i <= IdSource::kMaxNode; ++i)
    database_.execute("INSERT INTO nodes (id,owner,expires) VALUES (" + std::to_string(i) +
                      ",'n','2099-01-01 00:00:00.000')");
  EXPECT_FALSE(store_->lease_node("late", kNoon, 60s));
}

TEST_P(StoreLease, OfManyAtOnceNoTwoGetTheSame) {
  auto unit = unit_of("timers");
  for (int i = 0; i < 40; ++i) unit.timers.push_back({TimerId{fresh_id()}, kNoon, "draft", "7"});
  must_commit(unit);
  std::mutex mutex;
  std::multiset<std::int64_t> numbers;
  std::multiset<std::int64_t> timers;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      const auto store = database_.open();  // as another process would
      for (int i = 0; i < 10; ++i) {
        const auto first = store->take_ticket_numbers(3);
        const auto leased = store->lease_timers("node-" + std::to_string(t), kNoon, 30s, 3);
        const std::lock_guard lock(mutex);
        ASSERT_TRUE(first) << first.error().why;
        ASSERT_TRUE(leased) << leased.error().why;
        for (int n = 0; n < 3; ++n) numbers.insert(*first + n);
        for (const auto& timer : *leased) timers.insert(timer.id.value);
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(numbers.size(), 120U);
  EXPECT_EQ(std::set(numbers.begin(), numbers.end()).size(), 120U);
  EXPECT_EQ(std::set(timers.begin(), timers.end()).size(), timers.size());
}

TEST_P(StoreLease, OldDeliveriesArePurgedOldestFirst) {
  for (int i = 0; i < 5; ++i) {
    auto unit = unit_of(std::to_string(i));
    unit.inbox.received = kNoon + std::chrono::hours(i);
    must_commit(unit);
  }
  EXPECT_EQ(store_->purge_inbox(kNoon + 3h, 2).value(), 2);
  EXPECT_EQ(store_->find_inbox("1").value(), std::nullopt);
  EXPECT_EQ(store_->purge_inbox(kNoon + 3h, 10).value(), 1);
  EXPECT_EQ(store_->purge_inbox(kNoon + 3h, 10).value(), 0);
  EXPECT_NE(store_->find_inbox("3").value(), std::nullopt);
}

HUIYIN_FOR_EACH_DRIVER(StoreLease);
HUIYIN_FOR_EACH_DRIVER(StoreMedia);

}  // namespace
}  // namespace huiyin::db
