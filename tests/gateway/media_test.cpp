// Photos on their way from a provider that misbehaves to the disk and the database.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <filesystem>
#include <future>
#include <set>

#include "gateway/media_fetcher.h"
#include "gateway/system.h"
#include "tests/db/store_conformance.h"
#include "tests/gateway/photo_provider.h"
#include "tests/gateway/pictures.h"
#include "tests/gateway/temporary_folder.h"
#include "tests/net/raw_server.h"

namespace huiyin::gateway {
namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;
namespace fs = std::filesystem;

/// The system's clock, which a test may put forward.
class ForwardClock final : public Clock {
 public:
  Time now() const override { return system_.now() + Millis(ahead_.load()); }
  void forward(Millis by) { ahead_ += by.count(); }

 private:
  SystemClock system_;
  std::atomic<std::int64_t> ahead_{0};
};

template <class Condition>
bool becomes(Condition condition, std::chrono::seconds patience = 60s) {
  const auto limit = std::chrono::steady_clock::now() + patience;
  while (!condition() && std::chrono::steady_clock::now() < limit) std::this_thread::sleep_for(2ms);
  return condition();
}

const Peer kOwner{"photo:main", "oWang"};

class Media : public testing::TestWithParam<db::Driver> {
 protected:
  Media() {
    Conversation conversation{.id = ids_.next<ConversationId>(), .peer = kOwner, .locale = "zh-CN"};
    conversation_ = conversation.id;
    auto ticket = db::ticket_of(kOwner, 1024);
    ticket.id = ticket_ = ids_.next<TicketId>();
    auto unit = db::unit_of("begin", kOwner);
    unit.conversation = conversation;
    unit.tickets = {ticket};
    EXPECT_EQ(db::describe(store_->commit(std::move(unit))), "committed");
  }

