#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/attachment.h"
#include "core/error.h"
#include "core/outbox.h"
#include "core/secret.h"
#include "core/snapshot.h"
#include "core/ticket.h"
#include "core/timer.h"
#include "core/unit_of_work.h"

namespace huiyin::db {

/// Why a query gave nothing.
struct StoreError {
  enum class Kind { unavailable, broken } kind = Kind::unavailable;
  std::string why{};
};
template <class T>
using Result = tl::expected<T, StoreError>;

struct MysqlOptions {
  std::string host = "127.0.0.1";
  int port = 3306;
  std::string socket{};  ///< used instead of host and port where it is set
  std::string database{};
  std::string user{};
  Secret password{};
};

struct SqliteOptions {
  std::string file{};
};

struct StoreOptions {
  std::optional<MysqlOptions> mysql{};  ///< one of the two
  std::optional<SqliteOptions> sqlite{};
  int leaders = 2;                     ///< committing threads (SQLite: always 1)
  int readers = 4;                     ///< pooled connections for read() and queries
  std::size_t max_group = 128;         ///< units in one transaction
  std::size_t cache_bytes = 4U << 20;  ///< of conversations
  bool knows_peers = false;  ///< reads all peers at the start, so that a stranger's first message needs no read
  std::chrono::milliseconds statement_timeout{3000};  ///< also of connecting; then the store counts as unavailable
};

/// What the store tells metrics about itself. Any member may be empty; called from any thread.
struct StoreObserver {
  std::function<void(std::size_t units, std::chrono::microseconds took)> group_committed{};
  std::function<void(const std::string& why)> retried{};
  /// A receipt named no message of ours within an hour: one of another system's on the same account, or of a row long
  /// gone.
  std::function<void(const std::string& channel, const std::string& id)> receipt_unknown{};
};

/// A row of the inbox, for replay and audit.
struct InboxRecord {
  UnitId unit{};  ///< of the decision
  InboxRow row{};
  std::optional<OutboundMessage> reply{};
  bool reply_moved = false;
};

/// A media job taken by a node for a while, with what is known of its attachment.
struct LeasedMediaJob {
  MediaJob job{};
  int attempts = 0;  ///< before this one
  Attachment attachment{};
  Peer peer{};           ///< who sent it; empty where his conversation is gone
  std::string locale{};  ///< of that conversation
};

/// A media job that is to be tried again.
struct MediaSettlement {
  MediaJobId id{};
  Time next_due{};
  int attempts = 0;
  std::string last_error{};
};

/// How far fetching an attachment has come, where its bytes are not on disk.
struct MediaJobState {
  AttachmentId attachment{};
  int attempts = 0;
  std::string last_error{};
  bool ended = false;  ///< refused or expired: they will not come
};

struct TicketFilter {
  std::optional<TicketStatus> status{};
  std::optional<EstateId> estate{};
  bool open_only = false;
  int limit = 50;  ///< at most 1000; newest first
};

/// Estates and departments as configuration names them.
struct Directory {
  struct Estate {
    EstateId id{};
    std::string name{}, title{}, hotline{}, time_zone{};
  };
  struct Department {
    DepartmentId id{};
    std::string name{};
    std::string categories{};  ///< what it gets, comma-separated: `repair,cleaning`
  };
  std::vector<Estate> estates{};
  std::vector<Department> departments{};
};

struct OutboxFilter {
  std::optional<OutboxState> state{};
  std::string channel{};  ///< empty: any
  std::string address{};  ///< empty: any
  int limit = 50;         ///< at most 1000
};

/// A credential at a provider (an access token) as the nodes share it.
struct StoredCredential {
  Secret value{};  ///< empty: none was published yet
  Time expires{};
  Time refreshed{};  ///< by which one is told from the one before
};

/// Where everything is kept. One implementation in portable SQL (sql_store.cpp) on two thin drivers. Thread-safe.
class Store {
 public:
  Store() = default;
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;
  virtual ~Store() = default;

  /// What `wants` names, consistent enough to decide on: what is written is checked by version at the commit.
  [[nodiscard]] virtual Result<Snapshot> read(const Wants& wants) = 0;
  /// What read() would answer from memory alone; nothing where it would have to ask the database. Never waits.
  [[nodiscard]] virtual std::optional<Snapshot> read_at_once(const Wants& wants) = 0;

