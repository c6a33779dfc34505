// From an event and a snapshot to a unit of work, with the flow, lexicon and texts as shipped.
#include <gtest/gtest.h>

#include "core/text.h"
#include "gateway/assets.h"
#include "gateway/cli.h"
#include "gateway/desk.h"

namespace huiyin::gateway {
namespace {

using namespace std::chrono_literals;

constexpr Time kNoon = Time{std::chrono::sys_days{std::chrono::year{2026} / 11 / 23}} + 4h;
const Peer kWang{"wechat:main", "oWang"};

class DecideTest : public testing::Test {
 protected:
  DecideTest() {
    const auto config = default_config();
    const auto assets = load_assets(config);
    if (!assets) throw std::runtime_error(describe(assets.error().front()));
    desk_ =
        make_desk(*assets, config, {.name = "wechat:main", .kind = "wechat", .account = "main", .estate = "riverside"},
                  {.reply_deadline = 4s, .max_bytes = 2048});
  }

  Incoming incoming(EventBody body, bool late = false) {
    return {.event = {.key = "k" + std::to_string(++count_), .peer = kWang, .sent_at = now_, .body = std::move(body)},
            .raw = "raw",
            .request_id = "r1",
            .received = now_,
            .late = late};
  }

  /// Decides as the pipeline would, and keeps what a store would keep.
  UnitOfWork decided(const Incoming& in) {
    Snapshot snapshot{.read = {.peer = kWang}, .conversation = conversation_};
    std::optional<TicketNumber> number;
    for (int round = 0; round < 4; ++round) {
      auto decision = decide(desk_, in, snapshot, {.now = now_, .ids = &ids_, .number = number});
      if (auto* unit = std::get_if<UnitOfWork>(&decision)) {
        keep(*unit);
        return std::move(*unit);
      }
      const auto& more = std::get<NeedsMore>(decision);
      snapshot.read = more.wants;
      if (more.wants.contact && !contacts_.empty()) snapshot.contact = contacts_.back();
      if (more.wants.tickets) snapshot.tickets = tickets_;
      if (more.wants.attachments) snapshot.attachments = attachments_;
      if (more.number) number = TicketNumber{1024};
    }
    throw std::runtime_error("never enough");
  }
  UnitOfWork says(const std::string& text) { return decided(incoming(TextMessage{text})); }

  void keep(const UnitOfWork& unit) {
    if (unit.conversation) {
      conversation_ = unit.conversation;
      ++conversation_->version;
    }
    for (const auto& ticket : unit.tickets) {
      std::erase_if(tickets_, [&](const Ticket& known) { return known.id == ticket.id; });
      tickets_.push_back(ticket);
      ++tickets_.back().version;
    }
    contacts_.insert(contacts_.end(), unit.contacts.begin(), unit.contacts.end());
    attachments_.insert(attachments_.end(), unit.attachments.begin(), unit.attachments.end());
  }

  /// The conversation's timer falls due now.
  UnitOfWork timer_fires() {
    return decided(incoming(TimerFired{TimerId{conversation_->id.value}, "draft", ""}, true));
  }

