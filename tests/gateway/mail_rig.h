#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tests/gateway/installation.h"

namespace huiyin::gateway {

struct Ran {
  int code = -1;
  std::string out{};
};
/// A command of the shell, its input from a file and its output into one: servers that it starts would hold a pipe's
/// other end open.
[[nodiscard]] Ran run(const std::string& command, const std::string& input = {});

/// Dovecot and Postfix for one test (script/mailservers); without root or without them the constructor throws.
class MailServers {
 public:
  /// Mail to the feedback domain is piped into `deliver`; the folder's own path stands for %.
  explicit MailServers(const std::string& deliver);
  ~MailServers();
  MailServers(const MailServers&) = delete;
  MailServers& operator=(const MailServers&) = delete;
  [[nodiscard]] std::string value(const std::string& name) const { return values_.at("HUIYIN_MAIL_" + name); }
  /// A path in its folder, which the mail's user may enter.
  [[nodiscard]] std::string file(const std::string& name) const { return folder_ + "/" + name; }
  /// The mails in a folder of a maildir, oldest first.
  [[nodiscard]] std::vector<std::string> mails(const std::string& box) const;
  void put(const std::string& box, const std::string& name, const std::string& mail) const;
  /// Mail to …@NAME.peers.test.invalid is piped into this program, which is called with sender and recipient.
  void add_peer(const std::string& name, const std::string& program) const;
  /// Hands a mail to Postfix.
  void send(const std::string& from, const std::string& to, const std::string& mail) const;

 private:
  std::string folder_{};
  std::map<std::string, std::string> values_{};
};

/// A mail from 王建国 that says `body`; `more` are further header lines.
[[nodiscard]] std::string letter(const std::string& id, const std::string& body, const std::string& more = {},
                                 const std::string& from = "wang@owners.test.invalid");
/// The same with everything that a ticket needs.
inline const std::string kWhole = "姓名：王建国，电话13800138000，3栋2单元602，厨房水管漏水";

/// Waits until it holds; false where it does not within `patience`.
bool becomes(const std::function<bool()>& holds, std::chrono::seconds patience = std::chrono::seconds(60));

/// An installation whose channel is the mailbox feedback@feedback.test.invalid.
class MailHouse {
 public:
  MailHouse(const db::Driver& driver, const MailServers& servers, std::string domain = "feedback.test.invalid");
  /// The channel's stanza, with further lines at its end.
  [[nodiscard]] std::string stanza(const std::string& more) const;
  /// Lines for the stanza: fetch from this user's mailbox.
  [[nodiscard]] std::string imap(const std::string& user) const;
  /// Writes a configuration of its own for a node, and starts it.
  [[nodiscard]] std::unique_ptr<ServeProcess> serve(const std::string& more, const std::string& node = "one") const;
  [[nodiscard]] std::string deliver(const std::string& more = {}) const;
  [[nodiscard]] long long count(const std::string& what) const { return installation_.count(what); }
  [[nodiscard]] std::string ask(const std::string& sql) const { return installation_.ask(sql); }
  bool counts(const std::string& what, long long expect) const;
  [[nodiscard]] const Installation& installation() const { return installation_; }

 private:
  Installation installation_;
  const MailServers& servers_;
  std::string domain_;
  mutable std::string config_{};
};

/// One mail house and its servers.
class MailEnd : public testing::TestWithParam<db::Driver> {
 protected:
  MailEnd();
  void serve(const std::string& more) { process_ = house_.serve(more); }
  /// Whole reports `from` up to `to`, each of its own number, laid into the mailbox; `again`: under other file names.
  void put(int from, int to, const std::string& again = {}) const;
  /// Is that what the maildir holds, or will within a while?
  bool arrive(const std::string& box, std::size_t count) const;

  MailServers servers_;
  MailHouse house_;
  std::unique_ptr<ServeProcess> process_{};
};

}  // namespace huiyin::gateway
