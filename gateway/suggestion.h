#pragma once

#include <string>
#include <string_view>

#include "core/unit_of_work.h"
#include "gateway/office.h"
#include "gateway/pipeline.h"

namespace huiyin::gateway {

/// What an employee suggests (建议 …); empty where the text is no suggestion.
[[nodiscard]] std::string_view suggestion_in(std::string_view text);

/// Opens a ticket of the internal category, whose owner is who wrote it, and returns its number in words.
/// `employee`: who he is; null where he is not registered, which does not keep anybody from suggesting something.
/// `supplies` must have a number.
std::string open_suggestion(const Office& office, const Incoming& incoming, std::string_view words,
                            const Staff* employee, const Conversation& conversation, const Supplies& supplies,
                            UnitOfWork& unit);

}  // namespace huiyin::gateway
