#include "adapters/email/email.h"

#include <openssl/evp.h>
#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "adapters/email/ascii.h"
#include "adapters/email/mail_writer.h"
#include "core/handle.h"
#include "core/text.h"

namespace huiyin::email {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kMostText = 20000;  // characters that the dialog reads; the whole mail is kept beside
constexpr auto kUntilMended = 5min;       // a login that is refused is the operator's to mend
constexpr std::size_t kKeyBytes = 20;
constexpr std::size_t kSubjectCharacters = 40;  // of a notice's own first line

std::string hex(const unsigned char* bytes, std::size_t size) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  for (std::size_t i = 0; i < size; ++i) {
    out += kDigits[bytes[i] >> 4U];
    out += kDigits[bytes[i] & 15U];
  }
  return out;
}

/// The same for each delivery of a mail (whatever was written above it on its way), and for no other: many programs
/// give two mails one Message-ID, or none.
std::string delivery_hash(const Mail& mail, std::string_view bytes) {
  using Context = Handle<EVP_MD_CTX, EVP_MD_CTX_free>;
  const Context context(EVP_MD_CTX_new());
  EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr);
  const auto take = [&](std::string_view text) {
    EVP_DigestUpdate(context.get(), text.data(), text.size());
    EVP_DigestUpdate(context.get(), "\n", 1);
  };
  take(mail.message_id);
  take(mail.from.address);
  take(mail.date);
  take(mail.subject);
  bytes.remove_prefix(std::min(bytes.size(), bytes.find_first_not_of("\r\n")));
  const auto crlf = bytes.find("\r\n\r\n");
  const auto lf = bytes.find("\n\n");
  const auto body = std::min(crlf, lf);
  // Line ends differ between a pipe and a mailbox.
  auto rest = body == std::string_view::npos ? std::string_view() : bytes.substr(body);
  while (!rest.empty() && (rest.front() == '\r' || rest.front() == '\n')) rest.remove_prefix(1);
  while (!rest.empty() && (rest.back() == '\r' || rest.back() == '\n')) rest.remove_suffix(1);
  while (!rest.empty()) {
    const auto end = rest.find('\r');
    const auto piece = rest.substr(0, end);
    EVP_DigestUpdate(context.get(), piece.data(), piece.size());
    rest.remove_prefix(std::min(rest.size(), piece.size() + 1));
  }
  std::array<unsigned char, EVP_MAX_MD_SIZE> hash{};
  unsigned size = 0;
  EVP_DigestFinal_ex(context.get(), hash.data(), &size);
  return hex(hash.data(), kKeyBytes);
}

MediaKind kind_of_file(const std::string& type) {
  if (type.starts_with("image/")) return MediaKind::image;
  if (type.starts_with("video/")) return MediaKind::video;
  return type.starts_with("audio/") ? MediaKind::voice : MediaKind::file;
}

/// `[HY1024-4]`, `[1024]`, `【工单10244】`: only a hint.
std::int64_t number_in_subject(const std::string& subject) {
  static const RE2 pattern(R"([\[【#]\s*(?:工单|ticket)?\s*#?[A-Za-z]{0,6}(\d{1,15})(?:-\d)?\s*[\]】]?)");
  std::int64_t number = 0;
  return RE2::PartialMatch(subject, pattern, &number) ? number : 0;
}

/// Everybody to whom the mail came, the envelope's recipient first.
std::vector<std::string> addresses_of(const Mail& mail, const RawMessage& message) {
  std::vector<std::string> out;
  if (!message.recipient.empty()) out.push_back(message.recipient);
  out.insert(out.end(), mail.delivered_to.begin(), mail.delivered_to.end());
  for (const auto& one : mail.to) out.push_back(one.address);
  return out;
}

/// Hard bounces: no such mailbox, no such domain, null MX, disabled.
bool is_gone(const std::string& status) {
  return status == "5.1.1" || status == "5.1.2" || status == "5.1.10" || status == "5.2.1" || status == "5.1.6";
}

/// Soft bounces: the mailbox is full, a server did not answer for days.
bool may_pass(const std::string& status) { return status.starts_with("4.") || status == "5.2.2" || status == "5.4.7"; }

/// `550 5.1.1 …`: the enhanced code in a server's line; empty where it has none.
std::string enhanced_code(const std::string& line) {
  static const RE2 pattern(R"(\b([245]\.\d{1,3}\.\d{1,3})\b)");
  std::string code;
  RE2::PartialMatch(line, pattern, &code);
  return code;
}

std::int64_t ticket_of(const OutboundMessage& message) {
  if (message.thread.ticket != 0) return message.thread.ticket;
  static const RE2 pattern(R"([A-Za-z]{0,6}(\d{1,15})(?:-\d)?)");
  for (const auto& [name, value] : message.data) {
    std::int64_t number = 0;
    if (name == "number" && RE2::FullMatch(value, pattern, &number)) return number;
  }
  return 0;
}

