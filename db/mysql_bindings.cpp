#include "db/mysql_bindings.h"

#include <utility>

namespace huiyin::db {
namespace {

constexpr std::size_t kMostKept = std::size_t{256} * 1024;  // a mail of megabytes must not stay in memory for good

}  // namespace

void MysqlBindings::clear() {
  slots_.clear();
  bytes_.clear();
}

void MysqlBindings::put(std::int64_t value) { slots_.push_back({.type = MYSQL_TYPE_LONGLONG, .integer = value}); }

void MysqlBindings::put(std::string_view text, bool bytes) {
  slots_.push_back({.type = bytes ? MYSQL_TYPE_BLOB : MYSQL_TYPE_STRING, .at = bytes_.size(), .length = text.size()});
  bytes_.append(text);
}

void MysqlBindings::put_null() { slots_.emplace_back(); }

MYSQL_BIND* MysqlBindings::binds() {
  binds_.assign(slots_.size(), MYSQL_BIND{});
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    auto& bind = binds_[i];
    bind.buffer_type = slots_[i].type;
    if (slots_[i].type == MYSQL_TYPE_LONGLONG) bind.buffer = &slots_[i].integer;
    if (slots_[i].type == MYSQL_TYPE_STRING || slots_[i].type == MYSQL_TYPE_BLOB) {
      bind.buffer = bytes_.data() + slots_[i].at;
      bind.buffer_length = slots_[i].length;
      bind.length = &slots_[i].length;
    }
  }
  return binds_.data();
}

std::unique_ptr<MysqlBindings> MysqlBindingsPool::take() {
  if (spare_.empty()) return std::make_unique<MysqlBindings>();
  auto out = std::move(spare_.back());
  spare_.pop_back();
  return out;
}

void MysqlBindingsPool::give(std::unique_ptr<MysqlBindings> bindings) {
  if (bindings->room() > kMostKept) return;
  bindings->clear();
  spare_.push_back(std::move(bindings));
}

}  // namespace huiyin::db
