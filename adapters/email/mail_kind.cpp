#include "adapters/email/mail_kind.h"

#include <re2/re2.h>

#include <algorithm>
#include <cctype>
#include <initializer_list>

#include "adapters/email/ascii.h"
#include "core/text.h"

namespace huiyin::email {
namespace {

std::string value_of(const RawHeaders& headers, std::string_view name) {
  return lower(trim(find_header(headers, name).value_or(std::string_view())));
}

bool has_any(const RawHeaders& headers, std::initializer_list<std::string_view> names) {
  return std::any_of(names.begin(), names.end(), [&](auto name) { return find_header(headers, name).has_value(); });
}

bool is_machine_address(const std::string& address) {
  static const RE2 pattern(
      R"(^(no-?_?reply|do-?_?not-?_?reply|mailer-daemon|postmaster|root|listserv|majordomo|bounces?[-+._]?.*|owner-.*|.*-request|.*-bounces|.*-owner)$)");
  const auto local = lower(address.substr(0, address.rfind('@')));
  return RE2::FullMatch(local, pattern);
}

bool is_daemon(const std::string& address) {
  const auto local = lower(address.substr(0, address.rfind('@')));
  return local == "mailer-daemon" || local == "postmaster";
}

bool is_robots_subject(std::string_view subject) {
  static const RE2 pattern(
      R"((?i)^\s*((自动回复|自動回覆|自動回復|自动答复|Automatic reply|Automatische Antwort|Réponse automatique|Auto|Auto-?Reply|Autoreply|Out of (the )?Office|Abwesenheit)\b?\s*(:|：|\s)|退信|系统退信|Undeliverable|Undelivered Mail|Delivery Status Notification|Mail delivery failed|Returned mail|Delivery failure))");
  return RE2::PartialMatch(re2::StringPiece(subject.data(), subject.size()), pattern);
}

bool is_bounce_subject(std::string_view subject) {
  static const RE2 pattern(
      R"((?i)退信|Undeliver|Delivery Status Notification|Mail delivery (failed|failure)|Returned mail|Delivery failure|failure notice)");
  return RE2::PartialMatch(re2::StringPiece(subject.data(), subject.size()), pattern);
}

bool answers_us(const Mail& mail, const OwnMarks& own) {
  const auto is_ours = [&](const std::string& id) {
    return std::any_of(own.domains.begin(), own.domains.end(),
                       [&](const std::string& domain) { return id.ends_with("@" + domain + ">"); });
  };
  return std::any_of(mail.in_reply_to.begin(), mail.in_reply_to.end(), is_ours) ||
         std::any_of(mail.references.begin(), mail.references.end(), is_ours);
}

bool says_automatic(const RawHeaders& headers) {
  const auto submitted = value_of(headers, "auto-submitted");
  if (!submitted.empty() && submitted.substr(0, 2) != "no") return true;
  const auto suppress = value_of(headers, "x-auto-response-suppress");
  if (suppress.find("all") != std::string::npos || suppress.find("autoreply") != std::string::npos ||
      suppress.find("oof") != std::string::npos)
    return true;
  if (has_any(headers, {"x-autoreply", "x-autorespond", "x-autoresponder", "x-autoreply-from", "x-mail-autoreply",
                        "x-fc-machinegenerated"}))
    return true;
  return value_of(headers, "delivered-to") == "autoresponder" || value_of(headers, "preference") == "auto_reply" ||
         value_of(headers, "precedence") == "auto_reply";
}

/// Of multipart/report, by its report-type.
MailKind kind_of_report(std::string_view report_type) {
  const auto report = lower(report_type);
  if (report == "feedback-report") return MailKind::complaint;
  return report == "disposition-notification" ? MailKind::read_receipt : MailKind::report_of_delivery;
}

}  // namespace

std::string_view to_string(MailKind kind) {
  switch (kind) {
    case MailKind::person:
      return "person";
    case MailKind::forward:
      return "forward";
    case MailKind::vacation:
      return "vacation";
    case MailKind::list:
      return "list";
    case MailKind::bulk:
      return "bulk";
    case MailKind::report_of_delivery:
      return "dsn";
    case MailKind::complaint:
      return "arf";
    case MailKind::read_receipt:
      return "mdn";
    case MailKind::own:
      return "own";
  }
  return "person";
}

MailKind kind_of(const RawHeaders& headers, const Mail& mail, std::string_view top_type, std::string_view report_type,
                 const OwnMarks& own) {
  const auto loop = find_header(headers, lower(kLoopHeader));
  if (loop && !own.instance.empty() && trim(*loop) == own.instance) return MailKind::own;
  if (top_type == "multipart/report") return kind_of_report(report_type);
  const bool daemon = is_daemon(mail.from.address) || (mail.return_path && mail.return_path->empty());
  if (daemon && is_bounce_subject(mail.subject)) return MailKind::report_of_delivery;
  const auto precedence = value_of(headers, "precedence");
  if (precedence == "list" || has_any(headers, {"list-id", "list-post", "mailing-list", "x-mailing-list"}))
    return MailKind::list;
  const bool robots_answer = is_robots_subject(mail.subject) && (daemon || answers_us(mail, own));
  if (robots_answer || says_automatic(headers)) return MailKind::vacation;
  const bool bulk = precedence == "bulk" || precedence == "junk" ||
                    has_any(headers, {"list-unsubscribe", "list-help", "feedback-id"});
  return bulk || daemon || is_machine_address(mail.from.address) ? MailKind::bulk : MailKind::person;
}

}  // namespace huiyin::email
