// `huiyin audit`: do a day's books come out even?
#include <sysexits.h>

#include <iostream>

#include "gateway/alarms.h"
#include "gateway/clerk.h"
#include "gateway/report_maker.h"
#include "gateway/system.h"
#include "gateway/table_audit.h"

namespace huiyin::gateway {

int run_audit(const std::string& config_file, const std::string& day, Console console) {
  const auto config = load_config(config_file, console.errors);
  if (!config) return EX_CONFIG;
  const auto wanted = tickets::parse_day(day);
  if (!wanted) {
    print({no_day("--day", day)}, console.errors);
    return EX_USAGE;
  }
  const auto clerk = Clerk::open(*config, console);
  if (!clerk) return EX_UNAVAILABLE;
  const auto audit = audit_of(*config, *wanted, clerk->now());
  if (!audit) {
    print({audit.error()}, console.errors);
    return audit.error().where == "--day" ? EX_USAGE : EX_UNAVAILABLE;
  }
  console.out << describe(*audit);
  const auto wrong = differences(*audit);
  if (wrong.empty()) return EX_OK;
  const SystemClock clock;
  Alarms alarms(clerk->store(), clerk->ids(), clock, parse_destinations(config->alarms_to));
  raise_audit_alarm(alarms, day, wrong);
  return EX_DATAERR;
}

}  // namespace huiyin::gateway
