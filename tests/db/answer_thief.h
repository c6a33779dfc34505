#pragma once

#include <atomic>
#include <string>
#include <thread>
#include <vector>

namespace huiyin::db {

/// A TCP proxy in front of the database. Armed, it cuts one connection at the next COMMIT: after the server has
/// answered, the answer being lost, or before the server has seen it.
class AnswerThief {
 public:
  enum class At { answer, request };

  AnswerThief(std::string host, int port);
  AnswerThief(const AnswerThief&) = delete;
  AnswerThief& operator=(const AnswerThief&) = delete;
  ~AnswerThief();

  [[nodiscard]] int port() const { return port_; }
  void arm(At at) {
    at_ = at;
    armed_ = true;
  }
  [[nodiscard]] int stolen() const { return stolen_; }

 private:
  void accept_all();
  void pass_on(int client, int server);
  [[nodiscard]] bool steals(int server, const std::string& request);

  std::string host_;
  int server_port_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<bool> stopping_{false}, armed_{false};
  std::atomic<At> at_{At::answer};
  std::atomic<int> stolen_{0};
  std::vector<std::thread> connections_;
  std::thread thread_;
};

}  // namespace huiyin::db
