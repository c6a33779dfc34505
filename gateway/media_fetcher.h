#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "core/ids.h"
#include "core/random.h"
#include "db/store.h"
#include "gateway/credentials.h"
#include "gateway/file_type.h"
#include "gateway/hooks.h"
#include "gateway/media_store.h"

namespace huiyin::gateway {

/// Fetches what owners sent, before the provider forgets it: media jobs leased from the store, streamed to disk with
/// limits of size and time, judged by their bytes, then written into their attachment by a unit of work whose key is
/// `media:<job>`. What fails is tried again with growing pauses until it expires at the provider, with an alarm before
/// that; what is refused (too large, no media) or lost is told to the owner, and his ticket stays as it is.
///
/// A node that is killed leaves a job leased: another fetches it when the lease runs out, and finds the file there or
/// puts the same bytes in its place. Two threads of its own from construction until stop().
class MediaFetcher {
 public:
  struct Options {
    int threads = 2;
    std::chrono::milliseconds look_every{1000};  ///< where nothing was due
    std::chrono::milliseconds held{600000};      ///< a lease; longer than all steps of one fetch
    std::int64_t max_bytes = 50 << 20;           ///< of one file; WeChat lets owners send up to 25 MB
    std::chrono::milliseconds idle_timeout{10000};
    std::chrono::milliseconds total_timeout{120000};  ///< of one step
    std::chrono::milliseconds alarm_before{std::chrono::hours(12)};
  };
  /// `cause` is the same for the same trouble, so that it is told once in a while.
  using Alarm = std::function<void(const std::string& cause, const std::string& text)>;

  /// What it works with; all must outlive it. `owner`: this node's name, unique over all.
  struct World {
    db::Store& store;
    MediaStore& media;
    FileTypes& types;
    Credentials& credentials;
    const ChannelTable& channels;
    IdSource& ids;
    const Clock& clock;
    Random& random;
    std::string owner;
    std::function<bool()> ready;
    Alarm alarm;
  };
  MediaFetcher(World world, Options options);
  ~MediaFetcher();
  MediaFetcher(const MediaFetcher&) = delete;
  MediaFetcher& operator=(const MediaFetcher&) = delete;

  /// Gives up what is under way, to be fetched by whoever comes next, and joins. Idempotent.
  void stop();

 private:
  /// It is on disk, or never will be; `words` names the template by which the owner hears of it.
  struct Ended {
    FetchedMedia fetched{};
    std::string words{};
  };
  struct Again {
    std::chrono::milliseconds wait{0};  ///< 0: as many attempts as there were ask for
    std::string why{};
    bool counts = true;
  };
  using Result = std::variant<Ended, Again>;

  void work();
  bool fetch_next();
  [[nodiscard]] Result fetch(const db::LeasedMediaJob& leased);
  [[nodiscard]] Result fetch_from(const ChannelSetup& setup, const db::LeasedMediaJob& leased,
                                  const Secret& credential);
  [[nodiscard]] Result take(const db::LeasedMediaJob& leased, MediaStore::Incoming& incoming);
  [[nodiscard]] Again disk_trouble(const std::string& why);
  void end(const db::LeasedMediaJob& leased, Ended ended);
  void try_again(const db::LeasedMediaJob& leased, const Again& again);
  [[nodiscard]] std::optional<OutboxRow> tell_owner(const db::LeasedMediaJob& leased, const std::string& words);
  [[nodiscard]] std::chrono::milliseconds pause_after(int attempts);
  bool is_stopping();

  World world_;
  const Options options_;
  std::map<std::string, const ChannelSetup*> channels_{};  // by name
  std::mutex mutex_;
  std::condition_variable wakes_;
  std::atomic<bool> stopping_{false};
  std::vector<std::thread> threads_;
};

}  // namespace huiyin::gateway
