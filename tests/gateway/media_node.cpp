// A node that fetches photos until it is killed: media_node FOLDER API (sqlite FILE | mysql DATABASE). It is a program
// of its own, as a node is: what a test's process has in memory and in use does not come with it.
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <string>

#include "gateway/system.h"
#include "tests/db/mysql_server.h"
#include "tests/gateway/photo_provider.h"

namespace huiyin::gateway {
namespace {

[[noreturn]] void be_a_node(const db::StoreOptions& options, const std::string& folder, const std::string& api) {
  SystemClock clock;
  SystemRandom random;
  IdSource ids(clock, 2);
  OneToken credentials;
  const auto store = db::open_store(options).value();
  const auto media = MediaStore::open(folder).value();
  const auto types = FileTypes::load().value();
  const auto channels = photo_channel(api);
  const MediaFetcher fetcher({*store, *media, *types, credentials, channels, ids, clock, random, "node-killed",
                              [] { return true; }, [](const std::string&, const std::string&) {}},
                             {.look_every = std::chrono::milliseconds(5)});
  for (;;) ::pause();
}

}  // namespace
}  // namespace huiyin::gateway

int main(int argc, char** argv) {
  if (argc != 5) {
    std::fprintf(stderr, "media_node FOLDER API (sqlite FILE | mysql DATABASE)\n");
    return 2;
  }
  huiyin::db::StoreOptions options;
  if (std::string(argv[3]) == "mysql") {
    options.mysql = huiyin::db::mysql_test_server();
    options.mysql->database = argv[4];
  } else {
    options.sqlite = huiyin::db::SqliteOptions{.file = argv[4]};
  }
  huiyin::gateway::be_a_node(options, argv[1], argv[2]);
}
