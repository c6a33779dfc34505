// `huiyin ticket open|assign|accept|…`: what an operator does to tickets, by the same rules as everybody.
#include <fmt/format.h>
#include <sysexits.h>

#include <algorithm>
#include <iostream>
#include <variant>

#include "core/text.h"
#include "gateway/clerk.h"
#include "gateway/make_office.h"
#include "gateway/stable_id.h"
#include "gateway/ticket_case.h"
#include "tickets/number.h"

namespace huiyin::gateway {
namespace {

using tickets::ActionKind;

constexpr int kReads = 3;  // the ticket, who works at its estate, who has it

/// What a command on tickets needs before it does anything.
struct Counter {
  ConfiguredAssets configured{};
  std::shared_ptr<Office> office{};
  std::unique_ptr<Clerk> clerk{};
};

std::optional<Counter> open_counter(const std::string& config_file, Console console, int& code) {
  code = EX_CONFIG;
  auto configured = load_configured_assets(config_file, console.errors);
  if (!configured) return std::nullopt;
  std::vector<Error> errors;
  auto office = make_office(configured->assets, configured->config, errors);
  if (!errors.empty()) return print(errors, console.errors), std::nullopt;
  code = EX_UNAVAILABLE;
  auto clerk = Clerk::open(configured->config, console);
  if (!clerk) return std::nullopt;
  return Counter{*std::move(configured), std::move(office), std::move(clerk)};
}

tickets::Doer operator_of(const UnitOfWork& unit) {
  return {.role = tickets::Role::operator_, .channel = "cli", .delivery_key = unit.inbox.key};
}

/// The ticket with all that a case of it needs; nothing where there is none, or the store is away (said then).
std::optional<Snapshot> read_case(Counter& counter, TicketNumber number, Console console, int& code) {
  Wants wants{.numbers = {number}, .details = true};
  for (int i = 0; i < kReads; ++i) {
    auto snapshot = counter.clerk->store().read(wants);
    if (!snapshot) return code = say_unavailable(snapshot.error(), console), std::nullopt;
    if (snapshot->tickets.empty()) {
      console.errors << "there is no ticket " << tickets::format_number(number, counter.office->prefix) << '\n';
      return code = EX_DATAERR, std::nullopt;
    }
    snapshot->read = wants;
    const auto lacks = lacks_for_case(snapshot->tickets.front(), *snapshot, counter.clerk->now());
    if (!lacks) return *std::move(snapshot);
    wants = *lacks;
  }
  return code = EX_SOFTWARE, std::nullopt;
}

/// To whom it is given: a person or a department.
bool read_receiver(const Counter& counter, const Snapshot& snapshot, const std::string& to, tickets::Action& action) {
  for (const auto& one : snapshot.roster)
    if (one.staff.name == to || one.staff.phone == to || std::to_string(one.staff.id.value) == to)
      action.staff = one.staff.id;
  for (const auto& department : counter.office->departments)
    if (!action.staff && (department.name == to || department.title == to)) action.department = department.id;
  return action.staff || action.department;
}

std::optional<tickets::Action> read_action(const Counter& counter, const Snapshot& snapshot,
                                           const TicketActOptions& options, Console console) {
  const auto kind = tickets::parse_action(options.action);
  if (!kind) return console.errors << "no such action: " << options.action << '\n', std::nullopt;
  tickets::Action action{.kind = *kind, .text = options.text, .told_by = options.told_by};
  const auto& files = snapshot.files;
  action.after_photos = static_cast<int>(std::count_if(
      files.begin(), files.end(), [](const Attachment& file) { return file.stage == AttachmentStage::after; }));
  if (*kind == ActionKind::assign && !read_receiver(counter, snapshot, options.to, action)) {
    console.errors << "nobody of the staff and no department is called \"" << options.to << "\"\n";
    return std::nullopt;
  }
  const bool takes_category = *kind == ActionKind::set_category || (*kind == ActionKind::reopen && !options.to.empty());
  if (takes_category) {
    const auto slash = options.to.find('/');
    action.details.category = parse_category(options.to.substr(0, slash)).value_or(Category::none);
    if (action.details.category == Category::none)
      return console.errors << "--to: no such category: " << options.to << '\n', std::nullopt;
    if (slash != std::string::npos) action.details.subcategory = options.to.substr(slash + 1);
  }
  if (*kind == ActionKind::set_priority) {
    const auto priority = parse_priority(options.to);
    if (!priority) return console.errors << "--to is low, normal, high or urgent\n", std::nullopt;
    action.priority = *priority;
  }
  return action;
}

/// Where the caller hears of his ticket: by SMS, of several channels by the estate's own, the first of them.
Peer peer_of_caller(const Config& config, const std::string& phone, EstateId estate) {
  Peer peer;
  bool own = false;
  for (const auto& channel : config.channels) {
    const bool is_own = stable_id<EstateId>(channel.estate) == estate;
    if (channel.kind != "sms" || phone.empty() || own || (!peer.channel.empty() && !is_own)) continue;
    peer = {channel.name, phone};
    own = is_own;
  }
  return peer;
}

/// Whom the caller has to call, as the lexicon says it; empty where it does not.
std::string call_instead(const Counter& counter, const std::string& description) {
  const auto reply = dialogs::understand(*counter.configured.assets.lexicon, description).reply;
  const auto found = reply.find(counter.office->locale);
  return found == reply.end() ? "" : " (" + found->second + ")";
}

std::optional<Ticket> read_call(const Counter& counter, const TicketOpenOptions& options, Console console) {
  const auto& config = counter.configured.config;
  const bool known =
      options.estate.empty() || std::any_of(config.estates.begin(), config.estates.end(),
                                            [&](const EstateConfig& estate) { return estate.name == options.estate; });
  if (!known) return console.errors << "the configuration has no estate \"" << options.estate << "\"\n", std::nullopt;
  Ticket draft;
  draft.name = options.name;
  draft.address = options.address;
  draft.description = options.description;
  draft.estate = stable_id<EstateId>(
      !options.estate.empty() || config.estates.size() != 1 ? options.estate : config.estates.front().name);
  const auto understood = dialogs::understand(*counter.configured.assets.lexicon, options.description);
  draft.category = understood.category;
  draft.subcategory = understood.subcategory;
  draft.danger = understood.danger;
  if (!options.category.empty()) {
    const auto slash = options.category.find('/');
    const auto category = parse_category(options.category.substr(0, slash));
    if (!category) return console.errors << "no such category: " << options.category << '\n', std::nullopt;
    draft.category = *category;
    draft.subcategory = slash == std::string::npos ? "" : options.category.substr(slash + 1);
  }
  if (!options.phone.empty()) {
    const auto phone =
        dialogs::understand(*counter.configured.assets.lexicon, options.phone, locality_of(config, options.estate))
            .phone;
    if (!phone) return console.errors << '"' << options.phone << "\" is no phone number\n", std::nullopt;
    draft.phone = phone->value;
  }
  draft.peer = peer_of_caller(config, draft.phone, draft.estate);
  if (options.urgent) draft.priority = Priority::urgent;
  return draft;
}

/// What the action makes of the ticket as it stands now, and in `words` what to print when that is committed.
std::variant<UnitOfWork, int> decide_act(Counter& counter, TicketNumber number, const TicketActOptions& options,
                                         Console console, std::string& words) {
  int code = EX_OK;
  const auto snapshot = read_case(counter, number, console, code);
  if (!snapshot) return code;
  const auto action = read_action(counter, *snapshot, options, console);
  if (!action) return EX_USAGE;
  auto& clerk = *counter.clerk;
  auto unit = clerk.begin("ticket " + options.action + " " + options.number);
  const Supplies supplies{.now = clerk.now(), .ids = &clerk.ids(), .number = std::nullopt};
  TicketCase kase(*counter.office, snapshot->tickets.front(), *snapshot, supplies, unit);
  if (const auto done = kase.act(*action, operator_of(unit)); !done) {
    console.errors << counter.office->number(kase.ticket()) << ": " << tickets::describe(done.error()) << '\n';
    return EX_DATAERR;
  }
  kase.finish(true);
  words = fmt::format("{}: {}\n", counter.office->number(kase.ticket()), to_string(kase.ticket().status));
  return unit;
}

}  // namespace

int run_ticket_open(const TicketOpenOptions& options, Console console) {
  int code = EX_OK;
  auto counter = open_counter(options.config_file, console, code);
  if (!counter) return code;
  auto draft = read_call(*counter, options, console);
  if (!draft) return EX_USAGE;
  auto& clerk = *counter->clerk;
  const auto number = clerk.store().take_ticket_numbers(1);
  if (!number) return say_unavailable(number.error(), console);
  auto unit = clerk.begin("ticket open");
  draft->id = clerk.ids().next<TicketId>();
  draft->number = {*number};
  draft->request_id = unit.inbox.request_id;
  auto change = tickets::open_ticket(*std::move(draft), clerk.ids().next<HistoryId>(), operator_of(unit), clerk.now(),
                                     counter->office->rules);
  const auto words = counter->office->number(change.ticket);
  const bool is_others = change.ticket.status == TicketStatus::out_of_scope;
  unit.timers.push_back(ticket_timer(change.ticket.id, soon(clerk.now(), unit.id)));
  unit.tickets.push_back(std::move(change.ticket));
  unit.history.push_back(std::move(change.history));
  code = clerk.commit(std::move(unit), console);
  if (code != EX_OK) return code;
  console.out << words << '\n';
  if (is_others)
    console.errors << words << " is kept as out of scope" << call_instead(*counter, options.description)
                   << "; if it is ours, give it to somebody: huiyin ticket reopen " << words << " --to repair\n";
  return code;
}

int run_ticket_act(const TicketActOptions& options, Console console) {
  int code = EX_OK;
  auto counter = open_counter(options.config_file, console, code);
  if (!counter) return code;
  const auto number = tickets::parse_number(options.number, counter->office->prefix);
  if (!number) return console.errors << '"' << options.number << "\" is no ticket number\n", EX_USAGE;
  std::string words;
  const auto decide = [&] { return decide_act(*counter, *number, options, console, words); };
  code = counter->clerk->commit(decide, console);
  if (code == EX_OK) console.out << words;
  return code;
}

}  // namespace huiyin::gateway
