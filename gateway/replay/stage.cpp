#include "gateway/replay/stage.h"

#include <filesystem>
#include <stdexcept>
#include <utility>

#include "core/overloaded.h"
#include "gateway/decide_any.h"
#include "gateway/ticket_case.h"
#include "gateway/timers.h"

namespace huiyin::gateway {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr auto kPatience = 30s;
constexpr auto kHeld = 1h;
constexpr int kBatch = 64;
constexpr auto kOwner = "replay";
// No ticket of the record has such a number.
constexpr int kNumbersOfTheRecord = 1'000'000'000;

/// What the unit says to whoever wrote: passively, or by the outbox.
std::optional<OutboundMessage> said_in(const UnitOfWork& unit, const Peer& peer) {
  if (unit.reply) return unit.reply;
  for (const auto& row : unit.outbox)
    if (row.message.answer && row.message.to == peer) return row.message;
  return std::nullopt;
}

}  // namespace

Expected<std::unique_ptr<ReplayStage>> ReplayStage::open(const Cast& cast) try {
  auto folder = std::make_unique<const ScratchFolder>("replay");
  const db::StoreOptions options{.sqlite =
                                     db::SqliteOptions{.file = (fs::path(folder->path()) / "replay.db").string()}};
  if (const auto migrated = db::migrate(options); !migrated) return tl::unexpected(migrated.error());
  auto store = db::open_store(options);
  if (!store) return tl::unexpected(store.error());
  if (const auto taken = (*store)->take_ticket_numbers(kNumbersOfTheRecord); !taken)
    return tl::unexpected(Error{folder->path(), taken.error().why, ""});
  return std::unique_ptr<ReplayStage>(new ReplayStage(cast, std::move(folder), *std::move(store)));
} catch (const fs::filesystem_error& error) {
  return tl::unexpected(Error{error.path1().string(), error.code().message(), "Set TMPDIR to a folder with room."});
}

ReplayStage::ReplayStage(const Cast& cast, std::unique_ptr<const ScratchFolder> folder,
                         std::unique_ptr<db::Store> store)
    : cast_(cast), folder_(std::move(folder)), ids_(clock_, IdSource::kMaxNode), store_(std::move(store)) {
  for (const auto& [path, setup] : cast_.channels) desks_[setup.name] = &setup.desk;
  pipeline_ = std::make_unique<Pipeline>(
      *store_,
      [this](const Incoming& incoming, Snapshot snapshot, std::optional<TicketNumber> number) {
        return decide_here(incoming, std::move(snapshot), number);
      },
      [] { return true; }, metrics_, threads_.both());
}

ReplayStage::~ReplayStage() = default;

std::variant<UnitOfWork, NeedsMore> ReplayStage::decide_here(const Incoming& incoming, Snapshot snapshot,
                                                             std::optional<TicketNumber> number) {
  const Supplies supplies{
      .now = incoming.received, .ids = &ids_, .number = number && number_ ? number_ : number, .random = &random_};
  auto decided = decide_any(cast_.office, desks_, incoming, std::move(snapshot), supplies);
  if (const auto* unit = std::get_if<UnitOfWork>(&decided)) {
    played_ = {.said = said_in(*unit, incoming.event.peer)};
    for (const auto& ticket : unit->tickets)
      if (ticket.version == 0) played_.opened.push_back(ticket);
  }
  return decided;
}

ReplayStage::Played ReplayStage::play(Incoming incoming, std::optional<TicketNumber> number) {
  clock_.set(incoming.received);
  number_ = number;
  played_ = {};
  const auto outcome = pipeline_->process(std::move(incoming), std::chrono::steady_clock::now() + kPatience);
  if (outcome.kind != Outcome::Kind::answered) return {.why_not = outcome.why.empty() ? "no answer" : outcome.why};
  return std::exchange(played_, {});
}

void ReplayStage::let_pass(Time until) {
  for (;;) {
    const auto due = store_->lease_timers(kOwner, until, kHeld, kBatch);
    if (!due) throw std::runtime_error(due.error().why);
    if (due->empty()) return;
    for (const auto& timer : *due) fire(timer);
  }
}

void ReplayStage::fire(const Timer& timer) {
  const auto conversation = timer.kind == kTicketTimer ? std::nullopt : conversation_of_timer(timer);
  const auto peer = conversation ? store_->find_peer(*conversation) : std::nullopt;
  if (!peer || !*peer) {
    auto unit = begin(timer.due);
    unit.timers_cancelled.push_back(timer.id);
    return commit(std::move(unit));
  }
  (void)play({.event = {.key = key_of(timer),
                        .peer = **peer,
                        .sent_at = timer.due,
                        .body = TimerFired{timer.id, timer.kind, timer.subject}},
              .received = timer.due,
              .late = true});
}

UnitOfWork ReplayStage::begin(Time at) {
  clock_.set(at);
  UnitOfWork unit{.id = ids_.next<UnitId>()};
  unit.inbox = {.key = "replay:" + std::to_string(unit.id.value), .received = at};
  return unit;
}

void ReplayStage::commit(UnitOfWork unit) {
  const auto outcome = store_->commit(std::move(unit));
  if (std::holds_alternative<Committed>(outcome)) return;
  throw std::runtime_error(std::visit(
      Overloaded{[](const Refused& refused) { return refused.why; }, [](const Unavailable& away) { return away.why; },
                 [](const Conflict& conflict) { return conflict.what; },
                 [](const auto&) { return std::string("it was done before"); }},
      outcome));
}

Snapshot ReplayStage::read(const Wants& wants) {
  auto snapshot = store_->read(wants);
  if (!snapshot) throw std::runtime_error(snapshot.error().why);
  return *std::move(snapshot);
}

std::optional<Ticket> ReplayStage::find(TicketNumber number) {
  auto found = store_->find_ticket(number);
  if (!found) throw std::runtime_error(found.error().why);
  return *std::move(found);
}

}  // namespace huiyin::gateway
