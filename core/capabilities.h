#pragma once

#include <chrono>
#include <cstddef>

namespace huiyin {

/// What a channel can carry; 0 means "no limit of its own" for sizes.
struct Capabilities {
  std::chrono::milliseconds reply_deadline{0};  ///< how long the provider's request may wait for us
  bool passive_reply = true;                    ///< acknowledge() carries what is said; false: that goes by the outbox
  std::size_t max_bytes = 0;                    ///< of one text
  std::size_t max_characters = 0;
  bool buttons = false;        ///< choices come back as ids
  bool links_in_text = false;  ///< the text may hold a clickable menu line
  bool owner_may_begin = true;
  bool photos_in = false;
  bool sends = false;         ///< can begin a message, not only answer one
  bool push_windows = false;  ///< pushes are allowed only by the owner's own actions (Conversation::windows)
  bool idempotent = false;    ///< the provider knows a repeat by the message's key: Unknown may be sent again
  bool receipts = false;      ///< tells later whether a message arrived
  bool staff = false;         ///< its peers are staff, not owners (work chat)
  bool group = false;         ///< a robot of one group: whomever its addresses mention, all of it read each message
  int per_minute = 0;         ///< what the provider takes for one destination; more is dropped, or bars us for a while
  int per_second = 0;         ///< calls that it takes; 0: no limit that matters
  std::size_t segment = 0;    ///< characters of one billed part (SMS): where there are any, the dialog is brief
  bool proves_peer = false;   ///< who writes from an address is certainly its owner (a phone's number)
};

}  // namespace huiyin
