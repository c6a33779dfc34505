// What an owner says about a ticket that is under way or done: how he found the result, what was missing, words for
// who has it.
#include <algorithm>
#include <array>
#include <charconv>

#include "core/text.h"
#include "dialogs/stepper.h"

namespace huiyin::dialogs {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kSurvey = "survey:";
constexpr std::size_t kMostWords = 2000;
constexpr int kLowScore = 2;
constexpr std::size_t kBareNumber = 3;  // characters of what may be a score that is none, and hardly a ticket's number
// What he says so soon after words of who has his ticket is the answer; later only what is no report.
constexpr auto kAnswers = 2h;
constexpr auto kMayAnswer = 24h;
constexpr auto kAskedFor = 24h;

/// A tap on a survey's answer, `survey:<id>:5`; from a page also `survey:<id>:5+partly:words`: the text is what he
/// wrote.
struct Tap {
  SurveyId survey{};
  std::optional<int> score{};
  std::string outcome{};
  bool with_words = false;
};

/// False where it is no answer that a survey offers.
bool read_answer(std::string_view answer, Tap& tap) {
  constexpr std::array kOutcomes = {std::string_view("fixed"), std::string_view("partly"),
                                    std::string_view("not_fixed")};
  for (const auto part : split(answer, '+')) {
    if (part.size() == 1 && part[0] >= '1' && part[0] <= '5')
      tap.score = part[0] - '0';
    else if (std::find(kOutcomes.begin(), kOutcomes.end(), part) != kOutcomes.end())
      tap.outcome = part;
    else
      return false;
  }
  return true;
}

std::optional<Tap> read_tap(const std::optional<std::string>& choice) {
  if (!choice || !choice->starts_with(kSurvey)) return std::nullopt;
  Tap tap;
  const auto* const begin = choice->data() + kSurvey.size();
  const auto* const end = choice->data() + choice->size();
  const auto [rest, error] = std::from_chars(begin, end, tap.survey.value);
  if (error != std::errc{} || rest == end || *rest != ':') return std::nullopt;
  std::string_view answer(rest + 1, static_cast<std::size_t>(end - rest - 1));
  constexpr std::string_view kWords = ":words";
  tap.with_words = answer.ends_with(kWords);
  if (tap.with_words) answer.remove_suffix(kWords.size());
  return read_answer(answer, tap) ? std::optional(std::move(tap)) : std::nullopt;
}

/// 「留言了没人回」 tells of a message, and is none.
bool goes_on(std::string_view rest) {
  constexpr std::array<std::string_view, 8> kGoesOn = {"了", "过", "的", "没", "不", "吗", "板", "本"};
  return std::any_of(kGoesOn.begin(), kGoesOn.end(), [&](std::string_view word) { return rest.starts_with(word); });
}

SurveyWords words_of(const Tap& tap, std::string_view text) {
  SurveyWords words{.kind = SurveyWords::Kind::answer, .score = tap.score, .outcome = tap.outcome};
  if (tap.with_words) words.words = std::string(trim(first_characters(text, kMostWords)));
  return words;
}

}  // namespace

/// Is what he said an answer to a survey that waits? The newest open question wins: one of a form that was asked since
/// is answered first. A tap says itself what it answers. By SMS it may be a survey that this conversation does not know
/// of: his call was registered for him, or the result came here because another way was closed.
bool Stepper::on_survey() {
  const auto tap = read_tap(tapped_);
  const bool known = tap || state_.survey;
  if (!known && !brief()) return false;
  if (!tap && state_.asking == "survey_why") return on_survey_reason();
  const auto words = tap ? words_of(*tap, text_) : survey_words(known);
  using enum SurveyWords::Kind;
  if (words.kind == thanks || words.kind == other) return false;
  const bool needs_ticket = !known || words.kind == out_of_range;
  if (!snapshot_.read.survey || (needs_ticket && !snapshot_.read.tickets))
    return needs_ = Needs{.contact = true, .tickets = needs_ticket, .survey = true}, true;
  const auto* survey = meant_survey(tap ? tap->survey : SurveyId{}, known);
  if (survey == nullptr) return on_no_survey(tap.has_value());
  if (!known && asks_other_since(survey->asked)) return false;
  if (words.kind != out_of_range) return take_survey(*survey, words, !(tap && tap->with_words)), true;
  if (state_.asking == "survey" || form_active()) return false;
  return ask_survey_again(*survey), true;
}

/// Nothing waits for him any more: a tap is told so, and words are for something else.
bool Stepper::on_no_survey(bool tapped) {
  if (tapped) return say("survey_over"), true;
  state_.survey = {};
  return false;
}

/// The one that he answers, where it waits for him. `tapped`: on whose button, if he did.
const Survey* Stepper::meant_survey(SurveyId tapped, bool known) const {
  const auto& survey = snapshot_.survey;
  if (!survey || !waits_for_him(*survey)) return nullptr;
  const bool meant = tapped ? survey->id == tapped : !known || survey->id == state_.survey;
  return meant ? &*survey : nullptr;
}

