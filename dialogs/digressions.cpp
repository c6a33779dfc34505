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
  const bool active = form_active();
  if (is("human")) return human(), true;
  if (is("progress")) return progress(), true;
  if (is("help")) return say("help", {{"hotline", flow_.site.hotline}}), reask(), true;
  if (verify()) return true;
  if (is("more")) {  // the gateway has given what was left already: there is no more
    if (active) return reask(), true;
    return show_menu(""), true;
  }
  if (is("menu"))
    return active || brief() ? (say("help", {{"hotline", flow_.site.hotline}}), reask()) : show_menu(""), true;
  if (is("decline") && active && state_.danger.empty()) {
    say("consent_declined", {{"hotline", flow_.site.hotline}});
    clear_form();
    return true;
  }
  if (is("cancel")) {
    if (!active) return say("nothing_to_cancel"), true;
    if (!state_.danger.empty()) return say("cancelled_ticket_kept", {{"number", state_.ticket_number}}), finish(), true;
    if (brief()) {
      state_ = DialogState{.consent = state_.consent};
      return say("cancelled"), true;
    }
    state_.resume = state_.asking;
    return ask_engine("cancel", false), true;
  }
  if (!active) return false;
  if (is("back")) return back(), true;
  if (is("restart")) {
    const auto ticket = state_.ticket;
    const auto number = state_.ticket_number;
    const auto kind = state_.danger;
    begin(state_.hint);
    state_.ticket = ticket;
    state_.ticket_number = number;
    state_.danger = kind;
    return say("restarted"), next(), true;
  }
  if (is("repeat")) {
    if (const auto* field = flow_.find(state_.asking)) {
      const int misses = state_.misses;
      ask(*field, false);
      state_.misses = misses;
    } else {
      reask();
    }
    return true;
  }
  return false;
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
    const auto consent = state_.consent;
    clear_form();
    state_.consent = consent;
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
  const Data data{{"number", ""}, {"hotline", flow_.site.hotline}};
  const auto mark = [&](TicketId id, const std::string& number) {
    effects_.push_back(ActOnTicket{id, "request_human", std::string(trim(text_)), {}});
    effects_.push_back(HandOver{flow_.human_department});
    say("human_ticket", {{"number", number}, {"hotline", flow_.site.hotline}});
    reask();
  };
  if (form_active() && !state_.danger.empty()) return mark(state_.ticket, state_.ticket_number);
  const bool has_draft = form_active() && (!state_.slots.empty() || !state_.attachments.empty());
  if (!has_draft) {
    if (!form_active() && state_.asking == "received" && state_.ticket)
      return mark(state_.ticket, state_.ticket_number);
    if (needs_tickets()) return;
    for (const auto& one : snapshot_.tickets)
      if (is_own(one) && !is_over(one.status)) return mark(one.id, number_words(one.number));
  }
  auto opened = ticket();
  if (opened.category == Category::none)
    opened.category = parse_category(flow_.human_department).value_or(Category::service);
  opened.audit += opened.audit.empty() ? "human" : ",human";
  if (!has_draft && !is("human")) opened.description = std::string(trim(first_characters(text_, 500)));
  if (snapshot_.contact && opened.name.empty()) opened.name = snapshot_.contact->name;
  if (snapshot_.contact && opened.phone.empty()) opened.phone = snapshot_.contact->phone;
  if (opened.phone.empty()) opened.phone = own_number();
  effects_.push_back(OpenTicket{std::move(opened), state_.attachments});
  effects_.push_back(HandOver{flow_.human_department});
  say("human", data);
  opened_ = true;
  state_.ticket = {};
  state_.ticket_number.clear();
  finish();
}

void Stepper::say_ticket(const Ticket& one) {
  Data data{{"number", number_words(one.number)},
            {"@status", "status." + std::string(to_string(one.status))},
            {"category", category_words(flow_, std::string(to_string(one.category)), locale())},
            {"description", std::string(first_characters(one.description, kExcerpt))},
            {"opened", short_time(one.opened, flow_.site.utc_offset)}};
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
    if (is_own(one) && !is_over(one.status) && own.size() < most) own.push_back(&one);
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
    const bool cued = found.rule == "number_cue";
    if (only_with_cue && found.rule == "number_whole") continue;
    const auto number = flow_.site.read_number(found.value);
    if (!number && !cued) continue;
    if (number) {
      const auto& read = snapshot_.read.numbers;
      if (std::find(read.begin(), read.end(), *number) == read.end()) {
        needs_ = Needs{.contact = true, .numbers = {*number}};  // the contact too: the open question may offer it
        return true;
      }
      for (const auto& one : snapshot_.tickets)
        if (one.number == *number && is_own(one)) return say_ticket(one), true;
    }
    say("ticket_not_found", {{"typed", std::string(first_characters(found.value, kExcerpt))}});
    return true;
  }
  return false;
}

void Stepper::show_menu(const std::string& proposal) {
  if (brief()) {  // a list of seven would take two parts; he is told in words what he may write
    state_.asking = "menu";
    state_.proposal = proposal;
    return;
  }
  std::vector<Choice> choices;
  for (const auto& entry : flow_.menu)
    if (entry.offered) choices.push_back({entry.id, label_of(flow_, entry.label, locale(), entry.id)});
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
      if (entry.offered && (number == ++place || tapped_ == entry.id)) return choose(entry), true;
  }
  for (const auto& entry : flow_.menu)
    for (const auto& label : entry.folded_labels)
      if (spoken_.key == without_punctuation(label)) return choose(entry), true;
  if (spoken_.menu) return choose(flow_.menu[*spoken_.menu]), true;
  return false;
}

void Stepper::choose(const MenuEntry& entry) {
  if (entry.command == "progress") return progress();
  if (entry.command == "human") return human();
  if (entry.command == "help") return say("help", {{"hotline", flow_.site.hotline}}), reask();
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