  Time now_ = kNoon;
  ManualClock clock_{kNoon};
  IdSource ids_{clock_, 1};
  Desk desk_{};
  int count_ = 0;
  std::optional<Conversation> conversation_{};
  std::vector<Ticket> tickets_{};
  std::vector<Contact> contacts_{};
  std::vector<Attachment> attachments_{};
};

TEST_F(DecideTest, AWholeReportIsOneTicketWithItsHistoryItsContactAndItsPhoto) {
  for (const char* text : {"报修", "王建国", "13800138000", "3号楼2单元602", "厨房水管漏水"}) (void)says(text);
  const auto photo = decided(incoming(MediaMessage{.media_id = "m1"}));
  ASSERT_EQ(photo.attachments.size(), 1U);
  ASSERT_EQ(photo.media_jobs.size(), 1U);
  EXPECT_EQ(photo.media_jobs[0].attachment, photo.attachments[0].id);
  EXPECT_EQ(photo.media_jobs[0].expires, kNoon + std::chrono::days(3));
  EXPECT_FALSE(photo.attachments[0].ticket);

  const auto unit = says("1");
  ASSERT_EQ(unit.tickets.size(), 1U);
  const auto& ticket = unit.tickets[0];
  EXPECT_EQ(ticket.number, TicketNumber{1024});
  EXPECT_EQ(ticket.phone, "+8613800138000");
  EXPECT_EQ(ticket.category, Category::repair);
  EXPECT_EQ(ticket.peer, kWang);
  EXPECT_EQ(ticket.estate, desk_.estate);
  EXPECT_EQ(ticket.request_id, "r1");
  EXPECT_TRUE(ticket.department);
  ASSERT_EQ(unit.history.size(), 1U);
  EXPECT_EQ(unit.history[0].ticket, ticket.id);
  EXPECT_EQ(unit.history[0].delivery_key, unit.inbox.key);
  ASSERT_EQ(unit.attachments.size(), 1U);
  EXPECT_EQ(unit.attachments[0].ticket, ticket.id);
  EXPECT_EQ(unit.attachments[0].id, photo.attachments[0].id);
  ASSERT_EQ(unit.contacts.size(), 1U);
  EXPECT_EQ(unit.contacts[0].name, "王建国");
  EXPECT_EQ(unit.contacts[0].addresses.at(0).text, ticket.address);
  EXPECT_FALSE(unit.contacts[0].phone_verified);
  EXPECT_EQ(ticket.contact, unit.contacts[0].id);
  EXPECT_EQ(unit.conversation->contact, unit.contacts[0].id);
  EXPECT_NE(unit.reply->text.find("HY1024-4"), std::string::npos) << unit.reply->text;
  EXPECT_TRUE(unit.outbox.empty());
}

TEST_F(DecideTest, ConsentIsRecordedWhenTheOwnerGoesOn) {
  EXPECT_FALSE(says("报修").conversation->consented);
  EXPECT_EQ(says("王建国").conversation->consented, kNoon);
}

TEST_F(DecideTest, WhatExceedsOneMessageIsPagedAndLosesNothing) {
  constexpr std::size_t kLimit = 200;
  for (const char* text : {"报修", "王建国", "13800138000", "3号楼2单元602", "厨房水管漏水"}) (void)says(text);
  desk_.capabilities.max_bytes = kLimit;
  const auto summary = says("跳过");
  ASSERT_TRUE(summary.reply);
  EXPECT_LE(summary.reply->text.size(), kLimit);
  EXPECT_NE(summary.reply->text.find("回复“更多”"), std::string::npos) << summary.reply->text;
  std::string all = summary.reply->text;
  for (int page = 0; page < 10 && !conversation_->more.empty(); ++page) {
    const auto next = says("更多");
    EXPECT_LE(next.reply->text.size(), kLimit);
    all += next.reply->text;
  }
  EXPECT_TRUE(conversation_->more.empty());
  for (const char* part : {"王建国", "3号楼2单元602", "厨房水管漏水", "1. 确认提交", "7. 改照片"})
    EXPECT_NE(all.find(part), std::string::npos) << part;
  EXPECT_EQ(conversation_->dialog.asking, "confirm");  // paging is no answer to the question
  EXPECT_EQ(says("1").tickets.size(), 1U);
}

TEST_F(DecideTest, AnotherMessageEndsThePaging) {
  (void)says("报修");
  conversation_->more = "the rest";
  EXPECT_EQ(says("王建国").conversation->more, "");
}

TEST_F(DecideTest, ALateEventsReplyGoesToTheOutbox) {
  const auto unit = decided(incoming(TextMessage{"报修"}, true));
  EXPECT_FALSE(unit.reply);
  ASSERT_EQ(unit.outbox.size(), 1U);
  EXPECT_EQ(unit.outbox[0].message.to, kWang);
  EXPECT_EQ(unit.outbox[0].message.key, "o" + std::to_string(unit.outbox[0].id.value));
  EXPECT_EQ(unit.outbox[0].due, kNoon);
}

TEST_F(DecideTest, AReplyThatNobodyWaitedForIsMovedUnderAKeyOfItsOwn) {
  const auto unit =
      move_reply_to_outbox("k1", {.key = "k1", .to = kWang, .text = "收到"}, {.now = kNoon, .ids = &ids_});
  EXPECT_EQ(unit.inbox.key, "late:k1");
  EXPECT_EQ(unit.moves_reply_of, "k1");
  ASSERT_EQ(unit.outbox.size(), 1U);
  EXPECT_EQ(unit.outbox[0].message.text, "收到");
}

TEST_F(DecideTest, DangerOpensAnUrgentTicketFromTheFirstMessage) {
  const auto unit = says("电梯困人了，快来");
  ASSERT_EQ(unit.tickets.size(), 1U);
  EXPECT_EQ(unit.tickets[0].priority, Priority::urgent);
  EXPECT_EQ(unit.tickets[0].danger, "trapped");
  EXPECT_EQ(conversation_->dialog.ticket, unit.tickets[0].id);
}

TEST_F(DecideTest, ATemplateSendsWhatToDoInDangerBeforeAllElseThatIsSaid) {
  const auto unit = says("家里闻到煤气味");
  ASSERT_TRUE(unit.reply);
  EXPECT_EQ(unit.reply->template_name, "danger_gas") << unit.reply->text;
}

TEST_F(DecideTest, APieceOfALongerMessageWaitsForTheRestButNotInDanger) {
  const auto piece = [](const char* text) { return TextMessage{.text = text, .part = TextPart{}}; };
  const auto held = decided(incoming(piece("3栋2单元602"), true));
  EXPECT_TRUE(held.tickets.empty());
  ASSERT_EQ(held.timers.size(), 1U);
  now_ += 1s;
  const auto danger = decided(incoming(piece("家里闻到很重的煤气味"), true));
  ASSERT_EQ(danger.tickets.size(), 1U);
  EXPECT_EQ(danger.tickets[0].danger, "gas");
}

TEST_F(DecideTest, WhatIsSaidWhileTheDatabaseIsAwayStillWarnsOfDanger) {
  const auto plain = busy_reply(desk_, incoming(TextMessage{"厨房漏水"}).event);
  EXPECT_EQ(plain.text, "收到，系统繁忙，稍后答复您。");
  const auto danger = busy_reply(desk_, incoming(TextMessage{"家里煤气泄漏"}).event);
  EXPECT_GT(danger.text.size(), plain.text.size());
  EXPECT_NE(danger.text.find(plain.text), std::string::npos);
  EXPECT_EQ(busy_reply(desk_, incoming(TextMessage{"The kitchen is leaking badly"}).event).locale, "en");
}

TEST_F(DecideTest, WhatIsNobodysChangesNoConversation) {
  auto in = incoming(Receipt{.id = "42", .state = ReceiptState::delivered});
  in.event.peer.address.clear();
  const auto unit = decided(in);
  EXPECT_FALSE(unit.conversation);
  ASSERT_EQ(unit.receipts.size(), 1U);
  EXPECT_EQ(unit.inbox.key, in.event.key);
}

TEST_F(DecideTest, AFormHasOneTimerFromItsBeginningToItsEnd) {
  const auto begun = says("报修");
  ASSERT_EQ(begun.timers.size(), 1U);
  EXPECT_EQ(begun.timers[0],
            (Timer{TimerId{conversation_->id.value}, kNoon + 24h, "draft", std::to_string(conversation_->id.value)}));
  for (const char* text : {"王建国", "13800138000", "3号楼2单元602", "厨房水管漏水", "跳过"}) {
    const auto unit = says(text);
    EXPECT_TRUE(unit.timers.empty() && unit.timers_cancelled.empty()) << text << ": nothing is written on the way";
  }
  const auto ended = says("1");
  ASSERT_EQ(ended.timers.size(), 1U) << "of the ticket, which is all that its opening adds";
  EXPECT_EQ(ended.timers[0].id.value, ended.tickets.at(0).id.value);
  EXPECT_EQ(ended.timers[0].kind, "ticket");
  EXPECT_LT(ended.timers[0].due, now_ + 1s);
  EXPECT_EQ(ended.timers_cancelled, std::vector{TimerId{conversation_->id.value}});
  EXPECT_TRUE(says("谢谢").timers_cancelled.empty());
}

TEST_F(DecideTest, ATimerThatFiresTooEarlyIsSetAnewFromTheLastTurn) {
  (void)says("报修");
  now_ = kNoon + 10h;
  (void)says("王建国");
  now_ = kNoon + 24h;
  const auto unit = timer_fires();
  ASSERT_EQ(unit.timers.size(), 1U);
  EXPECT_EQ(unit.timers[0].due, kNoon + 34h);
  EXPECT_FALSE(unit.conversation->dialog.draft);
  EXPECT_TRUE(unit.outbox.empty());
}

TEST_F(DecideTest, AFormLeftForADayIsADraftOfWhichHeIsRemindedOnce) {
  (void)says("报修");
  (void)says("王建国");
  now_ = kNoon + 24h;
  const auto unit = timer_fires();
  EXPECT_TRUE(unit.conversation->dialog.draft);
  EXPECT_TRUE(unit.timers.empty());
  EXPECT_FALSE(unit.reply);
  ASSERT_EQ(unit.outbox.size(), 1U);
  const auto& reminder = unit.outbox[0];
  EXPECT_EQ(reminder.message.template_name, "gateway.draft_reminder");
  EXPECT_NE(reminder.message.text.find("继续"), std::string::npos);
  EXPECT_EQ(reminder.message.to, kWang);
  EXPECT_FALSE(reminder.message.answer);
  EXPECT_EQ(reminder.expires, now_ + 24h);
  EXPECT_TRUE(timer_fires().outbox.empty());

  now_ = kNoon + 25h;
  const auto resumed = says("继续");
  EXPECT_NE(resumed.reply->text.find("手机号"), std::string::npos) << resumed.reply->text;
  ASSERT_EQ(resumed.timers.size(), 1U) << "it may be left again";
  EXPECT_EQ(resumed.timers[0].due, kNoon + 49h);
}

TEST_F(DecideTest, NobodyIsRemindedWhereItMakesNoSense) {
  const auto left = [this](auto change) {
    conversation_.reset();
    now_ = kNoon;
    (void)says("报修");
    (void)says("王建国");
    change();
    now_ = kNoon + 24h;
    return timer_fires().outbox.size();
  };
  EXPECT_EQ(left([] {}), 1U);
  EXPECT_EQ(left([this] { conversation_->gone = true; }), 0U);
  EXPECT_EQ(left([this] { conversation_->opted_out = true; }), 0U);
  EXPECT_EQ(left([this] { conversation_->with_human = true; }), 0U);
  EXPECT_EQ(left([this] { conversation_->dialog.ticket = TicketId{1}; }), 0U) << "the ticket is open already";
  EXPECT_EQ(left([this] { conversation_->dialog.slots.clear(); }), 0U) << "there is nothing to lose";
}

TEST_F(DecideTest, ConsentForANoticeIsAskedForWhenTheFormIsConfirmed) {
  desk_.consent_url = "https://h.test/notice";
  desk_.consent_templates = {"SUB1"};
  std::string last;
  const auto report = [&] {
    for (const char* text : {"报修", "王建国", "13800138000", "3栋2单元602", "厨房水管漏水", "跳过", "1"})
      if (const auto unit = says(text); unit.reply) {
        EXPECT_EQ(last.find("h.test"), std::string::npos) << "not before it is confirmed: " << text;
        last = unit.reply->text;
        if (!unit.tickets.empty()) break;
      }
  };
  report();
  EXPECT_NE(last.find("HY1024"), std::string::npos) << last;
  EXPECT_NE(last.find("https://h.test/notice"), std::string::npos) << last;
  EXPECT_LE(last.size(), desk_.capabilities.max_bytes);
}

TEST_F(DecideTest, WhoHasAllowedItIsNotAskedAgain) {
  desk_.consent_url = "https://h.test/notice";
  desk_.consent_templates = {"SUB1"};
  (void)decided(incoming(NoticeConsent{"SUB1", true}));
  for (const char* text : {"报修", "王建国", "13800138000", "3栋2单元602", "厨房水管漏水", "跳过", "1"}) {
    const auto unit = says(text);
    EXPECT_EQ(unit.reply.value_or(OutboundMessage{}).text.find("h.test"), std::string::npos) << text;
  }
  EXPECT_EQ(tickets_.size(), 1U);
}

TEST_F(DecideTest, AScannedCodeFillsPlaceAndCategory) {
  desk_.codes = {{"l3-2", "category=repair/elevator&address=3栋2单元电梯"}};
  (void)decided(incoming(Followed{"L3-2", true}));
  EXPECT_EQ(conversation_->dialog.slots.at("address").value, "3栋2单元电梯");
  EXPECT_EQ(conversation_->dialog.hint, "repair/elevator");
  conversation_.reset();
  (void)says("ｌ3-2");  // by SMS
  EXPECT_EQ(conversation_->dialog.slots.at("address").value, "3栋2单元电梯");
  conversation_.reset();
  (void)decided(incoming(Followed{"b3-2-602", false}));
  EXPECT_TRUE(conversation_->dialog.slots.empty()) << "a scene that is none of ours is a greeting";
}

TEST_F(DecideTest, TheOwnersLanguageIsAnswered) {
  EXPECT_EQ(says("Hello, the lift in building 3 is broken").conversation->locale, "en");
  EXPECT_EQ(says("13800138000").conversation->locale, "en");  // digits say nothing of it
  EXPECT_EQ(says("电梯坏了").conversation->locale, "zh-CN");
}

TEST_F(DecideTest, AMenuOfLongTextsNeverCutsInsideACharacter) {
  (void)says("报修");
  conversation_->more = std::string(3000, 'x') + "漏水👨‍👩‍👧‍👦";
  const auto page = says("更多");
  EXPECT_TRUE(is_valid_utf8(page.reply->text));
  EXPECT_LE(page.reply->text.size(), 2048U);
}

}  // namespace
}  // namespace huiyin::gateway
