#pragma once

#include <mysql.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace huiyin::db {

/// The parameters of one execution: copies of what was bound. Not thread-safe.
class MysqlBindings {
 public:
  void clear();
  void put(std::int64_t value);
  void put(std::string_view text, bool bytes);  ///< `bytes`: of no charset
  void put_null();
  [[nodiscard]] std::size_t size() const { return slots_.size(); }
  /// As the client library takes them; valid until the next call of another function.
  [[nodiscard]] MYSQL_BIND* binds();
  /// How much memory the copies hold, in bytes.
  [[nodiscard]] std::size_t room() const { return bytes_.capacity(); }

 private:
  struct Slot {
    enum_field_types type = MYSQL_TYPE_NULL;
    std::int64_t integer = 0;
    std::size_t at = 0;        ///< in bytes_
    unsigned long length = 0;  ///< of it
  };

  std::vector<Slot> slots_{};
  std::string bytes_{};
  std::vector<MYSQL_BIND> binds_{};
};

/// Room for parameters that the statements of a session share, since few of them are bound at any time. Not
/// thread-safe.
class MysqlBindingsPool {
 public:
  [[nodiscard]] std::unique_ptr<MysqlBindings> take();
  void give(std::unique_ptr<MysqlBindings> bindings);

 private:
  std::vector<std::unique_ptr<MysqlBindings>> spare_{};
};

}  // namespace huiyin::db
