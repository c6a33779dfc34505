#include "db/mysql_session.h"

namespace huiyin::db {
namespace {

class MysqlDialect final : public Dialect {
 public:
  std::string upsert(const Table& table, std::size_t rows) const override {
    auto out = insert_into(table, rows) + " ON DUPLICATE KEY UPDATE ";
    for (std::size_t i = table.fixed; i < table.columns.size(); ++i) {
      const std::string column(table.columns[i]);
      out += (i == table.fixed ? "" : ",") + column + "=";
      out += table.lowers_only ? "LEAST(" + column + ",VALUES(" + column + "))" : "VALUES(" + column + ")";
    }
    return out;
  }
  std::string advance(const Table& table, std::size_t rows) const override {
    const auto advanced = [](std::string_view column) {
      std::string out(column);
      return out.append("=IF(version=VALUES(version)-1,VALUES(").append(column).append("),").append(column).append(")");
    };
    auto out = insert_into(table, rows) + " ON DUPLICATE KEY UPDATE ";
    for (std::size_t i = table.fixed; i < table.columns.size(); ++i)
      if (table.columns[i] != "version") out.append(advanced(table.columns[i])).append(",");
    return out + advanced("version");  // last: assignments see those before them
  }
  std::string insert_new(const Table& table, std::size_t rows) const override {
    // Never INSERT IGNORE, which stores cut text and zeros with a warning.
    auto out = insert_into(table, rows) + " ON DUPLICATE KEY UPDATE ";
    return out.append(table.name)
        .append(".")
        .append(table.columns[0])
        .append("=")
        .append(table.name)
        .append(".")
        .append(table.columns[0]);
  }
  std::string lock_rows(std::string_view table, std::string_view columns, std::size_t rows) const override {
    std::string out = "SELECT ";
    out.append(columns).append(" FROM ").append(table).append(" FORCE INDEX (PRIMARY) WHERE id IN (");
    return out + placeholder_list(rows) + ") ORDER BY id FOR UPDATE";
  }
  std::string lease(std::string_view table, std::size_t rows) const override {
    std::string out = "UPDATE ";
    out.append(table).append(" FORCE INDEX (PRIMARY) SET lease_owner=?,lease_expires=?,claim=? WHERE id IN (");
    return out + placeholder_list(rows) + ") AND lease_expires<=?";
  }
  std::string update_rows(std::string_view table, std::string_view assignments, std::size_t rows) const override {
    std::string out = "UPDATE ";
    out.append(table).append(" FORCE INDEX (PRIMARY) SET ").append(assignments).append(" WHERE id IN (");
    return out + placeholder_list(rows) + ")";
  }
  std::string_view counted_one() const override { return "ROW_COUNT()=1"; }
  std::string_view ddl_type(ColumnType type) const override {
    switch (type) {
      case ColumnType::id:
      case ColumnType::integer:
        return "bigint";
      case ColumnType::key:
        return "varchar(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin";
      case ColumnType::time:
        return "datetime(3)";
    }
    return "";
  }
  std::string_view now() const override { return "UTC_TIMESTAMP(3)"; }
  std::string_view name() const override { return "mysql"; }
};

}  // namespace

const Dialect& mysql_dialect() {
  static const MysqlDialect dialect;
  return dialect;
}

}  // namespace huiyin::db
