#include "adapters/email/reports.h"

#include <re2/re2.h>

#include <algorithm>
#include <cctype>

#include "adapters/email/ascii.h"
#include "adapters/email/header_text.h"
#include "core/text.h"

namespace huiyin::email {
namespace {

constexpr std::size_t kMostBytes = 256U << 10U;

std::string value_of(const RawHeaders& fields, std::string_view name) {
  return std::string(find_header(fields, name).value_or(std::string_view()));
}

/// `rfc822; a@b` → `a@b`.
std::string after_type(const std::string& value) {
  const auto semicolon = value.find(';');
  auto out = std::string(trim(semicolon == std::string::npos ? value : value.substr(semicolon + 1)));
  std::erase_if(out, [](char c) { return c == '<' || c == '>'; });
  return out;
}

/// Blocks of fields, separated by empty lines.
std::vector<RawHeaders> blocks_of(std::string_view text) {
  std::vector<RawHeaders> out;
  std::string block;
  const auto flush = [&] {
    if (auto fields = parse_fields(block); !fields.empty()) out.push_back(std::move(fields));
    block.clear();
  };
  const auto clean = clean_text(text);
  for (const auto line : split(clean, '\n')) {
    if (trim(line).empty())
      flush();
    else
      block += std::string(line) + "\n";
  }
  flush();
  return out;
}

void read_delivery_status(std::string_view text, MailReport& report) {
  bool failed = false;
  for (const auto& fields : blocks_of(text)) {
    const auto recipient = after_type(value_of(fields, "final-recipient"));
    const auto action = lower(value_of(fields, "action"));
    if (recipient.empty() && action.empty()) continue;
    if (!report.action.empty() && (failed || action != "failed")) continue;
    failed = action == "failed";
    report.recipient = recipient;
    if (const auto original = after_type(value_of(fields, "original-recipient")); recipient.empty())
      report.recipient = original;
    report.action = action;
    report.status = value_of(fields, "status").substr(0, 32);
    report.diagnostic = after_type(value_of(fields, "diagnostic-code")).substr(0, 500);
  }
  if (const auto space = report.status.find_first_of(" \t("); space != std::string::npos) report.status.resize(space);
}

/// `5.1.1` in a server's line (qmail writes `(#5.1.1)`), else by what it says in words; empty where it says nothing.
std::string status_in(std::string_view text) {
  static const RE2 code(R"((?:^|[^\d.])([45]\.\d{1,3}\.\d{1,3})(?:[^\d.]|$))");
  static const RE2 unknown(
      R"((?i)user unknown|unknown user|user not found|no such (user|mailbox|recipient)|no mailbox here|does not exist|doesn't exist|user doesn't have|(address|recipient|mailbox) (not found|unknown|rejected)|(地址|用户|帐户|账户|帐号|账号|收件人|信箱|邮箱)[^。\n]{0,80}(不存在|无效|未找到)|找不到收件人)");
  static const RE2 full(
      R"((?i)over ?quota|quota exceeded|mailbox (is )?full|(邮箱|信箱|邮件箱)(空间)?(已满|不足|满)|空间不足|容量不足)");
  static const RE2 locked(
      R"((?i)(user|mailbox|account) (has been |is )?(locked|disabled|suspended|inactive)|(邮箱|信箱|帐户|账户|帐号|账号|用户)[^。\n]{0,20}(停用|冻结|注销|锁定))");
  static const RE2 refused(
      R"((?i)\b(SPF|DKIM|DMARC)\b[^-\n]{0,40}\b(fail|reject|polic|not )|(?:^|[^-\w])(spam|spamhaus|RBL|DNSBL)(?:[^-\w]|$)|black ?list|block ?list|DT:SPM|content (denied|rejected)|reputation|垃圾邮件|被拦截|信誉)");
  const re2::StringPiece all(text.data(), text.size());
  std::string found;
  if (RE2::PartialMatch(all, code, &found) && !found.ends_with(".0.0")) return found;
  if (RE2::PartialMatch(all, full)) return "5.2.2";
  if (RE2::PartialMatch(all, unknown)) return "5.1.1";
  if (RE2::PartialMatch(all, locked)) return "5.2.1";
  if (RE2::PartialMatch(all, refused)) return "5.7.1";
  return found;
}

/// Many servers say 5.0.0 and tell the reason in the line of the server that refused.
void refine_status(MailReport& report) {
  if (!report.status.empty() && !report.status.ends_with(".0.0")) return;
  if (const auto status = status_in(report.diagnostic); !status.empty()) report.status = status;
}

void read_feedback(std::string_view text, MailReport& report) {
  for (const auto& fields : blocks_of(text)) {
    if (const auto type = lower(value_of(fields, "feedback-type")); !type.empty()) report.action = type;
    if (const auto to = after_type(value_of(fields, "original-rcpt-to")); !to.empty()) report.recipient = to;
  }
}

/// The header of the mail that a report is about, where `leaf` holds it.
RawHeaders original_headers(const MimeTree& tree, const MimeLeaf& leaf) {
  if (leaf.is_message) return tree.headers_of(leaf);
  const bool headers = leaf.type.ends_with("rfc822-headers") || leaf.type.starts_with("message/global");
  const bool status = leaf.type.ends_with("delivery-status");
  return headers && !status ? parse_fields(clean_text(tree.decode(leaf, kMostBytes))) : RawHeaders{};
}

void read_original(const RawHeaders& original, MailReport& report) {
  if (original.empty() || !report.original_id.empty()) return;
  const auto ids = parse_message_ids(value_of(original, "message-id"));
  if (!ids.empty()) report.original_id = ids.front();
  if (!report.recipient.empty()) return;
  if (const auto to = parse_addresses(value_of(original, "to")); !to.empty()) report.recipient = to.front().address;
}

}  // namespace

RawHeaders parse_fields(std::string_view text) {
  RawHeaders out;
  for (const auto line : split(text, '\n')) {
    if (line.empty() || line == "\r") continue;
    if ((line.front() == ' ' || line.front() == '\t') && !out.empty()) {
      out.back().second += " " + std::string(trim(line));
      continue;
    }
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || colon == 0 || out.size() >= 500) continue;
    out.emplace_back(lower(trim(line.substr(0, colon))), std::string(trim(line.substr(colon + 1))));
  }
  return out;
}

