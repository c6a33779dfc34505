#pragma once

#include <string>
#include <vector>

#include "core/report_rows.h"
#include "db/store.h"

namespace huiyin::db {

/// Streams what a report is made of into `sink`, on a connection of its own that ends with it: neither the daemon's
/// sessions nor anybody's memory is taken by a million tickets. The tickets come in the order of their ids; they are
/// found by their ids, which hold the time when they were made, so that no older row is read.
[[nodiscard]] Result<void> read_report(const StoreOptions& options, const ReportWants& wants, ReportSink& sink);

/// What a report names beside its figures.
struct NamedInReport {
  std::vector<Ticket> tickets{};
  std::vector<std::string> staff{};  ///< everybody's name, those who left too
};
[[nodiscard]] Result<NamedInReport> read_named(const StoreOptions& options, const std::vector<TicketId>& ids);

}  // namespace huiyin::db
