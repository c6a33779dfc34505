#pragma once

#include <chrono>
#include <span>
#include <string>
#include <string_view>

#include "adapters/channel.h"

namespace huiyin::sms {

/// What an error code of a provider's asks of us.
enum class Remedy {
  slow_down,      ///< its own limit of calls: soon again
  again,          ///< its own fault: soon again
  in_30_seconds,  ///< the limits of messages to one number
  in_a_minute,
  in_an_hour,
  tomorrow,
  operator_acts,  ///< balance, account, signature, template: kept until somebody mends it, and told at once
  peer_gone,      ///< nothing reaches this number by this channel
  give_up,        ///< this message will never be taken
  unknown         ///< nobody knows whether it went
};

struct KnownCode {
  std::string_view code;  ///< one with a * at its end stands for all that begin so
  Remedy remedy;
};

/// The first of `table` that fits; operator_acts for a code that nobody knows: no message is lost over it, and somebody
/// looks.
[[nodiscard]] Remedy find_remedy(std::span<const KnownCode> table, std::string_view code);

[[nodiscard]] SendResult result_of(Remedy remedy, std::string_view code, const std::string& why);

/// For what all providers have in common: no answer, or one that no API gave. Nothing where the answer's body decides.
[[nodiscard]] std::optional<SendResult> judge_transport(const HttpReply& reply);

}  // namespace huiyin::sms
