#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "adapters/channel.h"

namespace huiyin {

/// One signed request that a provider would send, and the channel that takes it.
struct ConformanceCase {
  std::string name;
  std::function<std::unique_ptr<Channel>()> channel;
  HttpRequest request;    ///< accepted by the channel; its body ends without white space
  std::string signature;  ///< the signature that protects it, as it stands in the path, the query or a header
};

/// What every adapter owes, whatever its protocol. An adapter's test instantiates it with requests of its own:
/// INSTANTIATE_TEST_SUITE_P(WeChat, ChannelConformance, testing::ValuesIn(cases()), conformance_name);
class ChannelConformance : public testing::TestWithParam<ConformanceCase> {};

/// What is owed beside it where the signature covers the body (in some providers' plain modes nothing does).
class BoundBodyConformance : public testing::TestWithParam<ConformanceCase> {};

/// A message that a provider takes, the way it goes, and answers as the provider gives them.
struct SendingCase {
  std::string name;
  std::function<std::unique_ptr<Channel>()> channel;
  OutboundMessage message;  ///< one that can be sent
  Sending sending;
  std::vector<HttpReply> answers;  ///< at least one success and one refusal
};

/// What every adapter that sends owes.
class SendingConformance : public testing::TestWithParam<SendingCase> {};

inline std::string sending_conformance_name(const testing::TestParamInfo<SendingCase>& info) { return info.param.name; }

inline std::string conformance_name(const testing::TestParamInfo<ConformanceCase>& info) { return info.param.name; }

}  // namespace huiyin
