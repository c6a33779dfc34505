#include "bench/load_floor.h"

#include <cppconn/connection.h>
#include <cppconn/driver.h>
#include <cppconn/exception.h>
#include <cppconn/prepared_statement.h>
#include <cppconn/resultset.h>
#include <cppconn/statement.h>

#include <algorithm>
#include <exception>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

namespace huiyin::bench {
namespace {

using std::chrono::steady_clock;

constexpr std::size_t kConversationBytes = 600;
constexpr std::size_t kRawBytes = 350, kReplyBytes = 200;  // a text in decrypted XML; an answer

std::unique_ptr<sql::Connection> connect(const db::MysqlOptions& options) {
  static std::mutex one_at_a_time;  // the driver's own connect() is not thread-safe
  const std::scoped_lock lock(one_at_a_time);
  sql::ConnectOptionsMap properties;
  properties["hostName"] = sql::SQLString("tcp://" + options.host + ":" + std::to_string(options.port));
  properties["userName"] = sql::SQLString(options.user);
  properties["password"] = sql::SQLString(options.password.reveal());
  properties["schema"] = sql::SQLString(options.database);
  std::unique_ptr<sql::Connection> connection(get_driver_instance()->connect(properties));
  connection->setTransactionIsolation(sql::TRANSACTION_READ_COMMITTED);
  return connection;
}

void make_tables(sql::Connection& connection, int owners) {
  const std::unique_ptr<sql::Statement> statement(connection.createStatement());
  for (const auto* ddl :
       {"CREATE TABLE IF NOT EXISTS floor_conversations (id bigint PRIMARY KEY, state blob NOT NULL, version bigint "
        "NOT "
        "NULL) ENGINE=InnoDB",
        "CREATE TABLE IF NOT EXISTS floor_inbox (id bigint PRIMARY KEY AUTO_INCREMENT, delivery_key varchar(255) "
        "COLLATE "
        "utf8mb4_bin NOT NULL UNIQUE, raw blob NOT NULL) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4",
        "CREATE TABLE IF NOT EXISTS floor_outbox (id bigint PRIMARY KEY AUTO_INCREMENT, destination bigint NOT NULL, "
        "message blob NOT NULL, KEY (destination)) ENGINE=InnoDB"}) {
    statement->execute(ddl);
  }
  for (int owner = 0; owner < owners; ++owner) {
    statement->execute("INSERT IGNORE INTO floor_conversations VALUES (" + std::to_string(owner) + ", '', 0)");
  }
}

/// One owner's messages, one after the other.
class FloorOwner {
 public:
  FloorOwner(const db::MysqlOptions& options, int id) : connection_(connect(options)), id_(id) {
    connection_->setAutoCommit(false);
    plain_.reset(connection_->createStatement());
    lock_.reset(connection_->prepareStatement("SELECT state, version FROM floor_conversations WHERE id=? FOR UPDATE"));
    inbox_.reset(connection_->prepareStatement("INSERT INTO floor_inbox (delivery_key, raw) VALUES (?,?)"));
    update_.reset(
        connection_->prepareStatement("UPDATE floor_conversations SET state=?, version=version+1 WHERE id=?"));
    outbox_.reset(connection_->prepareStatement("INSERT INTO floor_outbox (destination, message) VALUES (?,?)"));
  }

  void message() {
    lock_->setInt(1, id_);
    const std::unique_ptr<sql::ResultSet> row(lock_->executeQuery());
    while (row->next()) continue;
    inbox_->setString(1, "m:" + std::to_string(run_) + ":" + std::to_string(id_) + ":" + std::to_string(next_++));
    inbox_->setString(2, std::string(kRawBytes, 'x'));
    inbox_->executeUpdate();
    update_->setString(1, std::string(kConversationBytes, static_cast<char>('a' + next_ % 26)));
    update_->setInt(2, id_);
    update_->executeUpdate();
    outbox_->setInt(1, id_);
    outbox_->setString(2, std::string(kReplyBytes, 'y'));
    outbox_->executeUpdate();
    plain_->execute("COMMIT");  // Connection::commit() does not look at what the server answers
  }

 private:
  std::unique_ptr<sql::Connection> connection_;
  int id_;
  std::int64_t run_ = steady_clock::now().time_since_epoch().count();  // no two runs share a key
  std::int64_t next_ = 0;
  std::unique_ptr<sql::Statement> plain_;
  std::unique_ptr<sql::PreparedStatement> lock_, inbox_, update_, outbox_;
};

struct Window {
  steady_clock::time_point from{}, to{};
};

void run_owner(FloorOwner& owner, const Window& window, std::vector<std::uint32_t>& latencies) {
  for (auto began = steady_clock::now(); began < window.to;) {
    owner.message();
    const auto ended = steady_clock::now();
    if (ended >= window.from && ended < window.to) {
      latencies.push_back(
          static_cast<std::uint32_t>(std::chrono::duration_cast<std::chrono::microseconds>(ended - began).count()));
    }
    began = ended;
  }
}

double percentile_ms(const std::vector<std::uint32_t>& sorted, double fraction) {
  return sorted.empty() ? 0
                        : sorted[static_cast<std::size_t>(fraction * static_cast<double>(sorted.size() - 1))] / 1000.0;
}

}  // namespace

FloorRun run_load_floor(const db::MysqlOptions& database, int owners, std::chrono::milliseconds warm_up,
                        std::chrono::milliseconds measured) {
  make_tables(*connect(database), owners);
  const auto count = static_cast<std::size_t>(owners);
  std::vector<std::unique_ptr<FloorOwner>> all;
  for (int id = 0; id < owners; ++id) all.push_back(std::make_unique<FloorOwner>(database, id));
  std::vector<std::vector<std::uint32_t>> latencies(count);
  std::vector<std::exception_ptr> failures(count);
  const auto from = steady_clock::now() + warm_up;
  const Window window{from, from + measured};
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < count; ++i) {
    threads.emplace_back([&, i] {
      try {
        run_owner(*all[i], window, latencies[i]);
      } catch (...) {
        failures[i] = std::current_exception();
      }
    });
  }
  for (auto& thread : threads) thread.join();
  for (const auto& failure : failures) {
    if (failure) std::rethrow_exception(failure);
  }
  std::vector<std::uint32_t> sorted;
  for (const auto& part : latencies) sorted.insert(sorted.end(), part.begin(), part.end());
  std::sort(sorted.begin(), sorted.end());
  return {static_cast<double>(sorted.size()) / std::chrono::duration<double>(measured).count(),
          percentile_ms(sorted, 0.5), percentile_ms(sorted, 0.99)};
}

}  // namespace huiyin::bench
