#include "gateway/media_fetcher.h"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "core/overloaded.h"
#include "core/text.h"
#include "core/thread_name.h"
#include "net/download.h"

namespace huiyin::gateway {
namespace {

using namespace std::chrono_literals;
using Trouble = Downloaded::Trouble;

constexpr auto kLost = "gateway.media_lost";
constexpr auto kWrongType = "gateway.media_type";
constexpr auto kTooLarge = "gateway.media_size";
constexpr auto kWordsLife = 24h;   // later than that nobody remembers what he sent
constexpr auto kFirstPause = 10s;  // doubled with each attempt
constexpr auto kLongestPause = 1h;
constexpr auto kNotPossibleYet = 1h;  // the channel cannot fetch, or is not configured: only an operator changes that
constexpr auto kWithoutCredential = 5s;
constexpr auto kAfterFullDisk = 1min;
constexpr auto kLastTry = 2min;  // before it expires
constexpr int kSteps = 4;        // of one fetch: the provider may name another place, which may name another
constexpr auto kUnsupported = "unsupported";

FetchedMedia refused(const db::LeasedMediaJob& leased, std::string why) {
  return {.job = leased.job.id, .attachment = leased.job.attachment, .refused = std::move(why)};
}

/// Whose address may be a private one: the provider's, as configured. A URL that came with the message never is.
std::string trusted_origin(const HttpCall& call, const MediaJob& job) {
  const auto origin = origin_of(call.url);
  return job.url.empty() || origin != origin_of(job.url) ? origin : std::string();
}

}  // namespace

MediaFetcher::MediaFetcher(World world, Options options) : world_(std::move(world)), options_(options) {
  for (const auto& [path, setup] : world_.channels) channels_[setup.name] = &setup;
  for (int i = 0; i < options_.threads; ++i) threads_.emplace_back([this] { work(); });
}

MediaFetcher::~MediaFetcher() { stop(); }

void MediaFetcher::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wakes_.notify_all();
  for (auto& thread : threads_)
    if (thread.joinable()) thread.join();
}

bool MediaFetcher::is_stopping() { return stopping_.load(std::memory_order_relaxed); }

void MediaFetcher::work() {
  name_thread("media");
  while (!is_stopping()) {
    bool found = false;
    try {
      found = world_.ready() && fetch_next();
    } catch (const std::exception& error) {
      spdlog::error("media_failed why=\"{}\"", error.what());
    }
    std::unique_lock lock(mutex_);
    if (!found) wakes_.wait_for(lock, options_.look_every, [this] { return is_stopping(); });
  }
}

/// One job at a time for each thread: what is leased is being fetched.
bool MediaFetcher::fetch_next() {
  const auto leased = world_.store.lease_media_jobs(world_.owner, world_.clock.now(), options_.held, 1);
  if (!leased || leased->empty()) return false;
  const auto& job = leased->front();
  auto result = fetch(job);
  std::visit(
      Overloaded{[&](Ended& ended) { end(job, std::move(ended)); }, [&](const Again& again) { try_again(job, again); }},
      result);
  return true;
}

MediaFetcher::Result MediaFetcher::fetch(const db::LeasedMediaJob& leased) {
  const auto& job = leased.job;
  if (job.expires <= world_.clock.now()) {
    world_.alarm("media_lost:" + job.channel, "media of " + job.channel + " expired before they could be fetched");
    return Ended{refused(leased, "expired at the provider before it could be fetched"), kLost};
  }
  const auto found = channels_.find(job.channel);
  if (found == channels_.end()) return Again{kNotPossibleYet, "no channel " + job.channel + " is configured"};
  const auto credential = world_.credentials.current(job.channel);
  if (!credential) return Again{kWithoutCredential, "no credential yet", false};
  return fetch_from(*found->second, leased, *credential);
}

MediaFetcher::Result MediaFetcher::fetch_from(const ChannelSetup& setup, const db::LeasedMediaJob& leased,
                                              const Secret& credential) {
  const auto& job = leased.job;
  Sending sending{
      .now = world_.clock.now(), .nonce = world_.random.next(), .credential = std::string(credential.reveal())};
  const auto composed = setup.channel->compose_fetch(job, sending);
  if (!composed && composed.error().code == kUnsupported) return Again{kNotPossibleYet, composed.error().why};
  if (!composed) return Ended{refused(leased, composed.error().code + ": " + composed.error().why), kLost};
  HttpCall call = *composed;
  const DownloadRules rules{.hosts = setup.channel->media_hosts(),
                            .trusted_origin = trusted_origin(call, job),
                            .max_bytes = options_.max_bytes,
                            .idle_timeout = options_.idle_timeout,
                            .total_timeout = options_.total_timeout,
                            .stop = &stopping_};
  for (; sending.step < kSteps; ++sending.step) {
    auto incoming = world_.media.receive();
    if (!incoming) return disk_trouble(describe(incoming.error()));
    const auto got = download(call, rules, [&](std::string_view bytes) { return (*incoming)->write(bytes); });
    if (is_stopping() && got.trouble == Trouble::transport) return Again{1ms, "the node was stopped", false};
    if (got.trouble == Trouble::sink) return disk_trouble((*incoming)->why_not());
    if (got.trouble == Trouble::too_large) return Ended{refused(leased, got.why), kTooLarge};
    if (got.trouble == Trouble::not_allowed) {
      world_.alarm("media_not_allowed:" + job.channel,
                   job.channel + " sent us for media where they may not come from: " + got.why);
      return Ended{refused(leased, got.why), kLost};
    }
    const auto judged = setup.channel->judge_fetch(got.reply, job, sending);
    if (const auto* elsewhere = std::get_if<FetchElsewhere>(&judged)) {
      call = HttpCall{.url = elsewhere->url, .method = "GET"};
      continue;
    }
    if (std::holds_alternative<Fetched>(judged))
      return got.trouble == Trouble::none ? take(leased, **incoming) : Result(Again{.why = got.why});
    if (const auto* wait = std::get_if<RetryAfter>(&judged)) return Again{wait->wait, wait->why};
    if (const auto* rejected = std::get_if<Rejected>(&judged))
      return Ended{refused(leased, rejected->code + ": " + rejected->why), kLost};
    world_.credentials.refuse(job.channel, credential);
    return Again{kWithoutCredential, "the credential has expired"};
  }
  return Again{.why = "the provider sends us from place to place"};
}

