// What each thread of a test waits for, said five seconds before ctest ends it for having taken too long: a test that
// hangs once in a thousand runs is otherwise killed without a word. ctest says how long it may take
// (HuiyinTargets.cmake).
#include <gtest/gtest.h>

#include <charconv>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace huiyin {
namespace {

namespace fs = std::filesystem;

std::string first_line(const fs::path& file) {
  std::ifstream in(file);
  std::string line;
  std::getline(in, line);
  return line;
}

/// Name, place in the kernel, and system call with its arguments, a line for each thread.
std::string waiting_threads() {
  std::string out;
  std::error_code gone;
  for (const auto& thread : fs::directory_iterator("/proc/self/task", gone))
    out += "  " + thread.path().filename().string() + " " + first_line(thread.path() / "comm") + ": " +
           first_line(thread.path() / "wchan") + ", call " + first_line(thread.path() / "syscall") + "\n";
  return out;
}

std::optional<std::chrono::seconds> time_allowed() {
  const char* const text = std::getenv("HUIYIN_TEST_TIMEOUT");
  int seconds = 0;
  if (text == nullptr || std::from_chars(text, text + std::char_traits<char>::length(text), seconds).ec != std::errc())
    return std::nullopt;
  return std::chrono::seconds(seconds);
}

class HangReport final : public testing::Environment {
 public:
  void SetUp() override {
    if (const auto allowed = time_allowed())
      thread_ = std::thread([this, patience = *allowed - std::chrono::seconds(5)] { watch(patience); });
  }
  void TearDown() override {
    {
      const std::lock_guard lock(mutex_);
      ended_ = true;
    }
    ends_.notify_all();
    if (thread_.joinable()) thread_.join();
  }

 private:
  void watch(std::chrono::seconds patience) {
    std::unique_lock lock(mutex_);
    if (ends_.wait_for(lock, patience, [this] { return ended_; })) return;
    std::fprintf(stderr, "hangs. Its threads wait for:\n%s", waiting_threads().c_str());
  }

  std::mutex mutex_;
  std::condition_variable ends_;
  bool ended_ = false;
  std::thread thread_;
};

[[maybe_unused]] const auto* const kRegistered = testing::AddGlobalTestEnvironment(new HangReport);

}  // namespace
}  // namespace huiyin
