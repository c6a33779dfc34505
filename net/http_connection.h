#pragma once

#include <array>
#include <atomic>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "net/http_reader.h"
#include "net/http_server.h"

namespace huiyin {

class HttpConnection;

/// What a connection asks of its server.
class HttpConnectionHost {
 public:
  HttpConnectionHost() = default;
  HttpConnectionHost(const HttpConnectionHost&) = delete;
  HttpConnectionHost& operator=(const HttpConnectionHost&) = delete;
  virtual ~HttpConnectionHost() = default;

  /// A request came whole; the connection waits for its answer().
  virtual void serve(HttpRequest request, const std::shared_ptr<HttpConnection>& connection) = 0;
  /// It is over. The socket closes when this returns.
  virtual void ended(const HttpConnection& connection) = 0;
  [[nodiscard]] virtual bool is_draining() const = 0;
};

/// One accepted connection of HttpServer: it reads, hands over, answers, in turn, so that never two of its operations
/// are under way. tidy() and the like may be called from another thread at any time; they only end what waits.
class HttpConnection final : public std::enable_shared_from_this<HttpConnection> {
 public:
  using Steady = std::chrono::steady_clock;

  /// `refuse_with`: see HttpReader.
  HttpConnection(boost::asio::ip::tcp::socket socket, std::shared_ptr<HttpConnectionHost> host,
                 const HttpReader::Limits& limits, int refuse_with);

  void start();
  /// The answer to the request that serve() was given. Any thread.
  void answer(const HttpReply& reply);

  struct Patience {
    std::chrono::milliseconds idle{}, surplus{}, reading{}, lingering{}, writing{};
  };
  /// Ends what has taken longer than it may. Call under the lock under which ended() forgets the connection.
  void tidy(const Patience& patience, Steady::time_point now);
  /// Lets the connection end as soon as it is without a request. The same lock.
  void end_when_idle();
  /// Since when it has been waiting for its second or a later request; nothing where it is not.
  [[nodiscard]] std::optional<Steady::time_point> waits_since() const;
  [[nodiscard]] const std::string& peer() const { return peer_; }

 private:
  enum class Phase { idle, reading, handling, writing, lingering };

  void read();
  void took(std::size_t bytes);
  void proceed(HttpReader::State state);
  void say_continue();
  void refuse(int status);
  void write(std::string bytes);
  void write_rest();
  void wrote();
  void linger();
  void end();
  void enter(Phase phase);
  void stop_reading();

  boost::asio::ip::tcp::socket socket_;
  const std::shared_ptr<HttpConnectionHost> host_;
  HttpReader reader_;
  const bool surplus_;
  std::string peer_{};
  std::array<char, 4096> in_{};
  std::string out_{};
  std::size_t sent_ = 0;
  std::size_t lingered_ = 0;
  bool to_head_ = false;
  bool keep_ = true;  ///< another request may follow the answer under way

  std::atomic<Phase> phase_{Phase::idle};
  std::atomic<Steady::time_point> since_{Steady::now()};  ///< in this phase
  std::atomic<bool> served_{false};                       ///< has had a request
  std::atomic<bool> ending_{false};                       ///< somebody else ended its reading
};

}  // namespace huiyin
