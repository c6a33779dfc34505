#include <signal.h>
#include <spdlog/spdlog.h>
#include <sys/resource.h>
#include <sysexits.h>

#include <algorithm>
#include <iostream>

#include "gateway/cli.h"
#include "gateway/daemon.h"

namespace huiyin::gateway {
namespace {

/// SIGTERM and SIGINT, blocked in every thread before any starts, so that one place waits for them.
sigset_t stop_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  return set;
}

/// A descriptor for each connection, and some for files and the database: the usual soft limit of 1,024 is too low.
void allow_descriptors(std::size_t connections) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  const rlim_t wanted = std::min<rlim_t>(limit.rlim_max, 2 * connections + 512);
  if (limit.rlim_cur >= wanted) return;
  limit.rlim_cur = wanted;
  if (::setrlimit(RLIMIT_NOFILE, &limit) != 0) spdlog::warn("descriptors_limited to={}", limit.rlim_cur);
}

}  // namespace

int run_serve(const std::string& config_file, Console console) {
  const auto config = load_config(config_file, console.errors);
  if (!config) return EX_CONFIG;
  const sigset_t signals = stop_signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
  allow_descriptors(config->connections);

  auto daemon = Daemon::start(*config, process_secrets());
  if (!daemon) {
    print(daemon.error(), console.errors);
    return EX_CONFIG;
  }
  spdlog::info("serving address={} port={} monitor_port={} channels={}", config->listen_address, (*daemon)->hook_port(),
               (*daemon)->monitor_port(), config->channels.size());
  int received = 0;
  sigwait(&signals, &received);
  spdlog::info("stopping signal={}", received);
  (*daemon)->stop();
  spdlog::info("stopped");
  return EX_OK;
}

}  // namespace huiyin::gateway
