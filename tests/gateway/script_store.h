#pragma once

#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <vector>

#include "db/store.h"

namespace huiyin::gateway {

/// A store whose answers the test gives: it keeps conversations and inbox rows in memory with the real rules of
/// versions and keys, and can be told to be away, to hold commits back, or to answer something else once. For the
/// pipeline's own behaviour only; what a database does is tried on databases (tests/db, end_to_end_test.cpp).
class ScriptStore final : public db::Store {
 public:
  using Store::commit;

  /// Called by whoever reads, before he does. Set before there are any.
  std::function<void(const Wants& wants)> before_read{};

  db::Result<Snapshot> read(const Wants& wants) override {
    if (before_read) before_read(wants);
    const std::lock_guard lock(mutex_);
    ++reads_;
    if (!available_) return tl::unexpected(db::StoreError{db::StoreError::Kind::unavailable, "away"});
    Snapshot snapshot{.read = wants};
    if (const auto found = conversations_.find(wants.peer); found != conversations_.end())
      snapshot.conversation = found->second;
    return snapshot;
  }

  std::optional<Snapshot> read_at_once(const Wants&) override { return std::nullopt; }

  void commit(UnitOfWork unit, Done done) override {
    std::unique_lock lock(mutex_);
    if (holding_) {
      held_.emplace_back(std::move(unit), std::move(done));
      return;
    }
    auto outcome = outcome_of(unit);
    lock.unlock();
    done(std::move(outcome));
  }

  void commit_here(UnitOfWork unit, Done done, Meanwhile meanwhile) override {
    bool here = false;
    {
      const std::lock_guard lock(mutex_);
      here = !holding_ && leads_-- > 0;
    }
    if (here) meanwhile();
    commit(std::move(unit), std::move(done));
  }
  /// Only the next `commits` callers of commit_here() are let do something meanwhile.
  void lead_only(int commits) {
    const std::lock_guard lock(mutex_);
    leads_ = commits;
  }

  /// From now on commits wait for release().
  void hold() {
    const std::lock_guard lock(mutex_);
    holding_ = true;
  }
  /// Commits what was held, in order, and holds no more; on the caller's thread, which may have handed it over.
  void release() {
    std::unique_lock lock(mutex_);
    holding_ = false;
    while (!held_.empty()) {
      auto [unit, done] = std::move(held_.front());
      held_.pop_front();
      auto outcome = outcome_of(unit);
      lock.unlock();
      done(std::move(outcome));
      lock.lock();
    }
  }
  /// The next commit is answered so, and stores nothing.
  void answer_next(CommitOutcome outcome) {
    const std::lock_guard lock(mutex_);
    scripted_.push_back(std::move(outcome));
  }
  void set_available(bool available) {
    const std::lock_guard lock(mutex_);
    available_ = available;
  }
  [[nodiscard]] std::vector<UnitOfWork> committed() const {
    const std::lock_guard lock(mutex_);
    return units_;
  }
  [[nodiscard]] std::size_t held() const {
    const std::lock_guard lock(mutex_);
    return held_.size();
  }

  [[nodiscard]] bool is_available() const override {
    const std::lock_guard lock(mutex_);
    return available_;
  }
  db::Result<std::int64_t> take_ticket_numbers(int count) override {
    const std::lock_guard lock(mutex_);
    const auto first = next_number_;
    next_number_ += count;
    return first;
  }

