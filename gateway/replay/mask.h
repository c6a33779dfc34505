#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/ticket.h"
#include "dialogs/understanding/understand.h"

namespace huiyin::gateway {

/// Hides names and phone numbers in what people wrote and were answered, so that a stored conversation can be shown
/// around: those that its tickets name, and those that understand() finds in a text.
class Mask {
 public:
  /// `lexicon` must outlive it. Without one nothing is hidden.
  explicit Mask(const dialogs::Lexicon* lexicon) : lexicon_(lexicon) {}

  void learn(const Ticket& ticket);
  [[nodiscard]] std::string operator()(std::string text) const;
  /// The address of a peer.
  [[nodiscard]] std::string peer(const std::string& address) const;

 private:
  void hide(const std::string& shown, std::string instead);

  const dialogs::Lexicon* lexicon_;
  std::vector<std::pair<std::string, std::string>> known_{};
};

}  // namespace huiyin::gateway
