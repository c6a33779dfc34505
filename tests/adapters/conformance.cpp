#include "tests/adapters/conformance.h"

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

TEST_P(ChannelConformance, NoFlippedBitOfTheBodyChangesWhatItSays) {
  if (!GetParam().body_is_bound) GTEST_SKIP() << "the provider does not bind the body to the signature";
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

}  // namespace
}  // namespace huiyin
