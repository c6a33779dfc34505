#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/attachment.h"
#include "core/contact.h"
#include "core/conversation.h"
#include "core/message.h"
#include "core/outbox.h"
#include "core/staff.h"
#include "core/survey.h"
#include "core/ticket.h"
#include "core/timer.h"

namespace huiyin {

/// The delivery itself, as it came.
struct InboxRow {
  std::string key{};  ///< the delivery key; unique
  std::string channel{};
  std::string peer{};
  std::string raw{};  ///< what the provider sent, decrypted where it was encrypted
  Time received{};
  std::string request_id{};
};

/// All that one event changes, as one value. The store commits it whole or not at all.
/// Rows that carry a version carry the one they were read at (0: new); the store writes the next.
struct UnitOfWork {
  UnitId id{};  ///< fresh per decision; by it the store knows its own commit again when the answer to COMMIT was lost
  InboxRow inbox{};                        ///< always: its key makes the whole unit happen once
  std::optional<OutboundMessage> reply{};  ///< the passive reply, given again to a repeat
  std::string moves_reply_of{};            ///< `late:` units: the delivery whose reply goes by the outbox from now on

  std::optional<Conversation> conversation{};
  std::vector<Contact> contacts{};
  std::vector<VerifiedPeer> verified_peers{};
  std::vector<SentCode> codes{};
  std::vector<Ticket> tickets{};
  std::vector<HistoryRow> history{};
  std::vector<Survey> surveys{};
  std::vector<Attachment> attachments{};  ///< new; of one that is there, ticket and stage alone are written
  std::vector<MediaJob> media_jobs{};
  std::vector<FetchedMedia> fetched{};  ///< jobs that ended
  std::vector<OutboxRow> outbox{};
  std::vector<OutboxId> outbox_cancelled{};
  std::vector<Receipt> receipts{};
  std::vector<Timer> timers{};
  std::vector<TimerId> timers_cancelled{};
  std::vector<Staff> staff{};
  std::vector<Duty> duties{};
};

struct Committed {};

/// The key was there already: what its unit replied then; nothing if that reply has moved to the outbox.
struct Duplicate {
  std::optional<OutboundMessage> reply{};
  bool reply_moved = false;
};

/// Somebody else committed first: read again and decide again. `what` names the row, for the log.
struct Conflict {
  std::string what{};
};

/// The store cannot be reached, or did not answer in time: nothing is known to be stored.
struct Unavailable {
  std::string why{};
};

/// The database refuses this unit's data whatever the neighbours are; trying again does not help.
struct Refused {
  std::string why{};
};

using CommitOutcome = std::variant<Committed, Duplicate, Conflict, Unavailable, Refused>;

}  // namespace huiyin
