// A mail says everything at once and is answered once: its ticket is opened at its first word, and what is missing is
// asked for in one list.
#include <algorithm>

#include "core/text.h"
#include "dialogs/stepper.h"

namespace huiyin::dialogs {
namespace {

constexpr std::string_view kLetter = "letter";         // the question that the list is
constexpr double kTaken = 0.6;                         // confidence from which a value is taken
constexpr std::size_t kMostDetails = 4000;             // characters
constexpr std::size_t kShortLetter = 200;              // characters
constexpr std::size_t kShortThanks = 15;               // letters; a longer mail that holds 谢谢 says more than thanks
constexpr auto kReopenWithin = std::chrono::days(30);  // as tickets::Rules has it; later it is about something new
constexpr int kMostAsked = 2;                          // lists of what is missing; after that people ask

/// A display name that is a person's: two to four Chinese characters, or two words.
bool is_persons_name(std::string_view name) {
  const auto letters = count_characters(name);
  const bool chinese =
      std::all_of(name.begin(), name.end(), [](char c) { return (static_cast<unsigned char>(c) & 0x80U) != 0; });
  if (chinese) return letters >= 2 && letters <= 4;
  return split(name, ' ').size() == 2 && letters <= 40 && name.find_first_of("@0123456789.,") == std::string_view::npos;
}

bool may_be_reopened(TicketStatus status) {
  return status == TicketStatus::closed || status == TicketStatus::withdrawn;
}

/// He may write what he likes: that alone opens nothing again, but somebody reads it.
bool is_only_read(TicketStatus status) { return may_be_reopened(status) || status == TicketStatus::out_of_scope; }

}  // namespace

void Stepper::on(const MailMessage& mail) {
  letter_ = true;
  owner_acted_ = true;
  if (danger() || with_human()) return attach_letter(mail, {});
  if (letter_to_survey(mail)) return;
  const auto number = TicketNumber{mail.thread.ticket != 0 ? mail.thread.ticket : mail.trusted ? mail.ticket_hint : 0};
  if (number.sequence != 0) {
    const auto* ticket = find_named(number);
    if (needs_) return;
    // Words about somebody else's ticket are no less a report: they open one of their own, and tell nothing of that.
    if (ticket != nullptr && is_own(*ticket) && on_letter_about(*ticket, mail)) return;
  }
  const bool something_new = mail.thread.references.empty() && said_.report;
  if (state_.asking == kLetter && state_.ticket && !something_new) return answer_letter(mail);
  if (letter_command(mail)) return;
  open_letter(mail);
}

/// Did he answer how he found the result? Only a mail that proves that he saw the question counts, or that our own
/// server vouches for: anybody can write any From.
bool Stepper::letter_to_survey(const MailMessage& mail) {
  if (!state_.survey || (mail.thread.ticket == 0 && !mail.trusted)) return false;
  if (!on_survey()) return false;
  if (!needs_ && snapshot_.survey) attach_letter(mail, snapshot_.survey->ticket);
  return true;
}

/// The ticket of that number; nothing, with needs_ set, where it was not looked for.
const Ticket* Stepper::find_named(TicketNumber number) {
  const auto& read = snapshot_.read.numbers;
  if (std::find(read.begin(), read.end(), number) == read.end()) {
    needs_ = Needs{.contact = true, .numbers = {number}};
    return nullptr;
  }
  const auto found = std::find_if(snapshot_.tickets.begin(), snapshot_.tickets.end(),
                                  [&](const Ticket& ticket) { return ticket.number == number; });
  return found == snapshot_.tickets.end() ? nullptr : &*found;
}

void Stepper::attach_letter(const MailMessage& mail, TicketId ticket) {
  if (!mail.files.empty()) effects_.push_back(Attach{ticket});
}

/// A mail in a ticket's own thread. False: it is about something new after all.
bool Stepper::on_letter_about(const Ticket& ticket, const MailMessage& mail) {
  if (ticket.status == TicketStatus::merged) return false;
  const auto number = number_words(ticket.number);
  const auto words = std::string(trim(first_characters(text_, kMostDetails)));
  if (said_.intent == "thanks" && mail.files.empty() && count_letters(said_.plain.text) < kShortThanks)
    return say("thanks_reply"), true;
  const bool reopens = may_be_reopened(ticket.status) && flow_.site.mail_reopens;
  if (reopens && ticket.closed && now_ > *ticket.closed + kReopenWithin) return false;
  if (state_.asking == kLetter && state_.ticket == ticket.id && !reopens) return answer_letter(mail), true;
  if (reopens || (ticket.status == TicketStatus::resolved && said_.intent == "not_fixed")) {
    act_on(ticket, "reopen", words);
  } else if (is_only_read(ticket.status)) {  // only a comment: it stays closed
    effects_.push_back(ActOnTicket{ticket.id, "request_human", words, {}});
    say("details_added", {{"number", number}});
  } else {
    effects_.push_back(ActOnTicket{ticket.id, "add_details", words, {}});
    say("details_added", {{"number", number}});
  }
  attach_letter(mail, ticket.id);
  return true;
}

/// The answer to our list: it fills what the open ticket lacks.
void Stepper::answer_letter(const MailMessage& mail) {
  fill_from_letter(mail, false);
  const auto words = std::string(trim(first_characters(text_, kMostDetails)));
  effects_.push_back(ActOnTicket{state_.ticket, "add_details", words, ticket()});
  attach_letter(mail, state_.ticket);
  say("details_added", {{"number", state_.ticket_number}});
  if (!missing_from_letter().empty() && state_.misses < kMostAsked) return ask_letter();
  finish();
}

/// What is no report. True: it has been answered.
bool Stepper::letter_command(const MailMessage& mail) {
  if (is("opt_out")) return effects_.push_back(OptOut{}), say("letter_opted_out"), true;
  if (is("opt_in")) return effects_.push_back(OptIn{}), say("opted_in"), true;
  const bool short_one = mail.files.empty() && count_letters(said_.plain.text) < kShortThanks;
  if (said_.intent == "thanks" && short_one && !said_.report) return say("thanks_reply"), true;
  const bool asks = is("progress") || (said_.intent == "progress" && said_.subcategory.empty() && !said_.report);
  if (!asks || !mail.files.empty()) return false;
  // Anybody can write any From: tickets are shown to him alone whom our own mail server knows.
  if (!mail.trusted) return say("letter_unverified", {{"hotline", flow_.site.hotline}}), true;
  return progress(), true;
}

void Stepper::open_letter(const MailMessage& mail) {
  const bool known = mail.trusted && snapshot_.conversation && snapshot_.conversation->contact;
  if (known && !snapshot_.contact && !snapshot_.read.contact) {
    needs_ = Needs{.contact = true};
    return;
  }
  begin("");
  fill_from_letter(mail, known && snapshot_.contact);
  auto opened = ticket();
  const bool is_others = said_.category == Category::out_of_scope && !said_.body.empty();
  if (is_others && flow_.site.mail_category.empty()) return keep_letter(mail, std::move(opened));
  for (const auto* field : missing_from_letter()) opened.audit += (opened.audit.empty() ? "" : ",") + field->name;
  effects_.push_back(SaveContact{opened.name, opened.phone, opened.address});
  const auto name = opened.name;
  effects_.push_back(OpenTicket{std::move(opened), {}});
  opened_ = true;
  attach_letter(mail, {});
  say("letter_received", {{"number", ""}, {"name", name}, {"hotline", flow_.site.hotline}});
  if (!missing_from_letter().empty()) return ask_letter();
  finish();
}

/// Not ours to mend: whom to call instead. It is kept for staff to look at.
void Stepper::keep_letter(const MailMessage& mail, Ticket opened) {
  opened.category = Category::out_of_scope;
  opened.audit.clear();
  effects_.push_back(OpenTicket{std::move(opened), {}});
  opened_ = true;
  attach_letter(mail, {});
  say("letter_out_of_scope", {{"number", ""}, {"call", in_own_language(said_.reply)}, {"hotline", flow_.site.hotline}});
  finish();
}

/// Puts what the mail (and, where he is known, the address book) tells into the slots that are empty.
void Stepper::fill_from_letter(const MailMessage& mail, bool from_contact) {
  const auto take = [&](FieldKind kind, const std::optional<Found>& found, const std::string& otherwise) {
    const auto* field = flow_.find(kind);
    if (field == nullptr || state_.slots.contains(field->name)) return;
    if (found && found->confidence >= kTaken)
      state_.slots[field->name] = slot_of(kind, found->value);
    else if (!otherwise.empty())
      state_.slots[field->name] = slot_of(kind, otherwise);
  };
  const auto known = from_contact && snapshot_.contact ? *snapshot_.contact : Contact();
  const auto display = is_persons_name(mail.sender_name) ? mail.sender_name : std::string();
  take(FieldKind::name, said_.name, known.name.empty() ? display : known.name);
  take(FieldKind::phone, said_.phone, known.phone);
  take(FieldKind::address, said_.address, known.addresses.empty() ? std::string() : known.addresses.front().text);
  if (!state_.slots.contains("description")) state_.slots["description"] = {.value = letters_description()};
  take_letters_category();
  if (said_.urgent) state_.slots["urgency"] = {.value = "high"};
}

/// A short mail without what stands in fields of its own, as in the other channels; a longer one as it is.
std::string Stepper::letters_description() const {
  auto whole = std::string(trim(first_characters(text_, kMostDetails)));
  if (count_characters(whole) > kShortLetter || !flow_.site.mail_category.empty()) return whole;
  Spans used;
  for (const auto* found : {&said_.name, &said_.phone, &said_.address})
    if (*found && (*found)->confidence >= kTaken) used.emplace_back((*found)->begin, (*found)->end);
  auto rest = remainder(flow_, text_, std::move(used));
  return count_letters(rest) < flow_.find("description")->min_characters ? std::move(whole) : std::move(rest);
}

/// What the mailbox is for, or else what the words say.
void Stepper::take_letters_category() {
  if (!flow_.site.mail_category.empty()) {
    state_.slots["category"] = {.value = flow_.site.mail_category};
    return;
  }
  if (state_.slots.contains("category")) return;
  const bool is_known = said_.category != Category::none && said_.category != Category::out_of_scope;
  auto category = std::string(to_string(is_known ? said_.category : Category::none));
  if (is_known && !said_.subcategory.empty()) category += "/" + said_.subcategory;
  state_.slots["category"] = {.value = std::move(category), .to_audit = !is_known};
}

/// The fields that somebody must know before he can come, and that no mail has told.
std::vector<const Field*> Stepper::missing_from_letter() const {
  std::vector<const Field*> missing;
  if (!flow_.site.mail_category.empty()) return missing;  // a colleague's suggestion is complete as it is
  for (const auto& field : flow_.fields) {
    const bool wanted =
        field.kind == FieldKind::name || field.kind == FieldKind::phone || field.kind == FieldKind::address;
    if (wanted && field.required && !state_.slots.contains(field.name)) missing.push_back(&field);
  }
  return missing;
}

void Stepper::ask_letter() {
  const auto missing = missing_from_letter();
  if (missing.empty()) return state_.danger.empty() ? void() : finish();
  notice_at_ = effects_.size();
  show_notice();
  std::string lines;
  for (std::size_t i = 0; i < missing.size(); ++i)
    lines += (i == 0 ? "" : "\n") + std::to_string(i + 1) + ". " +
             label_of(flow_, missing[i]->label, locale(), missing[i]->name);
  say("letter_ask", {{"fields", std::move(lines)}});
  ++state_.misses;
  state_.asking = kLetter;
  state_.flow.clear();
}

}  // namespace huiyin::dialogs
