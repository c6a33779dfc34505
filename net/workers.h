#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

namespace huiyin {

/// A few threads that carry out what is handed to them, and look after sockets meanwhile (Boost.Asio inside). What they
/// run should not wait for long: as many as there are threads may do so at once. Thread-safe.
class Workers {
 public:
  /// `name` is what the threads are called in the system's lists.
  Workers(std::size_t threads, const std::string& name);
  ~Workers();
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  /// Runs `job` soon on one of the threads. What it throws is dropped: a defect in one must not end the process.
  void post(std::function<void()> job);
  /// Finishes what was posted, joins. Idempotent; what is posted afterwards is not run.
  void stop();

  struct Impl;
  /// For net/ alone.
  [[nodiscard]] Impl& impl() { return *impl_; }

 private:
  bool ran_out();

  std::unique_ptr<Impl> impl_;
};

}  // namespace huiyin