std::string text_of(const Mail& mail, bool is_reply) {
  const auto text = std::string(first_characters(mail.new_text, kMostText));
  if (text.empty()) return mail.subject;
  const bool says_more = !is_reply && !mail.subject.empty() && text.find(mail.subject) == std::string::npos;
  return says_more ? mail.subject + "\n" + text : text;
}

}  // namespace

Email::Email(Config config)
    : config_(std::move(config)),
      tokens_(config_.key, config_.address, config_.bounces),
      options_{.trusted_servers = config_.trusted_servers,
               .own = {.instance = tokens_.instance(), .domains = {tokens_.domain()}},
               .most_bytes = config_.most_bytes,
               .most_file_bytes = config_.most_bytes} {}

tl::expected<Inbound, Reject> Email::parse(const HttpRequest&) const {
  return reject(RejectReason::unsupported, "mail does not come by HTTP");
}

HttpReply Email::acknowledge(const Inbound&, const std::optional<OutboundMessage>&, const Envelope&) const {
  return {.status = 404};
}

Capabilities Email::capabilities() const {
  // A mail sent twice has the same Message-ID, and most programs show it once; one that is lost helps nobody.
  return {.links_in_text = true,
          .photos_in = true,
          .sends = !config_.smtp_url.empty(),
          .idempotent = true,
          .receipts = true};
}

std::vector<std::string> Email::shortcomings() const {
  std::vector<std::string> out;
  if (config_.trusted_servers.empty())
    out.emplace_back("no trusted_servers: nobody's From address is believed, so no ticket is shown by mail");
  if (config_.smtp_url.empty()) out.emplace_back("no smtp: mails are taken, and never answered");
  if (config_.bounces.empty())
    out.emplace_back("no bounces: mails go out with the null return path, and nobody learns which did not arrive");
  return out;
}

tl::expected<Inbound, Reject> Email::parse_raw(const RawMessage& message) const {
  auto options = options_;
  options.sender = message.sender;
  auto mail = parse_mail(message.bytes, options);
  if (!mail)
    return reject(mail.error().too_large ? RejectReason::too_large : RejectReason::malformed, mail.error().why);
  Inbound inbound;
  inbound.events.push_back(event_of(*mail, message, inbound.files));
  return inbound;
}

/// Without the envelope, which is not kept: what it alone told (a ticket, that it is a bounce) is not known again.
tl::expected<Inbound, Reject> Email::reread(const std::string& raw, Time received) const {
  return parse_raw({.bytes = raw, .received_at = received});
}

Event Email::event_of(Mail& mail, const RawMessage& message, std::vector<std::string>& files) const {
  Event event{.key = config_.channel + ":" + delivery_hash(mail, message.bytes),
              .peer = {.channel = config_.channel, .address = lower(mail.from.address)},
              .sent_at = message.received_at};
  const auto addresses = addresses_of(mail, message);
  switch (mail.kind) {
    case MailKind::report_of_delivery:
    case MailKind::complaint:
      event.body = report_body(mail, addresses, event.peer);
      return event;
    case MailKind::read_receipt:
    case MailKind::own:
      event.peer.address.clear();
      event.body = Notice{.kind = std::string(to_string(mail.kind))};
      return event;
    case MailKind::person:
    case MailKind::forward:
    case MailKind::vacation:
    case MailKind::list:
    case MailKind::bulk:
      break;
  }
  event.body = message_of(mail, addresses, files);
  return event;
}

/// What a bounce or a complaint says of a row of ours, found by the address that it came to, or by our Message-ID.
EventBody Email::report_body(const Mail& mail, const std::vector<std::string>& addresses, Peer& peer) const {
  const auto report = mail.report.value_or(MailReport{.action = "failed"});
  std::optional<std::string> row;
  for (const auto& address : addresses)
    if (!row) row = tokens_.row_of_address(address);
  if (!row)
    if (const auto ours = tokens_.read_message_id(report.original_id)) row = ours->row_key;
  if (!row)
    if (const auto ours = tokens_.find_message_id(mail.whole_text)) row = ours->row_key;
  peer.address = row && !report.recipient.empty() ? lower(report.recipient) : std::string();
  const auto detail = report.status + " " + clean_text(report.diagnostic);
  if (!row) return Notice{.kind = "mail_report", .detail = report.action + " " + detail};
  if (mail.kind == MailKind::complaint)
    return Receipt{.id = *row,
                   .state = ReceiptState::delivered,
                   .detail = "complaint: " + report.action,
                   .opts_out = report.action != "not-spam"};
  if (report.action == "delivered" || report.action == "relayed" || report.action == "expanded")
    return Receipt{.id = *row, .state = ReceiptState::delivered, .detail = detail};
  if (report.action == "delayed") return Notice{.kind = "mail_delayed", .detail = detail};
  return Receipt{.id = *row,
                 .state = ReceiptState::failed,
                 .detail = detail,
                 .peer_gone = is_gone(report.status),
                 .may_pass = may_pass(report.status)};
}

