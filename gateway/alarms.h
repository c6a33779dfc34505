#pragma once

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "core/ids.h"
#include "core/peer.h"
#include "db/store.h"

namespace huiyin::gateway {

/// Tells the operators of what only they can mend: a line in the log, and an urgent message to each of `alarms: to:`
/// through the outbox. Once per cause and hour, over all nodes. Thread-safe; does not wait for the store.
class Alarms {
 public:
  /// All must outlive this.
  Alarms(db::Store& store, IdSource& ids, const Clock& clock, std::vector<Peer> to)
      : store_(store), ids_(ids), clock_(clock), to_(std::move(to)) {}

  /// `cause` names what is wrong, the same each time: `dead:wechat:main`. `text`: for a person, without secrets and
  /// without an owner's words.
  void raise(const std::string& cause, const std::string& text);

 private:
  [[nodiscard]] bool is_first(const std::string& key, std::int64_t hour);

  db::Store& store_;
  IdSource& ids_;
  const Clock& clock_;
  const std::vector<Peer> to_;
  std::mutex mutex_;
  std::int64_t hour_ = 0;
  std::map<std::string, bool> raised_;  // in this hour
};

/// That a message of `channel` is dead, and where to see it.
void raise_given_up(Alarms& alarms, const std::string& channel, const std::string& why);

/// That a day's books do not come out even, and where.
void raise_audit_alarm(Alarms& alarms, const std::string& day, const std::vector<std::string>& differences);

/// `wechat:main/openid` as config has checked it.
[[nodiscard]] std::vector<Peer> parse_destinations(const std::vector<std::string>& texts);

}  // namespace huiyin::gateway
