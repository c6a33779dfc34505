#pragma once

#include <memory>
#include <string>
#include <vector>

#include "db/group_writer.h"
#include "db/session.h"
#include "db/store.h"

namespace huiyin::db {

/// A schema of a test's own; gone with it.
class Schema {
 public:
  Schema() = default;
  Schema(const Schema&) = delete;
  Schema& operator=(const Schema&) = delete;
  virtual ~Schema() = default;
  [[nodiscard]] virtual StoreOptions options() const = 0;
};

struct Driver {
  std::string name{};
  std::unique_ptr<Schema> (*make_empty)() = nullptr;  ///< nothing in it, not even tables
};
/// The drivers that this binary was built for.
[[nodiscard]] std::vector<Driver> drivers();
inline void PrintTo(const Driver& driver, std::ostream* out) { *out << driver.name; }

/// A migrated, empty schema, with a session of its own beside the store for looking at what the store did.
class Database {
 public:
  explicit Database(const Driver& driver);
  [[nodiscard]] StoreOptions options() const { return schema_->options(); }
  [[nodiscard]] std::unique_ptr<Store> open() const;
  [[nodiscard]] std::unique_ptr<Session> connect(SessionUse use = SessionUse::reading) const;
  /// The first column of the first row.
  [[nodiscard]] std::string ask(const std::string& sql) const;
  void execute(const std::string& sql) const;

 private:
  std::unique_ptr<Schema> schema_;
  std::unique_ptr<Connector> connector_;
  std::unique_ptr<Session> session_;
};

// Units of work as tests need them. Ids are given out from 1 on, anew in each process.
[[nodiscard]] std::int64_t fresh_id();
inline const Peer kWang{"wechat:main", "oWang"};
inline const Peer kLi{"wechat:main", "oLi"};
extern const Time kNoon;  ///< of 2026-11-23 in Asia/Shanghai
[[nodiscard]] UnitOfWork unit_of(const std::string& key, const Peer& peer = kWang);
[[nodiscard]] Conversation conversation_of(const Peer& peer);
[[nodiscard]] OutboundMessage reply_of(const std::string& text);
[[nodiscard]] OutboxRow text_to(const Peer& peer, const std::string& text, Time due);
[[nodiscard]] Ticket ticket_of(const Peer& peer, std::int64_t number);
[[nodiscard]] Survey survey_of(const Peer& peer, TicketId ticket);

/// `committed`, `duplicate reply`, `duplicate moved`, `conflict conversations 5`, `unavailable`, `refused`.
[[nodiscard]] std::string describe(const CommitOutcome& outcome);

}  // namespace huiyin::db
