#include "tests/db/recording_session.h"

#include <utility>

namespace huiyin::db {

class RecordingSession::Recorded final : public Statement {
 public:
  Recorded(Statement& inner, std::string sql, std::map<std::string, Executed>& executed)
      : inner_(&inner), sql_(std::move(sql)), executed_(&executed) {}

 protected:
  // The positions of the inner statement go along by themselves: both begin at 0 and are bound in order.
  void do_bind(int position, std::int64_t value) override {
    keep(position, {Bound::Kind::number, value, {}});
    inner_->bind(value);
  }
  void do_bind(int position, std::string_view text, bool bytes) override {
    keep(position, {bytes ? Bound::Kind::bytes : Bound::Kind::text, 0, std::string(text)});
    bytes ? inner_->bind_bytes(text) : inner_->bind(text);
  }
  void do_bind_null(int position) override {
    keep(position, {});
    inner_->bind_null();
  }
  std::int64_t do_run() override {
    record();
    return inner_->run();
  }
  void do_query() override {
    record();
    inner_->query();
  }
  bool do_next() override { return inner_->next(); }
  // Columns are read in order, NULL or not; the inner statement answers for the one that it stands at.
  bool is_null(int) override {
    held_ = inner_->optional_text();
    holds_ = held_.has_value();
    return !holds_;
  }
  std::int64_t do_integer(int) override {
    if (std::exchange(holds_, false)) return std::stoll(*held_);
    return inner_->integer();
  }
  std::string do_text(int) override {
    if (std::exchange(holds_, false)) return *held_;
    return inner_->text();
  }

 private:
  void keep(int position, Bound value) {
    bound_.resize(static_cast<std::size_t>(position));
    bound_.push_back(std::move(value));
  }
  void record() { executed_->insert_or_assign(sql_, Executed{sql_, bound_}); }

  Statement* inner_;
  std::string sql_;
  std::map<std::string, Executed>* executed_;
  std::vector<Bound> bound_;
  std::optional<std::string> held_;
  bool holds_ = false;
};

RecordingSession::RecordingSession(Session& inner) : inner_(&inner) {}
RecordingSession::~RecordingSession() = default;

Statement& RecordingSession::prepare(const std::string& sql) {
  auto& inner = inner_->prepare(sql);
  auto& slot = statements_[sql];
  if (!slot) slot = std::make_unique<Recorded>(inner, sql, executed_);
  slot->rewind();
  return *slot;
}

void bind_again(Statement& statement, const std::vector<Bound>& bound) {
  for (const auto& one : bound) {
    switch (one.kind) {
      case Bound::Kind::number:
        statement.bind(one.number);
        break;
      case Bound::Kind::text:
        statement.bind(one.text);
        break;
      case Bound::Kind::bytes:
        statement.bind_bytes(one.text);
        break;
      case Bound::Kind::null:
        statement.bind_null();
        break;
    }
  }
}

}  // namespace huiyin::db
