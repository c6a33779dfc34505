// What goes wrong between the store and a server: answers lost, connections killed, the server stalled, killed, away.
#include <signal.h>

#include <array>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <future>
#include <mutex>
#include <set>
#include <thread>

#include "core/handle.h"
#include "db/mysql_session.h"
#include "tests/db/answer_thief.h"
#include "tests/db/store_conformance.h"

namespace huiyin::db {
namespace {

using namespace std::chrono_literals;

class MysqlFaults : public StoreConformance {
 protected:
  /// Until the session's transaction ends.
  static void lock(Session& holder, ConversationId conversation) {
    auto& rows = holder.prepare("SELECT id FROM conversations WHERE id=? FOR UPDATE").bind(conversation);
    rows.query();
    while (rows.next()) continue;
  }
};

class LostAnswer : public StoreConformance {
 protected:
  StoreOptions through_thief() {
    auto options = database_.options();
    options.mysql->port = thief_.port();
    return options;
  }
  UnitOfWork ticketed(int n) {
    auto unit = unit_of("k" + std::to_string(n));
    unit.conversation = conversation_of({"wechat:main", "o" + std::to_string(n)});
    unit.tickets = {ticket_of(kWang, n)};
    return unit;
  }
  AnswerThief thief_{database_.options().mysql->host, database_.options().mysql->port};
};

TEST_P(LostAnswer, ACommitWhoseAnswerWasLostIsFoundToBeStored) {
  for (const auto at : {AnswerThief::At::answer, AnswerThief::At::request}) {
    const auto store = open_store(through_thief()).value();
    const int n = at == AnswerThief::At::answer ? 1 : 2;
    thief_.arm(at);
    EXPECT_EQ(describe(store->commit(ticketed(n))), "committed");
    EXPECT_EQ(thief_.stolen(), n);
    EXPECT_EQ(database_.ask("SELECT COUNT(*) FROM tickets"), std::to_string(n));
    EXPECT_EQ(database_.ask("SELECT COUNT(*) FROM inbox"), std::to_string(n));
    EXPECT_TRUE(store->is_available());
  }
}

TEST_P(LostAnswer, SoIsOneThatWasSentWithItsStatements) {
  auto first = unit_of("first");
  first.conversation = conversation_of(kWang);
  must_commit(first);
  std::int64_t version = 1;
  for (const auto at : {AnswerThief::At::answer, AnswerThief::At::request}) {
    const auto store = open_store(through_thief()).value();
    auto unit = unit_of("k" + std::to_string(version));
    unit.conversation = first.conversation;
    unit.conversation->version = version;
    thief_.arm(at);
    EXPECT_EQ(describe(store->commit(unit)), "committed");
    EXPECT_EQ(thief_.stolen(), version);
    ++version;
    EXPECT_EQ(database_.ask("SELECT version FROM conversations"), std::to_string(version));
    EXPECT_EQ(database_.ask("SELECT COUNT(*) FROM inbox"), std::to_string(version));
  }
}

TEST_P(LostAnswer, SoIsAWholeGroup) {
  auto options = through_thief();
  options.leaders = 1;
  for (const auto at : {AnswerThief::At::answer, AnswerThief::At::request}) {
    auto store = open_store(options).value();
    std::mutex mutex;
    std::multiset<std::string> outcomes;
    const int base = at == AnswerThief::At::answer ? 0 : 100;
    thief_.arm(at);
    for (int i = 0; i < 40; ++i) {
      store->commit(ticketed(base + i), [&](const CommitOutcome& outcome) {
        const std::lock_guard lock(mutex);
        outcomes.insert(describe(outcome));
      });
    }
    store.reset();
    EXPECT_EQ(outcomes.count("committed"), 40U) << testing::PrintToString(outcomes);
  }
  EXPECT_EQ(thief_.stolen(), 2);
  EXPECT_EQ(database_.ask("SELECT COUNT(*) FROM tickets"), "80");
  EXPECT_EQ(database_.ask("SELECT COUNT(*) FROM conversations WHERE version=1"), "80");
}

TEST_P(MysqlFaults, KilledConnectionsAreReplaced) {
  auto first = unit_of("first");
  first.conversation = conversation_of(kWang);
  must_commit(first);
  ASSERT_TRUE(store_->server_time());
  const auto session = database_.connect();
  auto& all =
      session->prepare("SELECT id FROM information_schema.processlist WHERE db=DATABASE() AND id<>CONNECTION_ID()");
  all.query();
  std::vector<std::string> ids;
  while (all.next()) ids.push_back(all.text());
  ASSERT_GE(ids.size(), 2U);
  for (const auto& id : ids) session->execute("KILL " + id);
  EXPECT_TRUE(store_->server_time()) << "a read is tried on a new connection";
  must_commit(unit_of("second"));
  must_commit(unit_of("third"));
  EXPECT_TRUE(store_->is_available());
}

TEST_P(MysqlFaults, ALockThatIsHeldTooLongMakesTheUnitUnavailableAndLeavesNothing) {
  auto options = database_.options();
  options.statement_timeout = 1500ms;
  const auto store = open_store(options).value();
  auto first = unit_of("first");
  first.conversation = conversation_of(kWang);
  must_commit(first);
  const auto holder = database_.connect();
  const Transaction transaction(*holder);
  lock(*holder, first.conversation->id);
  auto second = unit_of("second");
  second.conversation = first.conversation;
  second.conversation->version = 1;
  const auto began = std::chrono::steady_clock::now();
  EXPECT_EQ(describe(store->commit(second)), "unavailable");
  EXPECT_LT(std::chrono::steady_clock::now() - began, 20s);
  EXPECT_EQ(database_.ask("SELECT COUNT(*) FROM inbox"), "1");
}

TEST_P(MysqlFaults, WhileTheOneWhoCommitsHereWaitsForALockOthersReturnAtOnce) {
  auto first = unit_of("first");
  first.conversation = conversation_of(kWang);
  must_commit(first);
  const auto holder = database_.connect();
  std::thread held;
  std::atomic<int> committed{0};
  int calls = 0;
  {
    const Transaction transaction(*holder);
    lock(*holder, first.conversation->id);
    auto second = unit_of("held");
    second.conversation = first.conversation;
    second.conversation->version = 1;
    held = std::thread([&, second] { store_->commit_here(second, [](const CommitOutcome&) {}, {}); });
    // Sooner or later it is under way; from then on nobody else commits here.
    for (bool here = true; here && calls < 1000; ++calls) {
      here = false;
      store_->commit_here(unit_of("free " + std::to_string(calls)),
                          [&, caller = std::this_thread::get_id()](const CommitOutcome& outcome) {
                            if (std::holds_alternative<Committed>(outcome)) ++committed;
                            if (std::this_thread::get_id() == caller) here = true;
                          },
                          {});
    }
  }
  EXPECT_LT(calls, 1000);
  held.join();
  store_.reset();
  EXPECT_EQ(committed, calls);
}

/// A server of the test's own, which it may kill.
class OwnServer {
 public:
  OwnServer() {
    auto pattern = (std::filesystem::temp_directory_path() / "huiyin-own-server.XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("mkdtemp failed");
    folder_ = pattern;
    std::filesystem::permissions(folder_, std::filesystem::perms(0711));  // the server may run as another user
    start();
    make_connection()->execute("CREATE DATABASE huiyin");
    mysql_.database = "huiyin";
  }
  OwnServer(const OwnServer&) = delete;
  OwnServer& operator=(const OwnServer&) = delete;
  ~OwnServer() {
    signal(SIGKILL);
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  void start() {
    const auto out = output_of("script/mariadb start " + folder_ + "/server");
    const auto port = out.find("@127.0.0.1:"), pid = out.find("HUIYIN_MARIADB_PID=");
    if (port == std::string::npos || pid == std::string::npos) throw std::runtime_error("no server: " + out);
    mysql_.port = std::stoi(out.substr(port + 11));
    pid_ = std::stoi(out.substr(pid + 19));
    mysql_.user = "huiyin";
    mysql_.password = Secret("huiyin");
  }
  void signal(int number) const { kill(pid_, number); }
  void kill_and_wait() const {
    signal(SIGKILL);
    while (kill(pid_, 0) == 0 && std::filesystem::exists("/proc/" + std::to_string(pid_) + "/exe"))
      std::this_thread::sleep_for(10ms);
  }
  [[nodiscard]] StoreOptions options() const {
    StoreOptions options;
    options.mysql = mysql_;
    options.statement_timeout = 1000ms;
    return options;
  }
  [[nodiscard]] std::unique_ptr<Session> make_connection() const {
    return make_mysql_connector(mysql_, 5s)->connect(SessionUse::reading);
  }

 private:
  static std::string output_of(const std::string& command) {
    const Handle<FILE, pclose> pipe(popen(command.c_str(), "r"));
    std::string out;
    std::array<char, 512> part{};
    while (pipe && std::fgets(part.data(), part.size(), pipe.get()) != nullptr) out += part.data();
    return out;
  }
  std::string folder_;
  MysqlOptions mysql_;
  pid_t pid_ = 0;
};

bool wait_until(const std::function<bool()>& condition, std::chrono::seconds most) {
  const auto end = std::chrono::steady_clock::now() + most;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(20ms);
  }
  return true;
}

/// Owners who write until told to stop, and never give up a message: each counts in its conversation.
class Owners {
 public:
  Owners(Store& store, int count) {
    for (int i = 0; i < count; ++i) threads_.emplace_back([this, &store, i] { write(store, i); });
  }
  /// How many messages were acknowledged.
  int stop() {
    stopping_ = true;
    for (auto& thread : threads_) thread.join();
    threads_.clear();
    return acknowledged_;
  }
  [[nodiscard]] int acknowledged() const { return acknowledged_; }

