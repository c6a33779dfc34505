#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "adapters/channel.h"
#include "db/store.h"
#include "gateway/mail_intake.h"
#include "gateway/metrics.h"
#include "net/imap_connection.h"

namespace huiyin::gateway {

/// Fetches the mails of one mailbox and hands them to the intake; then, and only then, they are moved or marked. Of the
/// nodes that share a store one at a time reads a mailbox, by a lease. What a killed node had stored and not moved yet
/// is fetched again, and known by its delivery key, so UIDs need not be remembered and UIDVALIDITY may change. A thread
/// of its own from construction until stop().
class MailboxReader {
 public:
  static constexpr auto kKeyword = "$HuiyinDone";  ///< marks what stays in its folder

  struct World {
    db::Store& store;
    MailIntake& mails;
    Metrics& metrics;
    const Clock& clock;
    std::string owner{};  ///< names this process in its leases
    std::function<bool()> ready{};
    std::function<void(const std::string& cause, const std::string& text)> alarm{};
  };
  MailboxReader(std::string channel, Mailbox box, World world);
  ~MailboxReader();
  MailboxReader(const MailboxReader&) = delete;
  MailboxReader& operator=(const MailboxReader&) = delete;

  /// Ends after the mails under way. Idempotent.
  void stop();

 private:
  enum class Step { go_on, rest, lost };
  using Uids = std::vector<std::string>;
  struct Batch;

  void work();
  bool hold();
  void let_go();
  [[nodiscard]] bool connect();
  [[nodiscard]] bool select();
  [[nodiscard]] Step read_some();
  [[nodiscard]] std::optional<Uids> search();
  [[nodiscard]] bool fetch(const Uids& uids, Batch& batch);
  [[nodiscard]] bool settle(const Batch& batch);
  [[nodiscard]] bool put_away(const Uids& uids, const std::string& folder);
  [[nodiscard]] std::optional<ImapConnection::Answer> move(const std::string& set, const std::string& folder);
  [[nodiscard]] bool mark(const Uids& uids);
  void rest();
  void pause(std::chrono::milliseconds time);
  [[nodiscard]] bool is_stopping();

  const std::string channel_;
  const Mailbox box_;
  World world_;
  std::unique_ptr<ImapConnection> connection_{};
  bool supports_move_ = false, supports_idle_ = false, keeps_keywords_ = false;
  Time held_until_{};
  std::string validity_{};                 ///< UIDVALIDITY: with another one UIDs mean other mails
  std::map<std::string, int> failures_{};  ///< by UID
  std::set<std::string> handled_{};        ///< UIDs that could neither be moved nor marked
  std::mutex mutex_;
  std::condition_variable wakes_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace huiyin::gateway
