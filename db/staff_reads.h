#pragma once

#include <optional>
#include <string>
#include <vector>

#include "db/session.h"
#include "db/store.h"

namespace huiyin::db {

// Staff, their roster and what they have to do, on one session. All throw SqlError.

/// What `wants` names of staff and their tickets; `out.tickets` are read already.
void read_staff_part(Session& session, const Wants& wants, Snapshot& out);

/// Everybody, those disabled too, by name.
[[nodiscard]] std::vector<Staff> list_staff(Session& session);
/// Spans of duty and leave that end after `from`, of one person, by their beginning.
[[nodiscard]] std::vector<Duty> duties_of(Session& session, StaffId staff, Time from);

/// The installation's estates and departments as configured; ids stand for names, and none is ever removed.
void put_directory(Session& session, const Directory& directory, Time now);

}  // namespace huiyin::db
