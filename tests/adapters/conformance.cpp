#include "tests/adapters/conformance.h"

#include <algorithm>

#include "core/text.h"
#include "tests/describe.h"

namespace huiyin {
namespace {

/// The request with its signature replaced, wherever it stands.
HttpRequest with_signature(const ConformanceCase& param, const std::string& signature) {
  auto request = param.request;
  const auto replace_in = [&](std::string& text) {
    const auto at = text.find(param.signature);
    if (at != std::string::npos) text.replace(at, param.signature.size(), signature);
  };
  replace_in(request.path);
  replace_in(request.query);
  for (auto& [name, value] : request.headers) replace_in(value);
  return request;
}

TEST_P(ChannelConformance, TheSameRequestTwiceGivesTheSameEvents) {
  const auto channel = GetParam().channel();
  const auto first = channel->parse(GetParam().request);
  ASSERT_TRUE(first) << describe(first);
  EXPECT_FALSE(first->events.empty() && !first->answer);
  EXPECT_EQ(describe(first), describe(channel->parse(GetParam().request)));
  for (const auto& event : first->events) {
    EXPECT_FALSE(event.key.empty());
    EXPECT_TRUE(event.key.starts_with(event.peer.channel + ":")) << "keys are unique over all channels: " << event.key;
  }
}

TEST_P(ChannelConformance, ASpooledRequestGivesTheSameEvents) {
  const auto channel = GetParam().channel();
  const auto spooled = decode_http_request(encode(GetParam().request));
  EXPECT_EQ(describe(channel->parse(spooled)), describe(channel->parse(GetParam().request)));
}

TEST_P(ChannelConformance, WhatTheInboxKeepsGivesTheSameEvents) {
  const auto channel = GetParam().channel();
  const auto came = channel->parse(GetParam().request);
  ASSERT_TRUE(came) << describe(came);
  if (channel->capabilities().staff) return;  // owners' conversations alone are gone through again
  for (std::size_t i = 0; i < came->events.size(); ++i) {
    const auto& event = came->events[i];
    if (std::holds_alternative<Receipt>(event.body) || std::holds_alternative<Notice>(event.body)) continue;
    const auto again = channel->reread(came->raw_of(i), GetParam().request.received_at);
    ASSERT_TRUE(again) << describe(again);
    const auto same = std::find_if(again->events.begin(), again->events.end(),
                                   [&](const Event& one) { return one.key == event.key; });
    ASSERT_NE(same, again->events.end()) << event.key;
    EXPECT_EQ(describe(*same), describe(event));
  }
}

TEST_P(ChannelConformance, OneFlippedByteOfTheSignatureIsARefusal) {
  const auto channel = GetParam().channel();
  for (std::size_t i = 0; i < GetParam().signature.size(); ++i) {
    auto signature = GetParam().signature;
    signature[i] = signature[i] == '0' ? '1' : '0';
    const auto parsed = channel->parse(with_signature(GetParam(), signature));
    ASSERT_FALSE(parsed) << "at byte " << i;
    EXPECT_EQ(status_of(parsed.error().reason), 403) << "at byte " << i;
  }
  EXPECT_FALSE(channel->parse(with_signature(GetParam(), "")));
}

TEST_P(ChannelConformance, NoProperPrefixOfTheBodyIsAccepted) {
  const auto channel = GetParam().channel();
  for (std::size_t size = 0; size < GetParam().request.body.size(); ++size) {
    auto request = GetParam().request;
    request.body.resize(size);
    EXPECT_FALSE(channel->parse(request)) << "at " << size << " bytes";
  }
}

TEST_P(BoundBodyConformance, NoFlippedBitOfTheBodyChangesWhatItSays) {
  const auto channel = GetParam().channel();
  const auto honest = describe(channel->parse(GetParam().request));
  for (std::size_t i = 0; i < GetParam().request.body.size(); ++i) {
    auto request = GetParam().request;
    request.body[i] = static_cast<char>(request.body[i] ^ 0x01);
    const auto parsed = channel->parse(request);  // what stands outside of the signed part may change unnoticed
    if (parsed) {
      EXPECT_EQ(describe(parsed), honest) << "at byte " << i;
    }
  }
}

TEST_P(ChannelConformance, TheBareAcknowledgementIsASuccess) {
  const auto channel = GetParam().channel();
  const auto inbound = channel->parse(GetParam().request);
  ASSERT_TRUE(inbound);
  const auto reply = channel->acknowledge(*inbound, {}, {});
  EXPECT_EQ(reply.status / 100, 2);
}

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(ChannelConformance);
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(BoundBodyConformance);

bool is_accepted(const SendResult& result) { return std::holds_alternative<Accepted>(result); }

TEST_P(SendingConformance, TheSameMessageIsTheSameRequest) {
  const auto channel = GetParam().channel();
  ASSERT_TRUE(channel->capabilities().sends);
  const auto first = channel->compose(GetParam().message, GetParam().sending);
  const auto again = channel->compose(GetParam().message, GetParam().sending);
  ASSERT_TRUE(first) << first.error().why;
  EXPECT_EQ(first->url, again->url);
  EXPECT_EQ(first->body, again->body);
  EXPECT_EQ(first->form, again->form);
  EXPECT_TRUE(is_valid_utf8(first->body));
}

TEST_P(SendingConformance, NoTextIsTooMuchForIt) {
  const auto channel = GetParam().channel();
  const auto most = channel->capabilities().max_bytes;
  auto message = GetParam().message;
  for (const std::string piece : {"x", "电梯", "👨‍👩‍👧‍👦", "\xff", "\"\\\n", "<a href=\"x\">"}) {
    message.text.clear();
    while (message.text.size() < 3 * (most + 1000)) message.text += piece;
    for (auto& [name, value] : message.data) value = message.text;
    const auto call = channel->compose(message, GetParam().sending);
    if (!call) continue;  // refused with a reason: it is not tried
    EXPECT_TRUE(is_valid_utf8(call->body)) << piece;
    if (most > 0) {
      // With the JSON around it, each byte escaped; twice, where JSON goes as a text of JSON.
      EXPECT_LT(call->body.size(), 4 * most + 1000) << piece;
    }
  }
}

TEST_P(SendingConformance, WhatDidNotLeaveIsTriedAgainAndWhatDidIsNotTakenForSent) {
  const auto channel = GetParam().channel();
  const auto& [name, make, message, sending, answers] = GetParam();
  const auto unreached = channel->judge({.failure = "refused"}, message, sending);
  EXPECT_TRUE(std::holds_alternative<RetryAfter>(unreached)) << describe(unreached);
  EXPECT_FALSE(is_accepted(channel->judge({.failure = "timeout", .request_left = true}, message, sending)));
}

TEST_P(SendingConformance, OnlyAWholeSuccessIsOne) {
  const auto channel = GetParam().channel();
  const auto& [name, make, message, sending, answers] = GetParam();
  int accepted = 0;
  for (const auto& answer : answers) {
    if (!is_accepted(channel->judge(answer, message, sending))) continue;
    ++accepted;
    auto reply = answer;
    for (std::size_t size = 0; size < answer.body.size(); ++size) {
      reply.body = answer.body.substr(0, size);
      EXPECT_FALSE(is_accepted(channel->judge(reply, message, sending))) << "at " << size << " bytes";
    }
  }
  EXPECT_GT(accepted, 0);
  EXPECT_LT(accepted, static_cast<int>(answers.size()));
}

TEST_P(SendingConformance, NoBytesMakeItThrow) {
  const auto channel = GetParam().channel();
  const auto& [name, make, message, sending, answers] = GetParam();
  std::uint64_t state = 42;
  const auto next = [&state] { return static_cast<unsigned>((state = state * 6364136223846793005ULL + 1) >> 33U); };
  for (const auto& answer : answers)
    for (int round = 0; round < 300; ++round) {
      auto reply = answer;
      reply.status = static_cast<int>(next() % 700);
      for (unsigned i = next() % 4 + 1; i > 0 && !reply.body.empty(); --i)
        reply.body[next() % reply.body.size()] = static_cast<char>(next());
      EXPECT_NO_THROW((void)channel->judge(reply, message, sending)) << reply.body;
      EXPECT_NO_THROW((void)channel->judge_credential(reply, sending.now)) << reply.body;
      EXPECT_NO_THROW((void)channel->judge_fetch(reply, {}, sending)) << reply.body;
    }
}

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(SendingConformance);

}  // namespace
}  // namespace huiyin
