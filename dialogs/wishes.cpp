// What an owner wants that is no report: a ticket of his hurried, taken back or opened again, or something that is not
// the property company's to mend.
#include <algorithm>

#include "core/text.h"
#include "dialogs/stepper.h"

namespace huiyin::dialogs {
namespace {

constexpr std::size_t kMostOffered = 5;  // tickets in one question
constexpr std::size_t kMostOfferedBriefly = 2;
constexpr std::size_t kExcerptBriefly = 9;
constexpr std::size_t kExcerpt = 20;  // characters of a description
constexpr int kMisses = 2;

constexpr std::string_view kReopen = "reopen";
constexpr std::string_view kUrge = "urge";
constexpr std::string_view kWithdraw = "withdraw";

std::string_view action_of(std::string_view intent) {
  if (intent == "urge") return kUrge;
  if (intent == "withdraw") return kWithdraw;
  return intent == "not_fixed" ? kReopen : std::string_view{};
}

bool may_be_meant(std::string_view action, TicketStatus status) {
  switch (status) {
    case TicketStatus::opened:
    case TicketStatus::assigned:
    case TicketStatus::accepted:
    case TicketStatus::in_progress:
    case TicketStatus::suspended:
    case TicketStatus::resolved:
      return true;
    case TicketStatus::closed:
      return action == kReopen;  // of what is done, its result is what matters
    case TicketStatus::withdrawn:
    case TicketStatus::out_of_scope:
    case TicketStatus::merged:
      return false;
  }
  return false;
}

bool is_done(TicketStatus status) { return status == TicketStatus::resolved || status == TicketStatus::closed; }

}  // namespace

std::string Stepper::in_own_language(const std::map<std::string, std::string>& texts) const {
  for (const auto& language : {locale(), flow_.default_locale})
    if (const auto found = texts.find(language); found != texts.end()) return found->second;
  return texts.empty() ? "" : texts.begin()->second;
}

std::vector<const Ticket*> Stepper::meant_tickets(std::string_view action) const {
  std::vector<const Ticket*> meant;
  for (const auto& one : snapshot_.tickets) {
    const auto most = brief() ? kMostOfferedBriefly : kMostOffered;
    if (!is_own(one) || !may_be_meant(action, one.status) || meant.size() >= most) continue;
    const auto named = [&](const Found& found) {
      return flow_.site.read_number && flow_.site.read_number(found.value) == one.number;
    };
    if (std::any_of(said_.numbers.begin(), said_.numbers.end(), named)) return {&one};
    meant.push_back(&one);
  }
  return meant;
}

/// 催单, 撤单, 没修好. Where it is not certain which ticket is meant, or whether one is, that is asked.
bool Stepper::about_ticket() {
  const auto action = action_of(said_.intent);
  if (action.empty()) return false;
  if (needs_tickets()) return true;
  if (action == kReopen && is_of_talk()) return false;  // 「3号楼602还在漏」: for whoever has just written to him
  const auto meant = meant_tickets(action);
  if (meant.empty()) {
    if (said_.report) return false;
    say("progress_none");
    return show_menu(""), true;
  }
  const bool certain = meant.size() == 1 && action != kWithdraw && !said_.report;
  if (certain) return act_on(*meant.front(), action, std::string(trim(text_))), true;
  state_.proposal = std::string(trim(first_characters(text_, 4000)));
  state_.resume = action;
  ask_about(false);
  return true;
}

void Stepper::ask_about(bool again) {
  const auto action = state_.resume;
  std::vector<Choice> choices;
  for (const auto* one : meant_tickets(action))
    choices.push_back({"ticket:" + number_words(one->number),
                       number_words(one->number) + " " +
                           std::string(first_characters(one->description, brief() ? kExcerptBriefly : kExcerpt))});
  const auto proposal = state_.proposal;
  const int misses = state_.misses;
  ask_engine("about", again, {{"@action", "about." + action}}, std::move(choices));
  state_.proposal = proposal;
  state_.resume = action;
  state_.misses = again ? misses : 0;
}

void Stepper::answer_about() {
  if (needs_tickets()) return;
  const auto action = state_.resume;
  const auto kept = state_.proposal;
  const auto meant = meant_tickets(action);
  const auto ordinal = parse_ordinal(said_.plain.text);
  const Ticket* chosen = nullptr;
  for (std::size_t i = 0; i < meant.size(); ++i) {
    const bool named =
        tapped_ == "ticket:" + number_words(meant[i]->number) || (meant.size() == 1 && !said_.numbers.empty());
    if (named || ordinal == static_cast<int>(i) + 1 || (meant.size() == 1 && is("yes"))) chosen = meant[i];
  }
  const bool other = ordinal == 0 || is("no") || is("cancel");
  if (chosen == nullptr && !other && said_.intent != "report" && ++state_.misses <= kMisses) return ask_about(true);
  state_.asking.clear();
  state_.resume.clear();
  state_.proposal.clear();
  if (chosen != nullptr) return act_on(*chosen, action, kept);
  if (!other && said_.intent == "report") return on_idle_text();
  if (action == kWithdraw) return say("ticket_left");
  begin("");
  extend_description(kept);
  next();
}

void Stepper::act_on(const Ticket& ticket, std::string_view action, const std::string& words) {
  const auto done = action == kReopen && !is_done(ticket.status) ? kUrge : action;
  effects_.push_back(ActOnTicket{ticket.id, std::string(done), words, {}});
  if (done == "add_details") {  // photos that follow are its too
    state_.asking = "received";
    state_.ticket = ticket.id;
    state_.ticket_number = number_words(ticket.number);
  }
  say("ticket_" + std::string(done), {{"number", number_words(ticket.number)},
                                      {"hotline", flow_.site.hotline},
                                      {"@status", "status." + std::string(to_string(ticket.status))}});
}

/// Not ours to mend: whom to call instead. It is kept all the same, for staff to look at; and what he wrote goes into
/// his report, should he choose one below.
bool Stepper::out_of_scope() {
  if (said_.category != Category::out_of_scope || said_.body.empty()) return false;
  auto kept = own_ticket();
  if (needs_) return true;
  const auto words = std::string(trim(first_characters(text_, 4000)));
  auto number = std::string(), told = words;
  if (has_kept_ticket()) {  // more about the same
    number = state_.ticket_number;
    const bool is_new = state_.proposal.find(words) == std::string::npos;
    told = is_new ? state_.proposal + "\n" + words : state_.proposal;
    if (is_new) effects_.push_back(ActOnTicket{state_.ticket, "add_details", words, {}});
  } else {
    kept.category = Category::out_of_scope;
    kept.description = without_person(words);
    effects_.push_back(OpenTicket{std::move(kept), {}});
    opened_ = true;
  }
  say("out_of_scope",
      {{"call", in_own_language(said_.reply)}, {"number", std::move(number)}, {"hotline", flow_.site.hotline}});
  show_menu(told);
  return true;
}

/// Still not, hurry, and another thing: said right after it, of what is kept though it is not ours to mend.
bool Stepper::on_kept() {
  const bool is_about_it = said_.intent == "not_fixed" || said_.intent == "urge" || said_.intent == "addition";
  if (!has_kept_ticket() || !is_about_it || said_.address || said_.category != Category::none) return false;
  const auto words = std::string(trim(first_characters(text_, 4000)));
  effects_.push_back(ActOnTicket{state_.ticket, "add_details", words, {}});
  say("details_added", {{"number", state_.ticket_number}});
  return true;
}

/// His words without who he is: the ticket has that apart, and not everybody who reads the words may see his number.
std::string Stepper::without_person(const std::string& words) const {
  Spans spans;
  for (const auto* found : {&said_.name, &said_.phone})
    if (*found) spans.emplace_back((*found)->begin, (*found)->end);
  if (spans.empty()) return words;
  std::sort(spans.begin(), spans.end());
  auto rest = remainder(flow_, text_, spans);
  return rest.empty() ? words : rest;
}

/// Who he is and where, as far as he said it now or it is known of him. Sets needs_ where that has to be read.
Ticket Stepper::own_ticket() {
  Ticket own;
  const bool known = snapshot_.conversation && snapshot_.conversation->contact;
  if (known && !snapshot_.contact && !snapshot_.read.contact) {
    needs_ = Needs{.contact = true};
    return own;
  }
  const auto value = [](const std::optional<Found>& found) { return found ? found->value : std::string(); };
  own.name = value(said_.name);
  own.phone = value(said_.phone);
  own.address = value(said_.address);
  add_known(own);
  return own;
}

/// Another trouble is told in the middle of a form: does it belong to this report?
bool Stepper::another_report(const Field& asked) {
  if (said_.intent != "report" || !said_.report || said_.category == Category::out_of_scope) return false;
  if (asked.kind == FieldKind::choice || asked.kind == FieldKind::text) return false;
  const auto category = state_.slots.find("category");
  if (category == state_.slots.end() || !state_.slots.contains("description")) return false;
  const auto told = std::string(to_string(said_.category));
  const auto& first = category->second.value;
  const bool same = first.substr(0, first.find('/')) == told;
  const auto slash = first.find('/');
  if (same && (said_.subcategory.empty() || slash == std::string::npos || first.substr(slash + 1) == said_.subcategory))
    return false;
  state_.proposal = std::string(trim(first_characters(text_, 4000)));
  state_.resume = state_.asking;
  const auto proposal = state_.proposal;
  ask_engine("another", false, {{"another", std::string(first_characters(proposal, kExcerpt))}});
  state_.proposal = proposal;
  return true;
}

void Stepper::answer_another() {
  const auto ordinal = parse_ordinal(said_.plain.text);
  const auto kept = state_.proposal;
  state_.asking = state_.resume;
  state_.resume.clear();
  state_.proposal.clear();
  if (ordinal == 1 || (!ordinal && is("yes"))) {
    extend_description(kept);
    say("noted");
    return reask();
  }
  if (ordinal == 2 || (!ordinal && is("no"))) return say("another_later"), reask();
  extend_description(kept);  // he simply goes on: nothing that he wrote is lost
  if (command()) return;
  on_form_text();
}

}  // namespace huiyin::dialogs
