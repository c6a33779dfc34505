#include "adapters/email/mail_parser.h"

#include <algorithm>
#include <cctype>
#include <utility>

#include "adapters/email/ascii.h"
#include "adapters/email/authentication.h"
#include "adapters/email/charsets.h"
#include "adapters/email/file_signs.h"
#include "adapters/email/mail_body.h"
#include "adapters/email/mime_tree.h"
#include "adapters/email/reports.h"
#include "adapters/email/tnef.h"
#include "core/text.h"

namespace huiyin::email {
namespace {

constexpr std::size_t kMostFiles = 100;

/// What an alias's pipe puts before the mail, and what programs that write files do: a mark of the charset, empty
/// lines.
std::string_view from_its_header_on(std::string_view bytes) {
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  bytes.remove_prefix(std::min(bytes.size(), bytes.find_first_not_of("\r\n")));
  const bool mbox = bytes.starts_with("From ") && !trim(bytes.substr(5, 8)).starts_with(':');
  if (!mbox) return bytes;
  const auto end = bytes.find('\n');
  return end == std::string_view::npos ? std::string_view() : bytes.substr(end + 1);
}

/// Lines that end in CR alone, as very old programs wrote them.
bool has_only_returns(std::string_view bytes) {
  const auto beginning = bytes.substr(0, 65536);
  return beginning.find('\n') == std::string_view::npos && beginning.find('\r') != std::string_view::npos;
}

std::size_t header_bytes(std::string_view bytes) {
  for (std::size_t at = bytes.find('\n'); at != std::string_view::npos; at = bytes.find('\n', at + 1)) {
    if (at > MimeTree::kMostHeaderBytes) return at;
    const auto next = bytes.substr(at + 1, 2);
    if (next.starts_with('\n') || next == "\r\n") return at;
  }
  return std::min(bytes.size(), MimeTree::kMostHeaderBytes + 1);
}

std::string_view value_of(const RawHeaders& headers, std::string_view name) {
  return find_header(headers, name).value_or(std::string_view());
}

std::vector<std::string> ids_in(const RawHeaders& headers, std::string_view name) {
  return parse_message_ids(value_of(headers, name));
}

/// The charset of the first text part: what raw bytes in the header are likely to be in.
std::string body_charset(const MimeTree& tree) {
  for (const auto& leaf : tree.leaves())
    if (leaf.type.starts_with("text/") && !leaf.charset.empty())
      if (auto charset = normal_charset(leaf.charset); charset != "ascii") return charset;
  return {};
}

void read_addresses(const RawHeaders& headers, const std::string& charset, Mail& mail) {
  auto from = parse_addresses(value_of(headers, "from"), charset);
  const auto senders =
      std::count_if(headers.begin(), headers.end(), [](const auto& h) { return lower(h.first) == "from"; });
  mail.several_senders = from.size() > 1 || senders > 1;
  if (from.empty()) from = parse_addresses(value_of(headers, "sender"), charset);
  if (const auto path = find_header(headers, "return-path")) {
    const auto addresses = parse_addresses(*path);
    mail.return_path = addresses.empty() ? std::string() : addresses.front().address;
    if (from.empty() && !addresses.empty()) from = addresses;
  }
  if (!from.empty()) mail.from = from.front();
  for (const auto* name : {"to", "cc"})
    for (auto& one : parse_addresses(value_of(headers, name), charset)) mail.to.push_back(std::move(one));
  for (const auto& [name, value] : headers) {
    const auto small = lower(name);
    if (small != "x-original-to" && small != "delivered-to" && small != "envelope-to" && small != "x-envelope-to")
      continue;
    for (auto& one : parse_addresses(value)) mail.delivered_to.push_back(std::move(one.address));
  }
  if (const auto reply_to = parse_addresses(value_of(headers, "reply-to")); !reply_to.empty())
    mail.reply_to = reply_to.front().address;
}

/// A mail without From or Sender is still answered where its envelope or Reply-To says whom; it proves nobody's
/// identity.
void name_by_other_means(Mail& mail) {
  const auto named = parse_addresses(mail.return_path.value_or(""));
  mail.from.address = named.empty() ? mail.reply_to : named.front().address;
  mail.several_senders = true;
}

Mail read_headers(const MimeTree& tree, const MailOptions& options) {
  Mail mail;
  const auto& headers = tree.headers();
  const auto charset = body_charset(tree);
  mail.subject = decode_header(value_of(headers, "subject"), charset);
  mail.subject = std::string(first_characters(mail.subject, 500));
  read_addresses(headers, charset, mail);
  if (options.sender) mail.return_path = options.sender;
  if (mail.from.address.empty()) name_by_other_means(mail);
  if (auto ids = ids_in(headers, "message-id"); !ids.empty()) mail.message_id = std::move(ids.front());
  mail.in_reply_to = ids_in(headers, "in-reply-to");
  mail.references = ids_in(headers, "references");
  mail.date = decode_header(value_of(headers, "date"));
  const auto type = parse_parameters(value_of(headers, "content-type"));
  mail.kind = kind_of(headers, mail, type.value, type.parameter("report-type"), options.own);
  mail.automatic = mail.kind != MailKind::person;
  mail.trust = read_trust(headers, options.trusted_servers, mail.from.address, mail.several_senders);
  return mail;
}

/// Is a picture that came along a logo, or one that only the quoted part shows?
bool is_decoration(const MimeLeaf& leaf, const MailFile& file, const MailBody& body) {
  if (!file.type.starts_with("image/")) return false;
  const bool shown = body.new_pictures.contains(leaf.content_id) || body.other_pictures.contains(leaf.content_id);
  if (!leaf.content_id.empty() && body.other_pictures.contains(leaf.content_id)) return true;
  if (leaf.disposition == "attachment" && !shown) return false;
  if (!shown && !leaf.related && leaf.disposition != "inline" && leaf.content_id.empty()) return false;
  if (is_camera_name(leaf.name)) return false;
  const auto size = picture_size(file.content);
  return size && is_logo_size(*size);
}

bool is_wrapping(const MimeLeaf& leaf) {
  return leaf.type == "application/pgp-signature" || leaf.type == "application/pkcs7-signature" ||
         leaf.type == "application/x-pkcs7-signature" || leaf.type == "application/pgp-encrypted";
}

bool is_tnef(const MimeLeaf& leaf) {
  return leaf.type == "application/ms-tnef" || leaf.type == "application/vnd.ms-tnef" ||
         lower(leaf.name) == "winmail.dat";
}

/// `type/subtype` as RFC 6838 section 4.2 lets them be written: what a stranger puts there becomes the end of a file's
/// name and is stored.
bool is_media_type(std::string_view type) {
  constexpr std::size_t kMostBytes = 127;
  constexpr std::string_view kAllowed = "abcdefghijklmnopqrstuvwxyz0123456789!#$&-^_.+";
  const auto slash = type.find('/');
  return slash != std::string_view::npos && slash > 0 && slash + 1 < type.size() && type.size() <= kMostBytes &&
         type.find_first_not_of(kAllowed) == slash && type.find_first_not_of(kAllowed, slash + 1) == type.npos;
}

/// Collects a mail's files.
class Files {
 public:
  Files(const MimeTree& tree, const MailBody& body, const MailOptions& options, Mail& mail)
      : tree_(tree), body_(body), options_(options), mail_(mail) {}