  using Done = std::function<void(CommitOutcome)>;
  using Meanwhile = std::function<void()>;  ///< may be empty
  /// Commits the unit whole, together with others that arrive meanwhile (group commit). `done` is called exactly once,
  /// from a committing thread, and must not block; if the outcome stays unknown it is called with Unavailable.
  virtual void commit(UnitOfWork unit, Done done) = 0;
  /// The same, by a caller who can wait: while the store has nothing else to commit he commits the unit himself, which
  /// takes two wakings less, and `done` is called on his thread before this returns. Of all callers one at a time does
  /// so, for the statement timeout at most while the database stalls. What he has to do in any case he may do
  /// `meanwhile`: that is called once before `done`, or not at all; it must not throw, nor call the store.
  virtual void commit_here(UnitOfWork unit, Done done, Meanwhile meanwhile) = 0;
  /// The same, waiting for the outcome.
  [[nodiscard]] CommitOutcome commit(UnitOfWork unit);

  /// False while the server is known to be away: commit() and read() then fail at once. A thread of the store's own
  /// looks for it again every second.
  [[nodiscard]] virtual bool is_available() const = 0;
  /// The database's own clock, for the check that ours is not off by more than a second.
  [[nodiscard]] virtual Result<Time> server_time() = 0;

  // Queries. None is on a hot path.
  [[nodiscard]] virtual Result<std::optional<Ticket>> find_ticket(TicketNumber number) = 0;
  /// Those that there are, in no order.
  [[nodiscard]] virtual Result<std::vector<Ticket>> tickets_by_id(const std::vector<TicketId>& ids) = 0;
  [[nodiscard]] virtual Result<std::vector<Ticket>> list_tickets(const TicketFilter& filter) = 0;
  [[nodiscard]] virtual Result<std::vector<HistoryRow>> history_of(TicketId ticket) = 0;  ///< oldest first
  [[nodiscard]] virtual Result<std::vector<Attachment>> attachments_of(TicketId ticket) = 0;
  /// The jobs of the ticket's attachments that have no bytes.
  [[nodiscard]] virtual Result<std::vector<MediaJobState>> media_jobs_of(TicketId ticket) = 0;
  /// Everybody, those disabled too, by name.
  [[nodiscard]] virtual Result<std::vector<Staff>> list_staff() = 0;
  /// One person's spans of duty and leave that end after `from`.
  [[nodiscard]] virtual Result<std::vector<Duty>> duties_of(StaffId staff, Time from) = 0;
  /// Whose conversation it is; nothing where there is none.
  [[nodiscard]] virtual Result<std::optional<Peer>> find_peer(ConversationId conversation) = 0;
  [[nodiscard]] virtual Result<std::optional<InboxRecord>> find_inbox(const std::string& key) = 0;
  [[nodiscard]] virtual Result<std::vector<OutboxRow>> outbox_of(const Peer& destination) = 0;
  [[nodiscard]] virtual Result<std::optional<OutboxRow>> find_outbox(OutboxId id) = 0;
  /// Newest first. Reads the table until it has found enough: for people, not for programs.
  [[nodiscard]] virtual Result<std::vector<OutboxRow>> list_outbox(const OutboxFilter& filter) = 0;
  /// Since when the destination that waits longest has been owed something; nothing where nobody is owed anything.
  [[nodiscard]] virtual Result<std::optional<Time>> oldest_waiting() = 0;

