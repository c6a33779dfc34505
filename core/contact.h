#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/ids.h"
#include "core/peer.h"
#include "core/time.h"

namespace huiyin {

struct SavedAddress {
  std::string text{};
  PlaceId place{};  ///< none until resolved
  friend bool operator==(const SavedAddress&, const SavedAddress&) = default;
};

/// A person. The typed phone is a claim: it joins no peers and shows no tickets until it is verified.
struct Contact {
  ContactId id{};
  std::string name{};
  std::string phone{};  ///< E.164, as claimed
  bool phone_verified = false;
  std::vector<SavedAddress> addresses{};  ///< newest first
  ContactId alias_of{};                   ///< the contact into which this one was merged
  std::string locale{};
  std::optional<Time> consented{};
  std::optional<Time> purge_after{};
  std::int64_t version = 0;
  friend bool operator==(const Contact&, const Contact&) = default;
};

/// A code that went to a phone: counted, so that nobody's phone is flooded by others who type it.
struct SentCode {
  OutboxId message{};
  std::string phone{};  ///< E.164
  Time at{};
};

/// A peer whose owner is known for certain: he wrote from it, or gave back a code sent to it.
struct VerifiedPeer {
  Peer peer{};
  ContactId contact{};
  Time since{};
};

}  // namespace huiyin
