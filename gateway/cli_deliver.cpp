#include <sysexits.h>

#include <spdlog/spdlog.h>

#include <future>
#include <iostream>
#include <iterator>

#include "adapters/registry.h"
#include "gateway/cli.h"
#include "gateway/daemon.h"
#include "gateway/deliver.h"
#include "gateway/node.h"
#include "gateway/system.h"
#include "gateway/turn_threads.h"

namespace huiyin::gateway {
namespace {

constexpr std::size_t kMostBytes = 512U << 20U;

/// Complaints would be told to the mail's sender: they go nowhere. `huiyin check` tells them.
class Silence : public std::streambuf {};

/// At most one byte more than is taken.
std::string read_input(std::istream& in) {
  std::string out;
  char room[65536];
  while (out.size() <= kMostBytes && (in.read(room, sizeof room), in.gcount() > 0))
    out.append(room, static_cast<std::size_t>(in.gcount()));
  return out;
}

/// What takes a mail without a daemon: its pieces, for one mail.
struct Alone {
  SystemClock clock{};
  SystemRandom random{};
  IdSource ids{clock, 0};
  Metrics metrics{};
  ChannelTable channels{};
  std::unique_ptr<db::Store> store{};
  std::unique_ptr<Spool> spool{};
  std::unique_ptr<MediaStore> media{};
  std::unique_ptr<FileTypes> types{};
  TurnThreads threads{1, 1};
  std::unique_ptr<Pipeline> pipeline{};
  std::unique_ptr<Node> node{};

  bool open(const Config& config, const Assets& assets) {
    std::vector<Error> errors;
    for (const auto& stanza : config.channels) {
      if (stanza.kind != "email") continue;
      auto channel = make_channel(stanza, process_secrets(), errors);
      if (!channel) return false;
      auto desk = make_desk(assets, config, stanza, channel->capabilities());
      channels.emplace(stanza.hook_path(), ChannelSetup{stanza.name, std::move(channel), std::move(desk)});
    }
    auto opened = db::open_store(store_options(config));
    auto spooled = Spool::open(config.spool_file, config.spool_max_rows);
    auto folder = MediaStore::open(config.media_folder);
    auto loaded = FileTypes::load();
    if (!opened || !spooled || !folder || !loaded) return false;
    store = *std::move(opened);
    spool = *std::move(spooled);
    media = *std::move(folder);
    types = *std::move(loaded);
    node = std::make_unique<Node>(*store, ids, clock, "deliver:" + std::to_string(random.next()),
                                  std::chrono::hours(24) * config.inbox_days);
    node->look();
    pipeline = std::make_unique<Pipeline>(
        *store,
        [this](const Incoming& incoming, Snapshot snapshot, std::optional<TicketNumber> number) {
          for (const auto& [path, setup] : channels)
            if (setup.name == incoming.event.peer.channel)
              return decide(setup.desk, incoming, std::move(snapshot),
                            {.now = clock.now(), .ids = &ids, .number = number});
          throw std::runtime_error("no such channel");
        },
        [this] { return node->is_ready(); }, metrics, threads.both());
    return true;
  }
};

}  // namespace

ControlReply deliver(MailIntake& mails, ReceivedMail mail) {
  const auto taken = std::make_shared<std::promise<MailIntake::Taken>>();
  mails.take(std::move(mail), [taken](MailIntake::Taken its) { taken->set_value(std::move(its)); });
  auto result = taken->get_future().get();
  switch (result.result) {
    case MailIntake::Taken::Result::stored:
      return {.code = EX_OK};
    case MailIntake::Taken::Result::refused:
      return {.code = EX_DATAERR, .text = std::move(result.why)};
    case MailIntake::Taken::Result::not_now:
      break;
  }
  return {.code = EX_TEMPFAIL, .text = std::move(result.why)};
}

ControlReply answer_process(MailIntake& mails, const Clock& clock, ControlRequest request) {
  if (request.command != "deliver") return {.code = EX_USAGE, .text = "this daemon knows no " + request.command};
  ReceivedMail mail{.channel = request.field("channel"),
                    .bytes = std::move(request.body),
                    .recipient = request.field("recipient"),
                    .received = clock.now()};
  for (auto& [name, value] : request.fields)
    if (name == "sender") mail.sender = std::move(value);
  return deliver(mails, std::move(mail));
}

int run_deliver(const DeliverOptions& options, Console console) try {
  // What a pipe's program says goes into the bounce that the mail's sender gets.
  spdlog::set_level(spdlog::level::off);
  Silence silence;
  std::ostream nowhere(&silence);
  const auto configured = load_configured_assets(options.config_file, nowhere);
  if (!configured) return EX_TEMPFAIL;
  auto bytes = read_input(console.in);
  if (bytes.size() > kMostBytes) {
    console.errors << "the message is larger than we take\n";
    return EX_DATAERR;
  }
  Alone alone;
  if (!alone.open(configured->config, configured->assets)) return EX_TEMPFAIL;
  MailIntake mails({alone.channels, *alone.pipeline, *alone.spool, *alone.media, *alone.types, alone.metrics,
                    alone.random, std::chrono::hours(24) * configured->config.inbox_days});
  const auto reply = deliver(mails, {.channel = options.channel,
                                     .bytes = std::move(bytes),
                                     .sender = options.sender,
                                     .recipient = options.recipient,
                                     .received = alone.clock.now()});
  if (!reply.text.empty()) console.errors << reply.text << '\n';
  return reply.code;
} catch (const std::exception&) {
  return EX_TEMPFAIL;  // whatever is broken here must not bounce an owner's mail
}

}  // namespace huiyin::gateway
