#pragma once

#include <chrono>
#include <iosfwd>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/error.h"
#include "simulators/wechat_platform.h"

namespace huiyin::simulators {

/// Taps the n-th link of the reply before (1 is the first).
struct TapsLink {
  int number = 1;
};

/// One thing that the owner does in a recorded conversation, and what must stand in the reply.
struct ConversationStep {
  std::variant<OwnerMessage, TapsLink> action{};
  std::string shown{};                ///< how the transcript shows it: 「[照片] 电梯门」
  std::vector<std::string> expect{};  ///< each must be part of the reply
  int copies = 1;  ///< delivered so many times at once, as a retry that overlaps; one answer is shown
  int line = 0;
};

/// A conversation as recorded in YAML (simulators/README.md says how it is written).
struct Conversation {
  std::string title{};
  std::string openid{};
  std::string owner{};    ///< how the transcript calls him
  std::string account{};  ///< and us
  std::vector<ConversationStep> steps{};
};

/// Every complaint has file and line.
[[nodiscard]] tl::expected<Conversation, std::vector<Error>> parse_conversation(std::string_view text,
                                                                                const std::string& name);

struct PlayResult {
  int messages = 0;
  std::vector<std::string> failures{};  ///< violations, answers that differ, words that were expected and are not there
  std::string transcript{};             ///< the replies, for a caller that looks for more
};

/// Plays it turn by turn as the owner would, each waiting for its answer, and writes what he sees to `out`. `pace` is
/// how long he takes before each message.
[[nodiscard]] PlayResult play(const Conversation& conversation, WeChatPlatform& platform, std::ostream& out,
                              std::chrono::milliseconds pace);

}  // namespace huiyin::simulators
