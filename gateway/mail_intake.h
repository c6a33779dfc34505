#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "adapters/channel.h"
#include "core/random.h"
#include "gateway/file_type.h"
#include "gateway/hooks.h"
#include "gateway/media_store.h"
#include "gateway/metrics.h"
#include "gateway/pipeline.h"
#include "gateway/spool.h"

namespace huiyin::gateway {

/// A mail on its way in, with what its envelope said.
struct ReceivedMail {
  std::string channel{};
  std::string bytes{};
  std::optional<std::string> sender{};
  std::string recipient{};
  Time received{};
};

/// Takes mails, however they come: reads them, puts their files on disk, has them decided, each as one delivery; while
/// the database is away they wait in the spool. Thread-safe.
class MailIntake {
 public:
  /// What it works with; all must outlive it.
  struct World {
    const ChannelTable& channels;
    Pipeline& pipeline;
    Spool& spool;
    MediaStore& media;
    FileTypes& types;
    Metrics& metrics;
    Random& random;
    std::chrono::hours raw_kept{};  ///< for how long the mails are kept as they came, as the inbox rows beside them
  };
  explicit MailIntake(World world) : world_(world) {}

  struct Taken {
    enum class Result {
      stored,   ///< committed, or in the spool
      refused,  ///< it can never be taken
      not_now   ///< neither database nor disk took it: whoever brought it keeps it
    } result = Result::stored;
    std::string why{};  ///< may be told to its sender
  };
  using Done = std::function<void(Taken)>;
  /// Reads the mail and keeps its files on the caller's thread; `done` is called once, here or from a worker.
  void take(ReceivedMail mail, Done done);

  /// For the spool: what take() put there, back. Nothing for a row that is no mail.
  [[nodiscard]] static std::optional<ReceivedMail> from_spool(const HttpRequest& request, Time received);
  /// The mail's event, ready to be decided; its files are on disk. `refused` says why there is none.
  [[nodiscard]] std::optional<Incoming> prepare(const ReceivedMail& mail, Taken& failure);

 private:
  [[nodiscard]] const ChannelSetup* find(const std::string& channel) const;
  [[nodiscard]] std::string say_which(const std::string& channel) const;
  [[nodiscard]] bool keep_files(Inbound& inbound, MailMessage& mail, std::string& why);
  [[nodiscard]] Expected<std::string> keep(std::string_view bytes, std::string& mime_type);
  [[nodiscard]] Expected<std::string> keep_raw(const ReceivedMail& mail);
  [[nodiscard]] Taken spool(const ReceivedMail& mail, const Event& event);

  World world_;
  std::atomic<std::int64_t> day_{0};  ///< of the last look for mails that are old enough
};

}  // namespace huiyin::gateway