  /// How the provider answers for a media id.
  void serve(RawServer::Peer& peer) {
    const auto request = peer.request();
    if (before_) before_(peer);
    if (request.starts_with("GET /photo")) return peer.answer(200, "Content-Type: image/jpeg\r\n", photo_);
    if (request.starts_with("GET /voice")) return peer.answer(200, "", "#!AMR\n\x3C"s + std::string(31, '\0'));
    if (request.starts_with("GET /html"))
      return peer.answer(200, "Content-Type: image/jpeg\r\n", "<html><body>busy</body></html>");
    if (request.starts_with("GET /busy")) return peer.answer(200, "", R"({"errcode":-1,"errmsg":"system error"})");
    if (request.starts_with("GET /expired")) return peer.answer(200, "", R"({"errcode":40007})");
    if (request.starts_with("GET /empty")) return peer.answer(200, "", "");
    if (request.starts_with("GET /program"))
      return peer.answer(200, "Content-Type: image/jpeg\r\n",
                         "\x7F"
                         "ELF\2\1\1\0"s +
                             std::string(5000, '\0'));
    if (request.starts_with("GET /bomb"))
      return peer.answer(200, "Content-Type: image/jpeg\r\n", "PK\3\4\x14\0\0\0\x08\0"s + std::string(5000, 'z'));
    if (request.starts_with("GET /film"))
      return peer.answer(200, "Content-Type: image/jpeg\r\n",
                         "\0\0\0\x20"
                         "ftypisom\0\0\2\0isomiso2avc1mp41"s);
    if (request.starts_with("GET /large")) return peer.answer(200, "", pictures::jpeg_of(300000));
    if (request.starts_with("GET /inside"))
      return peer.answer(302, "Location: http://169.254.169.254/latest/meta-data\r\n", "");
    if (request.starts_with("GET /video")) return peer.answer(200, "", "elsewhere " + server_.url("/photo"));
    if (request.starts_with("GET /circle")) return peer.answer(200, "", "elsewhere " + server_.url("/circle"));
    if (request.starts_with("GET /token"))
      return peer.answer(200, "", request.ends_with("token=fresh") ? photo_ : R"({"errcode":42001})");
    if (request.starts_with("GET /half")) {
      peer.write("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
      peer.write(photo_);
    }
    if (request.starts_with("GET /mute")) peer.wait(20s);
  }

  /// The owner sends something of his ticket.
  AttachmentId sends(const std::string& media_id, MediaKind kind = MediaKind::image, const std::string& url = {}) {
    const Attachment attachment{.id = ids_.next<AttachmentId>(),
                                .conversation = conversation_,
                                .ticket = ticket_,
                                .kind = kind,
                                .received = clock_.now()};
    auto unit = db::unit_of("message-" + std::to_string(attachment.id.value), kOwner);
    unit.attachments = {attachment};
    unit.media_jobs = {{.id = ids_.next<MediaJobId>(),
                        .attachment = attachment.id,
                        .channel = kOwner.channel,
                        .media_id = media_id,
                        .url = url,
                        .due = clock_.now(),
                        .expires = clock_.now() + 72h}};
    EXPECT_EQ(db::describe(store_->commit(std::move(unit))), "committed");
    return attachment.id;
  }

  std::unique_ptr<MediaFetcher> fetcher(db::Store& store, const std::string& owner = "node-a") {
    return std::make_unique<MediaFetcher>(
        MediaFetcher::World{store, *media_, *types_, credentials_, channels_, ids_, clock_, random_, owner,
                            [] { return true; },
                            [this](const std::string& cause, const std::string&) {
                              const std::lock_guard lock(mutex_);
                              alarms_.insert(cause);
                            }},
        MediaFetcher::Options{.look_every = 5ms, .max_bytes = max_bytes_, .idle_timeout = 1s, .total_timeout = 5s});
  }
  void start() { fetcher_ = fetcher(*store_); }

  [[nodiscard]] Attachment attachment(AttachmentId id) const {
    const auto all = store_->attachments_of(ticket_).value();
    return *std::find_if(all.begin(), all.end(), [id](const auto& one) { return one.id == id; });
  }
  [[nodiscard]] std::optional<db::MediaJobState> job(AttachmentId id) const {
    const auto jobs = store_->media_jobs_of(ticket_).value();
    for (const auto& one : jobs)
      if (one.attachment == id) return one;
    return std::nullopt;
  }
  bool is_fetched(AttachmentId id) {
    return becomes([&] { return !attachment(id).sha256.empty(); });
  }
  bool is_refused(AttachmentId id) {
    return becomes([&] { return job(id).has_value() && job(id)->ended; });
  }
  bool was_tried(AttachmentId id, int times = 1) {
    return becomes([&] { return job(id).has_value() && job(id)->attempts >= times; });
  }
  /// What the owner was told, the template's name only.
  [[nodiscard]] std::vector<std::string> told() const {
    std::vector<std::string> out;
    const auto rows = store_->outbox_of(kOwner).value();
    for (const auto& row : rows) out.push_back(row.message.template_name);
    return out;
  }
  [[nodiscard]] std::set<std::string> alarms() {
    const std::lock_guard lock(mutex_);
    return alarms_;
  }
  [[nodiscard]] std::vector<std::string> files() const {
    std::vector<std::string> out;
    for (const auto& entry : fs::recursive_directory_iterator(folder_.file("media")))
      if (entry.is_regular_file()) out.push_back(entry.path().string());
    return out;
  }

  std::string photo_ = pictures::jpeg();
  std::int64_t max_bytes_ = 200000;
  std::function<void(RawServer::Peer&)> before_{};
  RawServer server_{[this](RawServer::Peer& peer) { serve(peer); }};
  ForwardClock clock_;
  SystemRandom random_;
  IdSource ids_{clock_, 1};
  db::Database database_{GetParam()};
  std::unique_ptr<db::Store> store_ = database_.open();
  ConversationId conversation_{};
  TicketId ticket_{};
  TemporaryFolder folder_;
  std::unique_ptr<MediaStore> media_ = MediaStore::open(folder_.file("media")).value();
  std::unique_ptr<FileTypes> types_ = FileTypes::load().value();
  OneToken credentials_;
  ChannelTable channels_ = photo_channel(server_.url(""));
  std::mutex mutex_;
  std::set<std::string> alarms_;
  std::unique_ptr<MediaFetcher> fetcher_{};
};

using testing::ElementsAre;
using testing::IsEmpty;

TEST_P(Media, APhotoIsOnDiskUnderItsHashAndInItsAttachment) {
  const auto photo = sends("photo"), same = sends("photo"), voice = sends("voice", MediaKind::voice);
  start();
  ASSERT_TRUE(is_fetched(photo) && is_fetched(same) && is_fetched(voice));
  const auto stored = attachment(photo);
  EXPECT_EQ(stored.mime_type, "image/jpeg");
  EXPECT_EQ(stored.bytes, static_cast<std::int64_t>(photo_.size()));
  EXPECT_EQ(read_file(media_->path_of(stored.sha256)).value(), photo_) << "the original, with all that is in it";
  EXPECT_EQ(attachment(same).sha256, stored.sha256);
  EXPECT_EQ(attachment(voice).mime_type, "audio/amr");
  EXPECT_EQ(files().size(), 2U) << "the same photo is there once, and nothing is left in tmp";
  EXPECT_THAT(store_->media_jobs_of(ticket_).value(), IsEmpty());
  EXPECT_THAT(told(), IsEmpty());
  EXPECT_THAT(alarms(), IsEmpty());
}

TEST_P(Media, WhatTheProviderGetsWrongIsTriedAgainUntilItIsRight) {
  for (const char* media_id : {"html", "busy", "half", "empty", "mute", "circle", "nothing"}) {
    const auto id = sends(media_id);
    start();
    ASSERT_TRUE(was_tried(id)) << media_id;
    fetcher_.reset();
    EXPECT_NE(job(id)->last_error, "") << media_id;
    EXPECT_FALSE(job(id)->ended) << media_id;
    EXPECT_EQ(attachment(id).sha256, "") << media_id;
    EXPECT_THAT(files(), IsEmpty()) << media_id;
    database_.execute("UPDATE media_jobs SET media_id='photo' WHERE attachment_id=" + std::to_string(id.value));
    clock_.forward(1min);
    start();
    EXPECT_TRUE(is_fetched(id)) << media_id;
    fetcher_.reset();
    for (const auto& file : files()) fs::remove(file);
  }
  EXPECT_THAT(told(), IsEmpty());
}

TEST_P(Media, ThePausesGrow) {
  const auto id = sends("half");
  start();
  ASSERT_TRUE(was_tried(id));
  clock_.forward(7s);  // 10 s, less a quarter at most
  std::this_thread::sleep_for(50ms);
  EXPECT_EQ(job(id)->attempts, 1);
  clock_.forward(6s);
  ASSERT_TRUE(was_tried(id, 2));
  clock_.forward(14s);  // 20 s, less a quarter
  std::this_thread::sleep_for(50ms);
  EXPECT_EQ(job(id)->attempts, 2);
  clock_.forward(12s);
  EXPECT_TRUE(was_tried(id, 3));
}

TEST_P(Media, WhatIsNoPhotoIsRefusedWithWordsAndTheTicketStays) {
  for (const char* media_id : {"program", "bomb", "film"}) {
    const auto id = sends(media_id);
    start();
    ASSERT_TRUE(is_refused(id)) << media_id;
    fetcher_.reset();
    EXPECT_EQ(attachment(id).ticket, ticket_);
    EXPECT_EQ(attachment(id).sha256, "");
  }
  EXPECT_THAT(told(), ElementsAre("gateway.media_type", "gateway.media_type", "gateway.media_type"));
  EXPECT_THAT(files(), IsEmpty());
  EXPECT_TRUE(store_->find_ticket({1024}).value());
}

TEST_P(Media, WhatIsTooLargeIsRefusedWithWords) {
  const auto id = sends("large");
  start();
  ASSERT_TRUE(is_refused(id));
  EXPECT_THAT(told(), ElementsAre("gateway.media_size"));
  EXPECT_NE(store_->outbox_of(kOwner)->at(0).message.text.find("太大"), std::string::npos);
  EXPECT_TRUE(store_->outbox_of(kOwner)->at(0).message.answer);
  EXPECT_EQ(store_->outbox_of(kOwner)->at(0).ticket, ticket_);
}

TEST_P(Media, WhatTheProviderDoesNotHaveIsLostWithWords) {
  const auto expired = sends("expired"), unknown = sends("no-such-thing");
  start();
  ASSERT_TRUE(is_refused(expired) && is_refused(unknown));
  EXPECT_THAT(told(), ElementsAre("gateway.media_lost", "gateway.media_lost"));
}

TEST_P(Media, NobodySendsUsIntoOurOwnNetwork) {
  const auto redirected = sends("inside");
  const auto forged = sends("", MediaKind::image, server_.url("/photo"));  // a URL in a message is nobody's we trust
  const auto elsewhere = sends("", MediaKind::image, "http://evil.test/photo");
  start();
  ASSERT_TRUE(is_refused(redirected) && is_refused(forged) && is_refused(elsewhere));
  EXPECT_EQ(server_.requests(), 1) << "only the one that redirected";
  EXPECT_EQ(alarms().count("media_not_allowed:photo:main"), 1U);
}

TEST_P(Media, AVideoIsFetchedFromWhereTheProviderSays) {
  const auto id = sends("video");
  start();
  EXPECT_TRUE(is_fetched(id));
}

TEST_P(Media, AnExpiredTokenIsRefusedAndAnotherTaken) {
  const auto id = sends("token");
  start();
  ASSERT_TRUE(was_tried(id));
  clock_.forward(6s);
  EXPECT_TRUE(is_fetched(id));
}

TEST_P(Media, BeforeItExpiresThereIsAnAlarmAndThenTheOwnerIsTold) {
  const auto id = sends("half");
  start();
  ASSERT_TRUE(was_tried(id));
  EXPECT_THAT(alarms(), IsEmpty());
  clock_.forward(61h);
  ASSERT_TRUE(was_tried(id, 2));
  EXPECT_THAT(alarms(), ElementsAre("media_expiring:photo:main"));
  EXPECT_THAT(told(), IsEmpty());
  clock_.forward(12h);
  ASSERT_TRUE(is_refused(id));
  EXPECT_THAT(told(), ElementsAre("gateway.media_lost"));
  EXPECT_THAT(alarms(), ElementsAre("media_expiring:photo:main", "media_lost:photo:main"));
}

TEST_P(Media, AFullDiskIsNobodysFaultAndIsTriedAgain) {
  photo_ = pictures::jpeg_of(10 << 20);
  max_bytes_ = 20 << 20;
  const auto id = sends("photo");
  const auto before = std::signal(SIGXFSZ, SIG_IGN);
  rlimit was{};
  ::getrlimit(RLIMIT_FSIZE, &was);
  const rlimit little{8U << 20, was.rlim_max};  // room for SQLite's own file, not for the photo
  ::setrlimit(RLIMIT_FSIZE, &little);
  start();
  EXPECT_TRUE(becomes([&] { return alarms().contains("media_disk"); }));
  fetcher_.reset();
  ::setrlimit(RLIMIT_FSIZE, &was);
  std::signal(SIGXFSZ, before);
  EXPECT_EQ(job(id)->attempts, 0);
  EXPECT_THAT(files(), IsEmpty());
  clock_.forward(2min);
  start();
  EXPECT_TRUE(is_fetched(id));
}

TEST_P(Media, AChannelThatCannotFetchYetKeepsItsJobs) {
  const auto id = sends("photo");
  channels_.clear();
  start();
  ASSERT_TRUE(was_tried(id));
  fetcher_.reset();
  channels_ = photo_channel(server_.url(""));
  clock_.forward(61min);
  start();
  EXPECT_TRUE(is_fetched(id));
}

TEST_P(Media, WhatIsUnderWayWhenTheNodeStopsIsAtOnceAnothers) {
  const auto id = sends("mute");
  start();
  ASSERT_TRUE(becomes([&] { return server_.requests() == 1; }));
  const auto began = std::chrono::steady_clock::now();
  fetcher_->stop();
  EXPECT_LT(std::chrono::steady_clock::now() - began, 15s);
  EXPECT_EQ(job(id)->attempts, 0);
  EXPECT_EQ(store_->lease_media_jobs("node-b", clock_.now() + 1s, 30s, 1)->size(), 1U);
}

TEST_P(Media, OfTwoNodesOneFetchesEach) {
  std::vector<AttachmentId> all;
  for (int i = 0; i < 40; ++i) all.push_back(sends("photo" + std::to_string(i)));
  const auto other_store = database_.open();
  start();
  const auto other = fetcher(*other_store, "node-b");
  EXPECT_TRUE(becomes([&] { return store_->media_jobs_of(ticket_)->empty(); }));
  for (const auto id : all) EXPECT_NE(attachment(id).sha256, "");
  EXPECT_EQ(server_.requests(), 40);
  EXPECT_EQ(files().size(), 1U);
}

/// A whole node as a process of its own (media_node.cpp), which is killed.
class Node {
 public:
  Node(const db::StoreOptions& options, const std::string& folder, const std::string& api) {
    std::vector<std::string> arguments{HUIYIN_MEDIA_NODE, folder, api};
    if (options.sqlite) arguments.insert(arguments.end(), {"sqlite", options.sqlite->file});
    if (options.mysql) arguments.insert(arguments.end(), {"mysql", options.mysql->database});
    std::vector<char*> pointers;
    for (auto& argument : arguments) pointers.push_back(argument.data());
    pointers.push_back(nullptr);
    if (::posix_spawn(&pid_, HUIYIN_MEDIA_NODE, nullptr, nullptr, pointers.data(), environ) != 0) pid_ = -1;
  }
  ~Node() { kill(); }
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;

