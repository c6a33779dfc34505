#include "bench/load_owners.h"

#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <memory>
#include <optional>
#include <stdexcept>
#include <utility>

#include "bench/load_connection.h"
#include "bench/load_messages.h"

namespace huiyin::bench {
namespace {

using std::chrono::steady_clock;

constexpr auto kPatience = std::chrono::seconds(5);  // the platform's own
constexpr std::uint64_t kHopeless = 1000;            // errors, after which nothing would be learnt by going on

struct Owner {
  std::size_t index = 0;
  std::string openid{};
  std::string flat{};
  std::size_t turn = 0;
  std::string message{};                 ///< under way
  std::string next{}, next_delivery{};   ///< message of this dialog, and as it will be sent: written while he waits
  std::optional<std::string> content{};  ///< of its first answer
  int awaited = 0;                       ///< answers
  bool repeated = false;                 ///< was it delivered a second time already?
  bool stopped = false;
  steady_clock::time_point asked{};
  std::array<LoadConnection, 2> connections{};  ///< the second for repeats that overlap
  std::array<bool, 2> waiting{};
};

class Run {
 public:
  Run(const HookAccount& account, const LoadPlan& plan, const Clock& clock)
      : account_(account), plan_(plan), messages_(account, clock), epoll_(epoll_create1(EPOLL_CLOEXEC)) {
    for (int i = 0; i < plan.owners; ++i) add_owner();
  }
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;
  ~Run() { close(epoll_); }

  LoadResult run() {
    const auto begin = steady_clock::now();
    measure_from_ = plan_.dialogs > 0 ? begin : begin + plan_.warm_up;
    measure_to_ = plan_.dialogs > 0 ? steady_clock::time_point::max() : measure_from_ + plan_.measured;
    for (auto& owner : owners_) beginning_.push_back(owner.get());
    auto swept = begin;
    while (running_ > 0 && result_.errors < kHopeless) {
      for (auto* owner : std::exchange(beginning_, {})) {
        new_dialog(*owner);
        ask(*owner);
      }
      wait_and_read();
      if (steady_clock::now() - swept > std::chrono::milliseconds(200)) {
        swept = steady_clock::now();
        give_up_on_the_late(swept);
      }
    }
    const auto end = std::min(steady_clock::now(), measure_to_);
    result_.seconds = std::chrono::duration<double>(end - measure_from_).count();
    result_.flats = next_dialog_;
    std::sort(result_.latencies_us.begin(), result_.latencies_us.end());
    return std::move(result_);
  }

 private:
  void add_owner() {
    owners_.push_back(std::make_unique<Owner>());
    owners_.back()->index = owners_.size() - 1;
  }
  void new_dialog(Owner& owner) {
    const auto number = std::to_string(next_dialog_++);
    owner.openid = plan_.openid_prefix + std::string(10 - std::min<std::size_t>(10, number.size()), '0') + number;
    owner.turn = 0;
    owner.next.clear();
    owner.flat = flat_of(plan_.flats_taken + next_dialog_);
    if (plan_.dialogs > 0 && next_dialog_ > plan_.dialogs) stop(owner);
  }
  /// Where an owner lives: reports from one flat would be duplicates of each other. There are 93,120.
  static std::string flat_of(std::uint64_t number) {
    const auto building = number % 97 + 1, unit = number / 97 % 4 + 1, floor = number / 388 % 30 + 1,
               door = number / 11640 % 8 + 1;
    return std::to_string(building) + "号楼" + std::to_string(unit) + "单元" + std::to_string(floor) + "0" +
           std::to_string(door);
  }
  void stop(Owner& owner) {
    owner.stopped = true;
    for (auto& connection : owner.connections) connection.disconnect();
  }

  /// The owner's next message, on its way.
  void ask(Owner& owner) {
    if (steady_clock::now() >= measure_to_) stop(owner);
    if (owner.stopped) {
      --running_;
      return;
    }
    if (owner.next.empty()) write_next(owner, owner.turn);
    owner.message = std::exchange(owner.next, {});
    owner.content.reset();
    owner.repeated = messages_.chance(plan_.duplicates / 2);
    owner.asked = steady_clock::now();
    send(owner, 0, std::exchange(owner.next_delivery, {}));
    if (owner.repeated && owner.waiting[0]) {
      ++result_.duplicates;
      send(owner, 1, messages_.delivery(owner.openid, owner.message));
    }
    if (owner.waiting[0] && owner.turn + 1 < plan_.script.size()) write_next(owner, owner.turn + 1);
  }

  /// The platform encrypts on machines of its own; here nobody is to wait for it.
  void write_next(Owner& owner, std::size_t turn) {
    const auto& line = plan_.script[turn];
    owner.next = messages_.message(owner.openid, line == "{flat}" ? owner.flat : line);
    owner.next_delivery = messages_.delivery(owner.openid, owner.next);
  }

  void send(Owner& owner, std::size_t which, const std::string& delivery) {
    auto& connection = owner.connections[which];
    if (!connection.is_connected()) {
      if (!connection.connect_to(account_.port)) return fail(owner, "nobody listens");
      epoll_event interest{};
      interest.events = EPOLLIN;
      interest.data.u64 = owner.index * 2 + which;
      epoll_ctl(epoll_, EPOLL_CTL_ADD, connection.socket(), &interest);
    }
    if (!connection.send_all(delivery)) return fail(owner, "the hook hung up");
    owner.waiting[which] = true;
    ++owner.awaited;
  }
  void wait_and_read() {
    std::array<epoll_event, 64> ready{};
    const int count = epoll_wait(epoll_, ready.data(), static_cast<int>(ready.size()), 100);
    for (int i = 0; i < count; ++i) {
      const auto tag = ready[static_cast<std::size_t>(i)].data.u64;
      read(*owners_[tag / 2], tag % 2);
    }
  }

