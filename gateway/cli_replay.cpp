// `huiyin replay`: stored conversations once more, with today's flow.
#include <spdlog/spdlog.h>
#include <sysexits.h>

#include <algorithm>
#include <charconv>
#include <iostream>
#include <stdexcept>

#include "gateway/clerk.h"
#include "gateway/cli.h"
#include "gateway/daemon.h"
#include "gateway/make_office.h"
#include "gateway/replay/print.h"
#include "gateway/report_maker.h"
#include "gateway/system.h"
#include "tickets/number.h"

namespace huiyin::gateway {
namespace {

/// What is gone through, and what of it is shown.
struct Passage {
  std::optional<Peer> peer{};  ///< none: everybody
  std::string delivery{};      ///< this turn alone is shown
  Time from{}, until{};
};

std::optional<std::int64_t> whole_number(const std::string& text) {
  std::int64_t value = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || rest != text.data() + text.size()) return std::nullopt;
  return value;
}

Error not_found(const std::string& what, const std::string& named) {
  return {named, "no such " + what,
          "`huiyin replay conversation` takes a conversation's id or the number of a ticket that came of it; "
          "deliveries are kept for `retention: inbox_days`."};
}

tl::expected<Peer, Error> peer_of_conversation(db::Store& store, const std::string& named, const std::string& prefix) {
  if (const auto id = whole_number(named)) {
    const auto peer = store.find_peer(ConversationId{*id});
    if (!peer) return tl::unexpected(Error{"database", peer.error().why, ""});
    if (*peer) return **peer;
  } else if (const auto number = tickets::parse_number(named, prefix)) {
    const auto ticket = store.find_ticket(*number);
    if (!ticket) return tl::unexpected(Error{"database", ticket.error().why, ""});
    if (*ticket && !(*ticket)->peer.address.empty()) return (*ticket)->peer;
  }
  return tl::unexpected(not_found("conversation", named));
}

Time oldest_kept(const Config& config, Time now) { return now - std::chrono::days(config.inbox_days + 1); }

/// Up to the one delivery: what was said before it decides what it meant.
tl::expected<Passage, Error> passage_to(const Config& config, db::Store& store, const std::string& key) {
  const auto record = store.find_inbox(key);
  if (!record) return tl::unexpected(Error{"database", record.error().why, ""});
  if (!*record || (*record)->row.peer.empty()) return tl::unexpected(not_found("delivery of an owner's", key));
  const auto& row = (*record)->row;
  return Passage{.peer = Peer{row.channel, row.peer},
                 .delivery = key,
                 .from = oldest_kept(config, row.received),
                 .until = row.received + std::chrono::milliseconds(1)};
}

tl::expected<Passage, Error> passage_of_days(const Config& config, const ReplayOptions& options, Time now) {
  Passage out{.from = oldest_kept(config, now), .until = now + std::chrono::hours(24)};
  const auto offset = utc_offset(config.time_zone);
  if (!options.from.empty()) {
    const auto day = tickets::parse_day(options.from);
    if (!day) return tl::unexpected(no_day("--from", options.from));
    out.from = Time(*day) - offset;
  }
  if (!options.until.empty()) {
    const auto day = tickets::parse_day(options.until);
    if (!day) return tl::unexpected(no_day("--to", options.until));
    out.until = Time(*day) + std::chrono::hours(24) - offset;
  }
  if (out.until <= out.from) return tl::unexpected(Error{"--to", "is before --from", ""});
  return out;
}

tl::expected<Passage, Error> find_passage(const Config& config, db::Store& store, const ReplayOptions& options) {
  const auto now = SystemClock().now();
  if (!options.delivery.empty()) return passage_to(config, store, options.delivery);
  auto passage = passage_of_days(config, options, now);
  if (!passage || options.conversation.empty()) return passage;
  const auto peer = peer_of_conversation(store, options.conversation, config.ticket_prefix);
  if (!peer) return tl::unexpected(peer.error());
  passage->peer = *peer;
  return passage;
}

/// What conversations are decided with, but for a daemon around it.
struct Company {
  ChannelTable channels{};
  std::shared_ptr<Office> office{};
};

std::optional<Company> make_company(const ConfiguredAssets& configured, Console console) {
  std::vector<Error> errors;
  Company out{.channels = make_channels(configured.config, process_secrets(), errors)};
  out.office = make_office(configured.assets, configured.config, errors);
  if (!errors.empty()) {
    print(errors, console.errors);
    return std::nullopt;
  }
  furnish(out.channels, configured.config, configured.assets, out.office);
  return out;
}

/// Staff as they are today: who is on duty decides what an owner is told.
void bring_staff(db::Store& store, ReplayStage& stage, Time from) {
  auto unit = stage.begin(std::max(from, time_of_id(1)));
  const auto staff = store.list_staff();
  if (!staff) throw std::runtime_error(staff.error().why);
  for (auto person : *staff) {
    person.version = 0;
    if (const auto duties = store.duties_of(person.id, from))
      unit.duties.insert(unit.duties.end(), duties->begin(), duties->end());
    unit.staff.push_back(std::move(person));
  }
  stage.commit(std::move(unit));
}

/// What is logged of a stage would be taken for what happens.
class Hush {
 public:
  Hush() { spdlog::set_level(spdlog::level::off); }
  ~Hush() { spdlog::set_level(before_); }
  Hush(const Hush&) = delete;
  Hush& operator=(const Hush&) = delete;

