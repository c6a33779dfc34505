#include "bench/sms_phones.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <string_view>
#include <unordered_map>

#include "net/http.h"

namespace huiyin::bench {
namespace {

using namespace std::chrono_literals;
using Steady = std::chrono::steady_clock;

constexpr auto kPatience = 10s;
constexpr int kTurns = 3;
constexpr std::string_view kService = "10690000";

/// What the owner says: asks to report, says where and what, asks how it goes. UTF-16BE in Kannel's escapes.
std::string words_of(int turn, std::size_t owner) {
  const auto in_utf16 = [](std::u16string_view text) {
    std::string out;
    for (const auto unit : text) out += fmt::format("%{:02x}%{:02x}", unit >> 8, unit & 0xFF);
    return out;
  };
  if (turn == 0) return in_utf16(u"报修");
  if (turn == 2) return in_utf16(u"进度");
  std::u16string where;
  for (const char c : fmt::format("{}", 100 + owner % 9000)) where += static_cast<char16_t>(c);
  return in_utf16(u"3栋2单元" + where + u",厨房水管漏水");
}

class Connection {
 public:
  explicit Connection(int port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
      throw std::runtime_error(std::string("Kannel takes no SMSC: ") + std::strerror(errno));
    const int one = 1;
    setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  }
  ~Connection() { ::close(socket_); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void send(std::string_view line) {
    while (!line.empty()) {
      const auto sent = ::send(socket_, line.data(), line.size(), MSG_NOSIGNAL);
      if (sent <= 0) throw std::runtime_error("Kannel ended the SMSC's connection");
      line.remove_prefix(static_cast<std::size_t>(sent));
    }
  }
  /// Calls `take(line)` for every line that comes within `wait`.
  template <class Take>
  void receive(std::chrono::milliseconds wait, Take take) {
    pollfd one{.fd = socket_, .events = POLLIN, .revents = 0};
    if (::poll(&one, 1, static_cast<int>(wait.count())) <= 0) return;
    std::array<char, 65536> part{};
    const auto got = ::recv(socket_, part.data(), part.size(), 0);
    if (got <= 0) throw std::runtime_error("Kannel ended the SMSC's connection");
    in_.append(part.data(), static_cast<std::size_t>(got));
    std::size_t from = 0;
    for (auto end = in_.find('\n'); end != std::string::npos; end = in_.find('\n', from)) {
      take(std::string_view(in_).substr(from, end - from));
      from = end + 1;
    }
    in_.erase(0, from);
  }

 private:
  int socket_;
  std::string in_{};
};

/// `10690000 +8613800138000 ucs2 %…`, or `… udh %05%00%03%01%02%01 data %…` for one part of several.
struct Part {
  std::string number{};
  int place = 1, of = 1;
};

Part read_part(std::string_view line) {
  const auto word = [&line] {
    const auto end = std::min(line.find(' '), line.size());
    const auto out = line.substr(0, end);
    line.remove_prefix(std::min(end + 1, line.size()));
    return out;
  };
  word();
  Part out{.number = std::string(word())};
  if (word() != "udh") return out;
  const auto header = url_decode(word(), true);
  if (header.size() < 6) return out;
  out.of = header[4];
  out.place = header[5];
  return out;
}

class Phones {
 public:
  Phones(Connection& carrier, Steady::time_point from, Steady::time_point until)
      : carrier_(carrier), from_(from), until_(until) {}

  void begin_one() {
    static std::size_t owners = 0;
    const auto owner = owners++;
    const auto number = fmt::format("+86138{:08}", owner);
    write(number, phones_[number] = {.owner = owner});
  }
  void take(const Part& part) {
    ++counts_.parts;
    const auto found = phones_.find(part.number);
    if (found == phones_.end() || ++found->second.parts < part.of) {
      counts_.extra += found == phones_.end() ? 1 : 0;
      return;
    }
    auto& phone = found->second;
    const auto now = Steady::now();
    ++counts_.all_answers;
    if (now >= from_ && now < until_) {
      ++counts_.answered;
      counts_.took_ms.push_back(std::chrono::duration<double, std::milli>(now - phone.wrote).count());
    }
    if (++phone.turn < kTurns) return write(part.number, phone);
    phones_.erase(found);
    if (now < until_) begin_one();
  }
  void give_up_on_lost() {
    const auto now = Steady::now();
    counts_.lost += std::erase_if(phones_, [&](const auto& one) { return now - one.second.wrote > kPatience; });
  }
  [[nodiscard]] std::size_t waiting() const { return phones_.size(); }
  [[nodiscard]] PhoneCounts counts() {
    counts_.seconds = std::chrono::duration<double>(until_ - from_).count();
    std::sort(counts_.took_ms.begin(), counts_.took_ms.end());
    return std::move(counts_);
  }

 private:
  struct Phone {
    std::size_t owner = 0;
    int turn = 0, parts = 0;
    Steady::time_point wrote{};
  };
  void write(const std::string& number, Phone& phone) {
    phone.parts = 0;
    phone.wrote = Steady::now();
    carrier_.send(fmt::format("{} {} ucs2 {}\n", number, kService, words_of(phone.turn, phone.owner)));
  }

  Connection& carrier_;
  const Steady::time_point from_, until_;
  std::unordered_map<std::string, Phone> phones_{};
  PhoneCounts counts_{};
};

}  // namespace

PhoneCounts let_phones_write(int smsc_port, std::size_t phones, std::chrono::milliseconds warm_up,
                             std::chrono::milliseconds counts) {
  Connection carrier(smsc_port);
  const auto from = Steady::now() + warm_up, until = from + counts;
  Phones all(carrier, from, until);
  for (std::size_t i = 0; i < phones; ++i) all.begin_one();
  auto looked = Steady::now();
  while (all.waiting() > 0) {
    carrier.receive(100ms, [&](std::string_view line) { all.take(read_part(line)); });
    if (Steady::now() - looked < 1s) continue;
    looked = Steady::now();
    all.give_up_on_lost();
    if (looked < until)
      while (all.waiting() < phones) all.begin_one();
  }
  return all.counts();
}

}  // namespace huiyin::bench
