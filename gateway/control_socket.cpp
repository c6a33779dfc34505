#include "gateway/control_socket.h"

#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <spdlog/spdlog.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sysexits.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "core/thread_name.h"

namespace huiyin::gateway {
namespace {

using namespace std::chrono_literals;

constexpr auto kPatience = 30s;  // for each step of the other side
constexpr int kBacklog = 128;

Error failed(const std::string& path, const char* what) {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): glibc's is thread-safe
  return {path, std::string(what) + ": " + std::strerror(errno), "Check control.socket and who may write its folder"};
}

bool give_to_group(const std::string& path, const std::string& name) {
  std::array<char, 4096> room{};
  group entry{};
  group* found = nullptr;
  if (::getgrnam_r(name.c_str(), &entry, room.data(), room.size(), &found) != 0 || found == nullptr) return false;
  return ::chown(path.c_str(), static_cast<uid_t>(-1), found->gr_gid) == 0 && ::chmod(path.c_str(), 0660) == 0;
}

}  // namespace

Expected<std::unique_ptr<ControlSocket>> ControlSocket::open(Options options, Handler handler) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (options.path.size() >= sizeof address.sun_path)
    return tl::unexpected(Error{options.path, "too long for a socket's path", "Set control.socket to a shorter one"});
  if (const int other = connect_control(options.path); other >= 0) {
    ::close(other);
    return tl::unexpected(Error{options.path, "another huiyin serve listens here", "Give each its own control.socket"});
  }
  options.path.copy(address.sun_path, options.path.size());
  ::unlink(options.path.c_str());
  const int listener = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (listener < 0) return tl::unexpected(failed(options.path, "no socket"));
  const auto before = ::umask(0177);  // from its first moment nobody else's
  const bool bound = ::bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  ::umask(before);
  if (!bound || ::listen(listener, kBacklog) != 0) {
    auto error = failed(options.path, "cannot be listened on");
    ::close(listener);
    return tl::unexpected(std::move(error));
  }
  if (!options.group.empty() && !give_to_group(options.path, options.group)) {
    ::close(listener);
    return tl::unexpected(Error{options.path, "cannot be given to the group " + options.group,
                                "Is there such a group, and is the daemon's user in it?"});
  }
  return std::unique_ptr<ControlSocket>(new ControlSocket(std::move(options), std::move(handler), listener));
}

ControlSocket::ControlSocket(Options options, Handler handler, int listener)
    : options_(std::move(options)), handler_(std::move(handler)), listener_(listener) {
  if (::pipe2(wake_, O_CLOEXEC) != 0) spdlog::error("control_socket_no_pipe");
  threads_.emplace_back([this] { accept_all(); });
  for (int i = 0; i < kThreads; ++i) threads_.emplace_back([this] { serve_all(); });
}

ControlSocket::~ControlSocket() { stop(); }

void ControlSocket::stop() {
  {
    const std::lock_guard lock(mutex_);
    if (std::exchange(stopping_, true)) return;
  }
  arrives_.notify_all();
  static_cast<void>(::write(wake_[1], "x", 1) == 1);
  for (auto& thread : threads_) thread.join();
  ::unlink(options_.path.c_str());
  for (const int open : {listener_, wake_[0], wake_[1]}) ::close(open);
}

void ControlSocket::accept_all() {
  name_thread("control");
  for (;;) {
    std::array<pollfd, 2> waiting{pollfd{listener_, POLLIN, 0}, pollfd{wake_[0], POLLIN, 0}};
    ::poll(waiting.data(), waiting.size(), -1);
    const int connection = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    const std::lock_guard lock(mutex_);
    if (stopping_) {
      if (connection >= 0) ::close(connection);
      return;
    }
    if (connection < 0) continue;
    if (waiting_.size() >= kMostWaiting) {
      ::close(connection);
      continue;
    }
    waiting_.push_back(connection);
    arrives_.notify_one();
  }
}

void ControlSocket::serve_all() {
  name_thread("control");
  std::unique_lock lock(mutex_);
  for (;;) {
    arrives_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
    if (waiting_.empty()) return;  // only once it stops: what was accepted is still served
    const int connection = waiting_.front();
    waiting_.pop_front();
    lock.unlock();
    serve(connection);
    ::close(connection);
    lock.lock();
  }
}

void ControlSocket::serve(int connection) try {
  auto request = read_request(connection, options_.most_body, kPatience);
  ControlReply reply{.code = EX_DATAERR, .text = "no request that this version understands, or larger than it takes"};
  if (request) reply = handler_(*std::move(request));
  if (!send_reply(connection, reply, kPatience)) spdlog::info("control_client_gone code={}", reply.code);
} catch (const std::exception& error) {
  spdlog::error("control_failed why=\"{}\"", error.what());
  static_cast<void>(send_reply(connection, {.code = EX_TEMPFAIL, .text = "not now"}, kPatience));
}

}  // namespace huiyin::gateway
