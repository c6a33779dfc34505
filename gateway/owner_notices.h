#pragma once

#include "core/unit_of_work.h"
#include "gateway/office.h"

namespace huiyin::gateway {

/// An owner's conversation as far as texts to him depend on it.
[[nodiscard]] const Conversation* owner_of(const Ticket& ticket, const Snapshot& snapshot);

/// What the newest row of `history` means for the owner, into the unit (and for the owners of tickets that were merged
/// into this one). The result is not told here: that is the survey's part (tell_result).
void tell_owner(const Office& office, const Ticket& ticket, const std::vector<HistoryRow>& history,
                const Snapshot& snapshot, const Supplies& supplies, UnitOfWork& unit);

/// What he was still to be told of a ticket that he has taken back himself.
void forget_waiting(const Ticket& ticket, const Snapshot& snapshot, UnitOfWork& unit);

/// What is missing in his report (names of fields, tickets::missing_fields): he can simply answer.
void ask_owner_for(const Office& office, const Ticket& ticket, const std::vector<std::string_view>& missing,
                   const Snapshot& snapshot, const Supplies& supplies, UnitOfWork& unit);

/// That the ticket is done, and with what; with `survey`, what he thinks of it is asked in the same message.
void tell_result(const Office& office, const Ticket& ticket, const std::vector<HistoryRow>& history,
                 const Snapshot& snapshot, const Survey* survey, const Supplies& supplies, UnitOfWork& unit);

/// That he was asked, and has not answered.
void remind_of_survey(const Office& office, const Ticket& ticket, const Snapshot& snapshot, const Survey& survey,
                      const Supplies& supplies, UnitOfWork& unit);

/// What a notice says on the kind of channel that `to` is on, where it was rendered for another; empty where it is of
/// the same, or was joined with others, so that its words cannot be made anew.
[[nodiscard]] std::string reworded(const Office& office, const OutboundMessage& message, const Peer& to);

/// The answers that a survey offers; their ids are `survey:<id>:<answer>`.
[[nodiscard]] std::vector<Choice> survey_choices(const Office& office, const Survey& survey, const std::string& locale);

}  // namespace huiyin::gateway
