#include "db/retry.h"

#include <chrono>
#include <random>
#include <thread>

namespace huiyin::db {

void wait_with_jitter(int attempt) {
  thread_local std::minstd_rand random(std::random_device{}());
  const auto most = 1000 << attempt;
  std::this_thread::sleep_for(std::chrono::microseconds(std::uniform_int_distribution(100, most)(random)));
}

}  // namespace huiyin::db
