// `huiyin`, the small front program. Loading the daemon's libraries costs some ten milliseconds a process, which a mail
// server would pay for each mail: what a running daemon can do for us is asked of it over its socket, all else is the
// daemon program's own.
#include <sysexits.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iostream>
#include <optional>
#include <string>
#include <vector>

#include "gateway/control_protocol.h"

namespace huiyin::gateway {
namespace {

using namespace std::chrono_literals;

constexpr auto kPatience = 120s;  // a mail server waits for longer than that

std::string folder_of_program() {
  std::array<char, 4096> room{};
  const auto size = ::readlink("/proc/self/exe", room.data(), room.size() - 1);
  const std::string path(room.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
  return path.substr(0, path.rfind('/'));
}

int run_daemon_program(char** arguments) {
  const auto program = folder_of_program() + "/../libexec/huiyin-daemon";
  ::execv(program.c_str(), arguments);
  const auto* why = std::strerror(errno);  // NOLINT(concurrency-mt-unsafe): one thread
  std::cerr << "huiyin: " << program << " cannot be run: " << why << '\n';
  return EX_TEMPFAIL;
}

std::string trimmed(std::string text) {
  const auto comment = text.find(" #");
  if (comment != std::string::npos) text.resize(comment);
  const auto begin = text.find_first_not_of(" \t\"'");
  const auto end = text.find_last_not_of(" \t\r\"'");
  return begin == std::string::npos ? std::string() : text.substr(begin, end - begin + 1);
}

/// The daemon's socket by its configuration, read line by line: a YAML library would cost what this program saves.
/// Anything unusual is not found, and the daemon program then does what was asked.
std::string socket_of(const std::string& config) {
  std::ifstream file(config);
  std::string folder = "var/huiyin";
  bool control = false;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line.front() == '#') continue;
    const bool indented = line.front() == ' ';
    if (!indented) control = line.starts_with("control:");
    if (line.starts_with("data_folder:")) folder = trimmed(line.substr(12));
    const auto key = line.find("socket:");
    if (control && !indented && line.find('{') < key && key != std::string::npos) {  // control: {socket: …, group: …}
      const auto value = line.substr(key + 7);
      return trimmed(value.substr(0, value.find_first_of(",}")));
    }
    if (control && indented && key != std::string::npos && line.find_first_not_of(' ') == key)
      return trimmed(line.substr(key + 7));
  }
  return folder + "/control.sock";
}

struct Deliver {
  std::string config{}, socket{};
  ControlRequest request{.command = "deliver"};
};

/// Nothing for what only the daemon program understands (--help, a mistake).
std::optional<Deliver> read_arguments(const std::vector<std::string>& arguments) {
  Deliver out;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    auto name = arguments[i];
    std::string value;
    if (const auto equals = name.find('='); equals != std::string::npos) {
      value = name.substr(equals + 1);
      name.resize(equals);
    } else if (++i < arguments.size()) {
      value = arguments[i];
    } else {
      return std::nullopt;
    }
    if (name == "--config")
      out.config = value;
    else if (name == "--socket")
      out.socket = value;
    else if (name == "--channel" || name == "--sender" || name == "--recipient")
      out.request.fields.emplace_back(name.substr(2), value);
    else
      return std::nullopt;
  }
  return out;
}

bool is_readable(const char* file) { return ::access(file, R_OK) == 0; }

std::string environment(const char* name) {
  const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): one thread
  return value == nullptr ? std::string() : std::string(value);
}

/// What an alias's pipe tells by its environment (Postfix local(8)).
void add_envelope(ControlRequest& request) {
  const bool piped = !environment("LOCAL").empty() || !environment("RECIPIENT").empty();
  if (!piped) return;
  if (request.field("recipient").empty()) {
    auto recipient = environment("ORIGINAL_RECIPIENT");
    if (recipient.empty()) recipient = environment("RECIPIENT");
    request.fields.emplace_back("recipient", recipient);
  }
  for (const auto& [name, value] : request.fields)
    if (name == "sender") return;
  request.fields.emplace_back("sender", environment("SENDER"));
}

/// False where it is more than anybody takes.
bool read_input(std::string& body) {
  std::array<char, 1U << 16U> room{};
  for (;;) {
    const auto got = ::read(STDIN_FILENO, room.data(), room.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return true;
    body.append(room.data(), static_cast<std::size_t>(got));
    if (body.size() > kMostControlBody) return false;
  }
}

int deliver(int socket, ControlRequest request) {
  add_envelope(request);
  if (!read_input(request.body)) {
    std::cerr << "the message is larger than we take\n";
    return EX_DATAERR;
  }
  if (!send_request(socket, request, kPatience)) return EX_TEMPFAIL;
  const auto reply = read_reply(socket, kPatience);
  if (!reply) return EX_TEMPFAIL;
  if (!reply->text.empty()) std::cerr << reply->text << '\n';
  return reply->code;
}

int run(int count, char** arguments) {
  if (count < 2 || std::string(arguments[1]) != "deliver") return run_daemon_program(arguments);
  auto asked = read_arguments({arguments + 2, arguments + count});
  if (!asked) return run_daemon_program(arguments);
  if (asked->socket.empty()) asked->socket = environment("HUIYIN_SOCKET");
  if (asked->config.empty() && !is_readable("huiyin.yaml")) asked->config = "/etc/huiyin/huiyin.yaml";
  if (asked->socket.empty()) asked->socket = socket_of(asked->config.empty() ? "huiyin.yaml" : asked->config);
  const int socket = connect_control(asked->socket);
  return socket < 0 ? run_daemon_program(arguments) : deliver(socket, std::move(asked->request));
}

}  // namespace
}  // namespace huiyin::gateway

int main(int argc, char** argv) {
  try {
    return huiyin::gateway::run(argc, argv);
  } catch (const std::exception&) {
    return EX_TEMPFAIL;  // memory: the mail server keeps the mail and tries again
  }
}