  db::Result<Time> server_time() override { return Time{}; }
  db::Result<std::optional<Ticket>> find_ticket(TicketNumber) override { return std::nullopt; }
  db::Result<std::vector<Ticket>> tickets_by_id(const std::vector<TicketId>&) override { return std::vector<Ticket>{}; }
  db::Result<std::vector<Ticket>> list_tickets(const db::TicketFilter&) override { return std::vector<Ticket>{}; }
  db::Result<std::vector<HistoryRow>> history_of(TicketId) override { return std::vector<HistoryRow>{}; }
  db::Result<std::vector<Attachment>> attachments_of(TicketId) override { return std::vector<Attachment>{}; }
  db::Result<std::optional<db::InboxRecord>> find_inbox(const std::string& key) override {
    const std::lock_guard lock(mutex_);
    const auto found = inbox_.find(key);
    if (found == inbox_.end()) return std::nullopt;
    return db::InboxRecord{.row = {.key = key}, .reply = found->second};
  }
  db::Result<std::vector<OutboxRow>> outbox_of(const Peer&) override { return std::vector<OutboxRow>{}; }
  db::Result<int> lease_node(const std::string&, Time, std::chrono::milliseconds) override { return 1; }
  db::Result<std::optional<OutboxRow>> find_outbox(OutboxId) override { return std::nullopt; }
  db::Result<std::vector<OutboxRow>> list_outbox(const db::OutboxFilter&) override { return std::vector<OutboxRow>{}; }
  db::Result<std::optional<Time>> oldest_waiting() override { return std::nullopt; }
  db::Result<std::vector<LeasedDestination>> lease_destinations(const std::string&, const std::string&, Time,
                                                                std::chrono::milliseconds, int) override {
    return std::vector<LeasedDestination>{};
  }
  db::Result<std::vector<Peer>> renew_destinations(const std::string&, const std::vector<Peer>&, Time) override {
    return std::vector<Peer>{};
  }
  db::Result<void> bring_forward(const std::vector<Peer>&, Time) override { return {}; }
  db::Result<std::vector<OutboxRow>> waiting_rows(const std::vector<Peer>&, int) override {
    return std::vector<OutboxRow>{};
  }
  db::Result<std::vector<Conversation>> conversations_of(const std::vector<Peer>&) override {
    return std::vector<Conversation>{};
  }
  db::Result<void> settle(const std::string&, const std::vector<OutboxSettlement>&,
                          const std::vector<ReleasedDestination>&, Time) override {
    return {};
  }
  db::Result<void> match_early_receipts(Time) override { return {}; }
  db::Result<std::vector<VerifiedPeer>> verified_peers(const std::vector<ContactId>&) override {
    return std::vector<VerifiedPeer>{};
  }
  db::Result<bool> revise_outbox(OutboxId, OutboxState, Time) override { return false; }
  /// Each timer is handed out once; what a lease means is tried on databases.
  db::Result<std::vector<Timer>> lease_timers(const std::string&, Time now, std::chrono::milliseconds,
                                              int most) override {
    const std::lock_guard lock(mutex_);
    std::vector<Timer> out;
    std::erase_if(timers_, [&](const Timer& timer) {
      if (timer.due > now || out.size() >= static_cast<std::size_t>(most)) return false;
      out.push_back(timer);
      return true;
    });
    return out;
  }
  void add_timer(Timer timer) {
    const std::lock_guard lock(mutex_);
    timers_.push_back(std::move(timer));
  }
  [[nodiscard]] std::size_t timers_left() const {
    const std::lock_guard lock(mutex_);
    return timers_.size();
  }
  db::Result<std::vector<db::MediaJobState>> media_jobs_of(TicketId) override {
    return std::vector<db::MediaJobState>{};
  }
  db::Result<std::vector<Staff>> list_staff() override { return std::vector<Staff>{}; }
  db::Result<std::vector<Duty>> duties_of(StaffId, Time) override { return std::vector<Duty>{}; }
  db::Result<void> put_directory(const db::Directory&, Time) override { return {}; }
  db::Result<std::optional<Peer>> find_peer(ConversationId id) override {
    const std::lock_guard lock(mutex_);
    for (const auto& [peer, conversation] : conversations_)
      if (conversation.id == id) return peer;
    return std::nullopt;
  }
  db::Result<std::vector<db::LeasedMediaJob>> lease_media_jobs(const std::string&, Time, std::chrono::milliseconds,
                                                               int) override {
    return std::vector<db::LeasedMediaJob>{};
  }
  db::Result<void> settle_media(const std::string&, const std::vector<db::MediaSettlement>&) override { return {}; }
  db::Result<std::optional<db::StoredCredential>> find_credential(const std::string&) override { return std::nullopt; }
  db::Result<bool> lease_credential(const std::string&, Time, const std::string&, Time,
                                    std::chrono::milliseconds) override {
    return false;
  }
  db::Result<bool> publish_credential(const std::string&, const std::string&, const Secret&, Time, Time) override {
    return false;
  }
  db::Result<int> purge_inbox(Time, int) override { return 0; }

 private:
  CommitOutcome outcome_of(const UnitOfWork& unit) {
    if (!scripted_.empty()) {
      auto outcome = std::move(scripted_.front());
      scripted_.pop_front();
      return outcome;
    }
    if (!available_) return Unavailable{"away"};
    if (const auto known = inbox_.find(unit.inbox.key); known != inbox_.end()) return Duplicate{.reply = known->second};
    if (unit.conversation) {
      auto& stored = conversations_[unit.conversation->peer];
      if (stored.version != unit.conversation->version) return Conflict{"conversation"};
      stored = *unit.conversation;
      ++stored.version;
    }
    inbox_[unit.inbox.key] = unit.reply;
    units_.push_back(unit);
    return Committed{};
  }

  mutable std::mutex mutex_;
  bool available_ = true;
  bool holding_ = false;
  int leads_ = 1000;
  std::int64_t next_number_ = 1024;
  std::size_t reads_ = 0;
  std::map<Peer, Conversation> conversations_;
  std::map<std::string, std::optional<OutboundMessage>> inbox_;
  std::vector<UnitOfWork> units_;
  std::vector<Timer> timers_;
  std::deque<CommitOutcome> scripted_;
  std::deque<std::pair<UnitOfWork, Done>> held_;
};

}  // namespace huiyin::gateway