  // The machinery's own writes.
  /// Writes estates and departments as configured, so that people who read the tables see names; removes none.
  [[nodiscard]] virtual Result<void> put_directory(const Directory& directory, Time now) = 0;
  /// A block of `count` ticket sequence numbers that nobody else gets; returns the first. Gaps are allowed.
  [[nodiscard]] virtual Result<std::int64_t> take_ticket_numbers(int count) = 0;
  /// A free node number from 0 to IdSource::kMaxNode, held until `expires` and again until then by each further call of
  /// the same owner.
  [[nodiscard]] virtual Result<int> lease_node(const std::string& owner, Time now, std::chrono::milliseconds held) = 0;
  /// Up to `most` destinations of a channel with a row that is due, oldest first, each held by `owner` until now +
  /// held.
  [[nodiscard]] virtual Result<std::vector<LeasedDestination>> lease_destinations(const std::string& owner,
                                                                                  const std::string& channel, Time now,
                                                                                  std::chrono::milliseconds held,
                                                                                  int most) = 0;
  /// Holds leased destinations until `until`; returns those that `owner` still has.
  [[nodiscard]] virtual Result<std::vector<Peer>> renew_destinations(const std::string& owner,
                                                                     const std::vector<Peer>& destinations,
                                                                     Time until) = 0;
  /// Has destinations for which something waits looked at now.
  [[nodiscard]] virtual Result<void> bring_forward(const std::vector<Peer>& destinations, Time now) = 0;
  /// The first `most_each` waiting rows of each leased destination, due or not, in id order.
  [[nodiscard]] virtual Result<std::vector<OutboxRow>> waiting_rows(const std::vector<Peer>& destinations,
                                                                    int most_each) = 0;
  /// The conversations that there are with these peers, in no order; not from the cache.
  [[nodiscard]] virtual Result<std::vector<Conversation>> conversations_of(const std::vector<Peer>& peers) = 0;
  /// Writes what became of rows, and gives destinations back: each is due again at the time given, or earlier where a
  /// message was queued for it meanwhile. A receipt that came first, and a cancellation of what is to wait, stand. What
  /// somebody else leased meanwhile stays his.
  [[nodiscard]] virtual Result<void> settle(const std::string& owner, const std::vector<OutboxSettlement>& settled,
                                            const std::vector<ReleasedDestination>& released, Time now) = 0;
  /// A receipt that names no message when it is committed is kept, since it may overtake settle(), which writes the
  /// provider's id: looks again for the messages of such receipts, some hundreds at most. To be called often.
  [[nodiscard]] virtual Result<void> match_early_receipts(Time now) = 0;
  /// Every peer known for certain to be one of these persons'.
  [[nodiscard]] virtual Result<std::vector<VerifiedPeer>> verified_peers(const std::vector<ContactId>& contacts) = 0;
  /// By an operator's hand: `waiting` has a row that is unknown or dead, or waits for later, tried now, however old it
  /// is; `cancelled` drops one that is not sent. False where the row is in no state for that.
  [[nodiscard]] virtual Result<bool> revise_outbox(OutboxId id, OutboxState to, Time now) = 0;
  /// Up to `most` timers that are due, each held by `owner` until now + held. A timer goes when a unit whose key is
  /// `timer:<id>:<due>` commits.
  [[nodiscard]] virtual Result<std::vector<Timer>> lease_timers(const std::string& owner, Time now,
                                                                std::chrono::milliseconds held, int most) = 0;
  /// Up to `most` media jobs that are due, each held by `owner` until now + held. A job ends when a unit that names it
  /// in `fetched` commits.
  [[nodiscard]] virtual Result<std::vector<LeasedMediaJob>> lease_media_jobs(const std::string& owner, Time now,
                                                                             std::chrono::milliseconds held,
                                                                             int most) = 0;
  /// Gives jobs back, to be tried again. One that `owner` no longer holds, or that has ended, is left alone.
  [[nodiscard]] virtual Result<void> settle_media(const std::string& owner,
                                                  const std::vector<MediaSettlement>& settled) = 0;
  /// The channel's credential; nothing where nobody has asked for one yet.
  [[nodiscard]] virtual Result<std::optional<StoredCredential>> find_credential(const std::string& channel) = 0;
  /// May `owner` fetch another one now? True for one owner at a time, until now + held, and only while the stored one
  /// is still that of `known` (StoredCredential::refreshed; Time{} where there was none).
  [[nodiscard]] virtual Result<bool> lease_credential(const std::string& channel, Time known, const std::string& owner,
                                                      Time now, std::chrono::milliseconds held) = 0;
  /// Gives all nodes the one that was fetched, and the lease back. False, and nothing is written, where `owner` no
  /// longer holds it.
  [[nodiscard]] virtual Result<bool> publish_credential(const std::string& channel, const std::string& owner,
                                                        const Secret& value, Time expires, Time now) = 0;
  /// Removes inbox rows received before `before`, at most `most`; returns how many.
  [[nodiscard]] virtual Result<int> purge_inbox(Time before, int most) = 0;
};

/// Connects and checks the schema. An Error where the server cannot be reached, the schema is older than this program
/// (run `huiyin migrate`) or newer (run the newer program).
[[nodiscard]] Expected<std::unique_ptr<Store>> open_store(const StoreOptions& options, StoreObserver observer = {});

/// As open_store(), but a server that is away at the start is no error: the store is unavailable until it answers.
/// The schema is then checked when it does; until then nothing is read or written.
[[nodiscard]] Expected<std::unique_ptr<Store>> open_store_when_reachable(const StoreOptions& options,
                                                                         StoreObserver observer = {});

struct MigrationReport {
  int from = 0;
  int to = 0;
};
/// Brings the schema up to this program's. Two processes may try at once: one waits for the other.
[[nodiscard]] Expected<MigrationReport> migrate(const StoreOptions& options);

}  // namespace huiyin::db
