#include "gateway/sending_loader.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <latch>
#include <map>
#include <utility>

#include "core/overloaded.h"
#include "gateway/codes.h"
#include "gateway/digest.h"
#include "gateway/stable_id.h"

namespace huiyin::gateway {
namespace {

using namespace std::chrono_literals;

constexpr auto kStoreAway = 1s;       // what could not be planned is looked at again
constexpr auto kPlanRefused = 10min;  // a unit that the store refuses will be refused again

const OutboxRow* find_row(const std::vector<OutboxRow>& rows, OutboxId id) {
  const auto found = std::find_if(rows.begin(), rows.end(), [id](const auto& row) { return row.id == id; });
  return found == rows.end() ? nullptr : &*found;
}

/// The rows that a step is about.
std::vector<OutboxId> rows_of(const PlanStep& step) {
  return std::visit(
      Overloaded{[](const SendNow& now) { return now.rows; }, [](const auto& other) { return std::vector{other.row}; }},
      step);
}

const std::string& why_of(const PlanStep& step) {
  return std::visit([](const auto& any) -> const std::string& { return any.why; }, step);
}

/// The end of the window that closes first: of it a plan spends first.
std::optional<Time> first_window(const Situation& situation) {
  std::optional<Time> first;
  if (!situation.conversation) return first;
  for (const auto& window : situation.conversation->windows)
    if (window.remaining > 0 && window.expires > situation.now && (!first || window.expires < *first))
      first = window.expires;
  return first;
}

bool all_wait(const Plan& plan) {
  return std::all_of(plan.steps.begin(), plan.steps.end(),
                     [](const PlanStep& step) { return std::holds_alternative<SendLater>(step); });
}

/// A reason to wait that its row does not have yet.
bool is_news(const SendLater& later, const OutboxRow& row, Time now) {
  return row.attempts == 0 && row.due <= now && row.last_error != later.why;
}

}  // namespace

/// One destination's plan, with what it hangs on.
struct SendingLoader::Planned {
  LeasedDestination leased{};
  bool owners = false;
  std::optional<Time> spends{};
  std::vector<OutboxRow> rows{};
  Plan plan{};
  Time now{};
  std::optional<UnitOfWork> unit{};  ///< to be committed first
  enum class End { ready, conflict, away, refused } end = End::ready;

