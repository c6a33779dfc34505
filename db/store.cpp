#include "db/store.h"

#include <future>
#include <utility>

namespace huiyin::db {

CommitOutcome Store::commit(UnitOfWork unit) {
  std::promise<CommitOutcome> known;
  auto outcome = known.get_future();
  commit(std::move(unit), [&known](CommitOutcome value) { known.set_value(std::move(value)); });
  return outcome.get();
}

}  // namespace huiyin::db
