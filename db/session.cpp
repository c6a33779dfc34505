#include "db/session.h"

namespace huiyin::db {

Statement& Statement::bind(std::int64_t value) {
  do_bind(parameter_++, value);
  return *this;
}

Statement& Statement::bind(std::string_view text) {
  do_bind(parameter_++, text, false);
  return *this;
}

Statement& Statement::bind_bytes(std::string_view bytes) {
  do_bind(parameter_++, bytes, true);
  return *this;
}

Statement& Statement::bind(Time time) { return bind(std::string_view(format_utc(time))); }

Statement& Statement::bind_null() {
  do_bind_null(parameter_++);
  return *this;
}

std::int64_t Statement::run() {
  parameter_ = 0;
  return do_run();
}

void Statement::query() {
  parameter_ = 0;
  column_ = 0;
  do_query();
}

bool Statement::next() {
  column_ = 0;
  return do_next();
}

std::int64_t Statement::integer() { return do_integer(column_++); }

std::string Statement::text() { return do_text(column_++); }

std::optional<std::string> Statement::optional_text() {
  if (is_null(column_)) {
    ++column_;
    return std::nullopt;
  }
  return text();
}

std::optional<int> Statement::optional_small() {
  if (is_null(column_)) {
    ++column_;
    return std::nullopt;
  }
  return small();
}

Time Statement::time() {
  const auto written = text();
  const auto read = parse_utc(written);
  if (!read) throw SqlError(SqlError::Kind::broken, 0, "not a time: '" + written + "'");
  return *read;
}

std::optional<Time> Statement::optional_time() {
  if (is_null(column_)) {
    ++column_;
    return std::nullopt;
  }
  return time();
}

std::string placeholder_list(std::size_t count) {
  std::string out;
  out.reserve(count * 2);
  for (std::size_t i = 0; i < count; ++i) out += i == 0 ? "?" : ",?";
  return out;
}

std::string placeholders(std::size_t rows, std::size_t columns) {
  const auto row = "(" + placeholder_list(columns) + ")";
  std::string out;
  out.reserve(rows * (row.size() + 1));
  for (std::size_t i = 0; i < rows; ++i) {
    if (i != 0) out += ',';
    out += row;
  }
  return out;
}

std::string insert_into(const Table& table, std::size_t rows) {
  std::string out = "INSERT INTO ";
  out += table.name;
  out += " (";
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    if (i != 0) out += ',';
    out += table.columns[i];
  }
  return out + ") VALUES " + placeholders(rows, table.columns.size());
}

}  // namespace huiyin::db
