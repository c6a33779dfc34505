#pragma once

#include <memory>
#include <string>

#include "simulators/wechat_api_server.h"
#include "simulators/wecom_server.h"
#include "tests/gateway/installation.h"

namespace huiyin::gateway {

/// A property company as it runs: the daemon between the simulators of WeChat (owners) and WeCom (staff, and the
/// group of a robot), with phone pages. Its staff are hired by the test.
class Company {
 public:
  /// `more`: further lines at the end of the configuration; `channels`: further stanzas. Throws std::runtime_error
  /// where the daemon does not start.
  explicit Company(const db::Driver& driver, const std::string& more = {}, const std::string& channels = {});
  ~Company();
  Company(const Company&) = delete;
  Company& operator=(const Company&) = delete;

  /// On duty for two days around now; his account in work chat is `member`.
  void hire(const std::string& name, const std::string& member, StaffRole role = StaffRole::agent,
            const std::string& department = "repair", const std::string& channel = "workchat:wecom");
  /// What the owner is shown.
  std::string owner(const std::string& text, const std::string& openid = "oWang");
  /// A whole report of a leak; returns the ticket's number.
  std::string report(const std::string& openid = "oWang", const std::string& place = "3号楼2单元602");
  /// What the member is shown.
  std::string staff(const std::string& member, const std::string& text);
  /// Until something on the member's screen holds `words`; throws std::runtime_error where that never happens.
  simulators::WeComShown wait_for(const std::string& member, const std::string& words);
  /// Until the query gives this; what it gave last.
  std::string wait_for_row(const std::string& sql, const std::string& value);

  [[nodiscard]] std::string url() const;
  /// The configuration of this node, or of one more on the same store.
  [[nodiscard]] std::string config_for(int port) const;
  [[nodiscard]] Installation& installation() { return installation_; }
  [[nodiscard]] simulators::WeChatPlatform& owners() { return *owners_; }
  [[nodiscard]] simulators::WeComPlatform& staff_platform() { return *staff_; }
  [[nodiscard]] simulators::WeComApi& wecom() { return wecom_; }
  [[nodiscard]] static std::string robot_group() { return "group:0b1c2d3e"; }
  [[nodiscard]] static std::string links_secret() { return "0123456789abcdef0123456789abcdef"; }

 private:
  void write(const std::string& name, const std::string& text) const;

  Installation installation_;
  SystemClock clock_{};
  SystemRandom random_{};
  simulators::WeChatApi wechat_;
  simulators::WeChatApiServer wechat_server_{wechat_, clock_};
  simulators::WeComApi wecom_;
  simulators::WeComServer wecom_server_{wecom_, nullptr, clock_};
  std::string stanzas_{};
  int port_ = free_port();
  std::unique_ptr<Daemon> daemon_{};
  std::unique_ptr<simulators::WeChatPlatform> owners_{};
  std::unique_ptr<simulators::WeComPlatform> staff_{};
};

}  // namespace huiyin::gateway
