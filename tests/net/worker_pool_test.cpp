#include "net/worker_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>

namespace huiyin {
namespace {

TEST(WorkerPool, RunsEveryJobBeforeItEnds) {
  std::atomic<int> done{0};
  {
    WorkerPool pool(3);
    for (int i = 0; i < 500; ++i) pool.run([&done] { ++done; });
  }
  EXPECT_EQ(done, 500);
}

TEST(WorkerPool, WhatFindsAllThreadsBusyGoesToTheExtraOne) {
  WorkerPool pool(2);
  std::promise<void> go;
  const auto gate = go.get_future().share();
  std::atomic<int> began{0};
  for (int i = 0; i < 2; ++i) {
    pool.run([&began, gate] {
      EXPECT_FALSE(WorkerPool::on_surplus_thread());
      ++began;
      gate.wait();
    });
  }
  std::promise<bool> third;
  pool.run([&third] { third.set_value(WorkerPool::on_surplus_thread()); });
  EXPECT_TRUE(third.get_future().get());
  go.set_value();
  pool.shut_down();
  EXPECT_EQ(began, 2);
  EXPECT_FALSE(WorkerPool::on_surplus_thread());
}

TEST(WorkerPool, AThreadThatIsFreeAgainTakesTheNextJob) {
  WorkerPool pool(1);
  for (int i = 0; i < 50; ++i) {
    std::promise<bool> surplus;
    pool.run([&surplus] { surplus.set_value(WorkerPool::on_surplus_thread()); });
    surplus.get_future().get();
  }
  // The worker may still be on its way back when the next job comes; once it is, it takes it.
  for (int tries = 0;; ++tries) {
    std::promise<bool> surplus;
    pool.run([&surplus] { surplus.set_value(WorkerPool::on_surplus_thread()); });
    if (!surplus.get_future().get()) break;
    ASSERT_LT(tries, 1000);
  }
}

}  // namespace
}  // namespace huiyin
