#include "gateway/suggestion.h"

#include <array>

#include "core/text.h"
#include "gateway/ticket_case.h"
#include "tickets/state_machine.h"

namespace huiyin::gateway {
namespace {

constexpr std::size_t kMostWords = 2000;
constexpr std::array<std::string_view, 4> kSuggests = {"员工建议", "建议", "suggestion", "suggest"};

}  // namespace

std::string_view suggestion_in(std::string_view text) {
  const auto folded = fold(text);
  for (const auto word : kSuggests) {
    if (!folded.starts_with(word)) continue;
    auto rest = trim(text).substr(first_characters(trim(text), count_characters(word)).size());
    for (const std::string_view link : {":", "：", ",", "，"})
      if (trim(rest).starts_with(link)) rest = trim(rest).substr(link.size());
    return trim(rest);
  }
  return {};
}

std::string open_suggestion(const Office& office, const Incoming& incoming, std::string_view words,
                            const Staff* employee, const Conversation& conversation, const Supplies& supplies,
                            UnitOfWork& unit) {
  Ticket draft;
  draft.id = supplies.ids->next<TicketId>();
  draft.number = supplies.number.value();
  draft.estate = employee != nullptr ? employee->estate : conversation.estate;
  draft.conversation = conversation.id;
  draft.peer = conversation.peer;
  if (employee != nullptr) draft.name = employee->name;
  draft.category = Category::internal;
  draft.description = std::string(first_characters(words, kMostWords));
  draft.request_id = incoming.request_id;
  const tickets::Doer owner{.role = tickets::Role::owner,
                            .id = employee != nullptr ? employee->id.value : 0,
                            .peer = conversation.peer,
                            .channel = conversation.peer.channel,
                            .delivery_key = incoming.event.key};
  auto change =
      tickets::open_ticket(std::move(draft), supplies.ids->next<HistoryId>(), owner, supplies.now, office.rules);
  unit.timers.push_back(ticket_timer(change.ticket.id, soon(supplies.now, unit.id)));
  auto number = office.number(change.ticket);
  unit.history.push_back(std::move(change.history));
  unit.tickets.push_back(std::move(change.ticket));
  return number;
}

}  // namespace huiyin::gateway
