#pragma once

#include <functional>
#include <optional>
#include <string>

#include "core/secret.h"

namespace huiyin::gateway {

/// What calls to providers are authorised with (access tokens), by channel name. One refresher per channel over all
/// nodes: who asks neither waits nor refreshes himself. No function blocks on the network or the store. Thread-safe.
class Credentials {
 public:
  Credentials() = default;
  Credentials(const Credentials&) = delete;
  Credentials& operator=(const Credentials&) = delete;
  virtual ~Credentials() = default;

  /// What a call on `channel` is to be made with now; an empty Secret where the channel needs none. Nothing while there
  /// is none that is valid: one is then being fetched, and the caller keeps what it wanted to send.
  [[nodiscard]] virtual std::optional<Secret> current(const std::string& channel) = 0;
  /// The provider refused `refused` (Channel::judge said CredentialExpired). Begins to fetch another unless that is
  /// being done, or current() has gone on to another one already; until it is there, current() gives nothing.
  virtual void refuse(const std::string& channel, const Secret& refused) = 0;

  using Listener = std::function<void(const std::string& channel)>;
  /// `listener` is called, from any thread and without a lock held, each time that a channel has got a new credential.
  /// One listener; set before anything is asked, and with an empty one before what it refers to goes.
  virtual void listen(Listener listener) = 0;
};

/// For where no channel needs any: every current() is an empty Secret.
class NoCredentials final : public Credentials {
 public:
  [[nodiscard]] std::optional<Secret> current(const std::string&) override { return Secret(); }
  void refuse(const std::string&, const Secret&) override {}
  void listen(Listener) override {}
};

}  // namespace huiyin::gateway
