#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/dialog_state.h"
#include "core/ids.h"
#include "core/peer.h"
#include "core/time.h"

namespace huiyin {

/// How many pushes one of the owner's own actions still allows, and until when.
struct PushWindow {
  Time expires{};
  int remaining = 0;
  friend bool operator==(const PushWindow&, const PushWindow&) = default;
};

/// (channel, peer): the dialog's state and what may be sent.
struct Conversation {
  ConversationId id{};
  Peer peer{};
  EstateId estate{};
  ContactId contact{};  ///< none until he told his name, or his number was verified
  std::string locale{};
  DialogState dialog{};
  std::string more{};  ///< what did not fit into the last reply, for 更多
  std::optional<Time> last_inbound{};
  std::vector<PushWindow> windows{};    ///< the push ledger
  std::vector<std::string> consents{};  ///< the provider's template ids, once for each notice that he still allows
  std::optional<Time> consented{};      ///< when the notice on personal information was shown and accepted
  bool opted_out = false;
  bool gone = false;         ///< unfollowed: nothing can reach him here
  bool with_human = false;   ///< a person at the provider's desk has it: the dialog is silent
  std::int64_t version = 0;  ///< as read; 0: not stored yet
  friend bool operator==(const Conversation&, const Conversation&) = default;
};

}  // namespace huiyin
