#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "dialogs/answers.h"
#include "dialogs/engine.h"
#include "dialogs/flow_rules.h"

namespace huiyin::dialogs {

/// The form as it stands, as a ticket.
[[nodiscard]] Ticket ticket_of(const Flow& flow, const DialogState& state, const Peer& peer);

/// One step of a conversation: lives for one call of step(). Its parts: engine.cpp (which event means what), form.cpp
/// (questions and answers), known_trouble.cpp (reported by others), places.cpp (a place that the estate does not have),
/// summary.cpp, returning.cpp (offer, draft), corrections.cpp, digressions.cpp (help, progress, a person), brief.cpp
/// (SMS manners), verification.cpp (whose a phone is), wishes.cpp (hurry, withdraw, reopen, what is not ours),
/// questions.cpp (常见问题), follow_up.cpp (surveys, words for staff), letter.cpp (mails), danger.cpp.
class Stepper {
 public:
  Stepper(const Flow& flow, const DialogState& state, const Event& event, const Understood& said,
          const Snapshot& snapshot, Time now);
  std::variant<Turn, Needs> run();

 private:
  using Data = std::vector<std::pair<std::string, std::string>>;

  // engine.cpp: events
  void on(const TextMessage& message);
  void on(const MediaMessage& message);
  void on(const LocationMessage& message);
  void on(const LinkMessage& message);
  void on(const MailMessage& mail);
  void on(const MenuClick& click);
  void on(const Followed& followed);
  void on(const Unfollowed&);
  void on(const UnsupportedMessage&);
  void on(const TimerFired& timer);
  void on(const CardTap&) {}
  void on(const HumanDesk&) {}
  void on(const NoticeConsent&) {}
  void on(const DataWithdrawal&) {}
  void on(const Receipt&) {}
  void on(const Notice&) {}
  void on_text();
  void on_idle_text();
  bool begin_report();
  void go_on_with_media(const MediaMessage& message);
  [[nodiscard]] bool is_stale() const;
  void start_afresh();
  bool on_received_text();
  void unknown();
  void prefill(const std::string& scene);

  // form.cpp
  [[nodiscard]] bool form_active() const { return !state_.flow.empty(); }
  /// What he reported last is not ours to mend: its ticket is kept, and a menu offers the rest.
  [[nodiscard]] bool has_kept_ticket() const { return !form_active() && state_.ticket && state_.asking == "menu"; }
  /// The ticket that was opened last is what is still talked of.
  [[nodiscard]] bool has_last_ticket() const {
    const bool talked_of = state_.asking == "received" || state_.asking == "faq";
    return has_kept_ticket() || (!form_active() && state_.ticket && talked_of);
  }
  [[nodiscard]] bool is_filled(const Field& field) const;
  void begin(const std::string& hint);
  void next();
  void ask(const Field& field, bool again);
  void ask_engine(const std::string& question, bool again, Data data = {}, std::vector<Choice> choices = {});
  void reask();
  void show_notice();
  void on_form_text();
  void answer_choice(const Field& field);
  void answer_confirm(const Field& field);
  void answer_attachments(const Field& field);
  bool absorb(const Field* asked);
  bool take_whole(const Field& asked, SlotValue& value) const;
  void set(const Field& field, SlotValue value);
  void extend_description(std::string_view text);
  /// What he wrote earlier, which belonged to nothing then.
  void put_before_description(std::string_view text);
  void describe_as(const Field& field, std::string whole);
  void miss(const Field& field);
  void take_for_audit(const Field& field);
  void submit();
  void finish();
  void clear_form();
  bool offer();
  void answer_offer();
  void ask_resume(const std::string& proposal);
  void answer_resume();
  [[nodiscard]] Ticket ticket() const;
  [[nodiscard]] Data summary() const;
  [[nodiscard]] std::string shown(const Field& field, const SlotValue& value) const;

  // known_trouble.cpp
  void answer_known();
  void go_on_from_known();
  [[nodiscard]] std::optional<std::string> joined_ticket() const;

  // places.cpp
  bool ask_place(bool again = false);
  void answer_place();

  // corrections.cpp
  bool correct();
  void change(const Field& field);
  [[nodiscard]] const Field* field_of_value(const Correction& correction, std::string_view value) const;
  [[nodiscard]] std::optional<SlotValue> read_value(const Field& field, std::string_view plain,
                                                    std::string_view given) const;
  void answer_change();

  // digressions.cpp
  bool command();
  bool ask_for_menu();
  bool leave_form();
  bool steer_form();
  void restart();
  bool small_talk();
  bool ask_number(bool only_with_cue);
  bool answer_number(TicketNumber number);
  void answer_cancel();
  void back();
  void human();
  void human_for(TicketId id, const std::string& number);
  void open_for_human(bool has_draft);
  void add_known(Ticket& ticket) const;
  void progress();
  void say_ticket(const Ticket& ticket);
  [[nodiscard]] const Ticket& worked_on(const Ticket& ticket) const;
  void show_menu(const std::string& proposal);
  bool choose_from_menu(bool shown);
  [[nodiscard]] bool is_offered(const MenuEntry& entry) const;
  void choose(const MenuEntry& entry);

