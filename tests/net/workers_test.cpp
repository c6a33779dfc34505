#include "net/workers.h"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>

namespace huiyin {
namespace {

TEST(Workers, RunEveryJobBeforeTheyStop) {
  std::atomic<int> done{0};
  Workers workers(2, "test");
  for (int i = 0; i < 1000; ++i) workers.post([&done] { ++done; });
  workers.stop();
  EXPECT_EQ(done, 1000);
  workers.stop();
}

TEST(Workers, AJobThatThrowsTakesNoneWithIt) {
  std::atomic<int> done{0};
  Workers workers(1, "test");
  for (int i = 0; i < 10; ++i) {
    workers.post([] { throw std::runtime_error("a defect"); });
    workers.post([&done] { ++done; });
  }
  workers.stop();
  EXPECT_EQ(done, 10);
}

}  // namespace
}  // namespace huiyin
