#include "gateway/mailbox_reader.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include "core/text.h"
#include "core/thread_name.h"

namespace huiyin::gateway {
namespace {

using namespace std::chrono_literals;
using Result = MailIntake::Taken::Result;

constexpr std::size_t kBatch = 64;              // mails fetched by one command
constexpr std::size_t kMostBytes = 24U << 20U;  // of mails under way; one more may be larger
constexpr auto kHeld = 15s;                     // a lease: for so long mails wait after a node's death
constexpr auto kRenewed = 10s;                  // before its end
constexpr auto kAskAgain = 2s;                  // for a lease that another node has
constexpr auto kAfterFailure = 10s;
constexpr int kMostFailures = 3;  // of one mail; then it is set aside

std::string joined(const std::vector<std::string>& uids) {
  std::string out;
  for (const auto& uid : uids) out += (out.empty() ? "" : ",") + uid;
  return out;
}

/// The number after `UID ` in `* 3 FETCH (UID 7 BODY[] {12})`.
std::string uid_in(const std::string& line) {
  const auto at = line.find("UID ");
  if (at == std::string::npos) return {};
  const auto end = line.find_first_not_of("0123456789", at + 4);
  return line.substr(at + 4, end == std::string::npos ? std::string::npos : end - at - 4);
}

}  // namespace

/// Mails under way, and what became of them.
struct MailboxReader::Batch {
  std::mutex mutex{};
  std::condition_variable ended{};
  std::size_t under_way = 0, bytes = 0;
  Uids stored{}, refused{}, later{};

  /// Waits where too much is under way already.
  void begin(std::size_t size) {
    std::unique_lock lock(mutex);
    ended.wait(lock, [&] { return under_way == 0 || bytes + size <= kMostBytes; });
    ++under_way;
    bytes += size;
  }
  void end(const std::string& uid, std::size_t size, Result result) {
    const std::lock_guard lock(mutex);
    (result == Result::stored ? stored : result == Result::refused ? refused : later).push_back(uid);
    --under_way;
    bytes -= size;
    ended.notify_all();
  }
  void wait() {
    std::unique_lock lock(mutex);
    ended.wait(lock, [this] { return under_way == 0; });
  }
};

MailboxReader::MailboxReader(std::string channel, Mailbox box, World world)
    : channel_(std::move(channel)), box_(std::move(box)), world_(std::move(world)), thread_([this] { work(); }) {}

MailboxReader::~MailboxReader() { stop(); }

void MailboxReader::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wakes_.notify_all();
  if (thread_.joinable()) thread_.join();
}

bool MailboxReader::is_stopping() {
  const std::lock_guard lock(mutex_);
  return stopping_;
}

void MailboxReader::pause(std::chrono::milliseconds time) {
  std::unique_lock lock(mutex_);
  wakes_.wait_for(lock, time, [this] { return stopping_; });
}

void MailboxReader::work() {
  name_thread("imap");
  while (!is_stopping()) {
    try {
      if (!hold()) {
        connection_.reset();
        pause(kAskAgain);
        continue;
      }
      if (!connection_ && !connect()) {
        pause(kAfterFailure);
        continue;
      }
      const auto step = read_some();
      if (step == Step::rest) rest();
      if (step != Step::lost) continue;
      connection_.reset();
      pause(1s);
    } catch (const std::exception& error) {
      spdlog::error("mailbox_failed channel={} why=\"{}\"", channel_, error.what());
      connection_.reset();
      pause(kAfterFailure);
    }
  }
  let_go();
}

/// Is the mailbox ours to read? The lease is a row among the channel's credentials, which all nodes share.
bool MailboxReader::hold() {
  if (!world_.ready() || !world_.store.is_available()) return false;
  const auto now = world_.clock.now();
  if (held_until_ > now + kRenewed) return true;
  const auto held = world_.store.lease_credential("mailbox:" + channel_, Time{}, world_.owner, now, kHeld);
  if (held && *held) {
    held_until_ = now + kHeld;
    return true;
  }
  held_until_ = Time{};
  return false;
}

