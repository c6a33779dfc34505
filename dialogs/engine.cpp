#include "dialogs/engine.h"

#include <cstdio>

#include "core/overloaded.h"
#include "core/text.h"
#include "dialogs/stepper.h"

namespace huiyin::dialogs {
namespace {

using namespace std::chrono_literals;

constexpr auto kBurst = 10s;       // photos that follow an acknowledgement within it get no words
constexpr auto kReceived = 30min;  // how long what is said after a ticket was opened is about that ticket
constexpr int kUnknowns = 2;       // messages not understood; the next one begins a report by itself
constexpr std::size_t kTellingLetters = 4;
constexpr double kCertainName = 0.8;  // confidence above which a name alone begins a report

}  // namespace

std::string_view text_of(const Event& event) {
  if (const auto* text = std::get_if<TextMessage>(&event.body)) return text->text;
  if (const auto* media = std::get_if<MediaMessage>(&event.body)) return media->recognition;
  if (const auto* mail = std::get_if<MailMessage>(&event.body)) return mail->text;
  return {};
}

std::variant<Turn, Needs> step(const Flow& flow, const DialogState& state, const Event& event,
                               const Understood& understood, const Snapshot& snapshot, Time now) {
  return Stepper(flow, state, event, understood, snapshot, now).run();
}

Stepper::Stepper(const Flow& flow, const DialogState& state, const Event& event, const Understood& said,
                 const Snapshot& snapshot, Time now)
    : flow_(flow),
      state_(state),
      event_(event),
      said_(said),
      snapshot_(snapshot),
      now_(now),
      text_(text_of(event)),
      spoken_(read_words(flow, said.plain.text)),
      exchange_(state.exchange),
      verification_(state.verification),
      asked_before_(state.asking) {
  if (snapshot.conversation && snapshot.conversation->consented) state_.consent = ConsentNotice::accepted;
}

std::variant<Turn, Needs> Stepper::run() {
  // What was said after a ticket is about that ticket only for a while.
  if (has_last_ticket() || state_.asking == "received" || state_.asking == "faq")
    if (!state_.touched || now_ - *state_.touched > kReceived) start_afresh();
  const auto* text = std::get_if<TextMessage>(&event_.body);
  const bool noise = brief() && text != nullptr && !text->choice && is_noise();
  if (!noise) std::visit([this](const auto& body) { on(body); }, event_.body);
  if (needs_) return *std::move(needs_);
  flush_details();
  if (noise)
    remember();
  else if (brief() && owner_acted_ && !tapped_)
    settle_exchange();
  state_.exchange = std::move(exchange_);
  state_.verification = std::move(verification_);
  if (owner_acted_) state_.touched = now_;
  return Turn{std::move(state_), std::move(effects_)};
}

/// A form that he left alone for so long that he is asked whether to go on.
bool Stepper::is_stale() const {
  return form_active() && (state_.draft || (state_.touched && now_ - *state_.touched >= flow_.draft_after));
}

/// What was opened last, or begun, is no longer talked of; that he was told of our data protection stays.
void Stepper::start_afresh() {
  const auto consent = state_.consent;
  clear_form();
  state_.consent = consent;
}

void Stepper::on(const TextMessage& message) {
  tapped_ = message.choice;
  const bool stale = is_stale();
  owner_acted_ = true;
  if (danger() || (tapped_ && on_survey()) || with_human()) return;
  if (speaks_sms() && opts_out_or_in()) return;
  if (stale && brief()) start_afresh();
  if (answer_code() || on_survey()) return;
  if (state_.draft && state_.asking != "resume" && (is("resume") || is("restart"))) {
    state_.resume = state_.asking;  // as the reminder of the draft told him to say
    state_.proposal.clear();
    return answer_resume();
  }
  if (stale && !brief() && state_.asking != "resume")
    return ask_resume(std::string(first_characters(trim(text_), 4000)));
  on_text();
}

void Stepper::on_text() {
  if (state_.asking == "resume") return answer_resume();
  if (state_.asking == "cancel") return answer_cancel();
  if (state_.asking == "another") return answer_another();
  if (state_.asking == "about") return answer_about();
  if (state_.asking == "known") return answer_known();
  if (on_question_list() || command()) return;
  if (form_active()) return on_form_text();
  on_idle_text();
}

void Stepper::on_idle_text() {
  if (state_.asking == "received" && on_received_text()) return;
  if (on_kept() || on_missing() || about_ticket() || on_talk() || on_addition()) return;
  if (ask_number(false)) return;
  if (choose_from_menu(state_.asking == "menu" && !brief())) return;
  if (small_talk() || answer_question() || out_of_scope()) return;
  const bool asks_progress = said_.intent == "progress" && said_.subcategory.empty();
  if (asks_progress) return progress();
  if (said_.intent == "human" && !said_.report) return human();
  if (begin_report()) return;
  unknown();
}

/// What he wrote before and was not understood belongs to it, but for what is kept in a ticket of its own. False: it is
/// no report.
bool Stepper::begin_report() {
  const bool names_somebody = said_.address || said_.phone || (said_.name && said_.name->confidence > kCertainName);
  if (!said_.report && said_.category == Category::none && !names_somebody) return false;
  const auto kept = state_.asking == "menu" && !has_kept_ticket() ? state_.proposal : "";
  begin("");
  if (!absorb(nullptr)) extend_description(text_);
  put_before_description(kept);
  next();
  return true;
}

/// Right after a ticket: a second tap on confirm, more details, thanks. False: it is something new.
bool Stepper::on_received_text() {
  const auto* confirm = flow_.find(FieldKind::confirm);
  const auto id = match_choice(flow_, *confirm, "", said_.plain.text, tapped_);
  if (id == "submit" || (!id && is("yes")))
    return say("ticket_already_received", {{"number", state_.ticket_number}, {"hotline", flow_.site.hotline}}), true;
  if (said_.intent == "thanks" && count_letters(said_.plain.text) < 15)
    return brief() ? void() : say("thanks_reply"), true;
  const auto correction = find_correction(flow_, said_.plain.text);
  const bool adds = said_.intent == "addition" || (correction && correction->field != nullptr && correction->has_value);
  if (is("decline") && brief() && state_.ticket && state_.danger.empty()) {
    effects_.push_back(ActOnTicket{state_.ticket, "withdraw", std::string(trim(text_)), {}});
    return say("consent_declined", {{"hotline", flow_.site.hotline}}), true;
  }
  if (!adds && take_asked_name()) return true;
  if (!adds || !state_.ticket) return false;
  effects_.push_back(ActOnTicket{state_.ticket, "add_details", std::string(trim(first_characters(text_, 4000))), {}});
  say("details_added", {{"number", state_.ticket_number}});
  return true;
}

void Stepper::unknown() {
  if (brief()) return unknown_brief();
  const auto words = std::string(trim(first_characters(text_, 4000)));
  const bool telling = count_letters(words) >= kTellingLetters;
  if (state_.asking != "menu") return say("not_understood"), show_menu(telling ? words : "");
  auto kept = state_.proposal;
  if (telling && kept.find(words) == std::string::npos) kept += (kept.empty() ? "" : "\n") + words;
  if (++state_.misses >= kUnknowns &&
      !kept.empty()) {  // twice not understood: it is taken as a report, for people to read
    begin("");
    extend_description(kept);
    state_.slots["description"].to_audit = true;
    say("taken_for_audit");
    return next();
  }
  say("not_understood.2");
  show_menu(kept);
}

void Stepper::on(const MediaMessage& message) {
  owner_acted_ = true;
  const bool stale = is_stale();
  const auto* field = flow_.find(FieldKind::attachments);
  const bool to_ticket = has_last_ticket();
  if (!to_ticket && field != nullptr && state_.attachments.size() >= field->max_items) {
    say("media_full", {{"limit", std::to_string(field->max_items)}});
    return reask();
  }
  effects_.push_back(Attach{to_ticket || !state_.danger.empty() ? state_.ticket : TicketId{}});
  if (!to_ticket) ++arriving_;
  if (!message.recognition.empty() && danger()) return;
  if (with_human()) return;
  const bool burst = state_.media_acknowledged && now_ - *state_.media_acknowledged <= kBurst;
  if (burst && message.recognition.empty()) return;
  state_.media_acknowledged = now_;
  if (to_ticket) return brief() ? void() : say("media_added", {{"number", state_.ticket_number}});
  if (stale && !brief()) return ask_resume("");
  if (!brief()) say("media_received");
  go_on_with_media(message);
}

/// The report that it belongs to, begun by it or under way, goes on.
void Stepper::go_on_with_media(const MediaMessage& message) {
  if (state_.asking == "cancel" || state_.asking == "resume") state_.asking = state_.resume;
  std::string kept;
  if (!form_active()) {
    if (state_.asking == "menu") kept = state_.proposal;
    begin("");
  }
  const bool is_spoken = !message.recognition.empty() && !state_.slots.contains("description");
  const bool is_heard = is_spoken && absorb(nullptr) && state_.slots.contains("description");
  put_before_description(kept);
  if (is_heard) state_.slots["description"].to_audit = true;
  if (is_spoken) return next();
  const bool is_told = state_.slots.contains("description");
  if (state_.asking.empty() && !is_told) return ask(*flow_.find("description"), false);
  const auto* asking = flow_.find(state_.asking);
  if (asking != nullptr && asking->kind == FieldKind::attachments) {
    state_.slots[asking->name] = {.value = "done"};
    return next();
  }
  reask();
}

void Stepper::on(const LocationMessage& message) {
  owner_acted_ = true;
  char coordinates[64];
  (void)std::snprintf(coordinates, sizeof coordinates, "%.6f,%.6f", message.latitude, message.longitude);
  const auto label = std::string(first_characters(trim(clean_text(message.label)), 200));
  const auto words = "📍 " + (label.empty() ? "" : label + " ") + "(" + coordinates + ")";
  if (has_last_ticket()) {
    effects_.push_back(ActOnTicket{state_.ticket, "add_details", words, {}});
    return say("details_added", {{"number", state_.ticket_number}});
  }
  if (!form_active()) begin("");
  state_.slots["location"] = {.value = words};
  effects_.push_back(Set{"location"});
  details_due_ = details_due_ || !state_.danger.empty();
  if (with_human()) return;
  const auto* address = flow_.find(FieldKind::address);
  say("location_received");
  if (address != nullptr && state_.asking == address->name && !label.empty() && !state_.slots.contains(address->name)) {
    set(*address, {.value = label});
    return next();
  }
  reask();
}

void Stepper::on(const LinkMessage& message) {
  owner_acted_ = true;
  auto& links = state_.slots["links"].value;
  const auto words = "🔗 " + std::string(first_characters(clean_text(message.title + " " + message.url), 500));
  if (!form_active()) {
    state_.slots.clear();
    begin("");
    state_.slots["links"] = {.value = words};
  } else if (links.size() < 4000 && links.find(words) == std::string::npos) {
    links += (links.empty() ? "" : "\n") + words;
  }
  if (with_human()) return;
  say("link_received");
  reask();
}

void Stepper::on(const MenuClick& click) {
  owner_acted_ = true;
  if (with_human()) return;
  for (const auto& entry : flow_.menu)
    if (entry.key == click.key) return choose(entry);
  show_menu("");
}

void Stepper::on(const Followed& followed) {
  owner_acted_ = true;
  if (!form_active()) {
    say("welcome", {{"hotline", flow_.site.hotline}});
    prefill(followed.scene);
    if (state_.hint.empty() && state_.slots.empty()) return show_menu("");
    return next();
  }
  if (!followed.scanned) say("welcome", {{"hotline", flow_.site.hotline}});
  reask();
}

/// A code's scene is `category=repair/elevator&address=3栋2单元电梯`; anything else is only a greeting.
void Stepper::prefill(const std::string& scene) {
  std::string hint;
  std::string place;
  for (const auto pair : split(scene, '&')) {
    if (pair.starts_with("category=")) hint = std::string(pair.substr(9));
    if (pair.starts_with("address=")) place = std::string(first_characters(trim(pair.substr(8)), 100));
  }
  const auto* category = flow_.find("category");
  if (!hint.empty() && find_choice(*category, hint.substr(0, hint.find('/'))) == nullptr) hint.clear();
  if (hint.empty() && place.empty()) return;
  begin(hint);
  if (const auto* field = flow_.find(FieldKind::address); field != nullptr && !place.empty())
    set(*field, {.value = place});
}

void Stepper::on(const Unfollowed&) {
  if (form_active()) state_.draft = true;  // should he come back, he is asked whether to go on
}

void Stepper::on(const UnsupportedMessage&) {
  owner_acted_ = true;
  if (with_human()) return;
  say("unsupported");
  if (form_active()) return reask();
  show_menu("");
}

void Stepper::on(const TimerFired& timer) {
  if (timer.kind == "draft" && form_active() && state_.touched && now_ - *state_.touched >= flow_.draft_after)
    state_.draft = true;
}

}  // namespace huiyin::dialogs
