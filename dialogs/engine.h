#pragma once

#include <string_view>
#include <variant>

#include "core/dialog_state.h"
#include "core/event.h"
#include "core/snapshot.h"
#include "dialogs/effects.h"
#include "dialogs/flow.h"
#include "dialogs/understanding/understand.h"

namespace huiyin::dialogs {

/// One owner's event and what it leads to. Pure: the same arguments give the same turn. Never throws.
///
/// The event's text is clean (clean_text), as the door leaves it; `understood` is understand() of text_of(event).
/// `snapshot.read` says what was looked for, so that Needs comes at most once; `snapshot.conversation` may be absent
/// for a new owner; its `locale` chooses the words of choices and summaries, so the caller puts guess_locale() there
/// first.
///
/// The caller finishes what the engine cannot know: after Attach it appends the new ids to `state.attachments`; after
/// OpenTicket it puts the ticket's id and number into `state.ticket` and `state.ticket_number`, and the number into
/// every later Say of the turn whose data has `number` with an empty value.
[[nodiscard]] std::variant<Turn, Needs> step(const Flow& flow, const DialogState& state, const Event& event,
                                             const Understood& understood, const Snapshot& snapshot, Time now);

/// The owner's words in an event, for understand(): a text, or what the provider heard in a voice message; else empty.
[[nodiscard]] std::string_view text_of(const Event& event);

}  // namespace huiyin::dialogs
