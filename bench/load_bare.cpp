#include "bench/load_bare.h"

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <exception>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>

#include "bench/load_echo.h"
#include "core/error.h"
#include "core/ids.h"

namespace huiyin::bench {
namespace {

constexpr std::size_t kConversationBytes = 600, kRawBytes = 350;  // the floor's (load_floor.cpp)

/// Commits what comes, a unit a message.
class Keeper {
 public:
  Keeper(const db::MysqlOptions& database, const Clock& clock) : clock_(clock), ids_(clock, 1) {
    db::StoreOptions options;
    options.mysql = database;
    if (const auto migrated = db::migrate(options); !migrated) throw std::runtime_error(describe(migrated.error()));
    auto store = db::open_store(options, {});
    if (!store) throw std::runtime_error(describe(store.error()));
    store_ = std::move(*store);
  }

  void keep(const Event& event) {
    auto unit = unit_of(event);
    if (!unit) return;
    std::promise<CommitOutcome> promise;
    store_->commit_here(std::move(*unit), [&](CommitOutcome outcome) { promise.set_value(std::move(outcome)); }, {});
    if (!std::holds_alternative<Committed>(promise.get_future().get())) {
      throw std::runtime_error("a message was not committed");
    }
    const std::scoped_lock lock(mutex_);
    ++conversations_[event.peer.address].version;
  }

 private:
  /// Nothing for a repeat: it costs nothing here.
  std::optional<UnitOfWork> unit_of(const Event& event) {
    const std::scoped_lock lock(mutex_);
    if (!keys_.insert(event.key).second) return std::nullopt;
    UnitOfWork unit;
    unit.id = ids_.next<UnitId>();
    unit.inbox.key = event.key;
    unit.inbox.channel = event.peer.channel;
    unit.inbox.peer = event.peer.address;
    unit.inbox.raw = std::string(kRawBytes, 'x');
    unit.inbox.received = clock_.now();
    const auto [entry, is_new] = conversations_.try_emplace(event.peer.address);
    auto& conversation = entry->second;
    if (is_new) {
      conversation.id = ids_.next<ConversationId>();
      conversation.peer = event.peer;
    }
    conversation.dialog.slots["description"].value =
        std::string(kConversationBytes, static_cast<char>('a' + unit.id.value % 26));
    unit.conversation = conversation;
    return unit;
  }

  const Clock& clock_;
  IdSource ids_;
  std::unique_ptr<db::Store> store_;
  std::mutex mutex_;
  std::map<std::string, Conversation> conversations_;  // of a few seconds' owners
  std::set<std::string> keys_;
};

/// Never returns: the child's whole life.
[[noreturn]] void serve(const HookAccount& account, const db::MysqlOptions& database, const Clock& clock, int tell) {
  try {
    Keeper keeper(database, clock);
    const EchoHook hook(account, clock, [&keeper](const Event& event) { keeper.keep(event); });
    const auto port = hook.port();
    if (write(tell, &port, sizeof port) != sizeof port) throw std::runtime_error("nobody asks for the port");
    for (;;) pause();  // until its parent ends it
  } catch (const std::exception& error) {
    std::fprintf(stderr, "load: the bare hook: %s\n", error.what());
  }
  _exit(1);
}

}  // namespace

BareHook::BareHook(const HookAccount& account, const db::MysqlOptions& database, const Clock& clock)
    : account_(account) {
  std::array<int, 2> ends{};
  if (pipe(ends.data()) != 0) throw std::runtime_error("no pipe for the bare hook");
  pid_ = fork();
  if (pid_ == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    close(ends[0]);
    serve(account, database, clock, ends[1]);
  }
  close(ends[1]);
  const auto got = pid_ < 0 ? -1 : read(ends[0], &account_.port, sizeof account_.port);
  close(ends[0]);
  if (got != sizeof account_.port) throw std::runtime_error("the bare hook did not come up");
}

BareHook::~BareHook() {
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
}

}  // namespace huiyin::bench
