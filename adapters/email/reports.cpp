#include "adapters/email/reports.h"

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
  return report;
}

}  // namespace huiyin::email