 private:
  const spdlog::level::level_enum before_ = spdlog::get_level();
};

ReplayResult go_through(const ConfiguredAssets& configured, const Company& company, db::Store& store,
                        ReplayStage& stage, const Passage& passage) {
  const Hush hush;
  const ReplayStage::Cast cast{company.channels, *company.office};
  const auto record = store_options(configured.config);
  bring_staff(store, stage, passage.from);
  Replay replay(cast, stage, record,
                {.all_turns = passage.peer.has_value(), .media_folder = configured.config.media_folder});
  const auto read =
      db::read_deliveries(record, passage.from, passage.until, passage.peer, [&](const db::InboxRecord& one) {
        replay.take(one);
        return true;
      });
  if (!read) throw std::runtime_error(read.error().why);
  auto result = replay.finish();
  if (!passage.delivery.empty())
    std::erase_if(result.turns, [&](const ReplayedTurn& turn) { return turn.key != passage.delivery; });
  return result;
}

}  // namespace

int run_replay(const ReplayOptions& options, Console console) {
  const auto configured = load_configured_assets(options.config_file, console.errors);
  if (!configured) return EX_CONFIG;
  const auto company = make_company(*configured, console);
  if (!company) return EX_CONFIG;
  const auto clerk = Clerk::open(configured->config, console);
  if (!clerk) return EX_UNAVAILABLE;
  const auto passage = find_passage(configured->config, clerk->store(), options);
  if (!passage) {
    print({passage.error()}, console.errors);
    return passage.error().where == "database" ? EX_UNAVAILABLE : EX_USAGE;
  }
  auto stage = ReplayStage::open({company->channels, *company->office});
  if (!stage) {
    print({stage.error()}, console.errors);
    return EX_IOERR;
  }
  try {
    const auto result = go_through(*configured, *company, clerk->store(), **stage, *passage);
    const ReplayView view{.prefix = company->office->prefix,
                          .utc_offset = utc_offset(configured->config.time_zone),
                          .mask_with = options.unmasked ? nullptr : configured->assets.lexicon.get()};
    console.out << (options.format == "json" ? print_json(result, view) : print_text(result, view)) << std::flush;
  } catch (const std::runtime_error& error) {
    print({Error{"replay", error.what(), ""}}, console.errors);
    return EX_UNAVAILABLE;
  }
  return console.out ? EX_OK : EX_IOERR;
}

}  // namespace huiyin::gateway