/// What his words say to a survey; `other` where they are for another question. `known`: this conversation was asked.
SurveyWords Stepper::survey_words(bool known) const {
  using enum SurveyWords::Kind;
  SurveyWords none{.kind = other};
  if (!flow_.site.read_survey || (known && state_.surveyed && asks_other_since(*state_.surveyed))) return none;
  auto words = flow_.site.read_survey(text_);
  // The sixth of the numbered answers is no score.
  if (words.kind == out_of_range && parse_ordinal(said_.plain.text) == 6)
    return {.kind = answer, .outcome = "not_fixed"};
  const bool may_be_number = words.kind == out_of_range && count_characters(said_.plain.text) > kBareNumber;
  return !known && may_be_number ? none : words;
}

/// Was something else asked since then, which waits? A menu or a list waits for one of its numbers alone.
bool Stepper::asks_other_since(Time asked) const {
  const auto& asking = state_.asking;
  const bool is_number = count_characters(said_.plain.text) <= 2 && parse_ordinal(said_.plain.text);
  const bool is_list = asking == "menu" || asking == "faq";
  const bool other_question = !asking.empty() && asking != "received" && asking != "survey" && (!is_list || is_number);
  return other_question && state_.touched && *state_.touched > asked;
}

/// Is it open, and his? A phone number is the same owner's by whichever provider he writes.
bool Stepper::waits_for_him(const Survey& survey) const {
  const auto& peers = snapshot_.own_peers;
  const bool same_phone = brief() && survey.peer.address == own_number() && survey.peer.channel.starts_with("sms:");
  const bool his =
      survey.peer == event_.peer || same_phone || std::find(peers.begin(), peers.end(), survey.peer) != peers.end();
  return his && !survey.answered && now_ < survey.expires;
}

void Stepper::ask_survey_again(const Survey& survey) {
  constexpr std::size_t kExcerpt = 15;  // characters by which he knows the ticket again
  state_.asking = "survey";
  state_.survey = survey.id;
  Data data;
  for (const auto& ticket : snapshot_.tickets)
    if (ticket.id == survey.ticket)
      data = {{"number", number_words(ticket.number)},
              {"description", std::string(first_characters(ticket.description, kExcerpt))}};
  say("survey_again", std::move(data));
}

/// `may_ask`: he had no place yet to say why.
void Stepper::take_survey(const Survey& survey, const SurveyWords& words, bool may_ask) {
  const bool low = words.score && *words.score <= kLowScore;
  const bool not_fixed = words.outcome == "not_fixed";
  const bool asks_why = may_ask && (low || not_fixed || words.outcome == "partly") && words.words.empty();
  effects_.push_back(AnswerSurvey{survey.id, survey.ticket, words});
  say(not_fixed                          ? "survey_reopened"
      : low || words.outcome == "partly" ? "survey_low"
                                         : "survey_thanks",
      {{"why", asks_why ? "1" : ""}, {"hotline", flow_.site.hotline}});
  if (state_.asking == "survey") state_.asking.clear();
  if (asks_why && !form_active()) {
    state_.asking = "survey_why";
    state_.survey = survey.id;
    return;
  }
  state_.survey = {};
}

/// He was asked what was wrong. Trouble at a place, a command or thanks are that; anything else is the reason.
bool Stepper::on_survey_reason() {
  const bool another = said_.report && said_.address;  // that it still leaks is the reason, not a report
  const bool polite = said_.intent == "thanks" || said_.intent == "greeting";
  if (another || polite || !spoken_.commands.empty() || trim(text_).empty()) {
    state_.asking.clear();
    state_.survey = {};
    return false;
  }
  if (!snapshot_.read.survey) return needs_ = Needs{.contact = true, .tickets = brief(), .survey = true}, true;
  const auto id = std::exchange(state_.survey, {});
  state_.asking.clear();
  if (!snapshot_.survey || snapshot_.survey->id != id) return false;
  SurveyWords words{.kind = SurveyWords::Kind::answer};
  words.words = std::string(trim(first_characters(text_, kMostWords)));
  effects_.push_back(AnswerSurvey{id, snapshot_.survey->ticket, std::move(words)});
  say("survey_reason_noted");
  return true;
}

/// What was missing in a ticket that was opened without a form.
bool Stepper::on_missing() {
  if (state_.asking != "missing" || !state_.ticket) return false;
  const auto id = state_.ticket;
  state_.asking.clear();
  if (!state_.touched || now_ - *state_.touched > kAskedFor) return false;
  Ticket details;
  if (said_.phone) details.phone = said_.phone->value;
  if (said_.name) details.name = said_.name->value;
  if (said_.address) details.address = said_.address->value;
  const auto words = std::string(trim(first_characters(text_, kMostWords)));
  const bool says_nothing = details.phone.empty() && details.name.empty() && details.address.empty();
  if (says_nothing && (said_.report || !said_.intent.empty())) return false;  // something else
  if (says_nothing) details.description = words;
  effects_.push_back(ActOnTicket{id, "add_details", words, std::move(details)});
  say("details_added", {{"number", state_.ticket_number}});
  state_.asking = "received";
  return true;
}

