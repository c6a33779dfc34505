#include "gateway/daemon.h"

#include <fmt/format.h>
#include <malloc.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <thread>

#include "gateway/alarms.h"
#include "gateway/assets.h"
#include "gateway/channel_table.h"
#include "gateway/control_socket.h"
#include "gateway/decide_any.h"
#include "gateway/deliver.h"
#include "gateway/dispatcher.h"
#include "gateway/file_type.h"
#include "gateway/hooks.h"
#include "gateway/mail_intake.h"
#include "gateway/mail_manners.h"
#include "gateway/mailbox_reader.h"
#include "gateway/make_office.h"
#include "gateway/media_fetcher.h"
#include "gateway/monitor.h"
#include "gateway/node.h"
#include "gateway/owner_notices.h"
#include "gateway/pages_desk.h"
#include "gateway/pipeline.h"
#include "gateway/replayer.h"
#include "gateway/report_desk.h"
#include "gateway/scheduler.h"
#include "gateway/shared_credentials.h"
#include "gateway/system.h"
#include "gateway/ticket_timer.h"
#include "net/http_client.h"
#include "net/http_server.h"

namespace huiyin::gateway {
namespace {

using namespace std::chrono_literals;

constexpr auto kDrainPatience = 10s;
constexpr auto kSendPatience = 10s;  // for calls in flight; what is not answered by then is judged as it stands

std::string process_name(Random& random) {
  char host[256] = "localhost";
  ::gethostname(host, sizeof host - 1);
  return fmt::format("{:.40}:{}:{:08x}", host, ::getpid(), random.next() & 0xffffffffU);
}

/// Not fewer than two: one decision that takes long must not hold up everybody.
std::size_t threads_of(const Config& config) {
  if (config.threads != 0) return config.threads;
  return std::max<std::size_t>(2, std::thread::hardware_concurrency());
}

std::string time_zone_of(const Config& config, const std::string& estate) {
  for (const auto& one : config.estates)
    if (one.name == estate) return one.time_zone;
  return config.time_zone;
}

}  // namespace

struct Daemon::Impl {
  SystemClock clock{};
  SystemRandom random{};
  Metrics metrics{};
  IdSource ids{clock, 0};
  ChannelTable channels{};
  std::map<std::string, const Desk*> desks{};  // by channel name
  std::shared_ptr<const Office> office{};
  std::unique_ptr<Spool> spool{};
  std::unique_ptr<db::Store> store{};
  std::unique_ptr<Node> node{};
  HttpClient credential_client{};
  std::unique_ptr<Alarms> alarms{};
  std::unique_ptr<SharedCredentials> credentials{};
  std::unique_ptr<StandIns> stand_ins{};
  std::unique_ptr<Dispatcher> dispatcher{};
  std::atomic<Dispatcher*> sends{nullptr};  // once it runs; turns are decided before that
  std::unique_ptr<Workers> workers{};       // what waits only where it is alone
  std::unique_ptr<Workers> readers{};       // what waits for the store
  std::unique_ptr<Pipeline> pipeline{};
  std::unique_ptr<Hooks> hooks{};
  std::unique_ptr<MailIntake> mails{};
  std::vector<std::unique_ptr<MailboxReader>> mailboxes{};
  std::unique_ptr<ControlSocket> control{};
  std::unique_ptr<Replayer> replayer{};
  std::unique_ptr<ReportDesk> reports{};  // before who hands timers over to it
  std::unique_ptr<Scheduler> scheduler{};
  std::unique_ptr<MediaStore> media{};
  std::unique_ptr<FileTypes> file_types{};
  std::unique_ptr<MediaFetcher> media_fetcher{};
  std::unique_ptr<Monitor> monitor{};
  std::unique_ptr<Workers> page_workers{};  // what waits for the pipeline
  std::unique_ptr<PagesRouter> pages{};     // where links are configured
  std::unique_ptr<HttpServer> hook_server{};
  std::unique_ptr<HttpServer> monitor_server{};
  int hook_port = 0;
  int monitor_port = 0;

