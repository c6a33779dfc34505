#include "gateway/replay/replay.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "gateway/assets.h"
#include "gateway/replay/meanwhile.h"
#include "gateway/replay/words.h"
#include "tickets/state_machine.h"

namespace huiyin::gateway {
namespace {

constexpr std::string_view kKeptMail = "file:";
// Between a decision and what it puts into the outbox; ids of both are made of the time.
constexpr std::chrono::milliseconds kOneDecision{1000};
// For so long a form is gone on with.
constexpr std::chrono::hours kOneForm{24};

/// Links of ours are signed, and name rows that are others on the stage.
std::string without_pages(std::string text) {
  constexpr std::string_view kLink = "http";
  for (auto at = text.find(kLink); at != std::string::npos; at = text.find(kLink, at + kLink.size())) {
    auto end = at + kLink.size();
    while (end < text.size() && text[end] > ' ' && text[end] < 0x7f) ++end;
    text.erase(at + kLink.size(), end - at - kLink.size());
  }
  return text;
}

}  // namespace

struct Replay::Owner {
  /// A ticket that a message of his opened.
  struct Opening {
    std::string key{};
    Time at{};
    const Ticket* ticket = nullptr;
    bool found = false;  ///< it was opened on the stage too
  };

  Peer peer{};
  db::RecordedOwner record{};
  std::unique_ptr<Meanwhile> meanwhile{};
  std::vector<Opening> openings{};  ///< oldest first
  std::vector<Ticket> added{};      ///< that the record does not have
  Time first{}, last{};             ///< of what was gone through