 private:
  void write(Store& store, int owner) {
    const Peer peer{"wechat:main", "o" + std::to_string(owner)};
    for (int n = 0; !stopping_;) {
      const auto snapshot = store.read({.peer = peer});
      if (!snapshot) {
        std::this_thread::sleep_for(20ms);
        continue;
      }
      auto unit = unit_of(peer.address + "-" + std::to_string(n), peer);
      unit.conversation = snapshot->conversation.value_or(conversation_of(peer));
      unit.conversation->more = std::to_string(n);
      unit.tickets = {ticket_of(peer, 100000 * (owner + 1) + n)};
      const auto outcome = store.commit(unit);
      if (std::holds_alternative<Committed>(outcome) || std::holds_alternative<Duplicate>(outcome)) {
        ++acknowledged_;  // a Duplicate: stored by the try whose end nobody knew
        ++n;
      }
    }
  }
  std::atomic<bool> stopping_{false};
  std::atomic<int> acknowledged_{0};
  std::vector<std::thread> threads_;
};

TEST(OwnMysqlServer, KilledInTheMiddleOfGroupsLosesAndDoublesNothing) {
  OwnServer server;
  ASSERT_TRUE(migrate(server.options()));
  const auto store = open_store(server.options()).value();
  Owners owners(*store, 12);
  for (int round = 0; round < 3; ++round) {
    const int before = owners.acknowledged();
    ASSERT_TRUE(wait_until([&] { return owners.acknowledged() > before + 200; }, 30s)) << "round " << round;
    server.kill_and_wait();
    EXPECT_TRUE(wait_until([&] { return !store->is_available(); }, 20s));
    server.start();
    EXPECT_TRUE(wait_until([&] { return store->is_available(); }, 30s)) << "found again by itself";
  }
  const int acknowledged = owners.stop();
  const auto session = server.make_connection();
  for (const auto* const sql :
       {"SELECT COUNT(*) FROM inbox", "SELECT COUNT(*) FROM tickets", "SELECT SUM(version) FROM conversations"}) {
    auto& statement = session->prepare(sql);
    statement.query();
    while (statement.next()) EXPECT_EQ(statement.integer(), acknowledged) << sql;
  }
}

TEST(OwnMysqlServer, StalledItIsUnavailableInTimeAndThenComesBack) {
  OwnServer server;
  ASSERT_TRUE(migrate(server.options()));
  const auto store = open_store(server.options()).value();
  ASSERT_EQ(describe(store->commit(unit_of("before"))), "committed");
  server.signal(SIGSTOP);
  const auto began = std::chrono::steady_clock::now();
  std::promise<std::string> outcome;
  auto unit = unit_of("during");
  store->commit(unit, [&](const CommitOutcome& known) { outcome.set_value(describe(known)); });
  auto known = outcome.get_future();
  EXPECT_EQ(known.wait_for(0s), std::future_status::timeout) << "who submits is never inside the transaction";
  EXPECT_EQ(known.get(), "unavailable");
  EXPECT_LT(std::chrono::steady_clock::now() - began, 20s);
  EXPECT_FALSE(store->read({.peer = kWang}));
  server.signal(SIGCONT);
  ASSERT_TRUE(wait_until([&] { return store->is_available(); }, 30s));
  EXPECT_EQ(describe(store->commit(unit)), "committed") << "whether it was or not";
  const auto session = server.make_connection();
  auto& count = session->prepare("SELECT COUNT(*) FROM inbox");
  count.query();
  while (count.next()) EXPECT_EQ(count.integer(), 2);
}

TEST(OwnMysqlServer, AwayAtTheStartTheStoreWaitsForIt) {
  OwnServer server;
  ASSERT_TRUE(migrate(server.options()));
  server.kill_and_wait();
  const auto refused = open_store(server.options());
  ASSERT_FALSE(refused);
  EXPECT_THAT(huiyin::describe(refused.error()), testing::HasSubstr("mysql 127.0.0.1:"));
  const auto store = open_store_when_reachable(server.options()).value();
  EXPECT_FALSE(store->is_available());
  EXPECT_FALSE(store->server_time());
  EXPECT_EQ(describe(store->commit(unit_of("early"))), "unavailable");
  server.start();
  ASSERT_TRUE(wait_until([&] { return store->is_available(); }, 30s));
  EXPECT_EQ(describe(store->commit(unit_of("early"))), "committed");
}

HUIYIN_FOR_EACH_DRIVER(MysqlFaults);
HUIYIN_FOR_EACH_DRIVER(LostAnswer);

}  // namespace
}  // namespace huiyin::db
