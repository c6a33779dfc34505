#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/ids.h"
#include "core/time.h"

namespace huiyin {

/// What one field of the form holds.
struct SlotValue {
  std::string value{};    ///< normalised: an E.164 number, a choice's id, the text
  std::string shown{};    ///< as the owner should see it again; empty: the same as `value`
  bool to_audit = false;  ///< taken as free text after two misses: staff should look
  friend bool operator==(const SlotValue&, const SlotValue&) = default;
};

/// How far the notice on personal information (个人信息保护法) has come with this owner.
enum class ConsentNotice { none, shown, accepted };

/// What keeps a dialog that costs by the message from answering a machine, or one message twice.
struct Exchange {
  std::string said{};              ///< the last message, as it is compared
  std::string asking{};            ///< the question that was open when it came
  std::optional<Time> at{};        ///< when that was
  std::optional<Time> answered{};  ///< when we last answered
  int fruitless = 0;               ///< answers in a row that led nowhere
  int quick = 0;                   ///< messages in a row that came faster after our answer than a person types
  friend bool operator==(const Exchange&, const Exchange&) = default;
};

/// A piece of a long message whose others are awaited.
struct HeldPart {
  std::string reference{};
  int number = 1;
  int of = 0;
  std::string text{};
  Time at{};
  friend bool operator==(const HeldPart&, const HeldPart&) = default;
};

/// A phone that the owner is about to prove to be his, by a code sent to it.
struct Verification {
  std::string phone{};  ///< E.164
  std::string hash{};   ///< of the code, with its salt; empty: offered, no code was sent yet
  Time expires{};
  int attempts = 0;  ///< wrong codes so far
  int sent = 0;      ///< codes, to this phone or another, since `first`
  Time first{};
  friend bool operator==(const Verification&, const Verification&) = default;
};

/// Where a conversation's dialog stands. A value: copied, compared, stored as JSON with the conversation.
struct DialogState {
  std::string flow{};    ///< the form that is being filled; empty: none
  std::string asking{};  ///< the field (or engine question) whose answer is awaited; empty: none
  int misses = 0;        ///< wrong answers to that question so far
  std::map<std::string, SlotValue> slots{};
  std::vector<AttachmentId> attachments{};
  std::vector<std::string> asked{};  ///< fields in the order they were asked, for 返回
  std::string proposal{};            ///< what an engine question is about (a corrected value, a draft, an offer)
  std::string resume{};              ///< the question to go back to after a digression or a correction
  std::string hint{};                ///< category that a menu entry or a scanned code suggests; the owner's words win
  std::string danger{};              ///< kind of danger for which `ticket` was opened; empty: none
  ConsentNotice consent = ConsentNotice::none;
  TicketId ticket{};  ///< opened already (danger, a duplicate tap): further answers fill this one
  std::string ticket_number{};
  bool draft = false;                        ///< left for 24 h: offered again, not simply continued
  std::optional<Time> touched{};             ///< last turn of this form
  std::optional<Time> media_acknowledged{};  ///< photos that follow within 10 s get no words
  // Not of the form: they outlive it.
  SurveyId survey{};               ///< was asked, and is not answered yet (or asked why)
  std::optional<Time> surveyed{};  ///< when
  TicketId talk{};                 ///< whose holder wrote to the owner last
  std::optional<Time> talked{};    ///< when
  Exchange exchange{};
  std::vector<HeldPart> parts{};
  std::optional<Verification> verification{};
  std::vector<Time> mails_answered{};  ///< when a mail of his was last answered by itself, oldest first
  friend bool operator==(const DialogState&, const DialogState&) = default;
};

/// For the store: the state as compact JSON, and back. decode throws std::runtime_error on what encode did not write;
/// unknown keys are ignored, so that N and N−1 can run together.
[[nodiscard]] std::string encode(const DialogState& state);
[[nodiscard]] DialogState decode_dialog_state(const std::string& json);

}  // namespace huiyin
