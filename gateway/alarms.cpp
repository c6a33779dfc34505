#include "gateway/alarms.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "core/text.h"

namespace huiyin::gateway {
namespace {

constexpr std::size_t kMostCauseBytes = 120;
constexpr std::size_t kMostTextBytes = 600;
// An alarm that could not be told for a day tells of yesterday.
constexpr std::chrono::hours kUseful{24};

}  // namespace

bool Alarms::is_first(const std::string& key, std::int64_t hour) {
  const std::lock_guard lock(mutex_);
  if (hour != hour_) raised_.clear();
  hour_ = hour;
  return raised_.emplace(key, true).second;
}

void Alarms::raise(const std::string& cause, const std::string& text) {
  const auto now = clock_.now();
  const auto hour = std::chrono::floor<std::chrono::hours>(now.time_since_epoch()).count();
  const auto key = fmt::format("alarm:{}:{}", first_bytes(cause, kMostCauseBytes), hour);
  if (!is_first(key, hour)) return;
  spdlog::error("alarm cause={} text=\"{}\"", cause, text);
  if (to_.empty()) return;
  UnitOfWork unit;
  unit.id = ids_.next<UnitId>();
  unit.inbox = {.key = key, .received = now};
  for (const auto& to : to_) {
    auto& row = unit.outbox.emplace_back();
    row.id = ids_.next<OutboxId>();
    row.message.key = std::to_string(row.id.value);
    row.message.to = to;
    row.message.template_name = "gateway.alarm";
    row.message.text = "回音告警 / Huiyin alarm: " + std::string(first_bytes(text, kMostTextBytes));
    row.message.data = {{"cause", cause}, {"text", std::string(first_bytes(text, kMostTextBytes))}};
    row.created = row.due = now;
    row.expires = now + kUseful;
    row.urgent = true;
  }
  store_.commit(std::move(unit), [cause](CommitOutcome outcome) {
    if (!std::holds_alternative<Committed>(outcome) && !std::holds_alternative<Duplicate>(outcome))
      spdlog::error("alarm_not_sent cause={}: the store did not take it", cause);
  });
}

void raise_given_up(Alarms& alarms, const std::string& channel, const std::string& why) {
  alarms.raise("dead:" + channel, fmt::format("{}: a message cannot be sent and is given up ({}). `huiyin outbox list "
                                              "--state dead` shows it",
                                              channel, why));
}

void raise_audit_alarm(Alarms& alarms, const std::string& day, const std::vector<std::string>& differences) {
  auto text = fmt::format("the books of {} do not come out even, see `huiyin audit --day {}`", day, day);
  for (const auto& one : differences) text += "; " + one;
  alarms.raise("audit:" + day, text);
}

std::vector<Peer> parse_destinations(const std::vector<std::string>& texts) {
  std::vector<Peer> out;
  for (const auto& text : texts) {
    const auto slash = text.find('/');
    out.push_back({text.substr(0, slash), slash == std::string::npos ? std::string() : text.substr(slash + 1)});
  }
  return out;
}

}  // namespace huiyin::gateway
