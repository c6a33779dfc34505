#include <sysexits.h>

#include <iostream>

#include "gateway/assets.h"
#include "gateway/cli_store.h"
#include "gateway/outbox_text.h"
#include "gateway/system.h"

namespace huiyin::gateway {
namespace {

std::optional<db::OutboxFilter> filter_of(const OutboxOptions& options, Console console) {
  db::OutboxFilter filter{.channel = options.channel, .address = options.peer, .limit = options.limit};
  if (options.state.empty()) return filter;
  filter.state = parse_outbox_state(options.state);
  if (filter.state) return filter;
  console.errors << '"' << options.state << "\" is no state: waiting, sent, delivered, unknown, dead, cancelled\n";
  return std::nullopt;
}

/// The rows that a command is to change: those named, else those that the filter finds.
db::Result<std::vector<OutboxId>> chosen(db::Store& store, const OutboxOptions& options,
                                         const db::OutboxFilter& filter) {
  std::vector<OutboxId> ids;
  for (const auto id : options.ids) ids.push_back({id});
  if (!ids.empty()) return ids;
  const auto found = store.list_outbox(filter);
  if (!found) return tl::unexpected(found.error());
  for (const auto& row : *found) ids.push_back(row.id);
  return ids;
}

int revise(const OutboxOptions& options, OutboxState to, std::string_view done, Console console) {
  if (options.ids.empty() && options.state.empty()) {
    console.errors << "which? Name rows by their ids (`huiyin outbox list` shows them), or all of a --state\n";
    return EX_USAGE;
  }
  const auto config = load_config(options.config_file, console.errors);
  if (!config) return EX_CONFIG;
  const auto filter = filter_of(options, console);
  if (!filter) return EX_USAGE;
  const auto store = open_store_for_command(*config, console);
  if (!store) return EX_UNAVAILABLE;
  const auto ids = chosen(*store, options, *filter);
  if (!ids) return say_unavailable(ids.error(), console);
  const SystemClock clock;
  std::size_t changed = 0;
  for (const auto id : *ids) {
    const auto revised = store->revise_outbox(id, to, clock.now());
    if (!revised) return say_unavailable(revised.error(), console);
    if (*revised) {
      ++changed;
    } else {
      const auto row = store->find_outbox(id);
      console.errors << id.value
                     << (row && *row ? ": is " + std::string(to_string((*row)->state)) + ", left as it is\n"
                                     : ": there is no such row\n");
    }
  }
  console.out << changed << " row(s) " << done << '\n';
  return changed == ids->size() ? EX_OK : EX_DATAERR;
}

}  // namespace

int run_outbox_list(const OutboxOptions& options, Console console) {
  const auto config = load_config(options.config_file, console.errors);
  if (!config) return EX_CONFIG;
  const auto filter = filter_of(options, console);
  if (!filter) return EX_USAGE;
  const auto store = open_store_for_command(*config, console);
  if (!store) return EX_UNAVAILABLE;
  const auto found = store->list_outbox(*filter);
  if (!found) return say_unavailable(found.error(), console);
  for (const auto& row : *found) console.out << describe_outbox_line(row, utc_offset(config->time_zone));
  console.out << found->size() << " row(s), newest first\n";
  return EX_OK;
}

int run_outbox_show(const OutboxOptions& options, Console console) {
  const auto config = load_config(options.config_file, console.errors);
  if (!config) return EX_CONFIG;
  const auto store = open_store_for_command(*config, console);
  if (!store) return EX_UNAVAILABLE;
  for (const auto id : options.ids) {
    const auto row = store->find_outbox({id});
    if (!row) return say_unavailable(row.error(), console);
    if (!*row) {
      console.errors << id << ": there is no such row\n";
      return EX_DATAERR;
    }
    console.out << describe_outbox(**row, utc_offset(config->time_zone));
  }
  return EX_OK;
}

int run_outbox_retry(const OutboxOptions& options, Console console) {
  return revise(options, OutboxState::waiting, "to be sent now", console);
}

int run_outbox_drop(const OutboxOptions& options, Console console) {
  return revise(options, OutboxState::cancelled, "dropped", console);
}

}  // namespace huiyin::gateway
