#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/unit_of_work.h"
#include "gateway/office.h"
#include "gateway/pipeline.h"
#include "gateway/ticket_case.h"
#include "tickets/staff_command.h"

namespace huiyin::gateway {

/// One event of a member of staff whom we know: lives for one call of decide_staff(). What he still has to say (the
/// result, a reason, to whom) is kept in his conversation's dialog: `asking` is `staff:<action>`, `ticket` what it is
/// about, `proposal` the words so far. Its parts: staff_turn.cpp (which event means what, and what is done to a
/// ticket), staff_words.cpp (what is only told: lists, one ticket, refusals, duty).
class StaffTurn {
 public:
  struct World {
    const Office& office;
    const Incoming& incoming;
    const Snapshot& snapshot;
    const Supplies& supplies;
  };
  StaffTurn(World world, Conversation& conversation, UnitOfWork& unit);

  /// What is to be read first; nothing: conversation and unit are as they are to be.
  [[nodiscard]] std::optional<NeedsMore> run();

 private:
  void on(const TextMessage& text);
  void on(const CardTap& tap);
  void on(const MediaMessage& media);
  void on_other();
  void on_words(const std::string& words, const tickets::CommandRefusal& why);
  void obey(const tickets::StaffCommand& command);
  void act(const Ticket& ticket, tickets::Action action, const std::string& receiver);
  void merge(const Ticket& ticket, const Ticket& into, tickets::Action action);
  [[nodiscard]] bool complete_action(const Ticket& ticket, tickets::Action& action, const std::string& receiver);
  [[nodiscard]] bool resolve_receiver(const Ticket& ticket, tickets::Action& action, const std::string& receiver);
  [[nodiscard]] tl::expected<void, tickets::Refusal> take_files(TicketCase& kase, tickets::ActionKind action);
  void ask_for(const Ticket& ticket, tickets::ActionKind action, const std::string& name, const std::string& words);
  void forget_question();
  void suggest(std::string_view words);
  [[nodiscard]] const Ticket* owner_who_waits() const;
  [[nodiscard]] bool answers_owner(const std::string& words);

  // staff_words.cpp
  void refuse(const Ticket& ticket, const tickets::Refusal& refusal, tickets::ActionKind action);
  void say_done(const TicketCase& done, tickets::ActionKind action);
  void say_list();
  void say_ticket(const Ticket& ticket);
  void say_which(const tickets::CommandRefusal& why);
  void set_duty(bool on);
  [[nodiscard]] std::string words_for(const std::vector<tickets::ActionKind>& actions) const;
  [[nodiscard]] std::string line_of(const Ticket& ticket) const;

  // small things
  void say(const std::string& name, templates::Data data = {});
  void show_card(const Ticket& ticket);
  [[nodiscard]] const Ticket* find(TicketNumber number);
  [[nodiscard]] const Ticket* find(TicketId id);
  [[nodiscard]] bool lacks(const Ticket& ticket);
  [[nodiscard]] const Ticket* ticket_at_hand() const;
  [[nodiscard]] tickets::Doer doer() const;
  [[nodiscard]] OutboundMessage& reply();
  [[nodiscard]] const Staff& me() const { return *world_.snapshot.speaker; }
  [[nodiscard]] DialogState& dialog() { return conversation_.dialog; }
  [[nodiscard]] const std::string& locale() const { return conversation_.locale; }

  World world_;
  const Office& office_;
  Conversation& conversation_;
  UnitOfWork& unit_;
  std::optional<NeedsMore> needs_{};
  std::optional<OutboundMessage> reply_{};
  const CardTap* tap_ = nullptr;
};

}  // namespace huiyin::gateway
