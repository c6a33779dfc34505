#include "db/audit.h"

#include <set>
#include <utility>
#include <vector>

#include "db/id_range.h"
#include "db/own_session.h"
#include "db/reading.h"

namespace huiyin::db {
namespace {

using Audits = std::map<std::string, ChannelAudit>;

/// `SELECT channel,…,count(*)` of the rows of a day: binds the id, and the day's two ends. `take` reads what is behind
/// the channel.
template <class Take>
void count(Session& session, const std::string& sql, Time from, Time until, Audits& out, Take take) {
  auto& statement = session.prepare(sql);
  statement.bind(least_id(from)).bind(from).bind(until);
  for (statement.query(); statement.next();) {
    const auto channel = statement.text();
    take(statement, out[channel]);
  }
}

void count_received(Session& session, Time from, Time until, Audits& out) {
  count(session, "SELECT channel,count(*) FROM inbox WHERE id>=? AND received>=? AND received<? GROUP BY channel", from,
        until, out, [](Statement& row, ChannelAudit& audit) { audit.decided = row.integer(); });
  // `late:` units have a key of their own, so a history row's delivery is in the inbox whichever way it came.
  count(session,
        "SELECT h.channel,count(*) FROM ticket_history h LEFT JOIN inbox i ON i.delivery_key=h.delivery_key WHERE "
        "h.id>=? AND h.at>=? AND h.at<? AND h.delivery_key<>'' AND i.id IS NULL GROUP BY h.channel",
        from, until, out, [](Statement& row, ChannelAudit& audit) { audit.unexplained = row.integer(); });
}

void count_owed(Session& session, Time from, Time until, Audits& out) {
  count(session,
        "SELECT channel,state,count(*) FROM outbox WHERE id>=? AND created>=? AND created<? GROUP BY channel,state",
        from, until, out, [](Statement& row, ChannelAudit& audit) {
          const auto state = row.text();
          audit.owed[state] = row.integer();
        });
  count(session,
        "SELECT o.channel,count(*) FROM outbox o LEFT JOIN outbox_queue q ON q.channel=o.channel AND "
        "q.address=o.address WHERE o.id>=? AND o.created>=? AND o.created<? AND o.state='waiting' AND q.id IS NULL "
        "GROUP BY o.channel",
        from, until, out, [](Statement& row, ChannelAudit& audit) { audit.unqueued = row.integer(); });
}

/// The replies of the day that moved to the outbox, each with the unit that moved it: where that is not there, nobody
/// will ever send the reply.
void count_unmoved(Session& session, Time from, Time until, Audits& out) {
  std::vector<std::pair<std::string, std::string>> moved;  // channel, key of the unit
  auto& replies = session.prepare(
      "SELECT channel,delivery_key FROM inbox WHERE id>=? AND received>=? AND received<? AND reply_moved=1");
  replies.bind(least_id(from)).bind(from).bind(until);
  for (replies.query(); replies.next();) {
    auto channel = replies.text();
    moved.emplace_back(std::move(channel), "late:" + replies.text());
  }
  for_each_part(moved, [&](const auto& part) {
    auto& units = session.prepare("SELECT delivery_key FROM inbox WHERE delivery_key " + in_list(part.size()));
    bind_list(units, part, [](const auto& one) { return std::string_view(one.second); });
    std::set<std::string> there;
    for (units.query(); units.next();) there.insert(units.text());
    for (const auto& [channel, key] : part)
      if (!there.contains(key)) ++out[channel].unmoved;
  });
}

}  // namespace

Result<std::map<std::string, ChannelAudit>> audit_day(const StoreOptions& options, Time from, Time until) {
  Audits out;
  auto done = with_own_session(options, [&](Session& session) {
    count_received(session, from, until, out);
    count_owed(session, from, until, out);
    count_unmoved(session, from, until, out);
  });
  if (!done) return tl::unexpected(std::move(done.error()));
  return out;
}

}  // namespace huiyin::db
