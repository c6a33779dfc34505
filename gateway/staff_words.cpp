// What a member of staff is told: lists, one ticket, what came of an action, and why something cannot be done.
#include <algorithm>

#include "core/text.h"
#include "gateway/staff_turn.h"
#include "tickets/number.h"

namespace huiyin::gateway {
namespace {

using tickets::ActionKind;
using tickets::RefusalReason;

constexpr std::size_t kMostListed = 10;
constexpr std::size_t kExcerpt = 24;
constexpr std::size_t kMostHistory = 8;
constexpr auto kShift = std::chrono::hours(12);  // of one who says that he is there, until he says that he goes

std::string one_line(std::string_view text) {
  std::string out(first_characters(text, kExcerpt));
  std::replace(out.begin(), out.end(), '\n', ' ');
  return out.size() < text.size() ? out + "…" : out;
}

/// When a ticket was taken by who has it.
std::optional<Time> taken_at(const Snapshot& snapshot, const Ticket& ticket) {
  std::optional<Time> at;
  for (const auto& row : snapshot.history)
    if (row.ticket == ticket.id &&
        (row.action == to_string(ActionKind::accept) || row.action == to_string(ActionKind::assign)))
      at = row.at;
  return at;
}

}  // namespace

std::string StaffTurn::words_for(const std::vector<ActionKind>& actions) const {
  std::string out;
  for (const auto action : actions) {
    const auto word = tickets::word_for(action, locale());
    if (!word.empty()) out.append(out.empty() ? "" : locale() == "en" ? ", " : "、").append(word);
  }
  return out;
}

/// Why not, and what may be done instead. What only lacks words is asked for, and the next words are they.
void StaffTurn::refuse(const Ticket& ticket, const tickets::Refusal& refusal, ActionKind action) {
  switch (refusal.reason) {
    case RefusalReason::needs_text:
      return ask_for(ticket, action, "staff.ask_" + std::string(to_string(action)), "");
    case RefusalReason::needs_told:
      return ask_for(ticket, action, "staff.ask_told_by", dialog().proposal);
    case RefusalReason::needs_photo:
      dialog().ticket = ticket.id;
      return say("staff.needs_photo", {{"number", office_.number(ticket)}});
    case RefusalReason::needs_target:
      return say(action == ActionKind::set_category ? "staff.ask_category" : "staff.ask_receiver",
                 {{"number", office_.number(ticket)}, {"place", ticket.address}});
    case RefusalReason::not_now:
    case RefusalReason::not_this_role:
    case RefusalReason::not_yours:
    case RefusalReason::too_late:
      break;
  }
  forget_question();
  const auto* holder = find_staff(world_.snapshot, ticket.assignee);
  const auto taken = taken_at(world_.snapshot, ticket);
  const bool others = holder != nullptr && ticket.assignee != me().id;
  auto data = ticket_data(office_, ticket, world_.snapshot, locale());
  data.emplace_back("allowed", words_for(refusal.allowed));
  data.emplace_back("at", taken ? office_.clock_time(ticket, *taken) : "");
  data.emplace_back("action", std::string(tickets::word_for(action, locale())));
  if (others && tickets::is_active(ticket.status))
    say("staff.taken", std::move(data));
  else if (refusal.reason == RefusalReason::not_this_role)
    say("staff.not_this_role", std::move(data));
  else
    say("staff.not_now", std::move(data));
  if (tap_ != nullptr) show_card(ticket);
}

/// The ticket as it is now, in place of the card that was tapped, or below the answer.
void StaffTurn::show_card(const Ticket& ticket) {
  auto& message = reply();
  add_card(office_, ticket, world_.snapshot, &me(), world_.supplies.now, message);
  message.card.id = tap_ != nullptr ? tap_->card : card_id(ticket.id, world_.supplies.ids->next<OutboxId>());
  if (tap_ != nullptr) message.card.replaces = tap_->response;
  message.card.subtitle = message.text;
}

void StaffTurn::say_done(const TicketCase& done, ActionKind action) {
  const auto& ticket = done.ticket();
  auto data = ticket_data(office_, ticket, world_.snapshot, locale());
  data.emplace_back("action", std::string(tickets::word_for(action, locale())));
  data.emplace_back("allowed", words_for(tickets::allowed_actions(ticket, doer(), world_.supplies.now, office_.rules)));
  const auto name = "staff.done_" + std::string(to_string(action));
  say(office_.renderer->has(name) ? name : "staff.done", std::move(data));
  if (tap_ != nullptr || action == ActionKind::accept) show_card(ticket);
}

std::string StaffTurn::line_of(const Ticket& ticket) const {
  auto data = ticket_data(office_, ticket, world_.snapshot, locale());
  for (auto& [name, value] : data)
    if (name == "description") value = one_line(value);
  return office_.renderer->render("staff.list_line", locale(), "", data);
}

void StaffTurn::say_list() {
  const auto lines = [&](const std::vector<Ticket>& tickets) {
    std::string out;
    for (std::size_t i = 0; i < tickets.size() && i < kMostListed; ++i)
      out += (i == 0 ? "" : "\n") + line_of(tickets[i]);
    return out;
  };
  const auto& snapshot = world_.snapshot;
  std::vector<Ticket> waiting, others;
  for (const auto& ticket : snapshot.queue)
    (ticket.status == TicketStatus::out_of_scope ? others : waiting).push_back(ticket);
  const auto count = [](const std::vector<Ticket>& tickets) {
    return tickets.empty() ? std::string() : std::to_string(tickets.size());
  };
  say("staff.list", {{"mine", lines(snapshot.work)},
                     {"mine_count", std::to_string(snapshot.work.size())},
                     {"waiting", lines(waiting)},
                     {"waiting_count", count(waiting)}});
  if (!others.empty()) say("staff.out_of_scope_list", {{"count", count(others)}, {"lines", lines(others)}});
}

void StaffTurn::say_ticket(const Ticket& ticket) {
  auto data = ticket_data(office_, ticket, world_.snapshot, locale());
  std::vector<std::string> rows;
  for (const auto& row : world_.snapshot.history) {
    if (row.ticket != ticket.id || !tickets::is_for_staff(row) || row.actor.kind == ActorKind::system) continue;
    const auto action = tickets::parse_action(row.action);
    const auto word = action ? tickets::word_for(*action, locale()) : std::string_view{};
    rows.push_back(office_.clock_time(ticket, row.at) + " " + (word.empty() ? row.action : std::string(word)) +
                   (row.text.empty() ? "" : " " + one_line(row.text)));
  }
  std::string history;
  for (auto i = rows.size() > kMostHistory ? rows.size() - kMostHistory : 0; i < rows.size(); ++i)
    history += (history.empty() ? "" : "\n") + rows[i];
  data.emplace_back("history", std::move(history));
  data.emplace_back("allowed", words_for(tickets::allowed_actions(ticket, doer(), world_.supplies.now, office_.rules)));
  if (office_.page) data.emplace_back("page", office_.page(ticket, conversation_.peer));
  say("staff.show", std::move(data));
}

void StaffTurn::say_which(const tickets::CommandRefusal& why) {
  if (why.fault == tickets::CommandFault::wrong_number) return say("staff.wrong_number");
  std::string lines;
  for (const auto& ticket : world_.snapshot.work) lines += "\n" + line_of(ticket);
  const auto action = why.action ? std::string(tickets::word_for(*why.action, locale())) : std::string();
  const auto example = world_.snapshot.work.empty() ? tickets::format_number({1024}, office_.prefix)
                                                    : office_.number(world_.snapshot.work.front());
  say("staff.which_ticket", {{"action", action}, {"lines", lines}, {"example", example}});
}

/// 上班, 下班: a span of duty that begins now, or the one that he is in, ended.
void StaffTurn::set_duty(bool on) {
  if (!world_.snapshot.read.roster) {
    needs_ = NeedsMore{.wants = world_.snapshot.read};
    needs_->wants.roster = RosterWants{.estate = me().estate, .at = world_.supplies.now};
    return;
  }
  const auto now = world_.supplies.now;
  if (on) {
    unit_.duties.push_back({me().id, now, now + kShift, false});
    return say("staff.duty_on");
  }
  for (const auto& one : world_.snapshot.roster)
    if (one.staff.id == me().id)
      for (auto duty : one.duties)
        if (!duty.leave && duty.from <= now && now < duty.until) {
          duty.until = now;
          unit_.duties.push_back(duty);
        }
  if (unit_.duties.empty()) unit_.duties.push_back({me().id, now, now + kShift, true});
  say("staff.duty_off");
}

}  // namespace huiyin::gateway
