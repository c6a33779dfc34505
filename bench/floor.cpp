// One transaction a message by bare threads, beside the store's group commit, interleaved on one server.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "bench/floor_store.h"
#include "bench/load_floor.h"
#include "bench/load_server.h"

namespace huiyin::bench {
namespace {

using nlohmann::ordered_json;

struct Options {
  std::vector<int> owners = {1, 32, 128};
  double seconds = 4, warm_up = 1;
  int repetitions = 3;
  int leaders = db::StoreOptions{}.leaders;
  bool sqlite = false;
};

std::chrono::milliseconds as_millis(double seconds) {
  return std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000));
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values.at(values.size() / 2);
}

double rounded(double value) { return std::round(value * 100) / 100; }

struct Series {
  std::vector<double> rate, p99;
};

/// Both ways in turn, so that what drifts (disk, neighbours) drifts for both.
void measure(int owners, const Options& options, const db::MysqlOptions& floor_database, const db::StoreOptions& store,
             ordered_json& summary) {
  Series floor, group;
  for (int i = 0; i < options.repetitions; ++i) {
    const auto bare = run_load_floor(floor_database, owners, as_millis(options.warm_up), as_millis(options.seconds));
    const auto ours = run_store(store, owners, as_millis(options.warm_up), as_millis(options.seconds));
    floor.rate.push_back(bare.messages_per_s);
    floor.p99.push_back(bare.p99_ms);
    group.rate.push_back(ours.messages_per_s);
    group.p99.push_back(ours.p99_ms);
    std::printf("%4d owners: floor %6.0f/s p99 %6.1f ms   store %6.0f/s p99 %6.1f ms, %.1f a group, %d retries\n",
                owners, bare.messages_per_s, bare.p99_ms, ours.messages_per_s, ours.p99_ms, ours.mean_group,
                static_cast<int>(ours.retries));
    std::fflush(stdout);
  }
  const auto suffix = std::to_string(owners);
  summary["store_ratio_" + suffix] = rounded(median(group.rate) / median(floor.rate));
  summary["floor_msgs_per_s_" + suffix] = std::round(median(floor.rate));
  summary["store_msgs_per_s_" + suffix] = std::round(median(group.rate));
  summary["p99_ratio_" + suffix] = rounded(median(group.p99) / median(floor.p99));
}

int run(const Options& options) {
  auto folder = (std::filesystem::temp_directory_path() / "huiyin-floor.XXXXXX").string();
  if (mkdtemp(folder.data()) == nullptr) throw std::runtime_error("no folder could be made under " + folder);
  std::filesystem::permissions(folder, std::filesystem::perms(0711));  // the server may run as another user
  ordered_json summary;
  {
    BenchServer server(folder);
    const auto floor_database = server.make_database("huiyin_floor");
    db::StoreOptions store;
    store.leaders = options.leaders;
    store.mysql = server.make_database("huiyin_store");
    for (const int owners : options.owners) measure(owners, options, floor_database, store, summary);
    if (options.sqlite) {
      db::StoreOptions file;
      file.sqlite = db::SqliteOptions{folder + "/floor.sqlite"};
      const auto ours = run_store(file, 32, as_millis(options.warm_up), as_millis(options.seconds));
      std::printf("  32 owners: sqlite %6.0f/s p99 %6.1f ms, %.1f a group\n", ours.messages_per_s, ours.p99_ms,
                  ours.mean_group);
      summary["sqlite_msgs_per_s_32"] = std::round(ours.messages_per_s);
    }
  }
  std::filesystem::remove_all(folder);
  std::puts(summary.dump().c_str());
  return 0;
}

}  // namespace
}  // namespace huiyin::bench

int main(int argc, char** argv) {
  huiyin::bench::Options options;
  CLI::App app{"One transaction a message, beside the store's group commit on the same server", "floor"};
  app.add_option("--owners", options.owners, "how many at once")->delimiter(',');
  app.add_option("--seconds", options.seconds);
  app.add_option("--warm-up", options.warm_up);
  app.add_option("--repetitions", options.repetitions);
  app.add_option("--leaders", options.leaders, "committing threads of the store");
  app.add_flag("--sqlite", options.sqlite, "the store on SQLite too");
  CLI11_PARSE(app, argc, argv);
  try {
    return huiyin::bench::run(options);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "floor: %s\n", error.what());
    return 1;
  }
}
