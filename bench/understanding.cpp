// How well and how fast the rules read what owners write: the score on a labelled half, messages a second over the
// tuning half, and the worst time of any message, hostile ones among them.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <exception>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "bench/understanding_answers.h"

namespace huiyin::bench {
namespace {

using Clock = std::chrono::steady_clock;

std::string repeated(const std::string& part, std::size_t times) {
  std::string out;
  out.reserve(part.size() * times);
  for (std::size_t i = 0; i < times; ++i) out += part;
  return out;
}

/// What nobody writes but somebody sends: long, and full of what rules look for.
std::vector<std::string> hostile_texts() {
  constexpr std::size_t kMany = 400'000;
  std::vector<std::string> texts;
  for (const char* part : {"1",
                           "13800138000 ",
                           "13800138000",
                           "1-",
                           "(",
                           "+86 ",
                           "我姓王",
                           "我是",
                           "3栋",
                           "3栋2单元1201，",
                           "一",
                           "十",
                           "漏水",
                           "电梯困人",
                           "没有着火",
                           "\xE2\x80\x8B",
                           "\xFF\xC0",
                           "😀1",
                           "a ",
                           "Building 6 ",
                           "my name is ",
                           "李梅，",
                           "電",
                           "我",
                           "\n",
                           "no. 13800138000 is not it, ",
                           "0571-8",
                           "我是王明的",
                           "他叫王明，",
                           "楼上王先生，",
                           "改成我爸",
                           "我爸他叫王明",
                           "李梅\n漏水\n",
                           "老王，",
                           "阿依·",
                           "my son Leo ",
                           "1804，",
                           "把1303改成1403，"})
    texts.push_back(repeated(part, kMany / std::char_traits<char>::length(part)));
  return texts;
}

/// The best of three of the slowest text: a pause of the machine is nobody's fault, and not three times in a row.
double worst_ms(const dialogs::Lexicon& lexicon, const std::vector<std::string>& texts, std::string& which) {
  double worst = 0;
  for (const auto& text : texts) {
    double best = 1e9;
    for (int i = 0; i < 3; ++i) {
      const auto begin = Clock::now();
      benchmark::DoNotOptimize(dialogs::understand(lexicon, text));
      best = std::min(best, std::chrono::duration<double, std::milli>(Clock::now() - begin).count());
    }
    if (best <= worst) continue;
    worst = best;
    which = text.substr(0, 40);
  }
  return worst;
}

/// Keeps what the console reporter prints, and the rate that it measured.
class RateReporter : public benchmark::ConsoleReporter {
 public:
  /// Without colours: what ends one would stand before the JSON of the last line.
  RateReporter() : ConsoleReporter(OO_None) {}
  void ReportRuns(const std::vector<Run>& runs) override {
    ConsoleReporter::ReportRuns(runs);
    for (const auto& run : runs)
      if (run.run_type == Run::RT_Iteration)
        if (const auto rate = run.counters.find("items_per_second"); rate != run.counters.end())
          best_ = std::max(best_, rate->second.value);
  }
  [[nodiscard]] double best() const { return best_; }

 private:
  double best_ = 0;
};

#ifndef __clang_analyzer__  // takes what the library keeps for a leak
double messages_per_s(const dialogs::Lexicon& lexicon, const std::vector<std::string>& texts) {
  benchmark::RegisterBenchmark("understand", [&](benchmark::State& state) {
    for (auto _ : state)
      for (const auto& text : texts) benchmark::DoNotOptimize(dialogs::understand(lexicon, text));
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * texts.size()));
  })->Repetitions(3);
  RateReporter reporter;
  benchmark::RunSpecifiedBenchmarks(&reporter);
  return reporter.best();
}
#else
double messages_per_s(const dialogs::Lexicon& lexicon, const std::vector<std::string>& texts);
#endif

/// Those of tests/data/understanding.
bool is_file_of_messages(const std::string& name) {
  constexpr std::array<std::string_view, 10> kFiles{"tuning",   "further",  "later",  "kinds",  "forms",
                                                    "everyday", "wordings", "scenes", "unseen", "held-out"};
  return std::find(kFiles.begin(), kFiles.end(), name) != kFiles.end();
}

int run(const std::string& half, bool wrong) {
  const auto lexicon = shipped_lexicon();
  const auto scored = labelled_texts(half);
  auto summary = nlohmann::ordered_json::parse(score(half, answers(lexicon, scored), wrong));
  auto all = hostile_texts();
  all.insert(all.end(), scored.begin(), scored.end());
  std::string slowest;
  summary["worst_ms"] = std::round(worst_ms(lexicon, all, slowest) * 1000) / 1000;
  std::printf("slowest: %s…\n", slowest.c_str());
  summary["messages_per_s"] = std::round(messages_per_s(lexicon, labelled_texts("tuning")));
  std::puts(summary.dump().c_str());
  return 0;
}

}  // namespace
}  // namespace huiyin::bench

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  std::string half = "held-out";
  bool wrong = false;
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    if (argument == "--wrong")
      wrong = true;
    else if (huiyin::bench::is_file_of_messages(argument))
      half = argument;
    else {
      std::fprintf(
          stderr,
          "usage: understanding [held-out | (tuning | further | later | kinds | forms | everyday | wordings |\n"
          "       scenes | unseen) [--wrong]] [--benchmark_…]\n");
      return 64;
    }
  }
  try {
    return huiyin::bench::run(half, wrong);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "understanding: %s\n", error.what());
    return 1;
  }
}