  void kill() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(std::exchange(pid_, -1), nullptr, 0);
  }

 private:
  pid_t pid_ = -1;
};

TEST_P(Media, KilledBetweenTheDownloadAndTheCommitNothingIsLostOrDoubled) {
  const auto id = sends("photo");
  std::promise<void> asked, may_answer;
  const auto answers = may_answer.get_future();
  std::atomic<bool> first{true};
  before_ = [&](RawServer::Peer&) {
    if (!first.exchange(false)) return;
    asked.set_value();
    answers.wait_for(60s);
  };
  Node node(database_.options(), folder_.file("media"), server_.url(""));
  ASSERT_EQ(asked.get_future().wait_for(60s), std::future_status::ready) << "the node has not asked for the photo";
  // It holds the lease; now its commit is kept from happening.
  const auto session = database_.connect(db::SessionUse::writing);
  session->begin();
  session->execute("UPDATE attachments SET file_name='held' WHERE id=" + std::to_string(id.value));
  may_answer.set_value();
  EXPECT_TRUE(becomes([&] { return files().size() == 1 && files()[0].find("/media/tmp/") == std::string::npos; }));
  node.kill();
  session->rollback();
  EXPECT_EQ(attachment(id).sha256, "");
  ASSERT_EQ(files().size(), 1U);

  clock_.forward(11min);  // its lease has run out
  start();
  ASSERT_TRUE(is_fetched(id));
  EXPECT_THAT(files(), ElementsAre(media_->path_of(attachment(id).sha256)));
  EXPECT_EQ(server_.requests(), 2);
}

INSTANTIATE_TEST_SUITE_P(Drivers, Media, testing::ValuesIn(db::drivers()),
                         [](const auto& driver) { return driver.param.name; });

}  // namespace
}  // namespace huiyin::gateway