/// So that another node need not wait for the lease to run out.
void MailboxReader::let_go() {
  if (held_until_ > world_.clock.now())
    static_cast<void>(
        world_.store.lease_credential("mailbox:" + channel_, Time{}, world_.owner, world_.clock.now(), 1ms));
}

bool MailboxReader::connect() {
  auto opened = ImapConnection::open({.url = box_.url,
                                      .user = box_.user,
                                      .password = box_.password,
                                      .ca_file = box_.ca_file,
                                      .most_literal = box_.most_bytes});
  if (!opened) {
    spdlog::warn("mailbox_unreachable channel={} why=\"{}\"", channel_, describe(opened.error()));
    if (opened.error().what == "refuses the login") world_.alarm("mailbox:" + channel_, describe(opened.error()));
    return false;
  }
  connection_ = *std::move(opened);
  // NetEase refuses SELECT to clients that have not told their name.
  if (connection_->can("ID")) static_cast<void>(connection_->command(R"(ID ("name" "huiyin" "version" "1"))"));
  supports_move_ = connection_->can("MOVE");
  supports_idle_ = connection_->can("IDLE");
  for (const auto& folder : {box_.done_folder, box_.failed_folder})
    if (!folder.empty()) static_cast<void>(connection_->command("CREATE " + imap_folder(folder)));
  return select();
}

bool MailboxReader::select() {
  const auto selected = connection_->command("SELECT " + imap_folder(box_.folder));
  if (selected && selected->ok) {
    keeps_keywords_ = false;
    for (const auto& line : selected->lines) {
      if (line.text.find("[PERMANENTFLAGS ") != std::string::npos)
        keeps_keywords_ = line.text.find("\\*") != std::string::npos;
      const auto at = line.text.find("[UIDVALIDITY ");
      if (at == std::string::npos) continue;
      const auto validity = line.text.substr(at, line.text.find(']', at) - at);
      if (std::exchange(validity_, validity) == validity) continue;
      failures_.clear();
      handled_.clear();
    }
    if (box_.done_folder.empty() && !keeps_keywords_)
      world_.alarm("mailbox_marks:" + channel_,
                   channel_ + ": this server keeps no keywords; set done_folder, or every start reads all mails again");
    return true;
  }
  spdlog::warn("mailbox_not_selected channel={} folder={} why=\"{}\"", channel_, box_.folder,
               selected ? selected->text : "the connection is lost");
  world_.alarm("mailbox:" + channel_, channel_ + ": the folder " + box_.folder + " cannot be opened");
  connection_.reset();
  return false;
}

/// What is still to be done, oldest first.
std::optional<MailboxReader::Uids> MailboxReader::search() {
  const auto answer = connection_->command(std::string("UID SEARCH UNDELETED UNKEYWORD ") + kKeyword);
  if (!answer || !answer->ok) return std::nullopt;
  Uids out;
  for (const auto& line : answer->lines) {
    if (!line.text.starts_with("* SEARCH")) continue;
    for (const auto word : split(std::string_view(line.text).substr(8), ' '))
      if (!word.empty() && !handled_.contains(std::string(word))) out.emplace_back(word);
  }
  return out;
}

MailboxReader::Step MailboxReader::read_some() {
  const auto waiting = search();
  if (!waiting) return Step::lost;
  if (waiting->empty()) return Step::rest;
  for (std::size_t at = 0; at < waiting->size(); at += kBatch) {
    if (is_stopping() || !hold()) return Step::go_on;
    const Uids uids(waiting->begin() + static_cast<std::ptrdiff_t>(at),
                    waiting->begin() + static_cast<std::ptrdiff_t>(std::min(waiting->size(), at + kBatch)));
    const auto batch = std::make_shared<Batch>();
    const bool fetched = fetch(uids, *batch);
    batch->wait();
    if (!settle(*batch) || !fetched) return Step::lost;
    if (batch->later.empty()) continue;
    pause(1s);  // the store and the spool are away: what is left is found again
    return Step::go_on;
  }
  return Step::go_on;
}

