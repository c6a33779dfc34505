#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "adapters/email/header_text.h"

namespace huiyin::email {

/// A file that came with a mail, decoded.
struct MailFile {
  std::string name{};
  std::string type{};  ///< by its first bytes; the label's word where they say nothing
  std::string content{};
  bool is_inline = false;  ///< shown within the text
};

/// What kind of mail it is. All but `person` and `forward` are robots' (sms-and-email.md E5, E7).
enum class MailKind { person, forward, vacation, list, bulk, report_of_delivery, complaint, read_receipt, own };

[[nodiscard]] std::string_view to_string(MailKind kind);

/// A report on a mail that we sent (RFC 3464, RFC 5965).
struct MailReport {
  std::string recipient{};
  std::string action{};  ///< `failed`, `delayed`, `delivered` …; of a complaint its type: `abuse`
  std::string status{};  ///< `5.1.1`
  std::string diagnostic{};
  std::string original_id{};  ///< Message-ID of the mail that is reported on
};

/// What our own mail server found out about the sender (RFC 8601).
struct MailTrust {
  std::string server{};  ///< who says so; empty: nobody whom we believe
  bool aligned = false;  ///< the From domain itself passed DMARC, or DKIM or SPF in its name
};

/// A mail, read. A value.
struct Mail {
  std::string subject{};
  MailAddress from{};
  bool several_senders = false;
  std::vector<MailAddress> to{};             ///< To and Cc
  std::vector<std::string> delivered_to{};   ///< by our own server: X-Original-To, Delivered-To, innermost last
  std::optional<std::string> return_path{};  ///< empty: `<>`
  std::string reply_to{};
  std::string message_id{};
  std::vector<std::string> in_reply_to{};
  std::vector<std::string> references{};
  std::string date{};
  std::string new_text{};    ///< what the sender wrote himself
  std::string whole_text{};  ///< with the quoted part
  bool quoted_stripped = false;
  std::vector<MailFile> files{};
  std::vector<MailFile> dropped{};  ///< logos, pictures of the quoted part; without content
  MailKind kind = MailKind::person;
  bool automatic = false;
  std::optional<MailReport> report{};
  MailTrust trust{};
  std::string cut{};  ///< which limit left something out; empty: none
};

}  // namespace huiyin::email
