#include <gtest/gtest.h>

#include "tests/dialogs/dialog.h"

namespace huiyin::dialogs {
namespace {

using namespace std::chrono_literals;

/// An owner of WeChat's whose typed phone is a claim; codes fit by being equal.
class Verification : public testing::Test {
 protected:
  Verification() {
    flow_.manners.can_verify_phones = true;
    flow_.site.fits_code = [](const std::string& hash, std::string_view code) { return hash == code; };
    stored_.conversation =
        Conversation{.id = ConversationId{1}, .peer = kWang, .contact = ContactId{7}, .locale = "zh-CN"};
    stored_.contact = Contact{.id = ContactId{7}, .phone = "+8613800138000"};
  }
  std::string says(const std::string& text, Millis after = 1min) {
    now_ += after;
    const Event event{.key = "k", .peer = kWang, .sent_at = now_, .body = TextMessage{text}};
    const auto understood = understand(shipped_lexicon(), text);
    auto snapshot = stored_;
    snapshot.read = {.peer = kWang};
    for (int round = 0; round < 4; ++round) {
      auto stepped = step(flow_, state_, event, understood, snapshot, now_);
      if (const auto* needs = std::get_if<Needs>(&stepped)) {
        snapshot.read.contact |= needs->contact;
        snapshot.read.tickets |= needs->tickets;
        if (!needs->phone.empty()) snapshot.read.phone = needs->phone;
        continue;
      }
      auto& turn = std::get<Turn>(stepped);
      state_ = std::move(turn.state);
      if (find_effect<SendCode>(turn.effects) != nullptr) {  // as the gateway does
        state_.verification->hash = "123456";
        state_.verification->expires = now_ + 10min;
      }
      return describe(turn.effects);
    }
    return "it never saw enough";
  }

  Flow flow_ = shipped_flow();
  Snapshot stored_{};
  DialogState state_{};
  Time now_ = kNoonInShanghai;
};

TEST_F(Verification, ACodeProvesThePhone) {
  EXPECT_EQ(says("验证"), "send_code say(verify_sent)");
  EXPECT_EQ(says("进度"), "say(progress_none)") << "he may say anything else meanwhile";
  EXPECT_EQ(says("１２３４５６"), "prove_phone say(verify_done)");
  EXPECT_NE(says("123456"), "prove_phone say(verify_done)") << "a code is good once";
}

TEST_F(Verification, WrongCodesAreCountedAndEndIt) {
  says("验证");
  for (int i = 0; i < 4; ++i) EXPECT_EQ(says("000000"), "say(verify_wrong)");
  EXPECT_EQ(says("000000"), "say(verify_expired)");
  EXPECT_NE(says("123456"), "prove_phone say(verify_done)");
}

TEST_F(Verification, ACodeRunsOut) {
  says("验证");
  EXPECT_EQ(says("123456", 11min), "say(verify_expired)");
}

TEST_F(Verification, NobodysPhoneIsFlooded) {
  for (int i = 0; i < 3; ++i) EXPECT_EQ(says("验证"), "send_code say(verify_sent)");
  EXPECT_EQ(says("验证"), "say(verify_too_often)");
  EXPECT_EQ(says("验证", 25h), "send_code say(verify_sent)");
  stored_.codes_sent = 5;  // by others who typed the same number
  state_.verification.reset();
  EXPECT_EQ(says("验证"), "say(verify_too_often)");
}

TEST_F(Verification, ItIsOfferedOnlyWhereItMatters) {
  EXPECT_EQ(says("进度"), "say(progress_none)");
  stored_.phone_owner = Contact{.id = ContactId{8}, .phone = "+8613800138000", .phone_verified = true};
  EXPECT_EQ(says("进度"), "say(progress_none) say(verify_offer)");
  Ticket own;
  own.number = {1001};
  own.peer = kWang;
  stored_.tickets = {own};
  EXPECT_EQ(says("进度"), "say(progress_ticket) say(verify_offer)");
  stored_.contact->phone_verified = true;
  EXPECT_EQ(says("进度"), "say(progress_ticket)");
}

TEST_F(Verification, WithoutAPhoneThereIsNothingToProve) {
  stored_.contact->phone.clear();
  EXPECT_EQ(says("验证"), "say(verify_no_phone)");
  flow_.manners.can_verify_phones = false;
  EXPECT_NE(says("验证"), "say(verify_no_phone)") << "no SMS channel is configured";
}

}  // namespace
}  // namespace huiyin::dialogs
