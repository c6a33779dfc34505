// Mail, whole: Postfix pipes it into `huiyin deliver`, Dovecot's mailbox is read by IMAP, answers go out by SMTP. The
// servers are Debian's own, on loopback (script/mailservers); without root or without them these tests fail.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sysexits.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <thread>

#include "adapters/email/mail_parser.h"
#include "tests/gateway/installation.h"

namespace huiyin::gateway {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

struct Ran {
  int code = -1;
  std::string out{};
};

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Not by a pipe: servers that the command starts would hold its other end open.
Ran run(const std::string& command, const std::string& input = {}) {
  const std::string file = testing::TempDir() + fmt::format("mail-input-{}", ::getpid());
  std::ofstream(file, std::ios::binary) << input;
  const int status = std::system((command + " <" + file + " >" + file + ".out 2>&1").c_str());
  Ran ran{.out = read(file + ".out")};
  if (WIFEXITED(status)) ran.code = WEXITSTATUS(status);
  return ran;
}

/// Dovecot and Postfix for one test.
class MailServers {
 public:
  explicit MailServers(const std::string& deliver) {
    // A folder of its own that the mail's user may enter, with a path short enough for sockets.
    folder_ = fmt::format("/tmp/huiyin-mail-{}", ::getpid());
    fs::remove_all(folder_);
    const auto started = run("script/mailservers start " + folder_ + " '" + deliver + "'");
    if (started.code != 0) throw std::runtime_error(started.out);
    std::istringstream lines(started.out);
    for (std::string line; std::getline(lines, line);)
      if (const auto equals = line.find('='); equals != std::string::npos)
        values_[line.substr(0, equals)] = line.substr(equals + 1);
  }
  ~MailServers() {
    static_cast<void>(run("script/mailservers stop " + folder_));
    fs::remove_all(folder_);
  }
  MailServers(const MailServers&) = delete;
  MailServers& operator=(const MailServers&) = delete;
  [[nodiscard]] std::string value(const std::string& name) const { return values_.at("HUIYIN_MAIL_" + name); }
  /// The mails in a folder of a maildir, oldest first.
  [[nodiscard]] std::vector<std::string> mails(const std::string& box) const {
    std::map<std::string, std::string> found;
    for (const auto* part : {"new", "cur"}) {
      const auto folder = fs::path(value("BOXES")) / box / part;
      if (!fs::exists(folder)) continue;
      for (const auto& entry : fs::directory_iterator(folder)) found[entry.path().filename()] = read(entry.path());
    }
    std::vector<std::string> out;
    for (auto& [name, text] : found) out.push_back(std::move(text));
    return out;
  }
  void put(const std::string& box, const std::string& name, const std::string& mail) const {
    const auto folder = fs::path(value("BOXES")) / box;
    std::ofstream(folder / "tmp" / name, std::ios::binary) << mail;
    fs::permissions(folder / "tmp" / name, fs::perms::all);
    fs::rename(folder / "tmp" / name, folder / "new" / name);
  }

 private:
  std::string folder_{};
  std::map<std::string, std::string> values_{};
};

std::string letter(const std::string& id, const std::string& body, const std::string& more = {}) {
  return "From: =?utf-8?B?546L5bu65Zu9?= <wang@owners.test.invalid>\r\nTo: feedback@feedback.test.invalid\r\nSubject: "
         "=?utf-8?B?5oql5L+u?=\r\nMessage-ID: <" +
         id + "@owners.test.invalid>\r\nDate: Fri, 02 Jan 2026 11:30:00 +0800\r\n" + more +
         "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" +
         body + "\r\n";
}

const std::string kWhole = "姓名：王建国，电话13800138000，3栋2单元602，厨房水管漏水";

class MailEnd : public testing::TestWithParam<db::Driver> {
 protected:
  MailEnd() : installation_(GetParam()), servers_("/bin/false") {
    std::ofstream(installation_.file("mail_key")) << "0123456789abcdef0123456789abcdef";
    std::ofstream(installation_.file("imap_password")) << "secret";
  }
  /// The channel's stanza, with further lines at its end.
  std::string stanza(const std::string& more) const {
    return fmt::format(
               "  - name: email:feedback\n    provider: mail\n    estate: riverside\n    address: "
               "feedback@feedback.test.invalid\n    from_name: 滨江物业\n    key: {{file: {}}}\n    bounces: "
               "bounce@feedback.test.invalid\n    smtp: {{url: \"smtp://127.0.0.1:{}\", tls: false}}\n",
               installation_.file("mail_key"), servers_.value("SMTP")) +
           more;
  }
  std::string imap(const std::string& user) const {
    return fmt::format(
        "    imap:\n      url: imaps://localhost:{}\n      user: {}\n      password: {{file: {}}}\n      ca_file: {}\n"
        "      done_folder: Processed\n      poll_s: 2\n",
        servers_.value("IMAP"), user, installation_.file("imap_password"), servers_.value("CA"));
  }
  void serve(const std::string& more) {
    port_ = free_port();
    config_ = installation_.write_config(port_, "spool.db", stanza(more));
    process_ = std::make_unique<ServeProcess>(config_, installation_.file("serve.log"), port_);
  }
  [[nodiscard]] std::string deliver(const std::string& more = {}) const {
    return std::string(HUIYIN_PROGRAM) + " deliver --config " + config_ + " " + more;
  }
  bool becomes(const std::string& what, long long expect) {
    const auto give_up = std::chrono::steady_clock::now() + 20s;
    while (installation_.count(what) != expect && std::chrono::steady_clock::now() < give_up)
      std::this_thread::sleep_for(50ms);
    return installation_.count(what) == expect;
  }
  bool arrive(const std::string& box, std::size_t count) {
    const auto give_up = std::chrono::steady_clock::now() + 20s;
    while (servers_.mails(box).size() < count && std::chrono::steady_clock::now() < give_up)
      std::this_thread::sleep_for(50ms);
    return servers_.mails(box).size() == count;
  }

