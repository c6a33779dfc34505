#include "gateway/table_audit.h"

#include <date/tz.h>
#include <fmt/format.h>

#include <set>

#include "gateway/daemon.h"

namespace huiyin::gateway {
namespace {

constexpr std::chrono::seconds kPatience{300};

std::int64_t owed(const db::ChannelAudit& audit, const char* state) {
  const auto found = audit.owed.find(state);
  return found == audit.owed.end() ? 0 : found->second;
}

std::string shown(const std::string& channel) { return channel.empty() ? "(none)" : channel; }

/// All states that the outbox knows; a row in another is lost to everybody.
std::int64_t unknown_states(const db::ChannelAudit& audit) {
  std::int64_t out = 0;
  for (const auto& [state, count] : audit.owed)
    if (!parse_outbox_state(state)) out += count;
  return out;
}

std::int64_t all_owed(const db::ChannelAudit& audit) {
  std::int64_t out = audit.unmoved;
  for (const auto& [state, count] : audit.owed) out += count;
  return out;
}

}  // namespace

Expected<DayAudit> audit_of(const Config& config, tickets::Day day, Time now) {
  const auto* zone = date::locate_zone(config.time_zone);
  const auto period = tickets::report_period(day, day, tickets::ReportBy::month, zone);
  const auto from = period.edges.front(), until = period.edges.back();
  if (from < now - std::chrono::days(config.inbox_days))
    return tl::unexpected(
        Error{"--day", "the deliveries of " + tickets::format_day(day) + " are forgotten by now",
              "They are kept for " + std::to_string(config.inbox_days) + " days (retention: inbox_days)"});
  if (from > now)
    return tl::unexpected(Error{"--day", tickets::format_day(day) + " is still to come", "Take a day before"});
  auto options = store_options(config);
  options.statement_timeout = kPatience;
  auto tables = db::audit_day(options, from, until);
  if (!tables) return tl::unexpected(Error{"the database", tables.error().why, "Is it running, and reachable?"});
  return DayAudit{*std::move(tables), Spool::of_day(config.spool_file, from, until)};
}

std::vector<std::string> differences(const DayAudit& audit) {
  std::vector<std::string> out;
  for (const auto& [channel, one] : audit.tables) {
    if (one.unexplained != 0)
      out.push_back(
          fmt::format("{}: {} change(s) of tickets name a delivery that is not in the inbox: received, and not "
                      "recorded as decided",
                      shown(channel), one.unexplained));
    if (one.unqueued != 0)
      out.push_back(
          fmt::format("{}: {} message(s) wait and are in no queue: nobody will send them. `huiyin outbox retry "
                      "--channel {} --state waiting` puts them back",
                      shown(channel), one.unqueued, channel));
    if (one.unmoved != 0)
      out.push_back(fmt::format("{}: {} late repl(ies) are owed and in no outbox", shown(channel), one.unmoved));
    if (const auto strange = unknown_states(one); strange != 0)
      out.push_back(
          fmt::format("{}: {} row(s) of the outbox are in a state that there is not", shown(channel), strange));
  }
  return out;
}

std::string describe(const DayAudit& audit) {
  std::set<std::string> channels;
  for (const auto& [channel, one] : audit.tables) channels.insert(channel);
  for (const auto& [channel, one] : audit.spooled) channels.insert(channel);
  auto out = fmt::format("{:<20} {:>9} {:>9} {:>9} {:>9} | {:>9} {:>9} {:>9} {:>9}\n", "channel", "received", "decided",
                         "refused", "spooled", "owed", "sent", "waiting", "dead");
  for (const auto& channel : channels) {
    const auto table = audit.tables.find(channel);
    const auto spool = audit.spooled.find(channel);
    const auto one = table == audit.tables.end() ? db::ChannelAudit{} : table->second;
    const auto spooled = spool == audit.spooled.end() ? SpooledOfDay{} : spool->second;
    const auto received = one.decided + one.unexplained + spooled.set_aside + spooled.waiting;
    out +=
        fmt::format("{:<20} {:>9} {:>9} {:>9} {:>9} | {:>9} {:>9} {:>9} {:>9}\n", shown(channel), received, one.decided,
                    spooled.set_aside, spooled.waiting, all_owed(one), owed(one, "sent") + owed(one, "delivered"),
                    owed(one, "waiting"), owed(one, "dead") + owed(one, "unknown") + owed(one, "cancelled"));
  }
  const auto wrong = differences(audit);
  for (const auto& one : wrong) out += "DIFFERENCE " + one + "\n";
  if (wrong.empty())
    out += "everything received was decided, refused or is spooled; everything owed was sent, waits or was given up\n";
  return out;
}

}  // namespace huiyin::gateway
