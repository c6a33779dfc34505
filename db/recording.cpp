#include "db/recording.h"

#include <algorithm>

#include "db/id_range.h"
#include "db/own_session.h"
#include "db/reading.h"
#include "db/reads.h"

namespace huiyin::db {
namespace {

constexpr int kPage = 500;

std::vector<InboxRecord> page_behind(Session& session, UnitId last, Time from, Time until,
                                     const std::optional<Peer>& peer) {
  auto& statement = session.prepare(select_from(kInbox, "WHERE id>? AND received>=? AND received<?" +
                                                            std::string(peer ? " AND channel=? AND peer=?" : "") +
                                                            " ORDER BY id LIMIT ?"));
  statement.bind(last.value).bind(from).bind(until);
  if (peer) statement.bind(peer->channel).bind(peer->address);
  return read_all(statement.bind(kPage), read_inbox);
}

std::vector<Ticket> tickets_of_peer(Session& session, const Peer& peer) {
  auto& statement = session.prepare(select_from(kTickets, "WHERE channel=? AND address=? ORDER BY id"));
  auto out = read_all(statement.bind(peer.channel).bind(peer.address), read_ticket);
  std::vector<TicketId> others;
  for (const auto& ticket : out)
    if (ticket.merged_into) others.push_back(ticket.merged_into);
  add_each_once(tickets_by_id(session, others), out);
  return out;
}

std::vector<Survey> surveys_of_peer(Session& session, const Peer& peer) {
  auto& statement = session.prepare(select_from(kSurveys, "WHERE channel=? AND address=? ORDER BY id"));
  return read_all(statement.bind(peer.channel).bind(peer.address), read_survey);
}

}  // namespace

Result<void> read_deliveries(const StoreOptions& options, Time from, Time until, const std::optional<Peer>& peer,
                             const std::function<bool(const InboxRecord&)>& take) {
  return with_own_session(options, [&](Session& session) {
    UnitId last{least_id(from) - 1};
    for (;;) {
      auto page = page_behind(session, last, from, until, peer);
      if (page.empty()) return;
      last = page.back().unit;
      for (const auto& record : page)
        if (!take(record)) return;
    }
  });
}

Result<RecordedOwner> read_recorded_owner(const StoreOptions& options, const Peer& peer) {
  RecordedOwner out;
  const auto read = with_own_session(options, [&](Session& session) {
    auto snapshot = read_snapshot(session, {.peer = peer, .contact = true}, std::nullopt);
    out.conversation = std::move(snapshot.conversation);
    out.contact = std::move(snapshot.contact);
    out.tickets = tickets_of_peer(session, peer);
    for (const auto& ticket : out.tickets)
      for (auto& row : history_of(session, ticket.id)) out.history.push_back(std::move(row));
    std::sort(out.history.begin(), out.history.end(),
              [](const HistoryRow& a, const HistoryRow& b) { return a.id < b.id; });
    out.surveys = surveys_of_peer(session, peer);
    for (auto& row : outbox_of(session, peer))
      if (row.message.answer) out.answers.push_back(std::move(row));
  });
  if (!read) return tl::unexpected(read.error());
  return out;
}

}  // namespace huiyin::db
