#pragma once

#include <algorithm>
#include <bit>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "db/rows.h"
#include "db/session.h"

namespace huiyin::db {

// How rows are asked for and read; for the *reads.cpp.

[[nodiscard]] inline std::string select_from(const Table& table, std::string_view rest) {
  std::string out = "SELECT " + column_list(table) + " FROM ";
  return out.append(table.name).append(" ").append(rest);
}

/// `IN (?,?,?,?)` for at least `count` values: a power of two, so that few statements are ever prepared.
[[nodiscard]] inline std::string in_list(std::size_t count) {
  return "IN (" + placeholder_list(std::bit_ceil(count)) + ")";
}

/// Binds the values, the last one again and again up to the power of two.
template <class Values, class Get>
void bind_list(Statement& statement, const Values& values, Get get) {
  const auto places = std::bit_ceil(values.size());
  for (std::size_t i = 0; i < places; ++i) statement.bind(get(values[std::min(i, values.size() - 1)]));
}

/// Calls `action` with at most kMostAtOnce values at a time.
template <class Value, class Action>
void for_each_part(const std::vector<Value>& values, Action action) {
  constexpr std::size_t kMostAtOnce = 128;
  for (std::size_t from = 0; from < values.size(); from += kMostAtOnce)
    action(std::span(values).subspan(from, std::min(kMostAtOnce, values.size() - from)));
}

template <class Read>
auto read_all(Statement& statement, Read read) {
  std::vector<decltype(read(statement))> out;
  statement.query();
  while (statement.next()) out.push_back(read(statement));
  return out;
}

template <class Read>
auto read_one(Statement& statement, Read read) {
  auto rows = read_all(statement, read);
  return rows.empty() ? std::nullopt : std::optional(std::move(rows.front()));
}

}  // namespace huiyin::db
