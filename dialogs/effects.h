#pragma once

#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/contact.h"
#include "core/dialog_state.h"
#include "core/message.h"
#include "core/ticket.h"
#include "dialogs/flow.h"

namespace huiyin::dialogs {

/// A field was filled (or changed); for tests and replay. The state of the turn holds it already.
struct Set {
  std::string field{};
};
/// Say the template `name` with `data`. A value whose key begins with `@` is the name of another template, whose text
/// stands for the key without the `@` (`@status` → `status.closed` → 「已关闭」): the renderer does that.
struct Say {
  std::string name{};
  std::vector<std::pair<std::string, std::string>> data{};
};
/// Ask for `field`: the template `name`, and the answers offered.
struct Ask {
  std::string field{};
  std::string name{};
  std::vector<std::pair<std::string, std::string>> data{};
  std::vector<Choice> choices{};
};
/// Open a ticket. The engine leaves id, number, estate, contact and times to the gateway, which puts the number in as
/// `number` wherever a later Say of the turn has data of that name with an empty value.
struct OpenTicket {
  Ticket ticket{};  ///< what the owner told: name, phone, address, category, description, danger, audit
  std::vector<AttachmentId> attachments{};
};
/// Put the media of this event into the draft, or into the ticket of the turn's state where there is one.
struct Attach {
  TicketId ticket{};
};
struct RecordConsent {};
/// Remember name, phone and address with the person, for the next time.
struct SaveContact {
  std::string name{};
  std::string phone{};
  std::string address{};
};
/// Do something to a ticket that exists (tickets::apply decides whether it may be done).
struct ActOnTicket {
  TicketId ticket{};
  std::string action{};  ///< `add_details`, `request_human`, `urge`, `withdraw`, `reopen`, `tell`
  std::string text{};
  Ticket details{};  ///< `add_details`: the fields that were filled since
};
/// What he thinks of a ticket's result; the gateway closes or reopens the ticket by it (tickets::take_answer).
struct AnswerSurvey {
  SurveyId survey{};
  TicketId ticket{};
  SurveyWords words{};
};
struct SetTimer {
  std::string kind{};
  std::chrono::milliseconds after{};
};
struct CancelTimer {
  std::string kind{};
};
/// Send a code to `phone`, by which the owner is to prove that it is his. The gateway draws it, keeps its hash with the
/// state, and takes it to the phone.
struct SendCode {
  std::string phone{};  ///< E.164
};
/// The code came back: this peer is certainly the owner of `phone`.
struct ProvePhone {
  std::string phone{};
};
struct OptOut {};
struct OptIn {};
/// The owner wants a person.
struct HandOver {
  std::string to{};  ///< department name: `service`
};

using Effect = std::variant<Set, Say, Ask, OpenTicket, Attach, RecordConsent, SaveContact, ActOnTicket, AnswerSurvey,
                            SetTimer, CancelTimer, SendCode, ProvePhone, OptOut, OptIn, HandOver>;

/// What a step led to.
struct Turn {
  DialogState state{};
  std::vector<Effect> effects{};
};

/// The step needs to see more before it can decide: read this too and call again. At most once per event.
struct Needs {
  bool contact = false;
  bool tickets = false;
  bool survey = false;
  std::vector<TicketNumber> numbers{};
  std::string phone{};  ///< whose it is, and what was sent to it
};

/// `set(address) ask(phone) open_ticket(repair)`: what the owner sees and what is opened, for tests. Housekeeping
/// (consent, remembered contact, timers) is left out; describe_all() has it too.
[[nodiscard]] std::string describe(const std::vector<Effect>& effects);
[[nodiscard]] std::string describe_all(const std::vector<Effect>& effects);

}  // namespace huiyin::dialogs