  std::optional<Error> open(const Config& config);
  std::optional<Error> open_media(const Config& config);
  void hear(const std::string& channel, const Receipt& receipt);
  void connect(const Config& config, const Assets& assets);
  void authorise(const std::string& owner);
  void send(const Config& config);
  [[nodiscard]] SignInChannel sign_in_channel();
  void serve_pages(const Config& config);
  void fetch_media(const Config& config, const std::string& owner);
  void read_mailboxes(const std::string& owner);
  void listen_for_processes(const Config& config);
  [[nodiscard]] std::function<std::size_t(const HttpRequest&)> body_limit_of(const Config& config) const;
  std::optional<Error> listen(const Config& config);
};

std::optional<Error> Daemon::Impl::open(const Config& config) {
  auto opened = Spool::open(config.spool_file, config.spool_max_rows);
  if (!opened) return opened.error();
  spool = *std::move(opened);
  if (auto error = open_media(config)) return error;
  if (config.database.driver == "sqlite")  // the embedded default has no operator who would do it
    if (const auto migrated = db::migrate(store_options(config)); !migrated) return migrated.error();
  db::StoreObserver observer{
      .group_committed = [this](std::size_t units, std::chrono::microseconds took) { metrics.group(units, took); },
      .retried =
          [this](const std::string& why) {
            metrics.store_retried();
            spdlog::warn("store_retried why=\"{}\"", why);
          },
      .receipt_unknown = [](const std::string& channel,
                            const std::string& id) { spdlog::info("receipt_unknown channel={} id={}", channel, id); }};
  auto options = store_options(config);
  options.knows_peers = true;
  auto reached = db::open_store_when_reachable(options, std::move(observer));
  if (!reached) return reached.error();
  store = *std::move(reached);
  return std::nullopt;
}

std::optional<Error> Daemon::Impl::open_media(const Config& config) {
  auto folder = MediaStore::open(config.media_folder);
  if (!folder) return folder.error();
  media = *std::move(folder);
  auto types = FileTypes::load();
  if (!types) return types.error();
  file_types = *std::move(types);
  return std::nullopt;
}

void Daemon::Impl::hear(const std::string& channel, const Receipt& receipt) {
  stand_ins->arrived(channel, receipt.id, clock.now());
  if (channel.starts_with("email:") && blames_us(receipt))
    alarms->raise("policy:" + channel, channel +
                                           ": a mail of ours was refused for what we are, not for its recipient (" +
                                           receipt.detail.substr(0, receipt.detail.find(' ')) +
                                           "): look at SPF, DKIM, DMARC and block lists of our mail server");
}

void Daemon::Impl::connect(const Config& config, const Assets& assets) {
  for (const auto& [path, setup] : channels) desks[setup.name] = &setup.desk;
  const auto owner = process_name(random);
  node = std::make_unique<Node>(*store, ids, clock, owner, std::chrono::hours(24) * config.inbox_days);
  node->look();
  if (!node->is_ready())
    spdlog::warn("database_away why=\"{}\": what comes is kept in the spool {}", node->why_not(), config.spool_file);
  else if (const auto written = store->put_directory(directory_of(config, *office), clock.now()); !written)
    spdlog::warn("directory_not_written why=\"{}\"", written.error().why);
  // One may be committing (Store::commit_here), another reading: who is alone waits himself.
  workers = std::make_unique<Workers>(std::max<std::size_t>(3, threads_of(config) + 1), "http");
  readers = std::make_unique<Workers>(static_cast<std::size_t>(db::StoreOptions{}.readers), "readers");
  pipeline = std::make_unique<Pipeline>(
      *store,
      [this](const Incoming& incoming, Snapshot snapshot, std::optional<TicketNumber> number) {
        const Supplies supplies{.now = clock.now(), .ids = &ids, .number = number, .random = &random};
        return decide_any(*office, desks, incoming, std::move(snapshot), supplies);
      },
      [this] { return node->is_ready(); }, metrics, Pipeline::Threads{*workers, *readers},
      [this](const Event& event, bool owes) {
        auto* running = sends.load();
        if (running == nullptr) return;
        running->he_wrote(event.peer);
        if (const auto* receipt = std::get_if<Receipt>(&event.body)) hear(event.peer.channel, *receipt);
        if (owes) running->look();
      });
  hooks = std::make_unique<Hooks>(channels, *pipeline, *spool, *store, *readers, metrics, clock, random);
  mails = std::make_unique<MailIntake>(MailIntake::World{channels, *pipeline, *spool, *media, *file_types, metrics,
                                                         random, std::chrono::hours(24) * config.inbox_days});
  replayer = std::make_unique<Replayer>(channels, *pipeline, *mails, *spool, *store, ids, metrics, clock);
  alarms = std::make_unique<Alarms>(*store, ids, clock, parse_destinations(config.alarms_to));
  reports = std::make_unique<ReportDesk>(ReportDesk::World{.store = *store,
                                                           .ids = ids,
                                                           .clock = clock,
                                                           .alarms = *alarms,
                                                           .config = config,
                                                           .reports = reports_of(read_file(config.file).value_or("")),
                                                           .assets = assets,
                                                           .ready = [this] { return node->is_ready(); }});
  scheduler = std::make_unique<Scheduler>(
      *store, *pipeline, ids, clock, owner, [this] { return node->is_ready(); },
      [this](const std::string& channel) { return desks.contains(channel); },
      Scheduler::Options{
          .hand_over =
              [this](const Timer& timer) {
                if (!ReportDesk::takes(timer)) return false;
                reports->fire(timer);
                return true;
              },
          .foresee = [this](const Ticket& ticket) { return wants_of_timer(*office, ticket, clock.now()); }});
  authorise(owner);
  fetch_media(config, owner);
  read_mailboxes(owner);
  monitor = std::make_unique<Monitor>(*node, *spool, metrics);
}

/// Access tokens, for whatever calls a provider.
void Daemon::Impl::authorise(const std::string& owner) {
  std::map<std::string, const Channel*> by_name;
  for (const auto& [path, setup] : channels) by_name[setup.name] = setup.channel.get();
  credentials = std::make_unique<SharedCredentials>(
      std::move(by_name), owner,
      SharedCredentials::Tools{
          .store = *store,
          .clock = clock,
          .random = random,
          .call = [this](const HttpCall& call) { return credential_client.call(call); },
          .alarm = [this](const std::string& channel,
                          const std::string& why) { alarms->raise("token:" + channel, channel + ": " + why); }});
  credentials->start();
}

void Daemon::Impl::fetch_media(const Config& config, const std::string& owner) {
  media_fetcher = std::make_unique<MediaFetcher>(
      MediaFetcher::World{
          .store = *store,
          .media = *media,
          .types = *file_types,
          .credentials = *credentials,
          .channels = channels,
          .ids = ids,
          .clock = clock,
          .random = random,
          .owner = owner,
          .ready = [this] { return node->is_ready(); },
          .alarm = [this](const std::string& cause, const std::string& text) { alarms->raise(cause, text); }},
      MediaFetcher::Options{.max_bytes = std::int64_t{config.media_max_mb} << 20});
}

void Daemon::Impl::send(const Config& config) {
  std::vector<SendingChannel> sending;
  for (const auto& stanza : config.channels) {
    const auto& channel = *channels.at(stanza.hook_path()).channel;
    if (!channel.capabilities().sends) continue;
    sending.push_back(make_sending_channel(stanza, channel, time_zone_of(config, stanza.estate)));
    if (stanza.kind == "email")
      sending.back().page = [office = office, company = config.company](const OutboundMessage& message) {
        return mail_page(*office, company, message);
      };
  }
  for (const auto& to : parse_destinations(config.alarms_to)) {
    const bool reachable =
        std::any_of(sending.begin(), sending.end(), [&](const SendingChannel& one) { return one.name == to.channel; });
    if (!reachable) spdlog::warn("alarms_unreachable channel={}: it is not configured, or cannot send", to.channel);
  }
  std::vector<std::vector<std::string>> groups;
  for (auto& [estate, names] : sms_channels(config, channels)) groups.push_back(names);
  stand_ins = std::make_unique<StandIns>(std::move(groups), [this](const std::string& ill, const std::string& other) {
    if (other.empty()) return spdlog::info("channel_well channel={}", ill);
    spdlog::warn("channel_ill channel={} stand_in={}", ill, other);
    alarms->raise("ill:" + ill, ill + ": the provider fails or its receipts are late; " + other + " stands in");
  });
  dispatcher = std::make_unique<Dispatcher>(
      std::move(sending),
      Dispatcher::Tools{
          .store = *store,
          .credentials = *credentials,
          .alarms = *alarms,
          .metrics = metrics,
          .ids = ids,
          .clock = clock,
          .random = random,
          .ready = [this] { return node->is_ready(); },
          .stand_ins = stand_ins.get(),
          .reword = [this](const OutboundMessage& message, const Peer& to) { return reworded(*office, message, to); }},
      Dispatcher::Options{.owner = process_name(random), .held = std::chrono::seconds(config.outbox_lease_s)});
  sends = dispatcher.get();
}

void Daemon::Impl::read_mailboxes(const std::string& owner) {
  for (const auto& [path, setup] : channels)
    if (auto box = setup.channel->mailbox())
      mailboxes.push_back(std::make_unique<MailboxReader>(
          setup.name, *std::move(box),
          MailboxReader::World{
              .store = *store,
              .mails = *mails,
              .metrics = metrics,
              .clock = clock,
              .owner = owner,
              .ready = [this] { return node->is_ready(); },
              .alarm = [this](const std::string& cause, const std::string& text) { alarms->raise(cause, text); }}));
}

void Daemon::Impl::listen_for_processes(const Config& config) {
  if (config.control_socket.empty()) return;
  auto opened =
      ControlSocket::open({.path = config.control_socket, .group = config.control_group, .most_body = kMostControlBody},
                          [this](ControlRequest request) { return answer_process(*mails, clock, std::move(request)); });
  // Webhooks do not need it: what cannot be given to us goes into the store directly.
  if (!opened) return spdlog::warn("control_socket_unavailable why=\"{}\"", describe(opened.error()));
  control = *std::move(opened);
}

/// The first channel of work chat that can tell who opens a page.
SignInChannel Daemon::Impl::sign_in_channel() {
  for (const auto& [path, setup] : channels)
    if (setup.channel->capabilities().staff && !setup.channel->sign_in_url("https://x", "x").empty())
      return {.name = setup.name,
              .channel = setup.channel.get(),
              .credentials = credentials.get(),
              .call = [this](const HttpCall& call) { return credential_client.call(call); }};
  return {};
}

void Daemon::Impl::serve_pages(const Config& config) {
  if (config.links_secret.current.empty()) return;
  constexpr std::size_t kThreads = 4;
  page_workers = std::make_unique<Workers>(kThreads, "pages");
  pages = std::make_unique<PagesRouter>(
      PagesRouter::Settings{
          .secret = config.links_secret, .locale = office->locale, .groups = group_channels(channels)},
      make_pages_world({.store = *store,
                        .pipeline = *pipeline,
                        .media = *media,
                        .types = *file_types,
                        .office = *office,
                        .ids = ids,
                        .clock = clock,
                        .random = random,
                        .share_folder = share_folder(),
                        .public_url = config.public_url,
                        .sign_in = sign_in_channel()}),
      [office = office](const std::string& locale) {
        return [office, locale](std::string_view name, const templates::Data& data) {
          return office->renderer->render(name, locale, "", data);
        };
      },
      clock, random);
}

/// Photos come by pages alone: a webhook brings no more than it may.
std::function<std::size_t(const HttpRequest&)> Daemon::Impl::body_limit_of(const Config& config) const {
  if (!pages) return {};
  return [this, most = config.max_body_bytes](const HttpRequest& head) { return pages->body_limit(head, most); };
}

std::optional<Error> Daemon::Impl::listen(const Config& config) {
  monitor_server = std::make_unique<HttpServer>(
      HttpServer::Options{.address = config.monitor_address, .port = config.monitor_port, .threads = 2}, clock);
  monitor_server->handle([this](const HttpRequest& request) { return monitor->handle(request); });
  hook_server = std::make_unique<HttpServer>(HttpServer::Options{.address = config.listen_address,
                                                                 .port = config.listen_port,
                                                                 .max_connections = config.connections,
                                                                 .max_body_bytes = config.max_body_bytes,
                                                                 .body_limit = body_limit_of(config),
                                                                 .trusted_proxies = config.trusted_proxies,
                                                                 .on_surplus = [this] { metrics.surplus_refused(); }},
                                             clock, *workers);
  hook_server->handle_async([this](HttpRequest request, HttpServer::Respond respond) {
    if (pages && PagesRouter::serves(request.path))
      return page_workers->post(
          [this, request = std::move(request), respond = std::move(respond)] { respond(pages->handle(request)); });
    hooks->handle(std::move(request), std::move(respond));
  });
  const auto monitored = monitor_server->start();
  if (!monitored) return monitored.error();
  const auto hooked = hook_server->start();
  if (!hooked) return hooked.error();
  monitor_port = *monitored;
  hook_port = *hooked;
  return std::nullopt;
}

Daemon::Daemon(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Daemon::~Daemon() { stop(); }

tl::expected<std::unique_ptr<Daemon>, std::vector<Error>> Daemon::start(const Config& config,
                                                                        const SecretSources& secrets) {
  auto impl = std::make_unique<Impl>();
  std::vector<Error> errors;
  impl->channels = make_channels(config, secrets, errors);
  auto assets = load_assets(config);
  std::shared_ptr<Office> office;
  if (assets)
    office = make_office(*assets, config, errors);
  else
    errors.insert(errors.end(), assets.error().begin(), assets.error().end());
  if (!errors.empty()) return tl::unexpected(std::move(errors));
  furnish(impl->channels, config, *assets, office);
  office->page = make_page_links(config, impl->clock);
  office->survey_page = make_survey_links(config, impl->clock);
  impl->office = office;
  if (auto error = impl->open(config)) return tl::unexpected(std::vector{*std::move(error)});
  std::unique_ptr<Daemon> daemon(new Daemon(std::move(impl)));  // from here on its destructor stops what was started
  daemon->impl_->connect(config, *assets);
  daemon->impl_->send(config);
  daemon->impl_->serve_pages(config);
  if (auto error = daemon->impl_->listen(config)) return tl::unexpected(std::vector{*std::move(error)});
  daemon->impl_->listen_for_processes(config);
  ::malloc_trim(0);  // what reading lexicons and flows took; the daemon runs for months without it
  return daemon;
}

int Daemon::hook_port() const { return impl_->hook_port; }
int Daemon::monitor_port() const { return impl_->monitor_port; }

void Daemon::stop() {
  if (impl_->hook_server) impl_->hook_server->stop();
  if (impl_->page_workers) impl_->page_workers->stop();
  if (impl_->control) impl_->control->stop();
  for (auto& mailbox : impl_->mailboxes) mailbox->stop();
  if (impl_->replayer) impl_->replayer->stop();
  if (impl_->scheduler) impl_->scheduler->stop();
  if (impl_->reports) impl_->reports->stop();
  if (impl_->media_fetcher) impl_->media_fetcher->stop();
  if (impl_->pipeline) impl_->pipeline->drain(kDrainPatience);
  if (impl_->dispatcher) impl_->dispatcher->stop(kSendPatience);
  if (impl_->credentials) impl_->credentials->stop();
  if (impl_->node) impl_->node->stop();
  if (impl_->monitor_server) impl_->monitor_server->stop();
  if (impl_->readers) impl_->readers->stop();
  if (impl_->workers) impl_->workers->stop();
}

db::StoreOptions store_options(const Config& config) {
  db::StoreOptions options;
  const auto& database = config.database;
  if (database.driver == "sqlite")
    options.sqlite = db::SqliteOptions{.file = database.file};
  else
    options.mysql = db::MysqlOptions{.host = database.host,
                                     .port = database.port,
                                     .socket = database.socket,
                                     .database = database.database,
                                     .user = database.user,
                                     .password = database.password};
  return options;
}

}  // namespace huiyin::gateway
