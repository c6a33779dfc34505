#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "db/session.h"

namespace huiyin::db {

/// A value as it was bound: a number, a text, bytes, or NULL.
struct Bound {
  enum class Kind { number, text, bytes, null } kind = Kind::null;
  std::int64_t number = 0;
  std::string text{};
};

/// A statement that was executed, with what was bound then.
struct Executed {
  std::string sql{};
  std::vector<Bound> bound{};
};

/// Passes everything on to another session, and keeps each statement that was executed, once for each text.
class RecordingSession final : public Session {
 public:
  explicit RecordingSession(Session& inner);
  ~RecordingSession() override;
  Statement& prepare(const std::string& sql) override;
  std::unique_ptr<Statement> stream(const std::string& sql) override { return inner_->stream(sql); }
  void send(Statement& statement) override { counts_.push_back(statement.run()); }
  std::vector<std::int64_t> receive() override { return std::exchange(counts_, {}); }
  void execute(const std::string& sql) override { inner_->execute(sql); }
  void begin() override {
    counts_.clear();
    inner_->begin();
  }
  void commit() override { inner_->commit(); }
  void rollback() noexcept override { inner_->rollback(); }
  bool is_alive() noexcept override { return inner_->is_alive(); }
  const Dialect& dialect() const override { return inner_->dialect(); }

  [[nodiscard]] const std::map<std::string, Executed>& executed() const { return executed_; }

 private:
  class Recorded;
  Session* inner_;
  std::map<std::string, std::unique_ptr<Recorded>> statements_;
  std::map<std::string, Executed> executed_;
  std::vector<std::int64_t> counts_{};
};

/// Binds again what was bound.
void bind_again(Statement& statement, const std::vector<Bound>& bound);

}  // namespace huiyin::db
