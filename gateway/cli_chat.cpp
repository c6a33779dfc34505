#include <fmt/format.h>
#include <sysexits.h>

#include <filesystem>
#include <iostream>
#include <optional>

#include "core/text.h"
#include "gateway/assets.h"
#include "gateway/cli.h"
#include "gateway/metrics.h"
#include "gateway/pipeline.h"
#include "gateway/scratch_folder.h"
#include "gateway/system.h"
#include "gateway/turn_threads.h"

namespace huiyin::gateway {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

constexpr std::size_t kWechatBytes = 2048;
constexpr std::size_t kMaxLine = 64U << 10;
constexpr auto kPatience = 30s;

constexpr auto kHelp =
    "你是业主，直接输入要说的话。You are an owner: type what you would say.\n"
    "  /photo  发一张照片 send a photo      /voice /video  语音 视频\n"
    "  /menu KEY  点菜单 tap a menu entry   /follow [SCENE]  关注 follow\n"
    "  /quit  退出 leave\n\n";

/// What a typed line stands for; nothing to leave.
std::optional<EventBody> read_line(const std::string& line) {
  const std::string text = clean_text(std::string_view(line).substr(0, kMaxLine));
  const auto word = text.substr(0, text.find(' '));
  const auto rest = std::string(trim(std::string_view(text).substr(std::min(word.size(), text.size()))));
  if (word == "/quit") return std::nullopt;
  if (word == "/photo") return MediaMessage{.kind = MediaKind::image, .media_id = "chat-photo"};
  if (word == "/voice") return MediaMessage{.kind = MediaKind::voice, .media_id = "chat-voice", .recognition = rest};
  if (word == "/video") return MediaMessage{.kind = MediaKind::video, .media_id = "chat-video"};
  if (word == "/menu") return MenuClick{rest};
  if (word == "/follow") return Followed{.scene = rest};
  return TextMessage{.text = text};
}

Capabilities capabilities_of(const std::string& kind) {
  if (kind == "wechat") return {.reply_deadline = 4s, .max_bytes = kWechatBytes, .photos_in = true};
  if (kind == "sms") return {.max_bytes = 360, .segment = 70};
  return {.photos_in = true};
}

void converse(Pipeline& pipeline, const ChatOptions& options, const Clock& clock, Random& random, Console console) {
  const Peer peer{options.channel + ":chat", options.peer};
  for (std::string line; console.out << "> " << std::flush, std::getline(console.in, line);) {
    auto body = read_line(line);
    if (!body) break;
    const auto now = clock.now();
    const auto outcome = pipeline.process({.event = {.key = fmt::format("{}:{:016x}", peer.channel, random.next()),
                                                     .peer = peer,
                                                     .sent_at = now,
                                                     .body = *std::move(body)},
                                           .raw = line,
                                           .received = now},
                                          std::chrono::steady_clock::now() + kPatience);
    if (outcome.reply)
      console.out << outcome.reply->text << "\n\n";
    else if (outcome.kind == Outcome::Kind::answered)
      console.out << "（没有回复 no reply）\n\n";
    else
      console.errors << "not decided: " << (outcome.why.empty() ? "no answer in time" : outcome.why) << '\n';
  }
  console.out << '\n';
}

}  // namespace

int run_chat(const ChatOptions& options, Console console) {
  const auto configured = load_configured_assets(options.config_file, console.errors);
  if (!configured) return EX_CONFIG;
  const auto& [config, assets] = *configured;
  std::optional<ScratchFolder> scratch;  // goes when the chat ends
  if (options.folder.empty())
    scratch.emplace("chat");
  else
    fs::create_directories(options.folder);
  const auto folder = fs::path(scratch ? scratch->path() : options.folder);
  const db::StoreOptions store_options{.sqlite = db::SqliteOptions{.file = (folder / "chat.db").string()}};
  if (const auto migrated = db::migrate(store_options); !migrated) {
    print({migrated.error()}, console.errors);
    return EX_IOERR;
  }
  auto store = db::open_store(store_options);
  if (!store) {
    print({store.error()}, console.errors);
    return EX_IOERR;
  }
  SystemClock clock;
  SystemRandom random;
  IdSource ids(clock, 0);
  Metrics metrics;
  const ChannelConfig stanza{.name = options.channel + ":chat",
                             .kind = options.channel,
                             .account = "chat",
                             .estate = config.estates.empty() ? "" : config.estates.front().name};
  const Desk desk = make_desk(assets, config, stanza, capabilities_of(options.channel));
  TurnThreads threads(1, 1);
  Pipeline pipeline(
      **store,
      [&](const Incoming& incoming, Snapshot snapshot, std::optional<TicketNumber> number) {
        return decide(desk, incoming, std::move(snapshot), {.now = clock.now(), .ids = &ids, .number = number});
      },
      [] { return true; }, metrics, threads.both());
  console.out << kHelp;
  converse(pipeline, options, clock, random, console);
  return EX_OK;
}

}  // namespace huiyin::gateway
