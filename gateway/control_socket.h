#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "core/error.h"
#include "gateway/control_protocol.h"

namespace huiyin::gateway {

/// The daemon's ear for second processes on this machine: a unix socket, open to its owner (mode 0600) and, where one
/// is named, to a group (0660). Each request is answered on a thread of its own, of which there are few; who comes when
/// all are busy waits, and past kMostWaiting is hung up on. Thread-safe.
class ControlSocket {
 public:
  static constexpr int kThreads = 16;
  static constexpr std::size_t kMostWaiting = 128;

  struct Options {
    std::string path{};
    std::string group{};  ///< empty: none
    std::size_t most_body = 64U << 20U;
  };
  using Handler = std::function<ControlReply(ControlRequest request)>;

  /// Listens. A socket that a killed daemon left is replaced; an Error where another daemon answers on it.
  [[nodiscard]] static Expected<std::unique_ptr<ControlSocket>> open(Options options, Handler handler);
  ~ControlSocket();  ///< stop()
  ControlSocket(const ControlSocket&) = delete;
  ControlSocket& operator=(const ControlSocket&) = delete;

  /// Takes no more, finishes what was begun, removes the socket. Idempotent.
  void stop();

 private:
  ControlSocket(Options options, Handler handler, int listener);
  void accept_all();
  void serve_all();
  void serve(int connection);

  const Options options_;
  const Handler handler_;
  int listener_;
  int wake_[2] = {-1, -1};
  std::mutex mutex_;
  std::condition_variable arrives_;
  std::deque<int> waiting_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace huiyin::gateway
