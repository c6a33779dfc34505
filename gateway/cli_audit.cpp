// `huiyin audit`: do a day's books come out even?
#include <sysexits.h>

#include <iostream>
#include <optional>
#include <sstream>

#include "adapters/wechat/wechat_counters.h"
#include "gateway/alarms.h"
#include "gateway/clerk.h"
#include "gateway/report_maker.h"
#include "gateway/system.h"
#include "gateway/table_audit.h"
#include "gateway/wechat_account.h"

namespace huiyin::gateway {

namespace {

/// What WeChat itself counted of its calls to us, beside ours. It is no difference: its calls that were answered by a
/// handshake, or tried again, are no deliveries of ours. Where it does not tell, nobody's books are worse for it.
void show_counters(const Config& config, const std::string& day, Console console) {
  for (const auto& stanza : config.channels) {
    if (stanza.kind != "wechat") continue;
    std::ostringstream why;
    const Console quiet{console.in, console.out, why};
    const auto account = WeChatAccount::open(config, stanza.name, quiet);
    const auto answer = account && account->enter()
                            ? account->call(wechat::kCountersCall, wechat::counters_request(day))
                            : std::nullopt;
    const auto counters = answer ? wechat::read_counters(*answer, day) : std::nullopt;
    console.out << stanza.name << ": ";
    if (counters)
      console.out << "WeChat itself counts " << counters->calls << " calls to the hook, " << counters->failed
                  << " of them failed\n";
    else
      console.out << "WeChat's own counters are not to be had: "
                  << (answer ? "nothing of that day yet (it counts up to yesterday)\n" : why.str());
  }
}

}  // namespace

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
  show_counters(*config, day, console);
  const auto wrong = differences(*audit);
  if (wrong.empty()) return EX_OK;
  const SystemClock clock;
  Alarms alarms(clerk->store(), clerk->ids(), clock, parse_destinations(config->alarms_to));
  raise_audit_alarm(alarms, day, wrong);
  return EX_DATAERR;
}

}  // namespace huiyin::gateway
