#pragma once

#include "gateway/pipeline.h"
#include "net/workers.h"

namespace huiyin::gateway {

/// The two pools that turns run on, for whoever needs no more of a daemon. A turn goes from one to the other: both are
/// stopped before either ends, since a thread of the one may still be handing over to the other. Thread-safe.
class TurnThreads {
 public:
  TurnThreads(std::size_t workers, std::size_t readers) : workers_(workers, "workers"), readers_(readers, "readers") {}
  ~TurnThreads() {
    readers_.stop();
    workers_.stop();
  }
  TurnThreads(const TurnThreads&) = delete;
  TurnThreads& operator=(const TurnThreads&) = delete;

  [[nodiscard]] Workers& readers() { return readers_; }
  [[nodiscard]] Pipeline::Threads both() { return {workers_, readers_}; }

 private:
  Workers workers_, readers_;
};

}  // namespace huiyin::gateway