MailMessage Email::message_of(Mail& mail, const std::vector<std::string>& addresses,
                              std::vector<std::string>& files) const {
  MailMessage out{.sender_name = mail.from.name, .trusted = mail.trust.aligned};
  out.automatic = mail.automatic && mail.kind != MailKind::forward;
  for (const auto& address : addresses)
    if (out.thread.ticket == 0) out.thread.ticket = tokens_.ticket_of_address(address).value_or(0);
  auto ids = mail.in_reply_to;
  ids.insert(ids.end(), mail.references.rbegin(), mail.references.rend());
  for (const auto& id : ids)
    if (out.thread.ticket == 0)
      if (const auto ours = tokens_.read_message_id(id)) out.thread.ticket = ours->ticket;
  out.thread.subject = mail.subject;
  out.thread.message_id = mail.message_id;
  out.thread.references = mail.references.empty() ? mail.in_reply_to : mail.references;
  out.ticket_hint = number_in_subject(mail.subject);
  out.text = text_of(mail, out.thread.ticket != 0 || !out.thread.references.empty());
  for (auto& file : mail.files) {
    out.files.push_back({.kind = kind_of_file(file.type),
                         .name = std::move(file.name),
                         .mime_type = std::move(file.type),
                         .bytes = static_cast<std::int64_t>(file.content.size())});
    files.push_back(std::move(file.content));
  }
  return out;
}

std::string Email::reply_to(std::int64_t ticket) const {
  return config_.plus && ticket != 0 ? tokens_.reply_address(ticket) : std::string();
}

tl::expected<HttpCall, Rejected> Email::compose(const OutboundMessage& message, const Sending& sending) const {
  if (!is_plain_address(message.to.address))
    return tl::unexpected(Rejected{"address", "not an address that mail can be sent to"});
  const auto ticket = ticket_of(message);
  const bool answers = !message.thread.message_id.empty();
  Letter letter{.from_name = config_.from_name,
                .from = config_.address,
                .to = message.to.address,
                .reply_to = reply_to(ticket),
                .message_id = tokens_.message_id(message.key, ticket),
                .in_reply_to = message.thread.message_id,
                .date = sending.created == Time{} ? sending.now : sending.created,
                .text = message.text,
                .html = sending.page,
                .locale = message.locale};
  // Nobody wrote this one: it holds the mails about a ticket together, also where the owner's own mail is not known.
  if (ticket != 0) letter.references = {tokens_.message_id("ticket", ticket)};
  if (answers) {
    letter.references.insert(letter.references.end(), message.thread.references.begin(),
                             message.thread.references.end());
    letter.references.push_back(message.thread.message_id);
    letter.subject = reply_subject(message.thread.subject);
  } else {
    const auto line = trim(std::string_view(message.text).substr(0, message.text.find('\n')));
    const bool is_cut = count_characters(line) > kSubjectCharacters;
    letter.subject =
        "【" + config_.from_name + "】" + std::string(first_characters(line, kSubjectCharacters)) + (is_cut ? "…" : "");
  }
  letter.more = {{"Auto-Submitted", answers ? "auto-replied" : "auto-generated"},
                 {"X-Auto-Response-Suppress", "All"},
                 {std::string(kLoopHeader), tokens_.instance()}};
  if (!message.answer)
    letter.more.emplace_back("List-Unsubscribe", "<mailto:" + config_.address + "?subject=unsubscribe>");
  HttpCall call{.url = config_.smtp_url, .body = write_mail(letter)};
  call.smtp = config_.smtp;
  call.smtp->from = tokens_.bounce_address(message.key);
  call.smtp->to = message.to.address;
  return call;
}

SendResult Email::judge(const HttpReply& reply, const OutboundMessage& message, const Sending&) const {
  const auto said = std::to_string(reply.status) + " " + std::string(first_bytes(clean_text(reply.body), 300));
  if (!reply.failure) return Accepted{tokens_.message_id(message.key, ticket_of(message))};
  if (reply.status == 535 || reply.status == 534 || reply.status == 530 || reply.status == 538)
    return RetryAfter{kUntilMended, "the mail server refuses our login: " + said, true};
  if (reply.status >= 500) {
    const auto code = enhanced_code(reply.body);
    if (is_gone(code)) return PeerGone{said};
    if (may_pass(code)) return RetryAfter{1h, said};
    if (code.starts_with("5.7.")) return RetryAfter{kUntilMended, said, true};  // our reputation, not the owner's fault
    return Rejected{code.empty() ? std::to_string(reply.status) : code, said};
  }
  if (reply.status >= 400) return RetryAfter{1min, said};
  if (reply.request_left) return Unknown{*reply.failure};
  return RetryAfter{0ms, *reply.failure};
}

}  // namespace huiyin::email
