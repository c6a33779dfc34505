#include "net/listen.h"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <system_error>

#include "core/handle.h"

namespace huiyin {
namespace {

// At 128 new connections at once, a backlog of 5 gave refusals and a p99 of a second.
constexpr int kBacklog = 1024;

using AddressList = Handle<addrinfo, freeaddrinfo>;

tl::unexpected<Error> refuse(const std::string& address, int port, int error) {
  Error out{address + ":" + std::to_string(port), {}, {}};
  if (error == EADDRINUSE) {
    out.what = "the port is in use by another program";
    out.remedy = "Stop that one (`ss -ltnp` names it), or configure another port";
  } else if (error == EACCES) {
    out.what = "this user may not listen on a port below 1024";
    out.remedy = "Choose a higher port, and let the reverse proxy pass on to it";
  } else if (error == EADDRNOTAVAIL) {
    out.what = "this machine has no such address";
    out.remedy = "Use 127.0.0.1 behind a reverse proxy, 0.0.0.0 for all addresses";
  } else {
    out.what = "cannot listen: " + std::generic_category().message(error);
  }
  return tl::unexpected(std::move(out));
}

int port_of(int socket) {
  sockaddr_storage bound{};
  socklen_t size = sizeof bound;
  if (getsockname(socket, reinterpret_cast<sockaddr*>(&bound), &size) != 0) return 0;
  return ntohs(bound.ss_family == AF_INET6 ? reinterpret_cast<sockaddr_in6*>(&bound)->sin6_port
                                           : reinterpret_cast<sockaddr_in*>(&bound)->sin_port);
}

}  // namespace

Expected<Listener> listen_on(const std::string& address, int port) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  if (const int error = getaddrinfo(address.c_str(), std::to_string(port).c_str(), &hints, &found); error != 0) {
    return tl::unexpected(Error{address + ":" + std::to_string(port),
                                std::string("not an address to listen on: ") + gai_strerror(error),
                                "Use 127.0.0.1 behind a reverse proxy, 0.0.0.0 for all addresses"});
  }
  const AddressList addresses(found);
  const int socket = ::socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (socket < 0) return refuse(address, port, errno);
  const int yes = 1;
  setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);  // accepted sockets inherit it
  if (bind(socket, found->ai_addr, found->ai_addrlen) != 0 || listen(socket, kBacklog) != 0) {
    const int error = errno;
    close(socket);
    return refuse(address, port, error);
  }
  return Listener{socket, port_of(socket)};
}

}  // namespace huiyin
