// What may be said at any time and does not answer the question: the question is asked again after it.
#include <algorithm>

#include "core/text.h"
#include "dialogs/stepper.h"

namespace huiyin::dialogs {
namespace {

constexpr std::size_t kSmallTalk = 15;  // characters; a longer text that holds 谢谢 says more than thanks
constexpr std::size_t kMostShown = 3;   // tickets in one answer
constexpr std::size_t kMostShownBriefly = 2;
constexpr std::size_t kExcerpt = 30;  // characters of a description

bool is_over(TicketStatus status) {
  switch (status) {
    case TicketStatus::closed:
    case TicketStatus::withdrawn:
    case TicketStatus::out_of_scope:
    case TicketStatus::merged:
      return true;
    case TicketStatus::opened:
    case TicketStatus::assigned:
    case TicketStatus::accepted:
    case TicketStatus::in_progress:
    case TicketStatus::suspended:
    case TicketStatus::resolved:
      return false;
  }
  return false;
}

/// 「11-23 12:00」 by the site's clock.
std::string short_time(Time time, std::chrono::minutes offset) {
  const auto text = format_utc(time + offset);
  return text.size() >= 16 ? text.substr(5, 11) : text;
}

}  // namespace

std::string Stepper::number_words(TicketNumber number) const {
  return flow_.site.write_number ? flow_.site.write_number(number) : std::to_string(number.sequence);
}

/// Opened from here, or from another peer that is known for certain to be the same person's.
bool Stepper::is_own(const Ticket& ticket) const {
  const auto& own = snapshot_.own_peers;
  return ticket.peer == event_.peer || std::find(own.begin(), own.end(), ticket.peer) != own.end();
}

bool Stepper::needs_tickets() {
  if (snapshot_.read.tickets) return false;
  needs_ = Needs{.contact = true, .tickets = true};
  return true;
}

bool Stepper::command() {
  if (is("human")) return human(), true;
  if (is("progress")) return progress(), true;
  if (is("help")) return say("help", {{"hotline", flow_.site.hotline}}), reask(), true;
  if (is("faq")) return list_questions(), true;
  if (verify() || ask_for_menu() || leave_form()) return true;
  return form_active() && steer_form();
}

/// 菜单; and 更多, which means it where nothing is left of an answer: the gateway has given what was.
bool Stepper::ask_for_menu() {
  const bool active = form_active();
  if (is("more")) return active ? reask() : show_menu(""), true;
  if (!is("menu")) return false;
  if (!active && !brief()) return show_menu(""), true;
  say("help", {{"hotline", flow_.site.hotline}});
  reask();
  return true;
}

/// 取消, and 不同意 where the notice was shown.
bool Stepper::leave_form() {
  const bool active = form_active();
  if (is("decline") && active && state_.danger.empty()) {
    say("consent_declined", {{"hotline", flow_.site.hotline}});
    clear_form();
    return true;
  }
  if (!is("cancel")) return false;
  if (!active) return say("nothing_to_cancel"), true;
  if (!state_.danger.empty()) return say("cancelled_ticket_kept", {{"number", state_.ticket_number}}), finish(), true;
  if (brief()) {
    state_ = DialogState{.consent = state_.consent};
    return say("cancelled"), true;
  }
  state_.resume = state_.asking;
  return ask_engine("cancel", false), true;
}

/// 返回, 重来, 重复.
bool Stepper::steer_form() {
  if (is("back")) return back(), true;
  if (is("restart")) return restart(), true;
  if (!is("repeat")) return false;
  const auto* field = flow_.find(state_.asking);
  if (field == nullptr) return reask(), true;
  const int misses = state_.misses;
  ask(*field, false);
  state_.misses = misses;
  return true;
}

/// A ticket that danger has opened stays the form's.
void Stepper::restart() {
  const auto ticket = state_.ticket;
  const auto number = state_.ticket_number;
  const auto kind = state_.danger;
  begin(state_.hint);
  state_.ticket = ticket;
  state_.ticket_number = number;
  state_.danger = kind;
  say("restarted");
  next();
}

bool Stepper::small_talk() {
  if (said_.phone || said_.address || said_.name || said_.report || !said_.subcategory.empty()) return false;
  if (count_characters(said_.plain.text) > kSmallTalk) return false;
  if (brief() && (said_.intent == "thanks" || said_.intent == "wait"))
    return true;  // a word that costs and says nothing
  if (said_.intent == "thanks") return say("thanks_reply"), reask(), true;
  if (said_.intent == "wait") return say("wait_ok"), true;
  if (said_.intent == "greeting" && brief() && !form_active())
    return say("help", {{"hotline", flow_.site.hotline}}), true;
  if (said_.intent == "greeting") {
    if (form_active()) return reask(), true;
    return say("greeting"), show_menu(""), true;
  }
  if (said_.intent == "human") return human(), true;
  if (said_.intent == "progress") return progress(), true;
  return false;
}

void Stepper::answer_cancel() {
  const auto ordinal = parse_ordinal(said_.plain.text);
  const auto asking = state_.resume;
  state_.resume.clear();
  state_.asking = asking;
  if (tapped_ == "yes" || ordinal == 1 || (!ordinal && (is("yes") || is("cancel")))) {
    start_afresh();
    return say("cancelled");
  }
  if (ordinal == 2 || is("no") || is("resume")) return reask();
  if (command()) return;
  on_form_text();  // anything else: he goes on
}

void Stepper::back() {
  auto& asked = state_.asked;
  while (!asked.empty() && (asked.back() == state_.asking || flow_.find(asked.back()) == nullptr)) asked.pop_back();
  if (asked.empty()) {
    say("back_at_start");
    return reask();
  }
  const auto* field = flow_.find(asked.back());
  if (field->kind == FieldKind::attachments) state_.slots.erase(field->name);
  ask(*field, false);
}

void Stepper::human() {
  const bool has_draft = form_active() && (!state_.slots.empty() || !state_.attachments.empty());
  const bool is_open_already = form_active() && !state_.danger.empty();
  if (is_open_already || (!has_draft && has_last_ticket())) return human_for(state_.ticket, state_.ticket_number);
  if (!has_draft) {
    if (needs_tickets()) return;
    for (const auto& one : snapshot_.tickets)
      if (is_own(one) && !is_over(one.status)) return human_for(one.id, number_words(one.number));
  }
  open_for_human(has_draft);
}

/// Somebody is to look at a ticket that there is.
void Stepper::human_for(TicketId id, const std::string& number) {
  effects_.push_back(ActOnTicket{id, "request_human", std::string(trim(text_)), {}});
  effects_.push_back(HandOver{flow_.human_department});
  say("human_ticket", {{"number", number}, {"hotline", flow_.site.hotline}});
  reask();
}

/// A ticket of what he told so far, or of these words.
void Stepper::open_for_human(bool has_draft) {
  auto opened = ticket();
  if (opened.category == Category::none)
    opened.category = parse_category(flow_.human_department).value_or(Category::service);
  opened.audit += opened.audit.empty() ? "human" : ",human";
  if (!has_draft && !is("human")) opened.description = std::string(trim(first_characters(text_, 500)));
  add_known(opened);
  effects_.push_back(OpenTicket{std::move(opened), state_.attachments});
  effects_.push_back(HandOver{flow_.human_department});
  say("human", {{"number", ""}, {"hotline", flow_.site.hotline}});
  opened_ = true;
  state_.ticket = {};
  state_.ticket_number.clear();
  finish();
}

/// Who he is, as far as that is known and he has not said it now.
void Stepper::add_known(Ticket& ticket) const {
  if (snapshot_.contact && ticket.name.empty()) ticket.name = snapshot_.contact->name;
  if (snapshot_.contact && ticket.phone.empty()) ticket.phone = snapshot_.contact->phone;
  if (ticket.phone.empty()) ticket.phone = own_number();
}

/// How far it is: with what it was merged into, where it was.
const Ticket& Stepper::worked_on(const Ticket& one) const {
  for (const auto& other : snapshot_.tickets)
    if (one.status == TicketStatus::merged && other.id == one.merged_into) return other;
  return one;
}

void Stepper::say_ticket(const Ticket& one) {
  Data data{{"number", number_words(one.number)}, {"@status", "status." + std::string(to_string(one.status))}};
  if (const auto& other = worked_on(one); other.id != one.id)  // somebody else's maybe: no more than how far it is
    data.emplace_back("@merged_status", "status." + std::string(to_string(other.status)));
  if (one.category == Category::out_of_scope)  // no flow offers it
    data.emplace_back("@category", "status.out_of_scope");
  else
    data.emplace_back("category", category_words(flow_, std::string(to_string(one.category)), locale()));
  data.emplace_back("description", std::string(first_characters(one.description, kExcerpt)));
  data.emplace_back("opened", short_time(one.opened, flow_.site.utc_offset));
  for (const auto& row : snapshot_.last_changes)
    if (row.ticket == one.id && row.owner_visible) {
      data.emplace_back("changed", short_time(row.at, flow_.site.utc_offset));
      if (row.action != "open") data.emplace_back("change", row.text);
    }
  say("progress_ticket", std::move(data));
}

void Stepper::progress() {
  if (needs_tickets()) return;
  std::vector<const Ticket*> own;
  const auto most = brief() ? kMostShownBriefly : kMostShown;
  for (const auto& one : snapshot_.tickets)
    if (is_own(one) && !is_over(worked_on(one).status) && own.size() < most) own.push_back(&one);
  if (own.empty())
    for (const auto& one : snapshot_.tickets)
      if (is_own(one) && own.empty()) own.push_back(&one);
  if (own.empty()) say("progress_none");
  for (const auto* one : own) say_ticket(*one);
  offer_verification();
  reask();
}

/// A number in the text asks for that ticket. Another peer's is answered as one that does not exist.
bool Stepper::ask_number(bool only_with_cue) {
  if (!flow_.site.read_number) return false;
  for (const auto& found : said_.numbers) {
    if (only_with_cue && found.rule == "number_whole") continue;
    const auto number = flow_.site.read_number(found.value);
    if (!number && found.rule != "number_cue") continue;
    if (!number || !answer_number(*number))
      say("ticket_not_found", {{"typed", std::string(first_characters(found.value, kExcerpt))}});
    return true;
  }
  return false;
}

/// False: none of his has this number. True: it was shown, or has to be read first.
bool Stepper::answer_number(TicketNumber number) {
  const auto& read = snapshot_.read.numbers;
  if (std::find(read.begin(), read.end(), number) == read.end()) {
    needs_ = Needs{.contact = true, .numbers = {number}};  // the contact too: the open question may offer it
    return true;
  }
  for (const auto& one : snapshot_.tickets)
    if (one.number == number && is_own(one)) return say_ticket(one), true;
  return false;
}

void Stepper::show_menu(const std::string& proposal) {
  if (state_.asking != "menu" && !form_active()) {  // what was opened before is not what the menu is about
    state_.ticket = {};
    state_.ticket_number.clear();
  }
  if (brief()) {  // a list of seven would take two parts; he is told in words what he may write
    state_.asking = "menu";
    state_.proposal = proposal;
    return;
  }
  std::vector<Choice> choices;
  for (const auto& entry : flow_.menu)
    if (is_offered(entry)) choices.push_back({entry.id, label_of(flow_, entry.label, locale(), entry.id)});
  state_.proposal = proposal;
  const int misses = state_.asking == "menu" ? state_.misses : 0;
  ask_engine("menu", misses > 0, {{"hotline", flow_.site.hotline}}, std::move(choices));
  state_.misses = misses;
}

bool Stepper::choose_from_menu(bool shown) {
  if (shown) {
    const auto number = parse_ordinal(said_.plain.text);
    int place = 0;
    for (const auto& entry : flow_.menu)
      if (is_offered(entry) && (number == ++place || tapped_ == entry.id)) return choose(entry), true;
  }
  for (const auto& entry : flow_.menu)
    for (const auto& label : entry.folded_labels)
      if (spoken_.key == without_punctuation(label)) return choose(entry), true;
  if (spoken_.menu) return choose(flow_.menu[*spoken_.menu]), true;
  return false;
}

/// Questions are offered where there are any.
bool Stepper::is_offered(const MenuEntry& entry) const {
  return entry.offered && (entry.command != "faq" || !flow_.site.faq.empty());
}

void Stepper::choose(const MenuEntry& entry) {
  if (entry.command == "progress") return progress();
  if (entry.command == "human") return human();
  if (entry.command == "help") return say("help", {{"hotline", flow_.site.hotline}}), reask();
  if (entry.command == "faq") return list_questions();
  if (!entry.start) return show_menu("");
  if (form_active()) {
    if (!state_.slots.empty() || !state_.attachments.empty()) return ask_resume("hint:" + entry.category);
    state_.hint = entry.category;
    return reask();
  }
  const auto kept = state_.asking == "menu" ? state_.proposal : "";
  begin(entry.category);
  if (count_letters(kept) >= flow_.find("description")->min_characters) {
    set(*flow_.find("description"), {.value = kept});
    if (!entry.category.empty()) set(*flow_.find("category"), {.value = entry.category});
  }
  next();
}

}  // namespace huiyin::dialogs
