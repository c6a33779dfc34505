#include "db/committer.h"

#include <algorithm>
#include <utility>

#include "core/overloaded.h"
#include "core/thread_name.h"
#include "db/retry.h"

namespace huiyin::db {

Committer::Committer(Connector& connector, Availability& availability, Memory memory, const StoreOptions& options,
                     StoreObserver observer)
    : connector_(&connector),
      availability_(&availability),
      memory_(memory),
      observer_(std::move(observer)),
      max_group_(std::clamp<std::size_t>(options.max_group, 1, kMostGroup)),
      timeout_(options.statement_timeout) {
  const int writers = connector.writers(options.leaders);
  for (int i = 0; i < writers; ++i) free_.push_back(leaders_.emplace_back(std::make_unique<Leader>()).get());
  for (int i = 0; i < writers; ++i) threads_.emplace_back([this] { lead(); });
}

Committer::~Committer() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  arrived_.notify_all();
  gathered_.notify_all();
  for (auto& thread : threads_) thread.join();
}

/// Nothing where the unit was refused already.
std::optional<Committer::Waiting> Committer::admit(EncodedUnit unit, Store::Done done) {
  Waiting waiting{std::move(unit), std::move(done), Clock::now() + timeout_};
  if (!availability_->is_available()) {
    finish(waiting, Unavailable{"the database is away"});
  } else if (waiting.encoded.bytes > kMostUnitBytes) {
    finish(waiting, Refused{"larger than the database takes"});
  } else {
    return waiting;
  }
  return std::nullopt;
}

void Committer::wait_in_line(Waiting waiting, std::unique_lock<std::mutex> lock) {
  if (waiting_.size() >= kMostWaiting) {
    lock.unlock();
    return finish(waiting, Unavailable{"too many units wait to be committed"});
  }
  waiting_.push_back(std::move(waiting));
  if (gathering_ && waiting_.size() >= kWholeGroup)
    gathered_.notify_one();
  else if (is_worth_a_leader())
    arrived_.notify_one();
}

void Committer::submit(EncodedUnit unit, Store::Done done) {
  if (auto waiting = admit(std::move(unit), std::move(done)))
    wait_in_line(*std::move(waiting), std::unique_lock(mutex_));
}

void Committer::submit_here(EncodedUnit unit, Store::Done done, Store::Meanwhile meanwhile) {
  auto waiting = admit(std::move(unit), std::move(done));
  if (!waiting) return;
  std::unique_lock lock(mutex_);
  if (!is_idle()) return wait_in_line(*std::move(waiting), std::move(lock));
  auto* const leader = begin_leading();
  lock.unlock();
  leader->meanwhile = std::move(meanwhile);
  Group group;
  group.push_back(*std::move(waiting));
  commit_group(*leader, std::move(group));
  leader->meanwhile = {};
  end_leading(*leader);
}

void Committer::lead() {
  name_thread("commit");
  for (;;) {
    auto [leader, group] = take_group();
    if (leader == nullptr) return;
    commit_group(*leader, std::move(group));
    end_leading(*leader);
  }
}

/// A leader more costs each of the groups some of its size, and so every unit more of the database's time: only where a
/// whole group waits is that worth while. One that waits for the disk takes no part: meanwhile the next one writes.
bool Committer::is_worth_a_leader() const {
  return !waiting_.empty() && !gathering_ && !free_.empty() && (writing_ == 0 || waiting_.size() >= kWholeGroup);
}

/// Nobody leads or waits, nor did several the last time. Then a committing thread would have to be woken for one unit,
/// and would have to wake somebody for its outcome: a third of the daemon's time for a message.
bool Committer::is_idle() const {
  return waiting_.empty() && !gathering_ && !stopping_ && last_group_ <= 1 && free_.size() == leaders_.size();
}

/// Where the last group was large, more units are about to come: a moment's patience makes one group of two, and each
/// of them cheaper. One who is alone waits for nobody.
void Committer::gather(std::unique_lock<std::mutex>& lock) {
  if (stopping_ || last_group_ < kWorthGathering || waiting_.size() >= kWholeGroup) return;
  gathering_ = true;
  gathered_.wait_for(lock, kGatherPatience, [this] { return stopping_ || waiting_.size() >= kWholeGroup; });
  gathering_ = false;
}

/// With the lock held, and one free.
Committer::Leader* Committer::begin_leading() {
  auto* leader = free_.back();
  free_.pop_back();
  leader->writes = true;
  ++writing_;
  return leader;
}

/// Its group is at the disk, or done with.
void Committer::stops_writing(Leader& leader) {
  const std::lock_guard lock(mutex_);
  if (!std::exchange(leader.writes, false)) return;
  --writing_;
  if (is_worth_a_leader()) arrived_.notify_one();
}

void Committer::end_leading(Leader& leader) {
  const std::lock_guard lock(mutex_);
  if (std::exchange(leader.writes, false)) --writing_;
  free_.push_back(&leader);
  if (stopping_)
    arrived_.notify_all();
  else if (is_worth_a_leader())
    arrived_.notify_one();
}

/// Nobody and nothing when all is done.
std::pair<Committer::Leader*, Committer::Group> Committer::take_group() {
  std::unique_lock lock(mutex_);
  arrived_.wait(lock, [this] { return stopping_ ? waiting_.empty() || !free_.empty() : is_worth_a_leader(); });
  gather(lock);
  if (waiting_.empty()) return {};
  auto* leader = begin_leading();
  Group group;
  std::size_t bytes = 0;
  while (!waiting_.empty() && group.size() < max_group_) {
    bytes += waiting_.front().encoded.bytes;
    if (!group.empty() && bytes > kMostGroupBytes) break;
    group.push_back(std::move(waiting_.front()));
    waiting_.pop_front();
  }
  last_group_ = group.size();
  if (is_worth_a_leader()) arrived_.notify_one();
  return {leader, std::move(group)};
}

