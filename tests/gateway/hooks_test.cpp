// What a provider is answered: in time, late, with the database away, and on a repeat.
#include "gateway/hooks.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <thread>

#include "gateway/assets.h"
#include "gateway/cli.h"
#include "gateway/system.h"
#include "gateway/turn_threads.h"
#include "tests/gateway/script_store.h"
#include "tests/gateway/temporary_folder.h"

namespace huiyin::gateway {
namespace {

using namespace std::chrono_literals;

constexpr Time kNoon = Time{std::chrono::sys_days{std::chrono::year{2026} / 11 / 23}} + 4h;

/// A provider whose requests are `key:words`, several to a request where a `;` parts them: from one owner, or from him
/// whom `key@owner` names.
class PlainChannel final : public Channel {
 public:
  explicit PlainChannel(const std::atomic<Millis>& deadline) : deadline_(deadline) {}
  tl::expected<Inbound, Reject> parse(const HttpRequest& request) const override {
    Inbound inbound{.raw = request.body};
    if (request.body == "forged") return reject(RejectReason::bad_signature, "a forged request");
    for (std::size_t from = 0; from < request.body.size();) {
      const auto end = std::min(request.body.find(';', from), request.body.size());
      const auto one = request.body.substr(from, end - from);
      const auto colon = one.find(':');
      const auto at = std::min(one.find('@'), colon);
      inbound.raws.push_back(one);
      inbound.events.push_back({.key = one.substr(0, at),
                                .peer = {"plain:main", at == colon ? "oWang" : one.substr(at + 1, colon - at - 1)},
                                .sent_at = request.received_at,
                                .body = TextMessage{one.substr(colon + 1)}});
      from = end + 1;
    }
    return inbound;
  }
  HttpReply acknowledge(const Inbound&, const std::optional<OutboundMessage>& message, const Envelope&) const override {
    return {.body = message ? message->text : "success"};
  }
  Capabilities capabilities() const override { return {.reply_deadline = deadline_.load()}; }

 private:
  const std::atomic<Millis>& deadline_;
};

class HooksTest : public testing::Test {
 protected:
  HooksTest() {
    const auto config = default_config();
    const auto assets = load_assets(config);
    if (!assets) throw std::runtime_error(describe(assets.error().front()));
    auto channel = std::make_unique<PlainChannel>(deadline_);
    auto desk = make_desk(*assets, config, {.name = "plain:main", .kind = "plain", .account = "main", .estate = ""},
                          channel->capabilities());
    channels_.emplace("/hook/plain/main", ChannelSetup{"plain:main", std::move(channel), std::move(desk)});
  }

  /// Each of the owner's texts is answered with all that he said so far.
  static std::variant<UnitOfWork, NeedsMore> decide(const Incoming& incoming, const Snapshot& snapshot) {
    auto conversation =
        snapshot.conversation.value_or(Conversation{.id = ConversationId{1}, .peer = incoming.event.peer});
    conversation.more += std::get<TextMessage>(incoming.event.body).text;
    return UnitOfWork{.inbox = {.key = incoming.event.key, .raw = incoming.raw},
                      .reply = OutboundMessage{.text = conversation.more},
                      .conversation = conversation};
  }

  HttpReply post(const std::string& body, const std::string& path = "/hook/plain/main") {
    const auto reply = std::make_shared<std::promise<HttpReply>>();
    hooks_.handle({.method = "POST", .path = path, .body = body, .received_at = kNoon},
                  [reply](HttpReply its) { reply->set_value(std::move(its)); });
    return reply->get_future().get();
  }
  std::vector<std::string> keys_in_spool() {
    std::vector<std::string> out;
    for (const auto& row : spool_->oldest(10)) out.push_back(row.key);
    return out;
  }
  static bool says_busy(const HttpReply& reply) { return reply.body.find("收到") != std::string::npos; }

