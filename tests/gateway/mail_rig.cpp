#include "tests/gateway/mail_rig.h"

#include <fmt/format.h>
#include <sys/wait.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "gateway/assets.h"

namespace huiyin::gateway {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

Ran run(const std::string& command, const std::string& input) {
  const std::string file = testing::TempDir() + fmt::format("mail-input-{}", ::getpid());
  std::ofstream(file, std::ios::binary) << input;
  const int status = std::system((command + " <" + file + " >" + file + ".out 2>&1").c_str());
  Ran ran{.out = read(file + ".out")};
  if (WIFEXITED(status)) ran.code = WEXITSTATUS(status);
  return ran;
}

MailServers::MailServers(const std::string& deliver) {
  // A folder of its own that the mail's user may enter, with a path short enough for sockets.
  folder_ = fmt::format("/tmp/huiyin-mail-{}", ::getpid());
  fs::remove_all(folder_);
  auto command = deliver;
  if (const auto at = command.find('%'); at != std::string::npos) command.replace(at, 1, folder_);
  const auto started = run("script/mailservers start " + folder_ + " '" + command + "'");
  if (started.code != 0) throw std::runtime_error(started.out);
  std::istringstream lines(started.out);
  for (std::string line; std::getline(lines, line);)
    if (const auto equals = line.find('='); equals != std::string::npos)
      values_[line.substr(0, equals)] = line.substr(equals + 1);
}

MailServers::~MailServers() {
  static_cast<void>(run("script/mailservers stop " + folder_));
  fs::remove_all(folder_);
}

std::vector<std::string> MailServers::mails(const std::string& box) const {
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

void MailServers::put(const std::string& box, const std::string& name, const std::string& mail) const {
  const auto folder = fs::path(value("BOXES")) / box;
  std::ofstream(folder / "tmp" / name, std::ios::binary) << mail;
  fs::permissions(folder / "tmp" / name, fs::perms::all);
  fs::rename(folder / "tmp" / name, folder / "new" / name);
}

void MailServers::add_peer(const std::string& name, const std::string& program) const {
  const auto path = fs::path(folder_) / "peers" / name;
  std::ofstream(path) << program;
  fs::permissions(path, fs::perms::owner_all | fs::perms::group_read | fs::perms::group_exec | fs::perms::others_read |
                            fs::perms::others_exec);
}

void MailServers::send(const std::string& from, const std::string& to, const std::string& mail) const {
  const auto sent = run(fmt::format("python3 -c 'import smtplib, sys; smtplib.SMTP(\"127.0.0.1\", {}).sendmail("
                                    "\"{}\", [\"{}\"], sys.stdin.buffer.read())'",
                                    value("SMTP"), from, to),
                        mail);
  if (sent.code != 0) throw std::runtime_error(sent.out);
}

std::string letter(const std::string& id, const std::string& body, const std::string& more, const std::string& from) {
  return "From: =?utf-8?B?546L5bu65Zu9?= <" + from +
         ">\r\nTo: feedback@feedback.test.invalid\r\nSubject: =?utf-8?B?5oql5L+u?=\r\nMessage-ID: <" + id +
         "@owners.test.invalid>\r\nDate: Fri, 02 Jan 2026 11:30:00 +0800\r\n" + more +
         "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" +
         body + "\r\n";
}

bool becomes(const std::function<bool()>& holds, std::chrono::seconds patience) {
  const auto give_up = std::chrono::steady_clock::now() + patience;
  while (!holds()) {
    if (std::chrono::steady_clock::now() > give_up) return false;
    std::this_thread::sleep_for(50ms);
  }
  return true;
}

MailHouse::MailHouse(const db::Driver& driver, const MailServers& servers, std::string domain)
    : installation_(driver), servers_(servers), domain_(std::move(domain)) {
  std::ofstream(installation_.file("mail_key")) << "0123456789abcdef0123456789abcdef-" << domain_;
  std::ofstream(installation_.file("imap_password")) << "secret";
}

std::string MailHouse::stanza(const std::string& more) const {
  return fmt::format(
             "  - name: email:feedback\n    provider: mail\n    estate: riverside\n    address: "
             "feedback@{2}\n    from_name: 滨江物业\n    key: {{file: {0}}}\n    bounces: "
             "bounce@{2}\n    smtp: {{url: \"smtp://127.0.0.1:{1}\", tls: false}}\n",
             installation_.file("mail_key"), servers_.value("SMTP"), domain_) +
         more;
}

std::string MailHouse::imap(const std::string& user) const {
  return fmt::format(
      "    imap:\n      url: imaps://localhost:{}\n      user: {}\n      password: {{file: {}}}\n      ca_file: {}\n"
      "      done_folder: Processed\n      poll_s: 2\n",
      servers_.value("IMAP"), user, installation_.file("imap_password"), servers_.value("CA"));
}

std::unique_ptr<ServeProcess> MailHouse::serve(const std::string& more, const std::string& node) const {
  const int port = free_port();
  // Postfix's pipe runs as the user and group `mail`.
  const auto socket = servers_.file(domain_ + "." + node + ".sock");
  config_ =
      installation_.write_config(port, node + ".db", stanza(more) + "control: {socket: " + socket + ", group: mail}\n");
  return std::make_unique<ServeProcess>(config_, installation_.file(node + ".log"), port);
}

std::string MailHouse::deliver(const std::string& more) const {
  return std::string(HUIYIN_PROGRAM) + " deliver --config " + config_ + " " + more;
}

bool MailHouse::counts(const std::string& what, long long expect) const {
  return becomes([&] { return count(what) == expect; });
}

MailEnd::MailEnd()
    : servers_(std::string(HUIYIN_PROGRAM) + " deliver --socket %/feedback.test.invalid.one.sock"),
      house_(GetParam(), servers_) {}

void MailEnd::put(int from, int to, const std::string& again) const {
  for (int i = from; i < to; ++i)
    servers_.put("feedback", fmt::format("{}{}.m", again, 1000 + i), letter(fmt::format("m{}", i), kWhole));
}

bool MailEnd::arrive(const std::string& box, std::size_t count) const {
  static_cast<void>(becomes([&] { return servers_.mails(box).size() >= count; }));
  return servers_.mails(box).size() == count;
}

}  // namespace huiyin::gateway
