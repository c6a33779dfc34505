#include <filesystem>

#include "tests/db/drivers.h"

namespace huiyin::db {
namespace {

class SqliteSchema final : public Schema {
 public:
  SqliteSchema() {
    auto pattern = (std::filesystem::temp_directory_path() / "huiyin-db-test.XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("mkdtemp failed");
    folder_ = pattern;
  }
  ~SqliteSchema() override {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  StoreOptions options() const override {
    StoreOptions options;
    options.sqlite = SqliteOptions{(folder_ / "huiyin.sqlite").string()};
    return options;
  }

 private:
  std::filesystem::path folder_;
};

}  // namespace

std::vector<Driver> drivers() {
  return {{"sqlite", []() -> std::unique_ptr<Schema> { return std::make_unique<SqliteSchema>(); }}};
}

}  // namespace huiyin::db
