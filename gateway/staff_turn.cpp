#include "gateway/staff_turn.h"

#include <algorithm>

#include "core/text.h"
#include "dialogs/language.h"
#include "gateway/suggestion.h"
#include "gateway/unit.h"

namespace huiyin::gateway {
namespace {

using tickets::ActionKind;
using tickets::CommandFault;
using tickets::StaffWish;

constexpr std::string_view kAsking = "staff:";
constexpr auto kMediaLife = std::chrono::days(3);
constexpr auto kBurst = std::chrono::seconds(10);
// So long after an owner's words plain words are taken as the answer to them.
constexpr Millis kAnswersWithin = std::chrono::hours(2);
constexpr Millis kGoesOnWithin = std::chrono::minutes(5);  // of his own answer: few say all in one message
constexpr std::size_t kMostWords = 2000;
constexpr std::size_t kOnlyTold = 8;  // characters: 「电话告知业主了」

}  // namespace

StaffTurn::StaffTurn(World world, Conversation& conversation, UnitOfWork& unit)
    : world_(world), office_(world.office), conversation_(conversation), unit_(unit) {}

std::optional<NeedsMore> StaffTurn::run() {
  const auto& body = world_.incoming.event.body;
  if (const auto* text = std::get_if<TextMessage>(&body))
    on(*text);
  else if (const auto* tap = std::get_if<CardTap>(&body))
    on(*tap);
  else if (const auto* media = std::get_if<MediaMessage>(&body))
    on(*media);
  else
    on_other();
  if (needs_) return needs_;
  put_reply(unit_, std::move(reply_), world_.incoming, world_.supplies);
  return std::nullopt;
}

void StaffTurn::on_other() { say("staff.help_short"); }

void StaffTurn::on(const TextMessage& text) {
  conversation_.locale = dialogs::guess_locale(text.text, conversation_.locale);
  const bool is_asked = dialog().asking.starts_with(kAsking);  // then 建议更换 … is the answer
  if (const auto suggestion = suggestion_in(text.text); !is_asked && !suggestion.empty()) {
    // 「建议您先关水阀」 is said to an owner who waits for an answer.
    const bool is_answer =
        trim(text.text).ends_with(std::string("建议").append(suggestion)) && owner_who_waits() != nullptr;
    if (!is_answer) return suggest(suggestion);
  }
  tickets::CommandContext context{.prefix = office_.prefix, .his_open = {}, .quoted = {}};
  for (const auto& ticket : world_.snapshot.work) context.his_open.push_back(ticket.number);
  const auto command = tickets::parse_staff_command(text.text, context);
  if (command) return obey(*command);
  on_words(std::string(trim(first_characters(text.text, kMostWords))), command.error());
}

/// No command as it stands: the rest of one that was begun, an owner's answer, or something unclear.
void StaffTurn::on_words(const std::string& words, const tickets::CommandRefusal& why) {
  const auto pending = dialog().asking.starts_with(kAsking)
                           ? tickets::parse_action(dialog().asking.substr(kAsking.size()))
                           : std::nullopt;
  if (why.fault == CommandFault::not_a_command && pending && dialog().ticket) {
    const auto* ticket = find(dialog().ticket);
    if (needs_) return;
    if (ticket == nullptr) return forget_question(), say("staff.not_found");
    const bool to_whom = *pending == ActionKind::assign;
    const auto so_far = dialog().proposal;
    const auto told = tickets::find_told_by(words);
    tickets::Action action{.kind = *pending};
    // Words asked for after the result may be no more than how the owner was told.
    const bool only_told = told && count_characters(words) <= kOnlyTold;
    action.text = to_whom || (only_told && !so_far.empty()) ? so_far : so_far.empty() ? words : so_far + " " + words;
    if (*pending == ActionKind::complete) action.text = tickets::read_completion(action.text).result;
    if (told) action.told_by = *told;
    if (const auto before = tickets::find_told_by(so_far); before && action.told_by.empty()) action.told_by = *before;
    return act(*ticket, std::move(action), to_whom ? words : std::string());
  }
  if (why.fault == CommandFault::not_a_command) {
    if (answers_owner(words)) return;
    if (!why.action) return say("staff.help_short");
    return say("staff.not_meant", {{"action", std::string(tickets::word_for(*why.action, locale()))}});
  }
  if (why.fault == CommandFault::which_ticket || why.fault == CommandFault::wrong_number) return say_which(why);
  const auto* ticket = why.number ? find(*why.number) : nullptr;
  if (needs_) return;
  if (ticket == nullptr || !why.action) return say("staff.not_found");
  act(*ticket, {.kind = *why.action, .text = why.text}, "");
}

/// The ticket whose owner wrote to him lately, or whom he is answering still; null where there is none, or two: then he
/// has to say which.
const Ticket* StaffTurn::owner_who_waits() const {
  const Ticket* meant = nullptr;
  for (const auto& row : world_.snapshot.last_changes) {
    const bool is_his = row.actor == Actor{ActorKind::staff, me().id.value};
    const auto within = row.actor.kind == ActorKind::owner ? kAnswersWithin : is_his ? kGoesOnWithin : Millis(0);
    const bool is_asked = row.action == to_string(ActionKind::tell) && world_.supplies.now - row.at < within;
    const auto found = std::find_if(world_.snapshot.work.begin(), world_.snapshot.work.end(),
                                    [&](const Ticket& ticket) { return ticket.id == row.ticket; });
    if (!is_asked || found == world_.snapshot.work.end()) continue;
    if (meant != nullptr && meant->id != found->id) return nullptr;
    meant = &*found;
  }
  return meant;
}

/// An owner wrote to him lately, and he answers without a command.
bool StaffTurn::answers_owner(const std::string& words) {
  const auto* meant = owner_who_waits();
  if (meant == nullptr) return false;
  act(*meant, {.kind = ActionKind::tell, .text = words}, "");
  return true;
}

void StaffTurn::on(const CardTap& tap) {
  tap_ = &tap;
  const auto id = ticket_of_card(tap.card);
  const auto kind = tickets::parse_action(tap.key);
  if (!id || !kind) return say("staff.card_unknown");
  const auto* ticket = find(id);
  if (needs_) return;
  if (ticket == nullptr) return say("staff.card_unknown");
  // A page's form says what each of its parts is; what else is chosen on a card is words.
  tickets::Action action{.kind = *kind};
  std::string receiver;
  for (const auto& [question, option] : tap.selected) {
    if (question == "told_by")
      action.told_by = option;
    else if (question == "receiver")
      receiver = option;
    else
      action.text += (action.text.empty() ? "" : " ") + option;
  }
  act(*ticket, std::move(action), receiver);
}

void StaffTurn::obey(const tickets::StaffCommand& command) {
  switch (command.wish) {
    case StaffWish::help:
      return say("staff.help");
    case StaffWish::list:
      return say_list();
    case StaffWish::duty:
      return set_duty(command.starts_duty);
    case StaffWish::show: {
      const auto* ticket = command.number ? find(*command.number) : ticket_at_hand();
      if (needs_) return;
      if (ticket == nullptr || !may_see(me(), *ticket)) return say("staff.not_found");
      if (lacks(*ticket)) return;
      return say_ticket(*ticket);
    }
    case StaffWish::act:
      break;
  }
  const auto* ticket = command.number ? find(*command.number) : ticket_at_hand();
  if (needs_) return;
  if (ticket == nullptr) return say("staff.not_found");
  auto action = command.action;
  if (command.target) {
    const auto* into = find(*command.target);
    if (needs_) return;
    if (into == nullptr || !may_see(me(), *into)) return say("staff.not_found");
    if (tickets::is_active(into->status)) return merge(*ticket, *into, std::move(action));
    // What was merged itself leads on to where it went; what is over would be the end of this one, too.
    action.target = into->merged_into;
    if (!action.target || action.target == ticket->id)
      return say("staff.cannot_merge_into",
                 {{"other", office_.number(*into)}, {"@status", "status." + std::string(to_string(into->status))}});
  }
  act(*ticket, std::move(action), command.receiver);
}

/// Two that are merged into each other at once would both be nobody's: the other one is written too, so that only one
/// of two such units can be committed.
void StaffTurn::merge(const Ticket& ticket, const Ticket& into, tickets::Action action) {
  action.target = into.id;
  const auto written = unit_.tickets.size();
  act(ticket, std::move(action), "");
  if (unit_.tickets.size() > written && into.id != ticket.id) unit_.tickets.push_back(into);
}

/// Fills in what an action needs beside its words, or asks for it; false then.
bool StaffTurn::complete_action(const Ticket& ticket, tickets::Action& action, const std::string& receiver) {
  const auto& files = world_.snapshot.files;
  action.after_photos = static_cast<int>(std::count_if(files.begin(), files.end(), [&](const Attachment& file) {
    return file.ticket == ticket.id && file.stage == AttachmentStage::after;
  }));
  action.after_photos += static_cast<int>(world_.incoming.files.size());
  if (action.kind == ActionKind::assign && !action.department && !action.staff)
    return resolve_receiver(ticket, action, receiver);
  if (const auto category = parse_category(receiver); category && action.kind == ActionKind::reopen)
    action.details.category = *category;
  return true;
}

/// `receiver` is a person's name or phone, or a department's name or title; a name of several words goes on in what the
/// action has as words.
bool StaffTurn::resolve_receiver(const Ticket& ticket, tickets::Action& action, const std::string& receiver) {
  if (trim(receiver).empty()) return ask_for(ticket, action.kind, "staff.ask_receiver", action.text), false;
  const auto whole = action.text.empty() ? receiver : receiver + " " + action.text;
  std::size_t named = 0;  // characters of the longest name that it begins with
  const auto begins_with = [&, folded = fold(whole)](const std::string& name) {
    const auto wanted = fold(name);
    const bool fits = !wanted.empty() && folded.starts_with(wanted) &&
                      (folded.size() == wanted.size() || folded[wanted.size()] == ' ' || folded[wanted.size()] == ',');
    if (!fits || count_characters(wanted) <= named) return false;
    named = count_characters(wanted);
    return true;
  };
  for (const auto& one : world_.snapshot.roster)
    if (begins_with(one.staff.name) || begins_with(one.staff.phone)) action.staff = one.staff.id;
  for (const auto& department : office_.departments)
    if (!action.staff && (begins_with(department.name) || begins_with(department.title)))
      action.department = department.id;
  if (named == 0) return say("staff.no_such_receiver", {{"receiver", receiver}}), false;
  const auto rest = trim(std::string_view(whole).substr(first_characters(whole, named).size()));
  action.text = std::string(rest.starts_with(',') ? trim(rest.substr(1)) : rest);
  return true;
}

void StaffTurn::act(const Ticket& ticket, tickets::Action action, const std::string& receiver) {
  if (lacks(ticket)) return;
  if (!may_see(me(), ticket)) return say("staff.not_found");
  // Refused whatever the words are: that is said before they are asked for.
  const auto allowed = tickets::allowed_actions(ticket, doer(), world_.supplies.now, office_.rules);
  const bool is_allowed = std::find(allowed.begin(), allowed.end(), action.kind) != allowed.end();
  if (is_allowed && !complete_action(ticket, action, receiver)) return;
  TicketCase kase(office_, ticket, world_.snapshot, world_.supplies, unit_);
  auto done = is_allowed ? take_files(kase, action.kind) : tl::expected<void, tickets::Refusal>();
  const bool has_files = done && is_allowed && !world_.incoming.files.empty();
  if (done) done = kase.act(action, doer());
  if (!done) {
    if (has_files) kase.finish(false);  // they are kept, whatever the rest lacks
    return refuse(ticket, done.error(), action.kind),
           void(dialog().proposal = dialog().asking.empty() ? "" : action.text);
  }
  forget_question();
  kase.finish(action.kind == ActionKind::tell || action.kind == ActionKind::send_back ||
              action.kind == ActionKind::reopen || action.kind == ActionKind::set_category);
  dialog().ticket = ticket.id;
  dialog().ticket_number = office_.number(ticket);
  say_done(kase, action.kind);
}

/// What came with the form of a page is of what was done. Adding photos itself is the action then, and done once.
tl::expected<void, tickets::Refusal> StaffTurn::take_files(TicketCase& kase, ActionKind action) {
  const auto& files = world_.incoming.files;
  if (files.empty()) return {};
  if (action != ActionKind::add_photo)
    if (auto done = kase.act({.kind = ActionKind::add_photo}, doer()); !done) return done;
  for (const auto& file : files)
    unit_.attachments.push_back({.id = world_.supplies.ids->next<AttachmentId>(),
                                 .conversation = conversation_.id,
                                 .ticket = kase.ticket().id,
                                 .kind = file.kind,
                                 .stage = AttachmentStage::after,
                                 .sha256 = file.sha256,
                                 .mime_type = file.mime_type,
                                 .bytes = file.bytes,
                                 .received = world_.incoming.received});
  return {};
}

void StaffTurn::ask_for(const Ticket& ticket, ActionKind action, const std::string& name, const std::string& words) {
  dialog().asking = std::string(kAsking) + std::string(to_string(action));
  dialog().ticket = ticket.id;
  dialog().ticket_number = office_.number(ticket);
  dialog().proposal = words;
  say(name, {{"number", office_.number(ticket)}, {"place", ticket.address}});
}

void StaffTurn::forget_question() {
  dialog().asking.clear();
  dialog().proposal.clear();
}

/// What he photographs belongs to the ticket that he is working on.
void StaffTurn::on(const MediaMessage& media) {
  const auto* ticket = ticket_at_hand();
  if (ticket == nullptr) return say(world_.snapshot.work.empty() ? "staff.photo_no_ticket" : "staff.photo_which");
  if (lacks(*ticket)) return;
  const Attachment attachment{.id = world_.supplies.ids->next<AttachmentId>(),
                              .conversation = conversation_.id,
                              .ticket = ticket->id,
                              .kind = media.kind,
                              .stage = AttachmentStage::after,
                              .file_name = media.kind == MediaKind::file ? media.format : std::string(),
                              .received = world_.incoming.received};
  TicketCase kase(office_, *ticket, world_.snapshot, world_.supplies, unit_);
  const auto done = kase.act({.kind = ActionKind::add_photo}, doer());
  if (!done) return refuse(*ticket, done.error(), ActionKind::add_photo);
  unit_.attachments.push_back(attachment);
  if (!media.media_id.empty() || !media.url.empty())
    unit_.media_jobs.push_back({.id = world_.supplies.ids->next<MediaJobId>(),
                                .attachment = attachment.id,
                                .channel = conversation_.peer.channel,
                                .media_id = media.media_id,
                                .url = media.url,
                                .due = world_.supplies.now,
                                .expires = world_.incoming.event.sent_at + kMediaLife});
  kase.finish(false);
  const bool burst = dialog().media_acknowledged && world_.supplies.now - *dialog().media_acknowledged <= kBurst;
  dialog().media_acknowledged = world_.supplies.now;
  if (!burst) say("staff.photo_added", {{"number", office_.number(*ticket)}});
}

void StaffTurn::suggest(std::string_view words) {
  if (!world_.supplies.number) {
    needs_ = NeedsMore{.wants = world_.snapshot.read, .number = true};
    return;
  }
  const auto number = open_suggestion(office_, world_.incoming, words, &me(), conversation_, world_.supplies, unit_);
  say("staff.suggestion_received", {{"number", number}});
}

void StaffTurn::say(const std::string& name, templates::Data data) {
  auto& message = reply();
  message.template_name = name;
  message.data = std::move(data);
  const auto words = office_.renderer->render(name, locale(), "", message.data);
  message.text += (message.text.empty() ? "" : "\n") + words;
}

OutboundMessage& StaffTurn::reply() {
  if (!reply_) {
    reply_.emplace();
    reply_->to = conversation_.peer;
    reply_->locale = locale();
  }
  return *reply_;
}

const Ticket* StaffTurn::find(TicketNumber number) {
  for (const auto* list : {&world_.snapshot.tickets, &world_.snapshot.work, &world_.snapshot.queue})
    for (const auto& ticket : *list)
      if (ticket.number == number) return &ticket;
  const auto& read = world_.snapshot.read.numbers;
  if (std::find(read.begin(), read.end(), number) != read.end()) return nullptr;
  needs_ = NeedsMore{.wants = world_.snapshot.read};
  needs_->wants.numbers.push_back(number);
  want_case(office_, world_.supplies.now, needs_->wants);
  return nullptr;
}

const Ticket* StaffTurn::find(TicketId id) {
  for (const auto* list : {&world_.snapshot.tickets, &world_.snapshot.work, &world_.snapshot.queue})
    for (const auto& ticket : *list)
      if (ticket.id == id) return &ticket;
  const auto& read = world_.snapshot.read.ticket_ids;
  if (std::find(read.begin(), read.end(), id) != read.end()) return nullptr;
  needs_ = NeedsMore{.wants = world_.snapshot.read};
  needs_->wants.ticket_ids.push_back(id);
  want_case(office_, world_.supplies.now, needs_->wants);
  return nullptr;
}

bool StaffTurn::lacks(const Ticket& ticket) {
  auto wants = lacks_for_case(ticket, world_.snapshot, world_.supplies.now);
  if (wants) needs_ = NeedsMore{.wants = *std::move(wants)};
  return needs_.has_value();
}

/// The ticket that he dealt with last, if he still has it, or the only one that he has.
const Ticket* StaffTurn::ticket_at_hand() const {
  const auto& work = world_.snapshot.work;
  for (const auto& ticket : work)
    if (ticket.id == conversation_.dialog.ticket) return &ticket;
  return work.size() == 1 ? &work.front() : nullptr;
}

tickets::Doer StaffTurn::doer() const {
  return {.role = tickets::role_of(me().role),
          .id = me().id.value,
          .peer = conversation_.peer,
          .channel = conversation_.peer.channel,
          .delivery_key = world_.incoming.event.key};
}

}  // namespace huiyin::gateway