  Installation installation_;
  MailServers servers_;
  int port_ = 0;
  std::string config_{};
  std::unique_ptr<ServeProcess> process_{};
};

TEST_P(MailEnd, DeliveredOnceAnsweredUnderIt) {
  serve("");
  EXPECT_EQ(run(deliver(), letter("1", kWhole)).code, EX_OK);
  EXPECT_EQ(run(deliver(), letter("1", kWhole)).code, EX_OK);  // the mail server asks again
  EXPECT_EQ(installation_.count("tickets"), 1);
  ASSERT_TRUE(arrive("all", 1));
  const auto answer = email::parse_mail(servers_.mails("all").front(), {});
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->subject, "Re: 报修");
  EXPECT_EQ(answer->in_reply_to, std::vector<std::string>{"<1@owners.test.invalid>"});
  EXPECT_TRUE(answer->return_path->starts_with("bounce+o"));
  const auto number = installation_.ask("SELECT number FROM tickets");
  EXPECT_TRUE(answer->reply_to.starts_with("feedback+" + number + ".")) << answer->reply_to;
  // The owner's answer to that address joins the ticket.
  EXPECT_EQ(run(deliver("--recipient " + answer->reply_to), letter("2", "还有阳台也漏")).code, EX_OK);
  EXPECT_EQ(installation_.count("tickets"), 1);
  EXPECT_EQ(installation_.count("ticket_history WHERE action='add_details'"), 1);
}

TEST_P(MailEnd, PhotosAreOnDiskAndInTheTicket) {
  serve("");
  const auto mail = read("tests/data/email/16-photos-filenames.eml");
  EXPECT_EQ(run(deliver(), mail).code, EX_OK);
  EXPECT_EQ(installation_.count("attachments WHERE sha256 IS NOT NULL AND sha256<>'' AND ticket_id<>0"), 2);
  const auto hash = installation_.ask("SELECT sha256 FROM attachments WHERE file_name LIKE '%漏水%'");
  EXPECT_EQ(hash, "2efff780b584e6669b02ad3eb6687bce8428a782aeed9c990498df8247efd555");
  EXPECT_FALSE(run("find " + fs::path(config_).parent_path().string() + " -name " + hash).out.empty());
}

TEST_P(MailEnd, ExitCodesTellTheMailServerWhatToDo) {
  serve("");
  EXPECT_EQ(run(deliver(), "").code, EX_DATAERR);
  EXPECT_EQ(run(deliver("--channel email:nobody"), letter("1", kWhole)).code, EX_TEMPFAIL);
  EXPECT_EQ(run(deliver(), letter("9", "自动回复", "Auto-Submitted: auto-replied\r\n")).code, EX_OK);
  EXPECT_EQ(installation_.count("outbox"), 0);
  process_->kill();
  // Without a daemon the mail goes into the store directly.
  EXPECT_EQ(run(deliver(), letter("2", kWhole)).code, EX_OK);
  EXPECT_EQ(installation_.count("tickets"), 1);
  // With neither a daemon nor a readable configuration it stays with the mail server.
  EXPECT_EQ(run(std::string(HUIYIN_PROGRAM) + " deliver --config /nowhere.yaml", letter("3", kWhole)).code,
            EX_TEMPFAIL);
}

INSTANTIATE_TEST_SUITE_P(Drivers, MailEnd, testing::ValuesIn(db::drivers()),
                         [](const auto& driver) { return driver.param.name; });

}  // namespace
}  // namespace huiyin::gateway
