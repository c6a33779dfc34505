#include "db/sql_store.h"

#include <utility>

#include "db/credentials.h"
#include "db/leases.h"
#include "db/migrations.h"
#include "db/mysql_session.h"
#include "db/outbox.h"
#include "db/reads.h"
#include "db/receipts.h"
#include "db/rows.h"
#include "db/sqlite_session.h"
#include "db/staff_reads.h"

namespace huiyin::db {

SqlStore::SqlStore(std::unique_ptr<Connector> connector, const StoreOptions& options, StoreObserver observer,
                   bool available)
    : connector_(std::move(connector)),
      observer_(std::move(observer)),
      cache_(options.cache_bytes),
      availability_([this] { return probe(); }, available),
      known_(options.knows_peers ? std::make_unique<KnownPeers>(*connector_, availability_) : nullptr),
      pool_(*connector_, availability_, options.readers, options.statement_timeout),
      committer_(*connector_, availability_, {.cache = cache_, .known = known_.get()}, options, observer_) {}

// Asked by the thread that waits for the server to come back.
bool SqlStore::probe() noexcept {
  try {
    const auto session = connector_->connect(SessionUse::reading);
    const auto mismatch = check_schema(*session, connector_->where());
    if (mismatch && observer_.retried) observer_.retried(describe(*mismatch));
    return !mismatch;
  } catch (const SqlError&) {
    return false;
  }
}

namespace {

/// Does `wants` ask for nothing beside the conversation? A contact that it names none of is nothing.
bool is_answered_by(const Conversation& conversation, const Wants& wants) {
  return !(wants.contact && conversation.contact) && !wants.tickets && wants.phone.empty() && wants.numbers.empty() &&
         !wants.survey && !wants.attachments && !wants.speaker && wants.ticket_ids.empty() && !wants.roster &&
         !wants.near;
}

}  // namespace

std::optional<Snapshot> SqlStore::read_at_once(const Wants& wants) {
  auto cached = cache_.find(wants.peer);
  if (!cached && known_ && !known_->may_know(wants.peer) && is_answered_by(Conversation{}, wants)) return Snapshot{};
  if (!cached || !is_answered_by(*cached, wants)) return std::nullopt;
  Snapshot snapshot;
  snapshot.conversation = std::move(cached);
  return snapshot;
}

Result<Snapshot> SqlStore::read(const Wants& wants) {
  if (!is_available()) return tl::unexpected(StoreError{StoreError::Kind::unavailable, "the database is away"});
  if (auto snapshot = read_at_once(wants)) return *std::move(snapshot);
  auto cached = cache_.find(wants.peer);
  const bool known = cached.has_value();
  auto snapshot = pool_.run([&](Session& session) { return read_snapshot(session, wants, cached); });
  if (!known && snapshot && snapshot->conversation)
    cache_.put(*snapshot->conversation, snapshot->conversation->version);
  return snapshot;
}

void SqlStore::commit(UnitOfWork unit, Done done) { committer_.submit(encode_unit(std::move(unit)), std::move(done)); }
void SqlStore::commit_here(UnitOfWork unit, Done done, Meanwhile meanwhile) {
  committer_.submit_here(encode_unit(std::move(unit)), std::move(done), std::move(meanwhile));
}

Result<Time> SqlStore::server_time() {
  return pool_.run([](Session& session) { return db::server_time(session); });
}

Result<std::optional<Ticket>> SqlStore::find_ticket(TicketNumber number) {
  return pool_.run([&](Session& session) { return db::find_ticket(session, number); });
}

Result<std::vector<Ticket>> SqlStore::tickets_by_id(const std::vector<TicketId>& ids) {
  return pool_.run([&](Session& session) { return db::tickets_by_id(session, ids); });
}

Result<std::vector<Ticket>> SqlStore::list_tickets(const TicketFilter& filter) {
  return pool_.run([&](Session& session) { return db::list_tickets(session, filter); });
}

Result<std::vector<HistoryRow>> SqlStore::history_of(TicketId ticket) {
  return pool_.run([&](Session& session) { return db::history_of(session, ticket); });
}

Result<std::vector<Attachment>> SqlStore::attachments_of(TicketId ticket) {
  return pool_.run([&](Session& session) { return db::attachments_of(session, ticket); });
}

Result<std::vector<MediaJobState>> SqlStore::media_jobs_of(TicketId ticket) {
  return pool_.run([&](Session& session) { return db::media_jobs_of(session, ticket); });
}

Result<std::vector<Staff>> SqlStore::list_staff() {
  return pool_.run([](Session& session) { return db::list_staff(session); });
}

Result<std::vector<Duty>> SqlStore::duties_of(StaffId staff, Time from) {
  return pool_.run([&](Session& session) { return db::duties_of(session, staff, from); });
}

Result<void> SqlStore::put_directory(const Directory& directory, Time now) {
  return pool_.run([&](Session& session) { db::put_directory(session, directory, now); });
}

Result<std::optional<Peer>> SqlStore::find_peer(ConversationId conversation) {
  return pool_.run([&](Session& session) { return db::find_peer(session, conversation); });
}

Result<std::optional<InboxRecord>> SqlStore::find_inbox(const std::string& key) {
  return pool_.run([&](Session& session) { return db::find_inbox(session, key); });
}

Result<std::vector<OutboxRow>> SqlStore::outbox_of(const Peer& destination) {
  return pool_.run([&](Session& session) { return db::outbox_of(session, destination); });
}

Result<std::optional<OutboxRow>> SqlStore::find_outbox(OutboxId id) {
  return pool_.run([&](Session& session) { return db::find_outbox(session, id); });
}

Result<std::vector<OutboxRow>> SqlStore::list_outbox(const OutboxFilter& filter) {
  return pool_.run([&](Session& session) { return db::list_outbox(session, filter); });
}

Result<std::optional<Time>> SqlStore::oldest_waiting() {
  return pool_.run([](Session& session) { return db::oldest_waiting(session); });
}

Result<std::int64_t> SqlStore::take_ticket_numbers(int count) {
  return pool_.run([&](Session& session) { return db::take_ticket_numbers(session, count); });
}

Result<int> SqlStore::lease_node(const std::string& owner, Time now, std::chrono::milliseconds held) {
  auto node = pool_.run([&](Session& session) { return db::lease_node(session, owner, now, held); });
  if (node && *node < 0) return tl::unexpected(StoreError{StoreError::Kind::broken, "every node number is taken"});
  return node;
}

Result<std::vector<LeasedDestination>> SqlStore::lease_destinations(const std::string& owner,
                                                                    const std::string& channel, Time now,
                                                                    std::chrono::milliseconds held, int most) {
  return pool_.run([&](Session& session) { return db::lease_destinations(session, owner, channel, now, held, most); });
}

Result<std::vector<Peer>> SqlStore::renew_destinations(const std::string& owner, const std::vector<Peer>& destinations,
                                                       Time until) {
  return pool_.run([&](Session& session) { return db::renew_destinations(session, owner, destinations, until); });
}

Result<void> SqlStore::bring_forward(const std::vector<Peer>& destinations, Time now) {
  return pool_.run([&](Session& session) { db::bring_forward(session, destinations, now); });
}

Result<std::vector<OutboxRow>> SqlStore::waiting_rows(const std::vector<Peer>& destinations, int most_each) {
  return pool_.run([&](Session& session) { return db::waiting_rows(session, destinations, most_each); });
}

Result<std::vector<Conversation>> SqlStore::conversations_of(const std::vector<Peer>& peers) {
  return pool_.run([&](Session& session) { return db::conversations_of(session, peers); });
}

Result<void> SqlStore::settle(const std::string& owner, const std::vector<OutboxSettlement>& settled,
                              const std::vector<ReleasedDestination>& released, Time now) {
  return pool_.run([&](Session& session) { db::settle(session, owner, settled, released, now); });
}

Result<void> SqlStore::match_early_receipts(Time now) {
  const auto unknown = pool_.run([&](Session& session) { return db::match_early_receipts(session, now); });
  if (!unknown) return tl::unexpected(unknown.error());
  for (const auto& [channel, id] : *unknown)
    if (observer_.receipt_unknown) observer_.receipt_unknown(channel, id);
  return {};
}

Result<std::vector<VerifiedPeer>> SqlStore::verified_peers(const std::vector<ContactId>& contacts) {
  return pool_.run([&](Session& session) { return db::verified_peers(session, contacts); });
}

Result<bool> SqlStore::revise_outbox(OutboxId id, OutboxState to, Time now) {
  return pool_.run([&](Session& session) { return db::revise_outbox(session, id, to, now); });
}

Result<std::vector<Timer>> SqlStore::lease_timers(const std::string& owner, Time now, std::chrono::milliseconds held,
                                                  int most) {
  return pool_.run([&](Session& session) { return db::lease_timers(session, owner, now, held, most); });
}

Result<std::vector<LeasedMediaJob>> SqlStore::lease_media_jobs(const std::string& owner, Time now,
                                                               std::chrono::milliseconds held, int most) {
  return pool_.run([&](Session& session) { return db::lease_media_jobs(session, owner, now, held, most); });
}

Result<void> SqlStore::settle_media(const std::string& owner, const std::vector<MediaSettlement>& settled) {
  return pool_.run([&](Session& session) { db::settle_media(session, owner, settled); });
}

Result<std::optional<StoredCredential>> SqlStore::find_credential(const std::string& channel) {
  return pool_.run([&](Session& session) { return db::find_credential(session, channel); });
}

Result<bool> SqlStore::lease_credential(const std::string& channel, Time known, const std::string& owner, Time now,
                                        std::chrono::milliseconds held) {
  return pool_.run([&](Session& session) { return db::lease_credential(session, channel, known, owner, now, held); });
}

Result<bool> SqlStore::publish_credential(const std::string& channel, const std::string& owner, const Secret& value,
                                          Time expires, Time now) {
  return pool_.run(
      [&](Session& session) { return db::publish_credential(session, channel, owner, value, expires, now); });
}

Result<int> SqlStore::purge_inbox(Time before, int most) {
  return pool_.run([&](Session& session) { return db::purge_inbox(session, before, most); });
}

Expected<std::unique_ptr<Connector>> make_connector(const StoreOptions& options) {
  if (options.mysql.has_value() == options.sqlite.has_value())
    return tl::unexpected(Error{"", "one database is needed: mysql or sqlite", "Name it under `database:`"});
  if (options.mysql) return make_mysql_connector(*options.mysql, options.statement_timeout);
  return make_sqlite_connector(*options.sqlite, options.statement_timeout);
}

namespace {

Expected<std::unique_ptr<Store>> open(const StoreOptions& options, StoreObserver observer, bool must_be_reachable) {
  auto connector = make_connector(options);
  if (!connector) return tl::unexpected(connector.error());
  const auto where = (*connector)->where();
  bool available = true;
  try {
    const auto session = (*connector)->connect(SessionUse::reading);
    if (auto mismatch = check_schema(*session, where)) return tl::unexpected(*std::move(mismatch));
  } catch (const SqlError& error) {
    const bool away = error.kind() == SqlError::Kind::lost || error.kind() == SqlError::Kind::away;
    if (must_be_reachable || !away)
      return tl::unexpected(
          Error{where, error.what(), away ? "Is the database running, and reachable from here?" : ""});
    available = false;
  }
  return std::make_unique<SqlStore>(*std::move(connector), options, std::move(observer), available);
}

}  // namespace

Expected<std::unique_ptr<Store>> open_store(const StoreOptions& options, StoreObserver observer) {
  return open(options, std::move(observer), true);
}

Expected<std::unique_ptr<Store>> open_store_when_reachable(const StoreOptions& options, StoreObserver observer) {
  return open(options, std::move(observer), false);
}

Expected<MigrationReport> migrate(const StoreOptions& options) {
  auto connector = make_connector(options);
  if (!connector) return tl::unexpected(connector.error());
  try {
    return run_migrations(*(*connector)->connect(SessionUse::reading));
  } catch (const SqlError& error) {
    return tl::unexpected(
        Error{(*connector)->where(), error.what(), "Is the database running, and may this user create tables?"});
  }
}

}  // namespace huiyin::db
