#include "net/http_connection.h"

#include <sys/socket.h>

#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <cerrno>

namespace huiyin {
namespace {

namespace asio = boost::asio;

// After an early answer the rest of the request is read up to here, so that a reset does not overtake the answer.
constexpr std::size_t kLingerBytes = 8U << 20;

}  // namespace

HttpConnection::HttpConnection(asio::ip::tcp::socket socket, std::shared_ptr<HttpConnectionHost> host,
                               const HttpReader::Limits& limits, int refuse_with)
    : socket_(std::move(socket)), host_(std::move(host)), reader_(limits, refuse_with), surplus_(refuse_with != 0) {
  boost::system::error_code ignored;
  socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
  socket_.non_blocking(true, ignored);
  boost::system::error_code unknown;
  const auto remote = socket_.remote_endpoint(unknown);
  if (!unknown) peer_ = remote.address().to_string();
}

void HttpConnection::start() { read(); }

void HttpConnection::enter(Phase phase) {
  since_ = Steady::now();
  phase_ = phase;
}

void HttpConnection::read() {
  socket_.async_read_some(asio::buffer(in_), [self = shared_from_this()](const auto& error, std::size_t bytes) {
    if (!error) return self->took(bytes);
    if (self->ending_ && self->phase_ == Phase::reading) return self->refuse(408);
    self->end();
  });
}

void HttpConnection::took(std::size_t bytes) {
  if (phase_ == Phase::lingering) {
    lingered_ += bytes;
    return lingered_ < kLingerBytes ? read() : end();
  }
  proceed(reader_.feed({in_.data(), bytes}));
}

void HttpConnection::proceed(HttpReader::State state) {
  switch (state) {
    case HttpReader::State::idle:
      enter(Phase::idle);
      if (host_->is_draining())
        return end();  // looked at after the phase is set: end_when_idle() does it the other way
      return read();
    case HttpReader::State::reading:
      if (phase_ != Phase::reading) enter(Phase::reading);
      if (reader_.take_continue()) return say_continue();
      return read();
    case HttpReader::State::refused:
      return refuse(reader_.refusal());
    case HttpReader::State::complete:
      enter(Phase::handling);
      served_ = true;
      to_head_ = reader_.request().method == "HEAD";
      keep_ = reader_.keeps_alive();
      return host_->serve(std::move(reader_.request()), shared_from_this());
  }
}

void HttpConnection::say_continue() {
  static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
  asio::async_write(socket_, asio::buffer(kContinue), [self = shared_from_this()](const auto& error, std::size_t) {
    error ? self->end() : self->read();
  });
}

void HttpConnection::refuse(int status) {
  keep_ = false;
  HttpReply reply{.status = status};
  if (status == 503) reply.headers.emplace_back("Retry-After", "1");
  write(format_answer(reply, to_head_, false));
}

void HttpConnection::answer(const HttpReply& reply) {
  keep_ = keep_ && !ending_ && !host_->is_draining();
  write(format_answer(reply, to_head_, keep_));
}

/// An answer nearly always fits into the socket's buffer: one call, on the thread that has it.
void HttpConnection::write(std::string bytes) {
  enter(Phase::writing);
  const auto sent = ::send(socket_.native_handle(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  if (sent == static_cast<ssize_t>(bytes.size())) return wrote();
  if (sent < 0 && errno != EAGAIN && errno != EINTR) return end();
  out_ = std::move(bytes);
  sent_ = sent < 0 ? 0 : static_cast<std::size_t>(sent);
  write_rest();
}

void HttpConnection::write_rest() {
  asio::async_write(socket_, asio::buffer(out_.data() + sent_, out_.size() - sent_),
                    [self = shared_from_this()](const auto& error, std::size_t) {
                      self->out_.clear();
                      error ? self->end() : self->wrote();
                    });
}

void HttpConnection::wrote() {
  if (!keep_) return linger();
  const auto state = reader_.next();
  if (state != HttpReader::State::complete) return proceed(state);
  // Pipelined: a client that sends a thousand requests at once must not nest a thousand calls.
  asio::post(socket_.get_executor(), [self = shared_from_this(), state] { self->proceed(state); });
}

/// Ends our side and reads what still comes.
void HttpConnection::linger() {
  enter(Phase::lingering);
  boost::system::error_code gone;
  socket_.shutdown(asio::ip::tcp::socket::shutdown_send, gone);
  if (gone) return end();
  read();
}

void HttpConnection::end() {
  host_->ended(*this);
  boost::system::error_code ignored;
  socket_.close(ignored);
}

/// The one way to end a read from another thread: the descriptor stays ours, and the read completes with its end.
void HttpConnection::stop_reading() {
  ending_ = true;
  ::shutdown(socket_.native_handle(), SHUT_RD);
}

void HttpConnection::tidy(const Patience& patience, Steady::time_point now) {
  const auto taken = now - since_.load();
  switch (phase_.load()) {
    case Phase::idle:
      if (taken > (surplus_ ? patience.surplus : patience.idle)) stop_reading();
      return;
    case Phase::reading:
      if (taken > patience.reading) stop_reading();
      return;
    case Phase::lingering:
      if (taken > patience.lingering) stop_reading();
      return;
    case Phase::writing:
      if (taken > patience.writing) ::shutdown(socket_.native_handle(), SHUT_RDWR);
      return;
    case Phase::handling:
      return;
  }
}

void HttpConnection::end_when_idle() {
  if (phase_ == Phase::idle) stop_reading();
}

std::optional<HttpConnection::Steady::time_point> HttpConnection::waits_since() const {
  if (phase_ != Phase::idle || !served_ || ending_) return std::nullopt;
  return since_.load();
}

}  // namespace huiyin