  void take(const MimeLeaf& leaf) {
    if (leaf.report || is_wrapping(leaf) || body_.text_parts.contains(leaf.index)) return;
    if (leaf.embedded > 0 && is_text_part(leaf)) return;
    MailFile file{.name = leaf.name, .content = tree_.decode(leaf, options_.most_file_bytes)};
    if (file.content.empty() && leaf.name.empty()) return;
    if (is_tnef(leaf) && take_tnef(file.content)) return;
    if (leaf.is_message && file.name.empty()) file.name = message_name(leaf);
    file.type = leaf.is_message ? "message/rfc822" : type_by_bytes(file.content);
    if (file.type.empty() || is_generic(file.type))
      file.type = is_media_type(leaf.type) ? leaf.type : "application/octet-stream";
    file.is_inline = !leaf.is_message && file.type.starts_with("image/") &&
                     (leaf.disposition == "inline" || body_.new_pictures.contains(leaf.content_id) ||
                      body_.other_pictures.contains(leaf.content_id));
    if (is_decoration(leaf, file, body_)) {
      file.content.clear();
      mail_.dropped.push_back(std::move(file));
      return;
    }
    keep(std::move(file));
  }

 private:
  /// A container whose label tells more: an Office file is a ZIP.
  static bool is_generic(const std::string& type) {
    return type == "application/zip" || type == "application/x-ole-storage";
  }

  std::string message_name(const MimeLeaf& leaf) const {
    auto subject = decode_header(value_of(tree_.headers_of(leaf), "subject"));
    std::replace(subject.begin(), subject.end(), '/', '_');
    const auto name = safe_file_name(first_characters(subject, 60));
    return (name.empty() ? "mail" : name) + ".eml";
  }

