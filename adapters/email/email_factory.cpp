#include <algorithm>

#include "adapters/email/ascii.h"
#include "adapters/email/email.h"
#include "adapters/email/mail_writer.h"
#include "adapters/registry.h"

namespace huiyin::email {
namespace {

/// A section below a key; its own keys are complained of under the channel's name.
std::optional<ConfigReader> section(StanzaReader& read, const ChannelConfig& config, const char* key,
                                    const SecretSources& secrets, std::vector<Error>& errors) {
  const auto node = read.child(key);
  if (!node || node->is_null()) return std::nullopt;
  if (!node->is_map()) {
    read.complain(key, std::string(key) + " is no map", "Write its keys below it, indented");
    return std::nullopt;
  }
  return std::optional<ConfigReader>(std::in_place, *node, config.describe() + ": " + key, secrets, errors);
}

std::string address(ConfigReader& read, const char* key, const std::string& value) {
  if (!value.empty() && !is_plain_address(value))
    read.complain(key, std::string(key) + " is no mail address: \"" + value + "\"", "Write it as feedback@example.com");
  return lower(value);
}

std::string server_url(ConfigReader& read, const std::string& plain, const std::string& safe) {
  auto url = read.text("url");
  if (!url.starts_with(plain) && !url.starts_with(safe))
    read.complain("url", "url is no " + safe + " address: \"" + url + "\"", "Write it as " + safe + "mail.example.com");
  while (url.ends_with('/')) url.pop_back();
  return url;
}

void read_smtp(ConfigReader& read, Email::Config& out) {
  out.smtp_url = server_url(read, "smtp://", "smtps://");
  const auto name = read.text("hello", "");
  if (!name.empty()) out.smtp_url += "/" + name;
  out.smtp.user = read.text("user", "");
  out.smtp.password = read.optional_secret("password").value_or(Secret());
  out.smtp.ca_file = read.text("ca_file", "");
  out.smtp.require_tls = read.flag("tls", true);
  read.finish();
}

Mailbox read_imap(ConfigReader& read) {
  Mailbox box{.url = server_url(read, "imap://", "imaps://"), .user = read.text("user")};
  box.password = read.secret("password");
  box.ca_file = read.text("ca_file", "");
  box.folder = read.text("folder", box.folder);
  box.done_folder = read.text("done_folder", "");
  box.failed_folder = read.text("failed_folder", "Failed");
  box.poll = std::chrono::seconds(read.number("poll_s", 1, 3600, 60));
  box.idle = read.flag("idle", true);
  read.finish();
  return box;
}

}  // namespace

Factory make_mail;
std::unique_ptr<Channel> make_mail(const ChannelConfig& config, const SecretSources& secrets,
                                   std::vector<Error>& errors) {
  const auto before = errors.size();
  StanzaReader read(config, secrets, errors);
  Email::Config out{.channel = config.name};
  out.address = address(read, "address", read.text("address"));
  out.from_name = read.text("from_name", "");
  out.key = read.rotated_secret("key");
  out.plus = read.flag("plus", true);
  out.bounces = address(read, "bounces", read.text("bounces", ""));
  out.trusted_servers = read.texts("trusted_servers");
  out.most_bytes = static_cast<std::size_t>(read.number("max_mb", 1, 500, 50)) << 20U;
  if (auto smtp = section(read, config, "smtp", secrets, errors)) read_smtp(*smtp, out);
  if (auto imap = section(read, config, "imap", secrets, errors)) out.mailbox = read_imap(*imap);
  if (out.mailbox) out.mailbox->most_bytes = out.most_bytes;
  // The gateway's: what its dialogs do with this channel's mails.
  for (const auto* key : {"closed_tickets", "category"}) static_cast<void>(read.child(key));
  read.finish();
  if (errors.size() != before) return nullptr;
  return std::make_unique<Email>(std::move(out));
}

}  // namespace huiyin::email
