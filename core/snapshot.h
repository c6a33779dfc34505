#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/attachment.h"
#include "core/contact.h"
#include "core/conversation.h"
#include "core/outbox.h"
#include "core/peer.h"
#include "core/staff.h"
#include "core/survey.h"
#include "core/ticket.h"

namespace huiyin {

/// Who could do what is to be done in an estate, as of a moment.
struct RosterWants {
  EstateId estate{};
  Time at{};
  bool loads = false;  ///< what each agent has in hand (Colleague::load, newest): counts tickets
  friend bool operator==(const RosterWants&, const RosterWants&) = default;
};

/// Where a ticket's duplicates may be: open tickets of its matter, of its place, and of its owner.
struct NearWants {
  std::int64_t matter = 0;  ///< Ticket::matter; 0: not looked for
  PlaceId place{};
  Peer owner{};
  Time since{};  ///< opened then or later
  friend bool operator==(const NearWants&, const NearWants&) = default;
};

/// What a decision needs to see.
struct Wants {
  Peer peer{};           ///< its conversation is always read
  bool contact = false;  ///< the conversation's contact
  bool tickets = false;  ///< the tickets of Snapshot::own_peers, newest first, at most kMaxTickets; then,
                         ///< as with `numbers`, whosever they are, those that some were merged into
  std::string phone{};   ///< who has proven that this number (E.164) is his
  bool codes = false;    ///< with `phone`: how many codes were sent to it
  std::vector<TicketNumber> numbers{};  ///< these tickets, whosever they are: the decider checks the peer
  bool survey = false;                  ///< the peer's newest survey; with `tickets` that of all Snapshot::own_peers
  /// With `survey`: where the peer's address is the same owner's as well (a phone number, by several providers).
  std::vector<std::string> same_on{};
  bool attachments = false;  ///< the attachments named by the conversation's dialog state

  bool speaker = false;  ///< the staff member whose peer it is
  bool work = false;     ///< what he has to do (Snapshot::work, queue); with `speaker`
  bool details = false;  ///< of the tickets named: history, files, surveys, what was merged, owners, who has them
  std::vector<TicketId> ticket_ids{};   ///< these tickets, as `numbers`
  std::optional<RosterWants> roster{};  ///< an estate's staff
  std::optional<NearWants> near{};      ///< open tickets that may tell of one trouble
  static constexpr int kMaxTickets = 20;
  static constexpr int kMaxWork = 50;
  static constexpr int kMaxNear = 50;  ///< of each of its three
};

/// What was there, each with its version. Rows that do not exist are absent.
struct Snapshot {
  Wants read{};  ///< what was asked for: tells "none there" from "not looked for"
  std::optional<Conversation> conversation{};
  std::optional<Contact> contact{};
  /// With `tickets` or `numbers`: this peer, and, where it is known for certain whose it is, that person's other peers.
  std::vector<Peer> own_peers{};
  std::optional<Contact> phone_owner{};  ///< with `phone`
  int codes_sent = 0;                    ///< with `codes`: to `phone`, in the last 24 hours
  std::vector<Ticket> tickets{};
  std::vector<HistoryRow> last_changes{};  ///< per ticket above and in `work`, its newest owner-visible history row
  std::optional<Survey> survey{};          ///< his newest, answered or not
  std::vector<Attachment> attachments{};

  std::optional<Staff> speaker{};
  std::vector<Ticket> work{};          ///< what the speaker has and is not done, oldest first
  std::vector<Ticket> queue{};         ///< what waits for somebody in his department, oldest first
  std::vector<HistoryRow> history{};   ///< of the tickets named, oldest first
  std::vector<Attachment> files{};     ///< of the tickets named
  std::vector<Survey> surveys{};       ///< of the tickets named; and the newest of their owners' peers
  std::vector<Ticket> merged{};        ///< into one of the tickets named
  std::vector<OutboxRow> messages{};   ///< about a ticket named: those that wait, and those known to the provider
  std::vector<Conversation> owners{};  ///< of the tickets named, and of those merged into them
  std::vector<Staff> persons{};        ///< who has one of the tickets named
  std::vector<Colleague> roster{};     ///< the estate's, and those of all estates; disabled ones are left out
  std::vector<Ticket> near{};          ///< each once
};

}  // namespace huiyin