std::optional<MailReport> read_report(const MimeTree& tree) {
  MailReport report;
  for (const auto& leaf : tree.leaves()) {
    if (leaf.type.ends_with("delivery-status")) read_delivery_status(tree.decode(leaf, kMostBytes), report);
    if (leaf.type == "message/feedback-report") read_feedback(tree.decode(leaf, kMostBytes), report);
    read_original(original_headers(tree, leaf), report);
  }
  if (report.action.empty() && report.original_id.empty()) return std::nullopt;
  refine_status(report);
  return report;
}

MailReport read_plain_report(const RawHeaders& headers, std::string_view subject, std::string_view text) {
  static const RE2 delayed(R"((?i)延误|delayed|still being retried|not yet been delivered|延迟|Warning:)");
  static const RE2 address(R"(([A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,200}[A-Za-z0-9]))");
  MailReport report{.action = "failed", .status = status_in(text)};
  if (RE2::PartialMatch(re2::StringPiece(subject.data(), subject.size()), delayed)) report.action = "delayed";
  if (const auto named = parse_addresses(value_of(headers, "x-failed-recipients")); !named.empty())
    report.recipient = named.front().address;
  re2::StringPiece rest(text.data(), text.size());
  for (std::string found; report.recipient.empty() && RE2::FindAndConsume(&rest, address, &found);)
    if (const auto local = lower(found.substr(0, found.find('@'))); local != "postmaster" && local != "mailer-daemon")
      report.recipient = found;
  for (const auto line : split(text, '\n'))
    if (report.diagnostic.empty() && !report.status.empty() && line.find(report.status) != std::string_view::npos)
      report.diagnostic = std::string(first_characters(trim(line), 300));
  return report;
}

}  // namespace huiyin::email
