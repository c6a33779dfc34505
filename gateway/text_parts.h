#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/dialog_state.h"
#include "core/event.h"
#include "core/time.h"

namespace huiyin::gateway {

/// The kind of the timer at whose firing the pieces that came are taken as the whole.
inline constexpr const char* kPartsTimer = "sms_parts";

/// What a message that may be a piece of a longer one came to.
struct JoinedText {
  bool waits = false;  ///< for further pieces, until `until`
  Time until{};
  std::optional<std::string> text{};  ///< the whole, where it was not simply the event's own text
};

/// Takes `event` (a text, or the timer) to the pieces held of its conversation. Pieces are known by their reference;
/// ones without, by following a full one within seconds. What is out of order is put in order; what is twice is once;
/// what does not come in time is given up, and the rest taken. Pure.
[[nodiscard]] JoinedText join_text(std::vector<HeldPart>& held, const EventBody& body, Time now);

/// What is held, in order, as one text: for words that cannot wait for the rest. Nothing is held any more.
[[nodiscard]] std::string take_parts(std::vector<HeldPart>& held);

}  // namespace huiyin::gateway
