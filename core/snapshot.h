#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/attachment.h"
#include "core/contact.h"
#include "core/conversation.h"
#include "core/peer.h"
#include "core/staff.h"
#include "core/survey.h"
#include "core/ticket.h"

namespace huiyin {

/// What a decision needs to see.
struct Wants {
  Peer peer{};                          ///< its conversation is always read
  bool contact = false;                 ///< the conversation's contact
  bool tickets = false;                 ///< the peer's own tickets, newest first, at most kMaxTickets
  std::vector<TicketNumber> numbers{};  ///< these tickets, whosever they are: the decider checks the peer
  bool survey = false;                  ///< the peer's newest open survey
  bool attachments = false;             ///< the attachments named by the conversation's dialog state
  bool duty = false;
  static constexpr int kMaxTickets = 20;
};

/// What was there, each with its version. Rows that do not exist are absent.
struct Snapshot {
  Wants read{};  ///< what was asked for: tells "none there" from "not looked for"
  std::optional<Conversation> conversation{};
  std::optional<Contact> contact{};
  std::vector<Ticket> tickets{};
  std::vector<HistoryRow> last_changes{};  ///< per ticket above, its newest owner-visible history row
  std::optional<Survey> survey{};
  std::vector<Attachment> attachments{};
  std::vector<Staff> on_duty{};
};

}  // namespace huiyin