  /// Is the step worth a line in the ticket's history?
  [[nodiscard]] bool tells(const PlanStep& step, const OutboxRow& row) const {
    if (!row.ticket) return false;
    if (const auto* send = std::get_if<SendNow>(&step)) return send->way != Way::push || plan.conversation;
    if (const auto* later = std::get_if<SendLater>(&step)) return is_news(*later, row, now);
    return true;
  }
};

namespace {

/// Names a plan by all that it does, so that only the very same plan, after a crash, counts as committed already.
std::string key_of(const std::vector<PlanStep>& steps, const std::vector<OutboxRow>& rows) {
  std::string all;
  const OutboxRow* first = nullptr;
  bool only_one_sent = true;
  for (const auto& step : steps) {
    if (std::holds_alternative<SendLater>(step)) continue;
    for (const auto id : rows_of(step)) {
      const auto* row = find_row(rows, id);
      all += fmt::format("{}:{}:{} ", step.index(), id.value, row->attempts);
      only_one_sent = first == nullptr && std::holds_alternative<SendNow>(step);
      if (first == nullptr) first = row;
    }
  }
  if (first == nullptr) {  // it only says why it waits
    for (const auto& step : steps) all += why_of(step);
    return fmt::format("wait:{}:{:x}", rows.front().id.value, stable_id<UnitId>(all).value);
  }
  const auto key = fmt::format("plan:{}:{}", first->id.value, first->attempts);
  return only_one_sent ? key : fmt::format("{}:{:x}", key, stable_id<UnitId>(all).value);
}

/// The message as one to another peer of the same person, in `words` where they are not empty.
OutboxRow moved(OutboxRow row, const SendElsewhere& elsewhere, std::string words, OutboxId id, Time now) {
  row.id = id;
  row.message.to = elsewhere.to;
  if (!words.empty()) row.message.text = std::move(words);
  row.message.key = std::to_string(id.value);
  row.due = now;
  row.attempts = 0;
  row.last_error = elsewhere.why;
  return row;
}

}  // namespace

db::Result<Load> SendingLoader::load(const SendingChannel& channel, int most) {
  Load out;
  auto leased = tools_.store.lease_destinations(owner_, channel.name, tools_.clock.now(), held_, most);
  if (!leased) return tl::unexpected(std::move(leased.error()));
  auto left = *std::move(leased);
  // What we had before, and whose end is not written yet: it must not be begun anew.
  std::erase_if(left,
                [this](const LeasedDestination& one) { return tools_.holdings.expires(one.destination).has_value(); });
  for (int tries = 0; !left.empty(); ++tries) {
    auto planned = plan_all(channel, left, kRowsEach);
    if (planned) planned = look_behind(channel, *std::move(planned));
    if (!planned) {  // the leases run out by themselves where even giving back fails
      for (const auto& one : left) out.released.push_back({one.destination, tools_.clock.now() + kStoreAway});
      return out;
    }
    commit_all(*planned);
    left.clear();
    for (auto& one : *planned) {
      if (one.end == Planned::End::conflict && tries + 1 < kMaxTries)
        left.push_back(one.leased);
      else
        take(channel, one, out);
    }
  }
  return out;
}

db::Result<std::vector<SendingLoader::Planned>> SendingLoader::plan_all(const SendingChannel& channel,
                                                                        const std::vector<LeasedDestination>& leased,
                                                                        int rows_each) {
  std::vector<Peer> peers;
  for (const auto& one : leased) peers.push_back(one.destination);
  auto situations = read_situations(peers, rows_each);
  if (!situations) return tl::unexpected(std::move(situations.error()));
  const auto now = tools_.clock.now();
  std::vector<Planned> out;
  for (const auto& one : leased) {
    auto& situation = (*situations)[one.destination];
    situation.now = now;
    if (tools_.stand_ins != nullptr)
      if (auto other = tools_.stand_ins->instead_of(channel.name, now))
        situation.stand_in = StandIn{{*other, one.destination.address}, tools_.reaches.at(*other).carried};
    auto& planned = out.emplace_back();
    planned.leased = one;
    planned.owners = situation.conversation.has_value();
    planned.now = now;
    planned.spends = first_window(situation);
    planned.plan = plan_one(channel.rules, one.destination, situation);
    planned.rows = std::move(situation.rows);
  }
  if (auto written = write_history(out); !written) return tl::unexpected(std::move(written.error()));
  return out;
}

/// What the plans depend on, for all of them in a few queries.
db::Result<std::map<Peer, Situation>> SendingLoader::read_situations(const std::vector<Peer>& peers, int rows_each) {
  auto rows = tools_.store.waiting_rows(peers, rows_each);
  if (!rows) return tl::unexpected(std::move(rows.error()));
  auto conversations = tools_.store.conversations_of(peers);
  if (!conversations) return tl::unexpected(std::move(conversations.error()));
  std::map<Peer, Situation> out;
  for (auto& row : *rows) out[row.message.to].rows.push_back(std::move(row));
  for (auto& one : *conversations) {
    if (const auto found = out.find(one.peer); found != out.end()) found->second.conversation = std::move(one);
  }
  if (auto found = find_others(out); !found) return tl::unexpected(std::move(found.error()));
  return out;
}

/// The other peers of persons who verified more than one, on channels that can send.
db::Result<void> SendingLoader::find_others(std::map<Peer, Situation>& situations) {
  std::vector<ContactId> contacts;
  for (const auto& [peer, situation] : situations)
    if (situation.conversation && situation.conversation->contact) contacts.push_back(situation.conversation->contact);
  if (contacts.empty() || tools_.reaches.size() < 2) return {};
  auto verified = tools_.store.verified_peers(contacts);
  if (!verified) return tl::unexpected(std::move(verified.error()));
  std::erase_if(*verified, [this](const VerifiedPeer& one) { return !tools_.reaches.contains(one.peer.channel); });
  std::vector<Peer> peers;
  for (const auto& one : *verified) peers.push_back(one.peer);
  auto conversations = tools_.store.conversations_of(peers);
  if (!conversations) return tl::unexpected(std::move(conversations.error()));
  std::map<Peer, bool> refuses;
  for (const auto& one : *conversations) refuses[one.peer] = one.opted_out || one.gone;
  for (auto& [peer, situation] : situations) {
    if (!situation.conversation) continue;
    for (const auto& one : *verified)
      if (one.contact == situation.conversation->contact && !(one.peer == peer)) {
        const auto& [cost, carried] = tools_.reaches.at(one.peer.channel);
        situation.others.push_back({one.peer, cost, refuses[one.peer], carried});
      }
  }
  return {};
}

Plan SendingLoader::plan_one(const SendingRules& rules, const Peer& peer, const Situation& situation) const {
  if (tools_.closed_ways.empty()) return plan(rules, situation);
  auto open = rules;
  std::erase_if(open.notices, [&](const NoticeTemplate& one) {
    return tools_.closed_ways.is_closed(peer, one.template_id, situation.now);
  });
  return plan(open, situation);
}

/// What may go (because it is urgent) may stand behind many rows that all wait (for the end of quiet hours).
db::Result<std::vector<SendingLoader::Planned>> SendingLoader::look_behind(const SendingChannel& channel,
                                                                           std::vector<Planned> planned) {
  std::vector<LeasedDestination> stuck;
  std::erase_if(planned, [&](const Planned& one) {
    const bool is_stuck = all_wait(one.plan) && one.rows.size() >= static_cast<std::size_t>(kRowsEach);
    if (is_stuck) stuck.push_back(one.leased);
    return is_stuck;
  });
  if (stuck.empty()) return planned;
  auto again = plan_all(channel, stuck, kRowsAtMost);
  if (!again) return again;
  for (auto& one : *again) planned.push_back(std::move(one));
  return planned;
}

/// Gives each plan that needs one its unit, with what the tickets' histories are told.
db::Result<void> SendingLoader::write_history(std::vector<Planned>& planned) {
  std::vector<TicketId> wanted;
  for (const auto& one : planned)
    for (const auto& step : one.plan.steps)
      for (const auto id : rows_of(step))
        if (const auto* row = find_row(one.rows, id); one.tells(step, *row)) wanted.push_back(row->ticket);
  std::map<TicketId, TicketStatus> statuses;
  if (!wanted.empty()) {
    auto found = tools_.store.tickets_by_id(wanted);
    if (!found) return tl::unexpected(std::move(found.error()));
    for (const auto& ticket : *found) statuses.emplace(ticket.id, ticket.status);
  }
  for (auto& one : planned) one.unit = unit_for(one, statuses);
  return {};
}

/// What is to be committed before the plan is carried out; nothing where it may be at once.
std::optional<UnitOfWork> SendingLoader::unit_for(const Planned& one,
                                                  const std::map<TicketId, TicketStatus>& statuses) {
  UnitOfWork unit;
  unit.conversation = one.plan.conversation;
  for (const auto& step : one.plan.steps) {
    for (const auto id : rows_of(step)) {
      const auto& row = *find_row(one.rows, id);
      if (const auto ticket = statuses.find(row.ticket); ticket != statuses.end() && one.tells(step, row))
        unit.history.push_back({.id = tools_.ids.next<HistoryId>(),
                                .ticket = row.ticket,
                                .at = one.now,
                                .action = "send",
                                .from = ticket->second,
                                .to = ticket->second,
                                .channel = one.leased.destination.channel,
                                .delivery_key = row.message.key,
                                .text = why_of(step)});
      if (const auto* elsewhere = std::get_if<SendElsewhere>(&step)) {
        auto words = tools_.reword ? tools_.reword(row.message, elsewhere->to) : std::string();
        unit.outbox.push_back(moved(row, *elsewhere, std::move(words), tools_.ids.next<OutboxId>(), one.now));
        unit.outbox_cancelled.push_back(row.id);
      }
    }
  }
  if (!unit.conversation && unit.history.empty() && unit.outbox.empty()) return std::nullopt;
  unit.id = tools_.ids.next<UnitId>();
  unit.inbox = {.key = key_of(one.plan.steps, one.rows),
                .channel = one.leased.destination.channel,
                .peer = one.leased.destination.address,
                .received = one.now};
  return unit;
}

/// All at once, so that they share transactions.
void SendingLoader::commit_all(std::vector<Planned>& planned) {
  const auto units =
      std::count_if(planned.begin(), planned.end(), [](const auto& one) { return one.unit.has_value(); });
  std::latch done(units);
  for (auto& one : planned) {
    if (!one.unit) continue;
    tools_.store.commit(*std::move(one.unit), [&one, &done](CommitOutcome outcome) {
      one.end = std::visit(Overloaded{[](const Committed&) { return Planned::End::ready; },
                                      // By this node or another, just before it was killed.
                                      [](const Duplicate&) { return Planned::End::ready; },
                                      [](const Conflict&) { return Planned::End::conflict; },
                                      [](const Unavailable&) { return Planned::End::away; },
                                      [](const Refused& refused) {
                                        spdlog::error("plan_refused why=\"{}\"", refused.why);
                                        return Planned::End::refused;
                                      }},
                           outcome);
      done.count_down();
    });
  }
  done.wait();
}

/// Sorts a plan's steps into what is sent, what is settled, and when to look again.
void SendingLoader::take(const SendingChannel& channel, Planned& planned, Load& load) {
  const auto& destination = planned.leased.destination;
  if (planned.end != Planned::End::ready) {
    const Millis wait = planned.end == Planned::End::refused ? Millis(kPlanRefused) : Millis(kStoreAway);
    load.released.push_back({destination, planned.now + wait});
    return;
  }
  Errand errand{.destination = destination, .owners = planned.owners};
  if (channel.rules.push_windows && planned.plan.conversation) errand.spends = planned.spends;
  const auto look_at = [&errand](Time time) { errand.due = std::min(errand.due.value_or(time), time); };
  for (auto& step : planned.plan.steps) {
    std::visit(
        Overloaded{[&](SendNow& now) { errand.sends.push_back(std::move(now)); },
                   [&](const SendLater& later) {
                     const auto& row = *find_row(planned.rows, later.row);
                     look_at(later.until);
                     if (channel.rules.push_windows && row.due <= planned.now) tools_.expectant.waits_for(destination);
                     if (is_news(later, row, planned.now))
                       load.settled.push_back({row.id, OutboxState::waiting, row.due, 0, later.why, {}, {}});
                   },
                   [&](const SendElsewhere& other) {  // the unit has done it
                     const auto& row = *find_row(planned.rows, other.row);
                     if (auto kept = without_code(row.message))
                       load.settled.push_back(
                           {row.id, OutboxState::cancelled, {}, row.attempts, row.last_error, {}, std::move(kept)});
                   },
                   [&](const GiveUp& dead) {
                     const auto& row = *find_row(planned.rows, dead.row);
                     load.settled.push_back(
                         {row.id, OutboxState::dead, {}, row.attempts, dead.why, {}, without_code(row.message)});
                     load.given_up.push_back(dead.why);
                   }},
        step);
  }
  // There may be more, unless what was read does not move.
  if (!all_wait(planned.plan) && planned.rows.size() >= static_cast<std::size_t>(kRowsEach)) look_at(planned.now);
  errand.rows = std::move(planned.rows);
  if (const int per_minute = channel.limits.per_minute; per_minute > 0) {
    const auto paced = paced_as(channel, destination);
    const auto max_bytes = channel.channel->capabilities().max_bytes;
    if (fit_into(errand, tools_.pace.left(paced, per_minute, planned.now), max_bytes))
      errand.due = std::max(tools_.pace.next(paced, per_minute, planned.now), planned.now + 1s);
  }
  if (errand.sends.empty()) {
    load.released.push_back({destination, errand.due});
    return;
  }
  tools_.holdings.hold(destination, planned.leased.lease_expires);
  load.errands.push_back(std::move(errand));
}

}  // namespace huiyin::gateway
