#include "gateway/clerk.h"

#include <sysexits.h>
#include <unistd.h>

#include <iostream>

#include "core/overloaded.h"

namespace huiyin::gateway {
namespace {

// A command is over long before; its number is then free for others.
constexpr std::chrono::seconds kNodeHeld{60};
constexpr int kMostDecisions = 5;
constexpr std::size_t kMinuteLength = std::string_view("2026-11-26 08:00").size();

int say_outcome(const CommitOutcome& outcome, Console console) {
  return std::visit(Overloaded{[](const Committed&) { return EX_OK; }, [](const Duplicate&) { return EX_OK; },
                               [&](const Conflict& conflict) {
                                 console.errors << "somebody else changed it meanwhile (" << conflict.what
                                                << "): nothing was done, try again\n";
                                 return EX_TEMPFAIL;
                               },
                               [&](const Unavailable& away) {
                                 console.errors << "the database does not answer: " << away.why << '\n';
                                 return EX_TEMPFAIL;
                               },
                               [&](const Refused& refused) {
                                 console.errors << "the database refuses it: " << refused.why << '\n';
                                 return EX_DATAERR;
                               }},
                    outcome);
}

}  // namespace

std::unique_ptr<Clerk> Clerk::open(const Config& config, Console console) {
  auto store = open_store_for_command(config, console);
  if (!store) return nullptr;
  std::unique_ptr<Clerk> clerk(new Clerk(std::move(store)));
  SystemRandom random;
  const auto owner = "cli:" + std::to_string(::getpid()) + ":" + std::to_string(random.next() & 0xffffffffU);
  const auto node = clerk->store_->lease_node(owner, clerk->clock_.now(), kNodeHeld);
  if (!node) {
    (void)say_unavailable(node.error(), console);
    return nullptr;
  }
  clerk->ids_.become(*node);
  return clerk;
}

UnitOfWork Clerk::begin(const std::string& words) {
  UnitOfWork unit;
  unit.id = ids_.next<UnitId>();
  unit.inbox = {.key = "cli:" + std::to_string(unit.id.value),
                .channel = "cli",
                .raw = words,
                .received = clock_.now(),
                .request_id = "cli-" + std::to_string(unit.id.value)};
  return unit;
}

int Clerk::commit(UnitOfWork unit, Console console) { return say_outcome(store_->commit(std::move(unit)), console); }

int Clerk::commit(const Decide& decide, Console console) {
  for (int decisions = 1;; ++decisions) {
    auto decided = decide();
    if (const auto* code = std::get_if<int>(&decided)) return *code;
    const auto outcome = store_->commit(std::get<UnitOfWork>(std::move(decided)));
    if (!std::holds_alternative<Conflict>(outcome) || decisions == kMostDecisions) return say_outcome(outcome, console);
  }
}

std::optional<Time> read_local_time(const std::string& text, std::chrono::minutes offset) {
  if (text.size() != kMinuteLength) return std::nullopt;
  const auto time = parse_utc(text + ":00");
  return time ? std::optional(*time - offset) : std::nullopt;
}

std::string write_local_time(Time time, std::chrono::minutes offset) {
  return format_utc(time + offset).substr(0, kMinuteLength);
}

}  // namespace huiyin::gateway
