#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "db/store.h"
#include "gateway/assets.h"
#include "gateway/decide_any.h"
#include "gateway/office.h"
#include "tests/gateway/temporary_folder.h"

namespace huiyin::gateway {

/// A whole report in one message.
inline constexpr auto kLeak = "3号楼2单元602厨房水管漏水，我是王建国，13800138000";

/// A property company by hand: owners on WeChat, staff on work chat, a store in a file, and a clock that is set. What
/// the daemon's threads do happens when it is called for, so that a test is a story.
class House {
 public:
  static constexpr Time kNoon = Time{std::chrono::sys_days{std::chrono::year{2026} / 11 / 23}} + std::chrono::hours(4);

  House();

  /// An agent, dispatcher or manager `name`, told at `workchat:wecom/<name>`.
  const Staff& hire(const std::string& name, StaffRole role = StaffRole::agent,
                    const std::string& department = "repair");
  void on_duty(const std::string& name, Time from, Time until, bool leave = false);

  /// What the owner is answered; he is `oWang` where nobody else is named.
  std::string owner(const std::string& text, const std::string& openid = "oWang");
  /// The first ticket number in a text.
  [[nodiscard]] static std::string number_in(const std::string& text);
  std::string owner_taps(const std::string& choice, const std::string& openid = "oWang");
  std::string owner_sends_photo(const std::string& openid = "oWang");
  /// A whole report, in one message and a confirmation; returns the ticket's number.
  std::string report(const std::string& text, const std::string& openid = "oWang");
  /// What a member of staff is answered.
  std::string staff(const std::string& name, const std::string& text);
  OutboundMessage staff_taps(const std::string& name, const std::string& card, const std::string& key);
  std::string staff_sends_photo(const std::string& name);

  /// Every timer that is due, until none is.
  void let_timers_fire();
  /// Time passes, and timers fire as they fall due.
  void pass(Millis time);

  /// The messages queued for somebody since this was last asked, by address (`wang`, `oWang`), in order.
  std::vector<OutboundMessage> mail(const std::string& address);
  /// Their texts, joined.
  std::string heard(const std::string& address);

  [[nodiscard]] Ticket ticket(const std::string& number) const;
  [[nodiscard]] std::vector<HistoryRow> history(const std::string& number) const;
  /// `open accept complete survey`: the actions of a ticket's history.
  [[nodiscard]] std::string story(const std::string& number) const;
  [[nodiscard]] std::optional<Survey> survey(const std::string& openid) const;

  /// Decides and commits one event, as the pipeline would.
  UnitOfWork process(EventBody body, const Peer& peer, bool late = false, const std::string& key = {});
  /// Only decides, on what is there now.
  UnitOfWork decided(const Incoming& incoming);
  Incoming incoming(EventBody body, const Peer& peer, bool late = false, const std::string& key = {});
  [[nodiscard]] db::Store& store() { return *store_; }
  [[nodiscard]] Time now() const { return clock_.now(); }
  [[nodiscard]] Office& office() { return *office_; }

 private:
  [[nodiscard]] bool fire_one_batch();

  TemporaryFolder folder_{TemporaryFolder::in_memory()};
  ManualClock clock_{kNoon};
  IdSource ids_{clock_, 1};
  std::unique_ptr<db::Store> store_{};
  std::shared_ptr<Office> office_{};
  Desk desk_{};
  std::map<std::string, const Desk*> desks_{};
  std::map<std::string, Staff> staff_{};
  std::map<std::string, std::int64_t> read_up_to_{};  // by address
  int events_ = 0;
};

}  // namespace huiyin::gateway
