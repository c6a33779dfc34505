#pragma once

#include <optional>
#include <string>

#include "core/dialog_state.h"
#include "core/peer.h"
#include "core/ticket.h"
#include "dialogs/effects.h"
#include "dialogs/flow.h"

namespace huiyin::dialogs {

/// The form under way as a ticket, to be compared with those that are open: once it says what it is and where, and
/// ask_known() was not called for it yet. Nothing for a form that has opened a ticket already. Pure.
[[nodiscard]] std::optional<Ticket> draft_of(const Flow& flow, const DialogState& state, const Peer& peer);

/// Asks, in place of `turn`'s own question, whether it is the trouble that the open ticket `number` tells of, which is
/// so far (`status`, in the owner's words). If it is, step() opens his ticket with what is known and asks nothing more;
/// if not, the form goes on and the ticket is flagged `duplicate`, for people to tell them apart.
void ask_known(const std::string& number, const std::string& status, Turn& turn);

}  // namespace huiyin::dialogs
