#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "core/ids.h"
#include "core/unit_of_work.h"
#include "db/store.h"
#include "gateway/cli_store.h"
#include "gateway/system.h"

namespace huiyin::gateway {

/// An operator at the shell who changes something. What is changed is a unit of work as all else is, with its versions,
/// its delivery key `cli:<id>` and the command's words as what came in. Not thread-safe.
class Clerk {
 public:
  /// Prints why not, and returns nothing, where the store cannot be reached or has no node number free.
  [[nodiscard]] static std::unique_ptr<Clerk> open(const Config& config, Console console);

  [[nodiscard]] db::Store& store() const { return *store_; }
  [[nodiscard]] IdSource& ids() { return ids_; }
  [[nodiscard]] Time now() const { return clock_.now(); }

  /// An empty unit; `words` say what was done, for whoever reads the inbox.
  [[nodiscard]] UnitOfWork begin(const std::string& words);
  /// The exit code; anything but success is printed. EX_TEMPFAIL where somebody else changed the same meanwhile.
  [[nodiscard]] int commit(UnitOfWork unit, Console console);

  /// What is to be committed, by what stands there now; or the exit code where nothing is, and why is printed.
  using Decide = std::function<std::variant<UnitOfWork, int>()>;
  /// The same for what was decided by reading: where somebody else was quicker, it is decided again, a few times.
  [[nodiscard]] int commit(const Decide& decide, Console console);

 private:
  explicit Clerk(std::unique_ptr<db::Store> store) : store_(std::move(store)) {}

  SystemClock clock_{};
  IdSource ids_{clock_, 0};
  std::unique_ptr<db::Store> store_;
};

/// `2026-11-26 08:00` by a wall clock that is `offset` ahead of UTC; nothing for any other text.
[[nodiscard]] std::optional<Time> read_local_time(const std::string& text, std::chrono::minutes offset);
/// The same the other way.
[[nodiscard]] std::string write_local_time(Time time, std::chrono::minutes offset);

}  // namespace huiyin::gateway