void Committer::commit_group(Leader& leader, Group group) {
  const auto began = Clock::now();
  const auto late =
      std::stable_partition(group.begin(), group.end(), [&](const Waiting& one) { return one.deadline > began; });
  for (auto one = late; one != group.end(); ++one) finish(*one, Unavailable{"the database did not answer in time"});
  group.erase(late, group.end());
  if (group.empty()) return;

  deal_ids(group);
  auto outcomes = write(leader, group);
  if (outcomes) note_group(*outcomes, Clock::now() - began);  // before anybody hears of it, and looks
  Group deferred;
  for (std::size_t i = 0; i < group.size(); ++i) {
    if (!outcomes) {
      finish(group[i], Unavailable{outcomes.error()});
    } else if (!(*outcomes)[i]) {
      deferred.push_back(std::move(group[i]));
    } else {
      finish(group[i], *std::move((*outcomes)[i]));
    }
  }
  if (!deferred.empty()) put_back(std::move(deferred));
}

/// Inbox rows are inserted in the order of their keys, so that two writers never wait for each other in a ring. With
/// ids that rise in the same order each is appended to the table; in any other order its pages are split in the middle.
void Committer::deal_ids(Group& group) {
  std::vector<UnitOfWork*> units;
  std::vector<UnitId> ids;
  for (auto& one : group) {
    units.push_back(&one.encoded.unit);
    ids.push_back(one.encoded.unit.id);
  }
  std::sort(ids.begin(), ids.end());
  std::sort(units.begin(), units.end(), [](const auto* a, const auto* b) { return a->inbox.key < b->inbox.key; });
  for (std::size_t i = 0; i < units.size(); ++i) units[i]->id = ids[i];
}

void Committer::note_group(const GroupWriter::Outcomes& outcomes, Clock::duration took) const {
  const auto committed = std::count_if(outcomes.begin(), outcomes.end(), [](const auto& outcome) {
    return outcome && std::holds_alternative<Committed>(*outcome);
  });
  if (committed > 0 && observer_.group_committed)
    observer_.group_committed(static_cast<std::size_t>(committed),
                              std::chrono::duration_cast<std::chrono::microseconds>(took));
}

tl::expected<GroupWriter::Outcomes, std::string> Committer::write(Leader& leader, const Group& group) {
  std::vector<const EncodedUnit*> units;
  units.reserve(group.size());
  auto deadline = Clock::time_point::max();
  for (const auto& one : group) {
    units.push_back(&one.encoded);
    deadline = std::min(deadline, one.deadline);
  }
  const bool may_repeat = std::any_of(
      group.begin(), group.end(), [this](const Waiting& one) { return recent_.may_hold(one.encoded.unit.inbox.key); });
  // Once a connection was lost in the middle, what it did is unknown: the same units are tried, after a look, until
  // known.
  bool may_be_stored = false;
  std::string why;
  for (int attempt = 0;; ++attempt) {
    if (!leader.session && !connect(leader, why)) {
      if (!may_be_stored || Clock::now() >= deadline) return tl::unexpected(why);
      wait_with_jitter(kMostAttempts - 1);
      continue;
    }
    try {
      return leader.writer->write(units, may_repeat || may_be_stored);
    } catch (const SqlError& error) {
      why = error.what();
      note_retry(why);
      if (error.kind() == SqlError::Kind::lost) {
        leader.writer.reset();
        leader.session.reset();
        may_be_stored = true;
      } else if (error.kind() != SqlError::Kind::contended || attempt >= kMostAttempts) {
        return tl::unexpected(why);
      } else {
        wait_with_jitter(attempt);
      }
    }
    if (Clock::now() >= deadline) return tl::unexpected(why);
  }
}

bool Committer::connect(Leader& leader, std::string& why) {
  try {
    leader.session = connector_->connect(SessionUse::writing);
    leader.writer = std::make_unique<GroupWriter>(
        *leader.session, GroupWriter::Hears{.waiting =
                                                [&leader] {
                                                  if (const auto once = std::exchange(leader.meanwhile, {})) once();
                                                },
                                            .committing = [this, &leader] { stops_writing(leader); }});
    return true;
  } catch (const SqlError& error) {
    why = error.what();
    availability_->lose();
    return false;
  }
}

void Committer::finish(Waiting& waiting, CommitOutcome outcome) {
  const auto& unit = waiting.encoded.unit;
  if (std::holds_alternative<Committed>(outcome)) recent_.add(unit.inbox.key);
  if (unit.conversation) {
    // Whatever came of it: it is there now, or somebody else was first, or nobody knows.
    if (memory_.known != nullptr && unit.conversation->version == 0) memory_.known->add(unit.conversation->peer);
    const auto drop = [&] { memory_.cache.drop(unit.conversation->peer); };
    std::visit(
        Overloaded{[&](const Committed&) { memory_.cache.put(*unit.conversation, unit.conversation->version + 1); },
                   [&](const Conflict&) { drop(); },                              // what it was decided on was old
                   [](const Duplicate&) {}, [&](const Unavailable&) { drop(); },  // it may be stored all the same
                   [](const Refused&) {}},
        outcome);
  }
  waiting.done(std::move(outcome));
}

// To the front, in their order: they came before all that waits.
void Committer::put_back(Group deferred) {
  {
    const std::lock_guard lock(mutex_);
    waiting_.insert(waiting_.begin(), std::make_move_iterator(deferred.begin()),
                    std::make_move_iterator(deferred.end()));
  }
  arrived_.notify_one();
}

void Committer::note_retry(const std::string& why) const {
  if (observer_.retried) observer_.retried(why);
}

}  // namespace huiyin::db
