// The manners of a channel on which each message costs (SMS): several things asked at once, one re-ask at most and then
// silence, a report taken whole, no answer to a machine, and one effect of a message that comes again and again.
#include <algorithm>
#include <array>

#include "core/text.h"
#include "dialogs/stepper.h"

namespace huiyin::dialogs {
namespace {

using namespace std::chrono_literals;

constexpr auto kRepeat = 2min;          // the same words within it, each time anew, are the same message
constexpr auto kPause = 30min;          // after it an exchange begins anew
constexpr auto kMachine = 5s;           // nobody has read our answer and typed another message by then
constexpr auto kTyping = 20s;           // few have
constexpr int kMostFruitless = 2;       // answers in a row that lead nowhere: the hint or question, and its re-ask
constexpr int kMostInstant = 2;         // messages in a row at a machine's pace
constexpr int kMostQuick = 4;           // at a pace that is not quite a machine's
constexpr int kMostAsked = 2;           // questions of one report
constexpr std::size_t kSaid = 200;      // characters by which a message is known again
constexpr std::size_t kSignature = 66;  // bytes of a signature with its brackets, at most
constexpr std::size_t kExcerpt = 30;    // characters of what is confirmed
constexpr std::size_t kTelling = 4;     // letters of a message that may be a report
constexpr std::string_view kAskedName = "name";

bool has_any(std::string_view text, const std::vector<std::string>& cues) {
  const auto folded = fold(text);
  return std::any_of(cues.begin(), cues.end(), [&](const auto& cue) { return folded.find(cue) != std::string::npos; });
}

/// Organisations must sign what they send, people never do; and phones say so when they answer by themselves.
bool is_automatic(std::string_view text, const Flow& flow) {
  const auto words = trim(text);
  if (words.starts_with("【") && words.substr(0, kSignature).find("】") != std::string_view::npos) return true;
  const auto end = words.size() > kSignature ? words.substr(words.size() - kSignature) : words;
  if (words.ends_with("】") && end.find("【") != std::string_view::npos) return true;
  return has_any(text, flow.machine_words);
}

bool speaks(const Effect& effect) { return std::holds_alternative<Say>(effect) || std::holds_alternative<Ask>(effect); }

/// Does it change something beside the dialog's own course?
bool achieves(const Effect& effect) {
  return !speaks(effect) && !std::holds_alternative<SetTimer>(effect) && !std::holds_alternative<CancelTimer>(effect);
}

/// 「3栋2单元602，厨房漏水」: what stands before the first separator, and what behind it.
std::optional<std::pair<std::string, std::string>> halves(std::string_view text) {
  constexpr std::array kSeparators = {std::string_view("，"), std::string_view(","),  std::string_view("；"),
                                      std::string_view(";"),  std::string_view("、"), std::string_view("\n"),
                                      std::string_view("。")};
  auto at = std::string_view::npos;
  std::size_t width = 0;
  for (const auto separator : kSeparators)
    if (const auto found = text.find(separator); found < at) {
      at = found;
      width = separator.size();
    }
  if (at == std::string_view::npos) return std::nullopt;
  return std::pair(std::string(trim(text.substr(0, at))), std::string(trim(text.substr(at + width))));
}

}  // namespace

/// Nothing is to be done about this message: it was done already, or a machine wrote it.
bool Stepper::is_noise() const {
  const auto said = first_characters(said_.plain.text, kSaid);
  const bool again = exchange_.at && now_ - *exchange_.at < kRepeat && exchange_.said == said;
  // 「1」 may well answer one question after the other.
  const bool another_question = parse_ordinal(said).has_value() && !state_.asking.empty() &&
                                state_.asking != "received" && state_.asking != exchange_.asking;
  if (again && !another_question) return true;
  // What tells how to answer, in the words of such a program as this one, nobody wrote, however urgent it sounds.
  return has_any(text_, flow_.own_words) || (said_.danger.empty() && is_automatic(text_, flow_));
}

/// What came, for knowing it again.
void Stepper::remember() {
  exchange_.said = std::string(first_characters(said_.plain.text, kSaid));
  exchange_.asking = asked_before_;
  exchange_.at = now_;
}

/// Has the last word on whether this turn says anything: an exchange that leads nowhere, or goes on faster than a
/// person types, ends here. What it changes stays.
void Stepper::settle_exchange() {
  const auto& before = exchange_.answered;
  const bool quick = before && now_ - *before < kTyping, instant = before && now_ - *before < kMachine;
  if (exchange_.at && now_ - *exchange_.at > kPause) exchange_.fruitless = exchange_.quick = 0;
  exchange_.quick = quick ? exchange_.quick + 1 : 0;
  const bool asked_for = is("progress") || is("human") || is("more") || listed_;
  const bool fruitful = asked_for || (!by_guess_ && std::any_of(effects_.begin(), effects_.end(), achieves));
  const bool answers = std::any_of(effects_.begin(), effects_.end(), speaks);
  if (fruitful) exchange_.fruitless = 0;
  if (!fruitful && answers) ++exchange_.fruitless;
  const bool endless = exchange_.fruitless > kMostFruitless || (instant && exchange_.quick > kMostInstant) ||
                       exchange_.quick > kMostQuick;
  // Who opts out is told that he did, once, however fast he types.
  const bool opts_out = std::any_of(effects_.begin(), effects_.end(),
                                    [](const Effect& effect) { return std::holds_alternative<OptOut>(effect); });
  const bool silent = (endless || by_guess_) && said_.danger.empty() && !opts_out;
  if (silent) std::erase_if(effects_, speaks);
  if (answers && !silent) exchange_.answered = now_;
  remember();
}

/// 退订, T, STOP, and back. False: the message is none of these.
bool Stepper::opts_out_or_in() {
  const auto& more = flow_.manners.opt_out;
  const bool out = is("opt_out") || std::find(more.begin(), more.end(), spoken_.key) != more.end();
  const bool was_out = snapshot_.conversation && snapshot_.conversation->opted_out;
  const bool letter = spoken_.key.size() == 1;  // it may be meant for the question that is open
  if (out && !(letter && (state_.asking == "about" || state_.asking == "change"))) {
    effects_.push_back(OptOut{});
    if (!was_out && !flow_.manners.provider_answers_opt_out) say("opted_out");  // said once
    return true;
  }
  if (!is("opt_in") || (!was_out && flow_.manners.brief && is("menu"))) return false;
  effects_.push_back(OptIn{});
  if (!flow_.manners.provider_answers_opt_out) say("opted_in");
  return true;
}

/// What is known without asking: the number that he writes from, and what he gave the last time.
void Stepper::prefill_known() {
  const auto put = [&](FieldKind kind, const std::string& value) {
    const auto* field = flow_.find(kind);
    if (field != nullptr && !value.empty() && !state_.slots.contains(field->name))
      state_.slots[field->name] = slot_of(kind, value);
  };
  put(FieldKind::phone, own_number());
  if (!snapshot_.conversation || !snapshot_.conversation->contact) return;
  if (!snapshot_.contact) {
    if (!snapshot_.read.contact) needs_ = Needs{.contact = true};
    return;
  }
  put(FieldKind::name, snapshot_.contact->name);
  put(FieldKind::phone, snapshot_.contact->phone);
  if (!snapshot_.contact->addresses.empty()) put(FieldKind::address, snapshot_.contact->addresses.front().text);
}

/// Place and problem are all that is asked: together where both are missing, twice at most.
void Stepper::next_brief() {
  prefill_known();
  if (needs_) return;
  const auto& address = *flow_.find(FieldKind::address);
  const auto& description = *flow_.find("description");
  const bool placed = is_filled(address), told = is_filled(description);
  const auto asked = static_cast<int>(state_.asked.size());
  if (!state_.danger.empty()) {  // the ticket is open already
    if (!placed && asked == 0) return ask(address, false);
    flush_details();
    return finish();
  }
  if (placed && told) return submit_brief();
  if (asked >= kMostAsked) {
    if (told) return submit_brief();
    state_ = DialogState{.consent = state_.consent};
    return;
  }
  if (placed || told) return ask(placed ? description : address, false);
  show_notice();
  state_.asked.emplace_back("details");
  ask_engine("details", false);
}

void Stepper::submit_brief() {
  const auto audit = [&](const std::string& name, const std::string& value) {
    if (!state_.slots.contains(name)) state_.slots[name] = {.value = value, .to_audit = true};
  };
  audit(flow_.find(FieldKind::address)->name, "-");
  audit("category", "none");
  show_notice();
  const bool asks_name = lacks_name();
  submit();
  if (asks_name) state_.asked.emplace_back(kAskedName);
}

/// What the words say of the kind of problem.
void Stepper::classify() {
  const auto& category = *flow_.find("category");
  const auto kind = std::string(to_string(said_.category));
  if (said_.category == Category::none || find_choice(category, kind) == nullptr) return;
  set(category, {.value = said_.subcategory.empty() ? kind : kind + "/" + said_.subcategory});
}

/// The answer to 「地址,问题」.
void Stepper::answer_details() {
  const auto& address = *flow_.find(FieldKind::address);
  const auto& description = *flow_.find("description");
  const auto both = halves(text_);
  const bool in_order = both && count_letters(both->first) >= 2 && count_letters(both->second) >= 2;
  if (in_order && !said_.address &&
      !looks_like_question(text_)) {  // no rule knows the place: it stands where it was asked
    set(address, {.value = both->first});
    set(description, {.value = both->second});
    classify();
    return next();
  }
  if (absorb(nullptr)) return next();
  if (looks_like_place(said_.plain.text, said_) && !said_.report) {
    set(address, {.value = std::string(trim(text_))});
    return next();
  }
  if (count_word_letters(said_.plain.text) >= kTelling && !looks_like_question(said_.plain.text)) {
    set(description, {.value = std::string(trim(text_))});
    return next();
  }
  if (++state_.misses > 1) return take_guess(std::string(trim(text_)));
  ask_engine("details", true);
  state_.misses = 1;
}

/// Not understood: one hint; what is said then goes to people unread, and nobody is asked any further.
void Stepper::unknown_brief() {
  const auto words = std::string(trim(first_characters(text_, 4000)));
  if (state_.asking != "menu") {
    say("not_understood");
    state_.asking = "menu";
    state_.proposal = count_letters(words) >= kTelling ? words : "";
    return;
  }
  const auto kept = state_.proposal + (state_.proposal.empty() ? "" : "\n") + words;
  if (exchange_.fruitless <= 1 && count_letters(words) >= kTelling) return take_guess(kept);
}

/// A ticket of words that nobody understood, for staff to read. No answer: a machine may have written them.
void Stepper::take_guess(const std::string& words) {
  by_guess_ = true;
  if (!form_active()) begin("");
  prefill_known();
  if (needs_) return;
  extend_description(words);
  if (!state_.slots.contains("description")) {
    state_ = DialogState{.consent = state_.consent};
    return;
  }
  state_.slots["description"].to_audit = true;
  submit_brief();
}

Stepper::Data Stepper::confirmation() const {
  Data data{{"number", ""}, {"hotline", flow_.site.hotline}};
  for (const auto& field : flow_.fields) {
    const auto slot = state_.slots.find(field.name);
    if (slot == state_.slots.end() || field.kind == FieldKind::attachments || slot->second.value == "-") continue;
    if (field.kind == FieldKind::choice && slot->second.to_audit) continue;
    const auto whole = shown(field, slot->second);
    const auto head = first_characters(whole, kExcerpt);
    data.emplace_back(field.name, head.size() == whole.size() ? whole : std::string(head) + "…");
  }
  if (brief() && lacks_name()) data.emplace_back("ask_name", "1");
  return data;
}

bool Stepper::lacks_name() const {
  const auto* name = flow_.find(FieldKind::name);
  return name != nullptr && !is_filled(*name);
}

/// His name, asked for with what confirms the ticket: it costs no message of its own. False: he says something else.
bool Stepper::take_asked_name() {
  const bool asked = std::find(state_.asked.begin(), state_.asked.end(), kAskedName) != state_.asked.end();
  if (!asked || !state_.ticket || said_.report || said_.address) return false;
  Ticket details;
  if (said_.name)
    details.name = said_.name->value;
  else if (locale() == "en" && looks_like_name(said_.plain.text, said_))  // Chinese ones are known without a guess
    details.name = std::string(trim(text_));
  if (details.name.empty()) return false;
  state_.asked.clear();
  effects_.push_back(SaveContact{details.name, own_number(), {}});
  effects_.push_back(ActOnTicket{state_.ticket, "add_details", std::string(trim(text_)), std::move(details)});
  say("details_added", {{"number", state_.ticket_number}});
  return true;
}

}  // namespace huiyin::dialogs