/// Fetches and hands over. False where the connection is lost; what came before that is under way all the same.
bool MailboxReader::fetch(const Uids& uids, Batch& batch) {
  const auto take = [&](ImapConnection::Line line) {
    const auto uid = uid_in(line.text);
    if (uid.empty() || line.literals.empty()) return;
    const auto size = line.literals.front().size();
    batch.begin(size);
    if (line.too_large) return batch.end(uid, size, Result::refused);
    static_cast<void>(hold());
    world_.mails.take({.channel = channel_, .bytes = std::move(line.literals.front()), .received = world_.clock.now()},
                      [&batch, uid, size](const MailIntake::Taken& taken) { batch.end(uid, size, taken.result); });
  };
  return connection_->command("UID FETCH " + joined(uids) + " (UID BODY.PEEK[])", take).has_value();
}

bool MailboxReader::settle(const Batch& batch) {
  auto refused = batch.refused;
  for (const auto& uid : batch.later)
    if (++failures_[uid] >= kMostFailures && world_.store.is_available()) refused.push_back(uid);
  if (!refused.empty())
    world_.alarm("mailbox_failed:" + channel_, channel_ + ": " + std::to_string(refused.size()) +
                                                   " mail(s) cannot be read; they are in " + box_.failed_folder);
  return put_away(batch.stored, box_.done_folder) && put_away(refused, box_.failed_folder);
}

/// Into a folder, or marked where there is none for them or it takes nothing. False where the connection is lost.
bool MailboxReader::put_away(const Uids& uids, const std::string& folder) {
  if (uids.empty()) return true;
  if (folder.empty()) return mark(uids);
  const auto moved = move(joined(uids), folder);
  if (!moved) return false;
  if (moved->ok) return true;
  spdlog::warn("mailbox_not_moved channel={} folder={} why=\"{}\"", channel_, folder, moved->text);
  world_.alarm("mailbox_folder:" + channel_,
               channel_ + ": mails cannot be moved to " + folder + " and stay marked in " + box_.folder);
  return mark(uids);
}

std::optional<ImapConnection::Answer> MailboxReader::move(const std::string& set, const std::string& folder) {
  if (supports_move_) return connection_->command("UID MOVE " + set + " " + imap_folder(folder));
  auto copied = connection_->command("UID COPY " + set + " " + imap_folder(folder));
  if (!copied || !copied->ok) return copied;
  auto deleted = connection_->command("UID STORE " + set + " +FLAGS.SILENT (\\Deleted)");
  if (!deleted || !deleted->ok || !connection_->can("UIDPLUS")) return deleted;
  return connection_->command("UID EXPUNGE " + set);
}

/// Where the server keeps no keywords, this process remembers.
bool MailboxReader::mark(const Uids& uids) {
  const auto flags = keeps_keywords_ ? std::string(kKeyword) + " \\Seen" : std::string("\\Seen");
  const auto marked = connection_->command("UID STORE " + joined(uids) + " +FLAGS.SILENT (" + flags + ")");
  if (!marked) return false;
  if (!keeps_keywords_ || !marked->ok) handled_.insert(uids.begin(), uids.end());
  return true;
}

/// Until something new is there, or it is time to look.
void MailboxReader::rest() {
  if (!box_.idle || !supports_idle_) return pause(box_.poll);
  const auto until = std::chrono::steady_clock::now() + box_.poll;
  while (!is_stopping() && std::chrono::steady_clock::now() < until) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
    // A stop need not wait for long: IDLE is left every few seconds.
    const auto news = connection_->idle(std::min<std::chrono::milliseconds>(left, 5s));
    if (!news) {
      connection_.reset();
      return;
    }
    if (*news || !hold()) return;
  }
}

}  // namespace huiyin::gateway