  void find_openings() {
    for (const auto& row : record.history)
      if (row.action == tickets::kOpen && row.delivery_key.starts_with(peer.channel + ":"))
        for (const auto& ticket : record.tickets)
          if (ticket.id == row.ticket && ticket.peer == peer) openings.push_back({row.delivery_key, row.at, &ticket});
  }
  /// Which ticket it is that the delivery opens, should it open one: today's flow may come to it sooner or later in the
  /// same form.
  [[nodiscard]] Opening* counterpart(const std::string& key, Time now) {
    Opening* sooner = nullptr;
    for (auto& one : openings) {
      if (one.key == key) return &one;
      if (!one.found && one.at <= now + kOneForm && one.at + kOneForm >= now && sooner == nullptr) sooner = &one;
    }
    return sooner;
  }
  /// What he was answered by the outbox.
  [[nodiscard]] const OutboundMessage* answered_later(UnitId unit) const {
    for (const auto& row : record.answers)
      if (row.id.value > unit.value)
        return time_of_id(row.id.value) - time_of_id(unit.value) <= kOneDecision ? &row.message : nullptr;
    return nullptr;
  }
};

Replay::Replay(ReplayStage::Cast cast, ReplayStage& stage, db::StoreOptions record, Options options)
    : cast_(cast), stage_(stage), record_(std::move(record)), options_(std::move(options)) {
  for (const auto& [path, setup] : cast_.channels) channels_[setup.name] = &setup;
}

Replay::~Replay() = default;

tl::expected<Incoming, std::string> Replay::read_again(const db::InboxRecord& record) const {
  const auto& row = record.row;
  const auto setup = channels_.find(row.channel);
  if (setup == channels_.end()) return tl::unexpected("no channel " + row.channel + " any more");
  if (row.raw.empty() || row.raw == "{}") return tl::unexpected(std::string("done on a page"));
  auto raw = row.raw;
  if (raw.starts_with(kKeptMail)) {
    auto mail = read_file(options_.media_folder + "/" + raw.substr(kKeptMail.size()));
    if (!mail) return tl::unexpected(std::string("a large mail that is no longer kept"));
    raw = *std::move(mail);
  }
  auto inbound = setup->second->channel->reread(raw, row.received);
  if (!inbound) return tl::unexpected(inbound.error().what);
  const auto its = std::find_if(inbound->events.begin(), inbound->events.end(),
                                [&](const Event& event) { return event.key == row.key; });
  if (its == inbound->events.end()) return tl::unexpected(std::string("no message of an owner's"));
  if (std::holds_alternative<Receipt>(its->body)) return tl::unexpected(std::string("a receipt"));
  return Incoming{.event = std::move(*its),
                  .raw = row.raw,
                  .received = row.received,
                  .late = !setup->second->channel->capabilities().passive_reply};
}

Replay::Owner& Replay::meet(const Peer& peer, Time at) {
  auto& owner = owners_[peer];
  if (owner) return *owner;
  auto record = db::read_recorded_owner(record_, peer);
  if (!record) throw std::runtime_error(record.error().why);
  owner = std::make_unique<Owner>(Owner{.peer = peer, .record = *std::move(record)});
  owner->find_openings();
  owner->first = at;
  owner->meanwhile = std::make_unique<Meanwhile>(owner->record, peer, stage_);
  owner->meanwhile->set_out(at);
  return *owner;
}

void Replay::take(const db::InboxRecord& record) {
  const auto& row = record.row;
  if (row.peer.empty() || !row.key.starts_with(row.channel + ":") || cast_.office.is_staff_channel(row.channel)) return;
  ++result_.deliveries;
  auto incoming = read_again(record);
  if (!incoming) {
    ++result_.left_out[incoming.error()];
    return;
  }
  auto& owner = meet(incoming->event.peer, row.received);
  stage_.let_pass(row.received);
  owner.meanwhile->catch_up(row.received);
  auto* then = owner.counterpart(row.key, row.received);
  const auto played =
      stage_.play(*incoming, then == nullptr ? std::nullopt : std::optional<TicketNumber>(then->ticket->number));
  for (const auto& ticket : played.opened)
    if (then != nullptr && ticket.number == then->ticket->number)
      then->found = true;
    else
      owner.added.push_back(ticket);
  owner.last = row.received;
  compare(record, *incoming, owner, played);
}

void Replay::compare(const db::InboxRecord& record, const Incoming& incoming, Owner& owner,
                     const ReplayStage::Played& played) {
  const auto& row = record.row;
  ReplayedTurn turn{.peer = incoming.event.peer,
                    .at = row.received,
                    .key = row.key,
                    .owner = words_of(incoming.event),
                    .why_not = played.why_not};
  const auto* then = record.reply ? &*record.reply : owner.answered_later(record.unit);
  turn.known = then != nullptr || !record.reply_moved;
  if (then != nullptr) turn.then = words_of(*then);
  if (played.said) turn.now = words_of(*played.said);
  turn.same = turn.why_not.empty() && says_the_same(turn.then, turn.now);
  if (turn.known) {
    ++result_.compared;
    if (!turn.same) ++result_.different;
  }
  if (options_.all_turns || (turn.known && !turn.same)) result_.turns.push_back(std::move(turn));
}

ReplayResult Replay::finish() {
  for (const auto& [peer, owner] : owners_) {
    for (const auto& then : owner->openings) {
      if (then.at < owner->first || then.at > owner->last + kOneDecision) continue;
      ++result_.tickets;
      TicketDifference difference{.number = then.ticket->number, .peer = peer, .then = *then.ticket};
      if (!then.found)
        difference.kind = TicketDifference::Kind::gone;
      else
        difference.fields = differences(*then.ticket, difference.now = stage_.find(then.ticket->number).value());
      if (!then.found || !difference.fields.empty()) result_.changed.push_back(std::move(difference));
    }
    for (const auto& ticket : owner->added)
      result_.changed.push_back({.kind = TicketDifference::Kind::added, .peer = peer, .now = ticket});
  }
  for (const auto& turn : result_.turns) result_.tickets_of[turn.peer];
  for (const auto& one : result_.changed) result_.tickets_of[one.peer].push_back(one.now);
  for (auto& [peer, tickets] : result_.tickets_of) {
    const auto& recorded = owners_.at(peer)->record.tickets;
    tickets.insert(tickets.end(), recorded.begin(), recorded.end());
  }
  return std::move(result_);
}

std::vector<TicketDifference::Field> differences(const Ticket& then, const Ticket& now) {
  std::vector<TicketDifference::Field> out;
  const auto look = [&](const char* name, const std::string& was, const std::string& is) {
    if (was != is) out.push_back({name, was, is});
  };
  const auto kind = [](const Ticket& ticket) {
    auto words = std::string(to_string(ticket.category));
    return ticket.subcategory.empty() ? words : words + "/" + ticket.subcategory;
  };
  const auto scope = [](const Ticket& ticket) {
    return std::string(ticket.status == TicketStatus::out_of_scope ? "out_of_scope" : "");
  };
  look("category", kind(then), kind(now));
  look("scope", scope(then), scope(now));
  look("danger", then.danger, now.danger);
  look("priority", std::string(to_string(then.priority)), std::string(to_string(now.priority)));
  look("address", then.address, now.address);
  look("name", then.name, now.name);
  look("phone", then.phone, now.phone);
  look("reported_for", then.reported_for, now.reported_for);
  look("description", then.description, now.description);
  look("preferred_visit", then.preferred_visit, now.preferred_visit);
  return out;
}

bool says_the_same(const std::optional<std::string>& then, const std::optional<std::string>& now) {
  if (then.has_value() != now.has_value()) return false;
  if (!then) return true;
  return without_pages(*then) == without_pages(*now);
}

}  // namespace huiyin::gateway
