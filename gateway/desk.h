#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "adapters/channel.h"
#include "core/capabilities.h"
#include "core/ids.h"
#include "core/random.h"
#include "core/snapshot.h"
#include "core/time.h"
#include "core/unit_of_work.h"
#include "dialogs/engine.h"
#include "gateway/pipeline.h"
#include "templates/renderer.h"
#include "tickets/state_machine.h"

namespace huiyin::gateway {

struct Office;

/// Everything that one channel's conversations are decided with. Immutable while the daemon runs; shared by threads.
struct Desk {
  std::string channel{};  ///< `wechat:main`
  std::string kind{};     ///< `wechat`
  EstateId estate{};
  std::string locale{"zh-CN"};  ///< of an owner who has not written yet
  Capabilities capabilities{};
  dialogs::Flow flow{};
  tickets::Rules rules{};
  std::map<std::string, std::string> codes{};    ///< place codes, folded → the scene that each stands for
  std::string code_channel{};                    ///< an SMS channel by which codes go to phones; empty: none
  std::vector<std::string> same_on{};            ///< other channels on which an address is the same owner's: SMS
  std::string consent_url{};                     ///< where an owner allows notices; empty: he is not asked
  std::vector<std::string> consent_templates{};  ///< the provider's ids of those that need it
  std::shared_ptr<const dialogs::Lexicon> lexicon{};
  std::shared_ptr<const Office> office{};  ///< by which what owners do to tickets reaches staff
  std::shared_ptr<const templates::Renderer> renderer{};
};

/// Has the desk talk as the channel wants it (SMS: briefly), and send codes to phones by `code_channel` (empty: none).
void take_manners(Desk& desk, const Channel& channel, std::string code_channel);

/// Has the desk ask, when a form is confirmed, for the consent that the channel's subscription notices need.
void ask_consent(Desk& desk, const Channel& channel);

/// What a decision takes beside the facts: the time, and ids.
struct Supplies {
  Time now{};
  IdSource* ids = nullptr;
  std::optional<TicketNumber> number{};
  Random* random = nullptr;  ///< for codes that are sent to phones
};

/// What one event changes: the pure deciders' effects as a unit of work, with the reply rendered. Pure but for the ids
/// that it draws. Asks for more where the dialog does, or where a ticket is to be opened and `supplies` has no number.
[[nodiscard]] std::variant<UnitOfWork, NeedsMore> decide(const Desk& desk, const Incoming& incoming, Snapshot snapshot,
                                                         const Supplies& supplies);

/// The unit that moves the passive reply of a delivery, which nobody waited for, to the outbox. Its key is
/// `late:<key>`.
[[nodiscard]] UnitOfWork move_reply_to_outbox(const std::string& key, const OutboundMessage& reply,
                                              const Supplies& supplies);

/// What an owner hears at once when his message can only be spooled: that it was received, and, should it tell of
/// danger, what to do now.
[[nodiscard]] OutboundMessage busy_reply(const Desk& desk, const Event& event);

}  // namespace huiyin::gateway