  bool take_tnef(const std::string& content) {
    auto opened = read_tnef(content);
    if (opened.files.empty() && opened.text.empty()) return false;
    for (auto& one : opened.files) {
      MailFile file{.name = std::move(one.name), .type = type_by_bytes(one.content), .content = std::move(one.content)};
      if (file.type.empty()) file.type = file.name.ends_with(".txt") ? "text/plain" : "application/octet-stream";
      keep(std::move(file));
    }
    if (mail_.new_text.empty()) mail_.new_text = mail_.whole_text = std::string(trim(clean_text(opened.text)));
    return true;
  }

  void keep(MailFile file) {
    if (mail_.files.size() >= kMostFiles) {
      mail_.cut = "too many files";
      return;
    }
    if (file.name.empty()) file.name = unnamed(file.type);
    mail_.files.push_back(std::move(file));
  }

  std::string unnamed(const std::string& type) const {
    auto ending = type.substr(type.find('/') + 1);
    if (ending == "jpeg") ending = "jpg";
    if (ending == "plain") ending = "txt";
    if (ending == "calendar") ending = "ics";
    if (ending.size() > 5 || ending.empty()) ending = "bin";
    return "attachment-" + std::to_string(mail_.files.size() + 1) + "." + ending;
  }

  const MimeTree& tree_;
  const MailBody& body_;
  const MailOptions& options_;
  Mail& mail_;
};

bool has_files(const MimeTree& tree) {
  return std::any_of(tree.leaves().begin(), tree.leaves().end(), [](const MimeLeaf& leaf) {
    return leaf.embedded == 0 && !leaf.report && !is_text_part(leaf) && !is_wrapping(leaf);
  });
}

void read_text_and_files(const MimeTree& tree, const MailOptions& options, Mail& mail) {
  auto body = read_body(tree, 0, mail.subject, has_files(tree));
  if (body.new_text.empty() && !mail.automatic) {  // forwarded as an attachment, without a word
    auto inner = read_body(tree, 1, mail.subject, true);
    body.new_text = std::move(inner.new_text);
    body.whole_text = std::move(inner.whole_text);
  }
  mail.new_text = std::move(body.new_text);
  mail.whole_text = std::move(body.whole_text);
  mail.quoted_stripped = body.quoted_stripped;
  if (mail.kind == MailKind::person && body.forward) mail.kind = MailKind::forward;
  Files files(tree, body, options, mail);
  for (const auto& leaf : tree.leaves()) files.take(leaf);
}

/// No part has anything in it: the mail says of itself what it is not.
bool is_hollow(const MimeTree& tree) {
  return std::all_of(tree.leaves().begin(), tree.leaves().end(),
                     [&](const MimeLeaf& leaf) { return tree.decode(leaf, 64).empty(); });
}

}  // namespace

tl::expected<Mail, MailRefusal> parse_mail(std::string_view bytes, const MailOptions& options) {
  if (bytes.size() > options.most_bytes) return tl::unexpected(MailRefusal{"the message is larger than we take", true});
  bytes = from_its_header_on(bytes);
  if (trim(bytes.substr(0, 4096)).empty()) return tl::unexpected(MailRefusal{"the message is empty"});
  std::string mended;
  if (has_only_returns(bytes)) {
    mended = bytes;
    std::replace(mended.begin(), mended.end(), '\r', '\n');
    bytes = mended;
  }
  if (header_bytes(bytes) > MimeTree::kMostHeaderBytes)
    return tl::unexpected(MailRefusal{"the message's header is larger than we take", true});
  const MimeTree tree(bytes);
  auto mail = read_headers(tree, options);
  if (mail.from.address.empty() && !mail.automatic) return tl::unexpected(MailRefusal{"the message has no sender"});
  mail.cut = tree.cut();
  if (mail.kind == MailKind::report_of_delivery || mail.kind == MailKind::complaint) mail.report = read_report(tree);
  read_text_and_files(tree, options, mail);
  if (mail.whole_text.empty() && mail.files.empty() && mail.cut.empty() && is_hollow(tree))
    mail.new_text = mail.whole_text = loose_text(bytes);
  if (mail.kind == MailKind::person && says_it_is_a_robots(mail.new_text)) {
    mail.kind = MailKind::vacation;
    mail.automatic = true;
  }
  if (mail.kind == MailKind::report_of_delivery && (!mail.report || mail.report->recipient.empty())) {
    auto words = read_plain_report(tree.headers(), mail.subject, mail.whole_text);
    if (mail.report) words.original_id = mail.report->original_id;
    mail.report = std::move(words);
  }
  return mail;
}

}  // namespace huiyin::email