/// The bytes are here: they are kept if they are what they should be.
MediaFetcher::Result MediaFetcher::take(const db::LeasedMediaJob& leased, MediaStore::Incoming& incoming) {
  const auto type = world_.types.type_of(incoming.path());
  const auto kind = leased.attachment.kind;
  if (incoming.bytes() == 0) return Again{.why = "an empty file"};
  if (is_words(type) && kind != MediaKind::file) return Again{.why = "words in place of media: " + type};
  if (!is_accepted(type, kind)) return Ended{refused(leased, "its bytes are " + type), kWrongType};
  const auto sha256 = world_.media.keep(incoming);
  if (!sha256) return disk_trouble(describe(sha256.error()));
  return Ended{{.job = leased.job.id,
                .attachment = leased.job.attachment,
                .sha256 = *sha256,
                .mime_type = type,
                .bytes = incoming.bytes()}};
}

MediaFetcher::Again MediaFetcher::disk_trouble(const std::string& why) {
  world_.alarm("media_disk", "owners' photos cannot be written: " + why);
  return {kAfterFullDisk, why, false};
}

void MediaFetcher::end(const db::LeasedMediaJob& leased, Ended ended) {
  const auto& fetched = ended.fetched;
  if (fetched.refused.empty())
    spdlog::info("media_fetched channel={} attachment={} type={} bytes={} attempt={}", leased.job.channel,
                 fetched.attachment.value, fetched.mime_type, fetched.bytes, leased.attempts + 1);
  else
    spdlog::warn("media_refused channel={} attachment={} attempt={} why=\"{}\"", leased.job.channel,
                 fetched.attachment.value, leased.attempts + 1, fetched.refused);
  UnitOfWork unit{.id = world_.ids.next<UnitId>(),
                  .inbox = {.key = "media:" + std::to_string(leased.job.id.value),
                            .channel = leased.job.channel,
                            .peer = leased.peer.address,
                            .received = world_.clock.now()},
                  .fetched = {std::move(ended.fetched)}};
  if (auto row = tell_owner(leased, ended.words)) unit.outbox.push_back(*std::move(row));
  const auto outcome = world_.store.commit(std::move(unit));
  if (std::holds_alternative<Committed>(outcome) || std::holds_alternative<Duplicate>(outcome)) return;
  // The lease runs out, and it is fetched again.
  spdlog::warn("media_not_recorded channel={} job={}", leased.job.channel, leased.job.id.value);
}

void MediaFetcher::try_again(const db::LeasedMediaJob& leased, const Again& again) {
  const auto now = world_.clock.now();
  const int attempts = leased.attempts + (again.counts ? 1 : 0);
  const auto wait = again.wait > 0ms ? again.wait : pause_after(attempts);
  const auto expires = leased.job.expires;
  auto due = now + wait;
  if (due >= expires) due = now < expires - kLastTry ? expires - kLastTry : expires;
  spdlog::info("media_retry channel={} attachment={} attempt={} retry_in={}s why=\"{}\"", leased.job.channel,
               leased.job.attachment.value, attempts, std::chrono::floor<std::chrono::seconds>(due - now).count(),
               again.why);
  if (expires - now < options_.alarm_before)
    world_.alarm("media_expiring:" + leased.job.channel, "media of " + leased.job.channel + " expire at " +
                                                             format_utc(expires) +
                                                             " UTC and cannot be fetched: " + again.why);
  (void)world_.store.settle_media(world_.owner, {{leased.job.id, due, attempts, again.why}});
}

std::optional<OutboxRow> MediaFetcher::tell_owner(const db::LeasedMediaJob& leased, const std::string& words) {
  const auto found = channels_.find(leased.peer.channel);
  if (words.empty() || leased.peer.address.empty() || found == channels_.end()) return std::nullopt;
  const auto& desk = found->second->desk;
  const auto now = world_.clock.now();
  const auto id = world_.ids.next<OutboxId>();
  OutboxRow row{.id = id, .ticket = leased.attachment.ticket, .created = now, .due = now, .expires = now + kWordsLife};
  const auto locale = leased.locale.empty() ? desk.locale : leased.locale;
  const templates::Data data{{"limit", std::to_string(options_.max_bytes >> 20)}};
  row.message = {.key = "o" + std::to_string(id.value),
                 .to = leased.peer,
                 .template_name = words,
                 .data = data,
                 .text = desk.renderer->render(words, locale, desk.kind, data),
                 .locale = locale,
                 .answer = true};  // it is about what he has just sent
  return row;
}

/// Doubled with each attempt, and a quarter more or less, so that what failed together does not come back together.
std::chrono::milliseconds MediaFetcher::pause_after(int attempts) {
  const auto doubled = kFirstPause * (std::int64_t{1} << std::clamp(attempts - 1, 0, 10));
  const auto pause = std::min<std::chrono::milliseconds>(doubled, kLongestPause);
  const auto jitter = static_cast<std::int64_t>(world_.random.next() % 501U) - 250;  // thousandths
  return pause + pause * jitter / 1000;
}

}  // namespace huiyin::gateway