/// Words for who has his ticket: with the cue of the flow's command `talk`, or right after that one wrote to him.
bool Stepper::on_talk() {
  const auto cue = talk_cue();
  const auto words = std::string(trim(first_characters(cue.empty() ? text_ : cue, kMostWords)));
  const bool answers = may_answer_talk();
  const bool polite = said_.intent == "thanks" || said_.intent == "greeting";
  if (cue.empty() && (!answers || polite)) return false;
  if (needs_tickets()) return true;
  if (!cue.empty()) return talk_of(words);
  const auto* const found = talk_ticket();
  if (found == nullptr) return state_.talk = {}, false;
  if (is_of_elsewhere(*found)) return false;
  effects_.push_back(ActOnTicket{found->id, "tell", words, {}});
  say("ticket_tell", {{"number", number_words(found->number)}});
  return true;
}

/// A whole report, of another place than the ticket's or of another person, is none of who has that.
bool Stepper::is_of_elsewhere(const Ticket& ticket) const {
  if (!said_.report) return false;
  const bool other_place = said_.address && ticket.address.find(said_.address->value) == std::string::npos;
  return other_place || said_.phone || (said_.name && said_.address);
}

/// Has somebody who has his ticket written to him so lately that this may be the answer?
bool Stepper::may_answer_talk() const {
  return state_.talk && state_.talked && now_ - *state_.talked <= kMayAnswer &&
         (now_ - *state_.talked <= kAnswers || !said_.report) && said_.numbers.empty();
}

/// The ticket that it was about, where it is still his and not done; else null.
const Ticket* Stepper::talk_ticket() const {
  const auto found = std::find_if(snapshot_.tickets.begin(), snapshot_.tickets.end(), [&](const Ticket& one) {
    return one.id == state_.talk && is_own(one) && may_hear(one.status) && one.status != TicketStatus::resolved;
  });
  return found == snapshot_.tickets.end() ? nullptr : &*found;
}

/// An answer that names the place of that ticket.
bool Stepper::is_of_talk() const {
  const auto* const ticket = may_answer_talk() && said_.address ? talk_ticket() : nullptr;
  return ticket != nullptr && ticket->address.find(said_.address->value) != std::string::npos;
}

/// Which of his tickets he means; with none, it is no message to anybody.
bool Stepper::talk_of(const std::string& words) {
  const auto meant = meant_tickets("tell");
  if (meant.empty()) return say("progress_none"), true;
  if (meant.size() == 1) return act_on(*meant.front(), "tell", words), true;
  state_.proposal = words;
  state_.resume = "tell";
  ask_about(false);
  return true;
}

/// What follows the cue; empty where there is none.
std::string_view Stepper::talk_cue() const {
  const auto words = flow_.commands.find("talk");
  if (words == flow_.commands.end()) return {};
  const auto text = trim(text_);
  const auto folded = fold(first_characters(text, 40));
  for (const auto& word : words->second) {
    if (!folded.starts_with(word)) continue;
    const auto behind = text.substr(first_characters(text, count_characters(word)).size());
    auto rest = trim(behind);
    if (rest.size() == behind.size() && goes_on(rest)) return {};
    for (const std::string_view link : {":", "：", ",", "，"})
      if (rest.starts_with(link)) rest = trim(rest.substr(link.size()));
    return rest;
  }
  return {};
}

/// 补充: more about a ticket that is under way, though it was not opened just now.
bool Stepper::on_addition() {
  if (said_.intent != "addition" || state_.asking == "received") return false;
  if (needs_tickets()) return true;
  const auto meant = meant_tickets("add_details");
  if (meant.empty()) return false;
  const auto words = std::string(trim(first_characters(text_, kMostWords)));
  if (meant.size() == 1) return act_on(*meant.front(), "add_details", words), true;
  state_.proposal = words;
  state_.resume = "add_details";
  ask_about(false);
  return true;
}

bool Stepper::may_hear(TicketStatus status) {
  switch (status) {
    case TicketStatus::opened:
    case TicketStatus::assigned:
    case TicketStatus::accepted:
    case TicketStatus::in_progress:
    case TicketStatus::suspended:
    case TicketStatus::resolved:
      return true;
    case TicketStatus::closed:
    case TicketStatus::withdrawn:
    case TicketStatus::out_of_scope:
    case TicketStatus::merged:
      return false;
  }
  return false;
}

}  // namespace huiyin::dialogs
