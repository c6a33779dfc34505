#pragma once

#include <map>
#include <string>
#include <vector>

#include "config/config.h"
#include "db/audit.h"
#include "gateway/spool.h"
#include "tickets/report_period.h"

namespace huiyin::gateway {

/// A day's books, by channel: everything received was decided, refused or is in the spool; everything owed was sent,
/// waits, or was given up. What the tables and this node's spool say.
struct DayAudit {
  std::map<std::string, db::ChannelAudit> tables{};
  std::map<std::string, SpooledOfDay> spooled{};
};

/// Of a day by the installation's clock. An Error where the day is none to audit (its deliveries are forgotten by now)
/// or the store does not answer.
[[nodiscard]] Expected<DayAudit> audit_of(const Config& config, tickets::Day day, Time now);

/// What does not come out even, each with channel, number and what to do. Empty: all does. Pure.
[[nodiscard]] std::vector<std::string> differences(const DayAudit& audit);
/// The books as a table for a terminal, the differences below. Pure.
[[nodiscard]] std::string describe(const DayAudit& audit);

}  // namespace huiyin::gateway
