#include "db/own_session.h"

#include "db/migrations.h"
#include "db/session_pool.h"
#include "db/sql_store.h"

namespace huiyin::db {

Result<void> with_own_session(const StoreOptions& options, const std::function<void(Session&)>& action) {
  const auto connector = make_connector(options);
  if (!connector) return tl::unexpected(StoreError{StoreError::Kind::broken, describe(connector.error())});
  try {
    const auto session = (*connector)->connect(SessionUse::reading);
    if (const auto mismatch = check_schema(*session, (*connector)->where()))
      return tl::unexpected(StoreError{StoreError::Kind::broken, describe(*mismatch)});
    action(*session);
    return {};
  } catch (const SqlError& error) {
    return tl::unexpected(store_error_of(error));
  }
}

}  // namespace huiyin::db
