#include <sysexits.h>

#include <iostream>

#include "gateway/assets.h"
#include "gateway/cli_store.h"
#include "gateway/ticket_text.h"
#include "tickets/number.h"

namespace huiyin::gateway {

int run_ticket_list(const std::string& config_file, const std::string& status, bool all, int limit, Console console) {
  const auto config = load_config(config_file, console.errors);
  if (!config) return EX_CONFIG;
  const auto store = open_store_for_command(*config, console);
  if (!store) return EX_UNAVAILABLE;
  const auto wanted = parse_ticket_status(status);
  const auto found = store->list_tickets({.status = wanted, .open_only = !all, .limit = limit});
  if (!found) return say_unavailable(found.error(), console);
  for (const auto& ticket : *found)
    console.out << describe_ticket_line(ticket, config->ticket_prefix, utc_offset(config->time_zone));
  console.out << found->size() << (wanted ? " " + status : std::string(all ? "" : " open"))
              << " ticket(s), newest first\n";
  return EX_OK;
}

int run_ticket_show(const std::string& config_file, const std::string& number, Console console) {
  const auto config = load_config(config_file, console.errors);
  if (!config) return EX_CONFIG;
  const auto parsed = tickets::parse_number(number, config->ticket_prefix);
  if (!parsed) {
    console.errors << '"' << number << "\" is no ticket number: "
                   << (parsed.error() == tickets::NumberFault::wrong_check_digit
                           ? "its last digit does not fit the others; is one mistyped?"
                           : "write it as " + tickets::format_number({1024}, config->ticket_prefix))
                   << '\n';
    return EX_USAGE;
  }
  const auto store = open_store_for_command(*config, console);
  if (!store) return EX_UNAVAILABLE;
  const auto ticket = store->find_ticket(*parsed);
  if (!ticket) return say_unavailable(ticket.error(), console);
  if (!*ticket) {
    console.errors << "there is no ticket " << tickets::format_number(*parsed, config->ticket_prefix) << '\n';
    return EX_DATAERR;
  }
  const auto history = store->history_of((*ticket)->id);
  const auto attachments = store->attachments_of((*ticket)->id);
  if (!history) return say_unavailable(history.error(), console);
  if (!attachments) return say_unavailable(attachments.error(), console);
  const auto jobs = store->media_jobs_of((*ticket)->id);
  if (!jobs) return say_unavailable(jobs.error(), console);
  console.out << describe_ticket(**ticket, *history, {*attachments, *jobs, config->media_folder}, config->ticket_prefix,
                                 utc_offset(config->time_zone));
  return EX_OK;
}

}  // namespace huiyin::gateway