  void read(Owner& owner, std::size_t which) {
    auto& connection = owner.connections[which];
    if (!connection.is_connected()) return;
    const bool open = connection.receive();
    const auto answer = connection.take_answer();
    if (!answer) {
      if (open) return;
      if (owner.waiting[which]) return fail(owner, "the hook hung up");
      return connection.disconnect();  // an idle connection may be closed
    }
    owner.waiting[which] = false;
    --owner.awaited;
    if (which == 1) connection.disconnect();  // kept, it would hold one of the daemon's threads
    if (answer->status != 200) return fail(owner, "HTTP status " + std::to_string(answer->status));
    const bool repeats_later = !owner.repeated && messages_.chance(plan_.duplicates / 2);
    if (!owner.content) count(owner);
    if (!owner.content && owner.awaited == 0 && !repeats_later && !owner.next.empty()) return go_on(owner, *answer);
    look_at(owner, *answer, repeats_later);
  }

  /// What he was answered is looked at while he waits for the next.
  void go_on(Owner& owner, const HttpAnswer& answer) {
    advance(owner);
    const auto content = messages_.open(answer.body);
    if (content) return;
    owner.awaited > 0 ? fail(owner, content.error()) : note_error(owner, content.error());
  }

  void look_at(Owner& owner, const HttpAnswer& answer, bool repeats_later) {
    auto content = messages_.open(answer.body);
    if (!content) return fail(owner, content.error());
    if (owner.content && *owner.content != *content) return fail(owner, "a repeat was answered otherwise: " + *content);
    owner.content = *std::move(content);
    if (owner.awaited > 0) return;
    if (!repeats_later) return advance(owner);
    owner.repeated = true;
    ++result_.duplicates;
    send(owner, 0, messages_.delivery(owner.openid, owner.message));
  }

  void count(const Owner& owner) {
    const auto now = steady_clock::now();
    ++result_.sent;
    if (now < measure_from_ || now >= measure_to_) return;
    ++result_.messages;
    result_.latencies_us.push_back(
        static_cast<std::uint32_t>(std::chrono::duration_cast<std::chrono::microseconds>(now - owner.asked).count()));
  }

  void advance(Owner& owner) {
    if (++owner.turn == plan_.script.size()) {
      if (plan_.ends_with_ticket) {
        const auto sequence = find_ticket_number(*owner.content);
        if (sequence == 0) return fail(owner, "the last reply names no ticket: " + *owner.content);
        result_.tickets.push_back({owner.openid, sequence});
      }
      const auto now = steady_clock::now();
      if (now >= measure_from_ && now < measure_to_) ++result_.dialogs;
      new_dialog(owner);
    }
    ask(owner);
  }

  void note_error(const Owner& owner, const std::string& why) {
    ++result_.errors;
    if (result_.first_error.empty()) result_.first_error = "turn " + std::to_string(owner.turn + 1) + ": " + why;
  }
  /// Counts it, and begins again as somebody else.
  void fail(Owner& owner, const std::string& why) {
    note_error(owner, why);
    for (auto& connection : owner.connections) connection.disconnect();
    owner.waiting = {};
    owner.awaited = 0;
    beginning_.push_back(&owner);
  }

  void give_up_on_the_late(steady_clock::time_point now) {
    for (auto& owner : owners_) {
      if (owner->awaited > 0 && now - owner->asked > kPatience) fail(*owner, "no answer within 5 s");
    }
  }

  const HookAccount& account_;
  const LoadPlan& plan_;
  LoadMessages messages_;
  int epoll_;
  std::vector<std::unique_ptr<Owner>> owners_;
  std::vector<Owner*> beginning_;  // those who begin a dialog next
  std::size_t running_ = static_cast<std::size_t>(plan_.owners);
  std::uint64_t next_dialog_ = 0;
  steady_clock::time_point measure_from_{}, measure_to_{};
  LoadResult result_;
};

}  // namespace

double LoadResult::percentile_ms(double fraction) const {
  if (latencies_us.empty()) return 0;
  const auto last = static_cast<double>(latencies_us.size() - 1);
  return latencies_us[static_cast<std::size_t>(fraction * last)] / 1000.0;
}

LoadResult run_owners(const HookAccount& account, const LoadPlan& plan, const Clock& clock) {
  if (plan.script.empty() || plan.owners < 1) throw std::invalid_argument("a load needs owners who say something");
  return Run(account, plan, clock).run();
}

std::int64_t find_ticket_number(const std::string& text) {
  for (auto at = text.find("HY"); at != std::string::npos; at = text.find("HY", at + 2)) {
    auto end = at + 2;
    while (end < text.size() && std::isdigit(static_cast<unsigned char>(text[end])) != 0) ++end;
    const bool whole = end > at + 2 && end + 1 < text.size() && text[end] == '-' &&
                       std::isdigit(static_cast<unsigned char>(text[end + 1])) != 0;
    if (whole) return std::stoll(text.substr(at + 2, end - at - 2));
  }
  return 0;
}

}  // namespace huiyin::bench