  // wishes.cpp
  bool about_ticket();
  void ask_about(bool again);
  void answer_about();
  void act_on(const Ticket& ticket, std::string_view action, const std::string& words);
  [[nodiscard]] std::vector<const Ticket*> meant_tickets(std::string_view action) const;
  bool out_of_scope();
  bool on_kept();
  [[nodiscard]] Ticket own_ticket();
  [[nodiscard]] std::string without_person(const std::string& words) const;
  bool another_report(const Field& asked);
  void answer_another();
  [[nodiscard]] std::string in_own_language(const std::map<std::string, std::string>& texts) const;

  // questions.cpp
  bool answer_question();
  void list_questions();
  bool on_question_list();
  [[nodiscard]] const FaqEntry* chosen_question() const;
  void answer_with(const std::map<std::string, std::string>& answer);

  // follow_up.cpp
  bool on_survey();
  bool on_no_survey(bool tapped);
  [[nodiscard]] const Survey* meant_survey(SurveyId tapped, bool known) const;
  [[nodiscard]] SurveyWords survey_words(bool known) const;
  [[nodiscard]] bool asks_other_since(Time asked) const;
  [[nodiscard]] bool waits_for_him(const Survey& survey) const;
  void ask_survey_again(const Survey& survey);
  bool on_survey_reason();
  void take_survey(const Survey& survey, const SurveyWords& words, bool may_ask);
  bool on_missing();
  bool on_talk();
  [[nodiscard]] bool is_of_elsewhere(const Ticket& ticket) const;
  [[nodiscard]] bool may_answer_talk() const;
  [[nodiscard]] const Ticket* talk_ticket() const;
  [[nodiscard]] bool is_of_talk() const;
  bool talk_of(const std::string& words);
  bool on_addition();
  [[nodiscard]] std::string_view talk_cue() const;
  [[nodiscard]] static bool may_hear(TicketStatus status);

  // brief.cpp
  [[nodiscard]] bool brief() const { return flow_.manners.brief; }
  /// The number that he writes from; empty where the channel's addresses are none.
  [[nodiscard]] std::string own_number() const {
    return event_.peer.address.starts_with('+') ? event_.peer.address : std::string();
  }
  [[nodiscard]] bool speaks_sms() const { return brief() || event_.peer.channel.starts_with("sms:"); }
  [[nodiscard]] bool is_noise() const;
  void remember();
  void settle_exchange();
  bool opts_out_or_in();
  void prefill_known();
  void next_brief();
  void submit_brief();
  void answer_details();
  void classify();
  [[nodiscard]] bool lacks_name() const;
  bool take_asked_name();
  void unknown_brief();
  void take_guess(const std::string& words);
  [[nodiscard]] Data confirmation() const;

  // verification.cpp
  bool verify();
  bool answer_code();
  void offer_verification();

  // letter.cpp
  [[nodiscard]] const Ticket* find_named(TicketNumber number);
  [[nodiscard]] bool letter_to_survey(const MailMessage& mail);
  void attach_letter(const MailMessage& mail, TicketId ticket);
  bool on_letter_about(const Ticket& ticket, const MailMessage& mail);
  void answer_letter(const MailMessage& mail);
  bool letter_command(const MailMessage& mail);
  void open_letter(const MailMessage& mail);
  void keep_letter(const MailMessage& mail, Ticket opened);
  void fill_from_letter(const MailMessage& mail, bool from_contact);
  [[nodiscard]] std::string letters_description() const;
  void take_letters_category();
  [[nodiscard]] std::vector<const Field*> missing_from_letter() const;
  void ask_letter();

  // danger.cpp
  bool danger();
  void flush_details();

  // small things
  void say(std::string name, Data data = {}) { effects_.push_back(Say{std::move(name), std::move(data)}); }
  [[nodiscard]] bool is(std::string_view command_name) const { return spoken_.is(command_name); }
  [[nodiscard]] bool with_human() const { return snapshot_.conversation && snapshot_.conversation->with_human; }
  [[nodiscard]] std::string locale() const { return snapshot_.conversation ? snapshot_.conversation->locale : ""; }
  [[nodiscard]] bool is_own(const Ticket& ticket) const;
  [[nodiscard]] std::string number_words(TicketNumber number) const;
  [[nodiscard]] bool needs_tickets();

  const Flow& flow_;
  DialogState state_;
  const Event& event_;
  const Understood& said_;
  const Snapshot& snapshot_;
  Time now_;
  std::string_view text_;
  const Spoken spoken_;
  std::optional<std::string> tapped_{};
  std::vector<Effect> effects_{};
  std::optional<Needs> needs_{};
  std::size_t notice_at_ = 0;  // where in effects_ the notice is put: after what danger demands, before the rest
  std::size_t arriving_ = 0;   // media of this event: kept, but not numbered yet
  Exchange exchange_;          // as it stood; the engine's own resets do not touch it
  std::optional<Verification> verification_;
  std::string asked_before_;  // the question that was open when the event came
  bool by_guess_ = false;     // a ticket was opened of words that nobody understood
  bool listed_ = false;       // he asked for the list of questions, or for one of it
  bool owner_acted_ = false;
  bool letter_ = false;       // the event is a mail: asked is once, for everything
  bool opened_ = false;       // a ticket was opened in this step
  bool details_due_ = false;  // a field was filled whose ticket is open already
};

}  // namespace huiyin::dialogs
