#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "core/conversation.h"
#include "core/timer.h"
#include "gateway/desk.h"

namespace huiyin::gateway {

/// A conversation has one timer, and its id is the conversation's own (all ids come from one source, so it is nobody
/// else's): it can be set anew and cancelled without having been read.
[[nodiscard]] Timer conversation_timer(ConversationId conversation, std::string kind, Time due);

/// Whose it is; nothing where it is no conversation's.
[[nodiscard]] std::optional<ConversationId> conversation_of_timer(const Timer& timer);

/// `timer:<id>:<due>`: the delivery key of a timer's firing, by which it happens once.
[[nodiscard]] std::string key_of(const Timer& timer);

/// Sets the timer of a form that was begun, or taken up again, for when it counts as left (Flow::draft_after); cancels
/// it where the form ended. Between the two nothing is written: when it falls due although the owner went on, it is set
/// anew from his last turn.
void arm_draft_timer(const Desk& desk, const Event& event, const DialogState& before, const Conversation& after,
                     UnitOfWork& unit);

/// What the owner is reminded of when the form that he left has become a draft; nothing where it has not, where there
/// is nothing to lose, where its ticket is open already, or where nobody would see it. It goes by the outbox.
[[nodiscard]] std::optional<OutboxRow> remind_of_draft(const Desk& desk, const Event& event, const DialogState& before,
                                                       const Conversation& after, const Supplies& supplies);

}  // namespace huiyin::gateway