  std::atomic<Millis> deadline_{60s};  // far away but where a test is about it
  ChannelTable channels_;
  TemporaryFolder folder_;
  ManualClock clock_{kNoon};
  SystemRandom random_;
  Metrics metrics_;
  ScriptStore store_;
  std::unique_ptr<Spool> spool_ = Spool::open(folder_.file("spool.db"), 3).value();
  TurnThreads threads_{2, 2};
  Pipeline pipeline_{store_,
                     [](const Incoming& incoming, const Snapshot& snapshot, std::optional<TicketNumber>) {
                       return decide(incoming, snapshot);
                     },
                     [] { return true; }, metrics_, threads_.both()};
  Hooks hooks_{channels_, pipeline_, *spool_, store_, threads_.readers(), metrics_, clock_, random_};
};

TEST_F(HooksTest, AnswersWhatWasDecidedAndARepeatTheSame) {
  EXPECT_EQ(post("k1:a").body, "a");
  EXPECT_EQ(post("k2:b").body, "ab");
  EXPECT_EQ(post("k1:a").body, "a");
  EXPECT_EQ(post("k3:c;k4:d").body, "abcd");  // in order; a provider takes one reply
}

TEST_F(HooksTest, WhatWasPreparedIsSaidOnlyWhereItWasCommitted) {
  store_.answer_next(Duplicate{.reply = OutboundMessage{.text = "what was said first"}});
  EXPECT_EQ(post("k1:a").body, "what was said first");
  store_.answer_next(Refused{"too long"});
  EXPECT_TRUE(says_busy(post("k2:b")));
  EXPECT_EQ(keys_in_spool(), std::vector<std::string>{"k2"});
}

TEST_F(HooksTest, RefusesWithoutDetail) {
  EXPECT_EQ(post("forged").status, 403);
  EXPECT_EQ(post("forged").body, "");
  EXPECT_EQ(post("k1:a", "/hook/plain/other").status, 404);
}

TEST_F(HooksTest, AtTheDeadlineItIsOnDiskAndTheProviderHearsSuccess) {
  store_.hold();
  deadline_ = 300ms;
  const auto began = std::chrono::steady_clock::now();
  EXPECT_EQ(post("k1:a").body, "success");
  EXPECT_LT(std::chrono::steady_clock::now() - began, 10s);
  EXPECT_EQ(spool_->size(), 1U);
  store_.release();
}

TEST_F(HooksTest, WithTheDatabaseAwayItIsOnDiskAndTheOwnerHearsSo) {
  store_.set_available(false);
  EXPECT_TRUE(says_busy(post("k1:a")));
  EXPECT_TRUE(says_busy(post("k1:a")));  // its repeat, once on disk
  EXPECT_EQ(spool_->size(), 1U);
}

TEST_F(HooksTest, WhatComesBehindASpooledMessageJoinsIt) {
  store_.set_available(false);
  post("k1:a");
  store_.set_available(true);
  EXPECT_TRUE(says_busy(post("k2:b")));
  EXPECT_EQ(spool_->size(), 2U);
}

TEST_F(HooksTest, ARepeatOfWhatWasAnsweredBeforeTheSpoolGetsItsOwnAnswer) {
  EXPECT_EQ(post("k1:a").body, "a");
  store_.set_available(false);
  EXPECT_TRUE(says_busy(post("k2:b")));
  store_.set_available(true);
  EXPECT_EQ(post("k1:a").body, "a");  // not "busy", with "a" once more by the outbox
  EXPECT_EQ(spool_->size(), 1U);
}

TEST_F(HooksTest, ARepeatOfWhatWasLateLeavesItsAnswerToTheReplayer) {
  store_.hold();
  deadline_ = 300ms;
  EXPECT_EQ(post("k1:a").body, "success");
  store_.release();
  pipeline_.drain(60s);
  EXPECT_EQ(post("k1:a").body, "success");  // the replayer finds k1 in the spool, and sends its reply
}

TEST_F(HooksTest, WhatComesWithARepeatIsNotForgotten) {
  EXPECT_EQ(post("k1:a").body, "a");
  store_.set_available(false);
  EXPECT_TRUE(says_busy(post("k2:b")));
  store_.set_available(true);
  EXPECT_TRUE(says_busy(post("k1:a;k3:c")));
  EXPECT_EQ(keys_in_spool(), (std::vector<std::string>{"k2", "k3"}));
}

TEST_F(HooksTest, EachMessageOfABatchHasACommitOfItsOwn) {
  EXPECT_EQ(post("k1@a:one;k2@b:two;k1@a:one;k3@a:three").body, "onethree");
  const auto units = store_.committed();
  ASSERT_EQ(units.size(), 3U);  // the repeat within the batch is none
  for (const auto& [number, raw] : {std::pair(0U, "k1@a:one"), {1U, "k2@b:two"}, {2U, "k3@a:three"}})
    EXPECT_EQ(units[number].inbox.raw, raw);
}

TEST_F(HooksTest, AMessageThatNobodyCanDecideKeepsNoOtherOfItsBatchBack) {
  store_.answer_next(Refused{"too long"});
  EXPECT_EQ(post("k1@a:one;k2@b:two;k3@c:three").status, 200);
  EXPECT_EQ(store_.committed().size(), 2U);
  EXPECT_EQ(spool_->size(), 1U);  // for whoever mends it
}

TEST_F(HooksTest, ABatchThatCannotBeKeptWholeStaysWithTheProvider) {
  for (const char* body : {"k1:a", "k2:b", "k3:c"}) {
    store_.set_available(false);
    EXPECT_EQ(post(body).status, 200);
  }
  store_.set_available(true);
  store_.answer_next(Refused{"too long"});  // and the spool is full
  EXPECT_EQ(post("k4@x:one;k5@y:two").status, 503);
}

TEST_F(HooksTest, OfABatchWhatIsInTheSpoolAlreadyHoldsUpNobodyElse) {
  EXPECT_EQ(post("k1@a:one").body, "one");
  store_.set_available(false);
  post("k2@a:two");
  store_.set_available(true);
  EXPECT_EQ(post("k1@a:one;k3@b:three").body, "three");  // k1 is a repeat, answered before
}

TEST_F(HooksTest, WhatNeitherTheDatabaseNorTheSpoolTakesStaysWithTheProvider) {
  store_.set_available(false);
  for (const char* body : {"k1:a", "k2:b", "k3:c"}) EXPECT_EQ(post(body).status, 200);
  EXPECT_EQ(post("k4:d").status, 503);
}

}  // namespace
}  // namespace huiyin::gateway
