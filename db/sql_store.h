#pragma once

#include <memory>

#include "db/availability.h"
#include "db/committer.h"
#include "db/conversation_cache.h"
#include "db/known_peers.h"
#include "db/session.h"
#include "db/session_pool.h"
#include "db/store.h"

namespace huiyin::db {

/// The Store above a Connector: reads and the machinery's writes by a pool of sessions, units of work by the committing
/// threads, conversations kept in a cache.
class SqlStore final : public Store {
 public:
  SqlStore(std::unique_ptr<Connector> connector, const StoreOptions& options, StoreObserver observer, bool available);

  Result<Snapshot> read(const Wants& wants) override;
  std::optional<Snapshot> read_at_once(const Wants& wants) override;
  using Store::commit;
  void commit(UnitOfWork unit, Done done) override;
  void commit_here(UnitOfWork unit, Done done, Meanwhile meanwhile) override;
  bool is_available() const override { return availability_.is_available(); }
  Result<Time> server_time() override;

  Result<std::optional<Ticket>> find_ticket(TicketNumber number) override;
  Result<std::vector<Ticket>> tickets_by_id(const std::vector<TicketId>& ids) override;
  Result<std::vector<Ticket>> list_tickets(const TicketFilter& filter) override;
  Result<std::vector<HistoryRow>> history_of(TicketId ticket) override;
  Result<std::vector<Attachment>> attachments_of(TicketId ticket) override;
  Result<std::vector<MediaJobState>> media_jobs_of(TicketId ticket) override;
  Result<std::vector<Staff>> list_staff() override;
  Result<std::vector<Duty>> duties_of(StaffId staff, Time from) override;
  Result<std::optional<Peer>> find_peer(ConversationId conversation) override;
  Result<std::optional<InboxRecord>> find_inbox(const std::string& key) override;
  Result<std::vector<OutboxRow>> outbox_of(const Peer& destination) override;
  Result<std::optional<OutboxRow>> find_outbox(OutboxId id) override;
  Result<std::vector<OutboxRow>> list_outbox(const OutboxFilter& filter) override;
  Result<std::optional<Time>> oldest_waiting() override;

  Result<void> put_directory(const Directory& directory, Time now) override;
  Result<std::int64_t> take_ticket_numbers(int count) override;
  Result<int> lease_node(const std::string& owner, Time now, std::chrono::milliseconds held) override;
  Result<std::vector<LeasedDestination>> lease_destinations(const std::string& owner, const std::string& channel,
                                                            Time now, std::chrono::milliseconds held,
                                                            int most) override;
  Result<std::vector<Peer>> renew_destinations(const std::string& owner, const std::vector<Peer>& destinations,
                                               Time until) override;
  Result<void> bring_forward(const std::vector<Peer>& destinations, Time now) override;
  Result<std::vector<OutboxRow>> waiting_rows(const std::vector<Peer>& destinations, int most_each) override;
  Result<std::vector<Conversation>> conversations_of(const std::vector<Peer>& peers) override;
  Result<void> settle(const std::string& owner, const std::vector<OutboxSettlement>& settled,
                      const std::vector<ReleasedDestination>& released, Time now) override;
  Result<void> match_early_receipts(Time now) override;
  Result<std::vector<VerifiedPeer>> verified_peers(const std::vector<ContactId>& contacts) override;
  Result<bool> revise_outbox(OutboxId id, OutboxState to, Time now) override;
  Result<std::vector<Timer>> lease_timers(const std::string& owner, Time now, std::chrono::milliseconds held,
                                          int most) override;
  Result<std::vector<LeasedMediaJob>> lease_media_jobs(const std::string& owner, Time now,
                                                       std::chrono::milliseconds held, int most) override;
  Result<void> settle_media(const std::string& owner, const std::vector<MediaSettlement>& settled) override;
  Result<std::optional<StoredCredential>> find_credential(const std::string& channel) override;
  Result<bool> lease_credential(const std::string& channel, Time known, const std::string& owner, Time now,
                                std::chrono::milliseconds held) override;
  Result<bool> publish_credential(const std::string& channel, const std::string& owner, const Secret& value,
                                  Time expires, Time now) override;
  Result<int> purge_inbox(Time before, int most) override;

 private:
  [[nodiscard]] bool probe() noexcept;

  std::unique_ptr<Connector> connector_;
  StoreObserver observer_;
  ConversationCache cache_;
  Availability availability_;
  std::unique_ptr<KnownPeers> known_;  ///< null where none are remembered
  SessionPool pool_;
  Committer committer_;
};

/// The connector that the options name. An Error where they name none or two.
[[nodiscard]] Expected<std::unique_ptr<Connector>> make_connector(const StoreOptions& options);

}  // namespace huiyin::db
