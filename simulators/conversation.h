#pragma once

#include <chrono>
#include <iosfwd>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/error.h"
#include "simulators/sms_phones.h"
#include "simulators/staff_turn.h"
#include "simulators/wechat_faults.h"
#include "simulators/wechat_platform.h"

namespace huiyin::simulators {

/// Taps the n-th link of the reply before (1 is the first).
struct TapsLink {
  int number = 1;
};

/// He only waits for what we push.
struct Waits {};

/// He answers the question whether he wants a subscription notice.
struct AnswersNotice {
  std::string template_id{};
  bool accepts = true;
};

/// He types a short message on his phone, in answer to ours.
struct TypesSms {
  std::string words{};
};

/// One thing that the owner, or a staff member, does in a recorded conversation, and what must stand in the reply.
struct ConversationStep {
  std::variant<OwnerMessage, TapsLink, Waits, AnswersNotice, StaffActs, TypesSms> action{};
  std::string shown{};                ///< how the transcript shows it: 「[照片] 电梯门」
  std::vector<std::string> expect{};  ///< each must be part of the reply
  int copies = 1;  ///< delivered so many times at once, as a retry that overlaps; one answer is shown
  // Of the API, and only where one is connected:
  std::vector<std::string> expect_push{};  ///< each must be part of the next message that is pushed to him
  std::vector<std::string> expect_sms{};   ///< each must be part of the next message that his phone shows
  bool expect_fetch = false;               ///< the media that he has sent must be fetched
  std::chrono::seconds within{5};          ///< how long either may take
  std::vector<WeChatFault> faults{};       ///< what goes wrong from here on
  std::chrono::seconds database_busy{0};   ///< nobody can write to the daemon's SQLite file for so long, from before it
  int line = 0;
};

/// A conversation as recorded in YAML (simulators/README.md says how it is written).
struct Conversation {
  std::string title{};
  std::string openid{};
  std::string phone{};                         ///< his, E.164; empty: none is used
  std::string owner{};                         ///< how the transcript calls him
  std::string account{};                       ///< and us
  std::map<std::string, std::string> staff{};  ///< and staff, by their user ids
  std::vector<ConversationStep> steps{};
  std::vector<WeChatFault> faults{};  ///< of the API, from the beginning
};

/// Every complaint has file and line.
[[nodiscard]] tl::expected<Conversation, std::vector<Error>> parse_conversation(std::string_view text,
                                                                                const std::string& name);

struct PlayResult {
  int messages = 0;
  int pushes = 0;
  std::vector<std::string> failures{};  ///< violations, answers that differ, words that were expected and are not there
  std::string transcript{};             ///< the replies, for a caller that looks for more
};

/// Plays it turn by turn as the owner would, each waiting for its answer, and writes what he sees to `out`. `pace` is
/// how long he takes before each message. `database` is the daemon's SQLite file, for turns that keep it busy: without
/// one they are left out. `staff` is the work chat of those who work there, `phones` what is behind the SMS channel;
/// without them their turns fail.
[[nodiscard]] PlayResult play(const Conversation& conversation, WeChatPlatform& platform, std::ostream& out,
                              std::chrono::milliseconds pace, const std::string& database = {},
                              WeComPlatform* staff = nullptr, SmsPhones* phones = nullptr);

}  // namespace huiyin::simulators
