#include "adapters/email/mail_body.h"

#include <algorithm>
#include <map>

#include "adapters/email/charsets.h"
#include "adapters/email/html_lines.h"
#include "adapters/email/reply_text.h"
#include "core/text.h"

namespace huiyin::email {
namespace {

constexpr std::size_t kMostTextBytes = 1U << 20U;  // of one part, decoded
constexpr std::size_t kMostHtmlBytes = 4U << 20U;  // of which the markup is most

/// The forms of one stretch of the mail's text.
struct Segment {
  std::string plain{};
  std::vector<MailLine> html{};
  bool has_html = false;
};

std::string text_of(const MimeTree& tree, const MimeLeaf& leaf, std::size_t most) {
  return clean_text(to_utf8(tree.decode(leaf, most), leaf.charset));
}

/// The charset that an HTML body without a label names in itself.
std::string meta_charset(std::string_view html) {
  const auto head = html.substr(0, 2048);
  const auto at = head.find("charset=");
  if (at == std::string_view::npos) return {};
  auto value = head.substr(at + 8);
  if (value.starts_with('"') || value.starts_with('\'')) value.remove_prefix(1);
  return std::string(value.substr(0, value.find_first_of("\"'> ;/")));
}

std::string html_of(const MimeTree& tree, const MimeLeaf& leaf) {
  const auto bytes = tree.decode(leaf, kMostHtmlBytes);
  return clean_text(to_utf8(bytes, leaf.charset.empty() ? meta_charset(bytes) : leaf.charset));
}

/// Not the stand-in that some programs put there (「请用 HTML 方式查看」 is short; an empty part is empty).
bool is_real(const Segment& segment) {
  const auto plain = trim(segment.plain);
  if (plain.empty()) return false;
  if (!segment.has_html) return true;
  if (plain.starts_with("<html") || plain.starts_with("<!DOCTYPE") || plain.starts_with("<div")) return false;
  const bool speaks_of_html = plain.size() < 400 && plain.find("HTML") != std::string_view::npos &&
                              join_all(segment.html).find(plain) == std::string::npos;
  return !speaks_of_html;
}

/// Of a mail whose only text has a name (`text_0.txt`, from phones and gateways): that part; else nothing.
const MimeLeaf* named_text(const MimeTree& tree, int embedded) {
  const MimeLeaf* found = nullptr;
  for (const auto& leaf : tree.leaves()) {
    if (leaf.embedded != embedded) continue;
    if (is_text_part(leaf)) return nullptr;
    const bool text = leaf.type == "text/plain" || leaf.type == "text/html";
    if (found == nullptr && text && leaf.disposition != "attachment") found = &leaf;
  }
  return found;
}

/// The mail's text in the order of its parts; alternatives are one stretch.
std::vector<Segment> segments_of(const MimeTree& tree, int embedded, MailBody& body) {
  std::vector<Segment> segments;
  std::map<int, std::size_t> of_alternative;
  bool in_report = false;
  const auto* named = named_text(tree, embedded);
  for (const auto& leaf : tree.leaves()) {
    if (leaf.embedded != embedded || (!is_text_part(leaf) && &leaf != named)) continue;
    if (leaf.report && std::exchange(in_report, true)) continue;  // a report's first part is for people, no other
    std::size_t at = segments.size();
    if (leaf.alternative != 0) at = of_alternative.try_emplace(leaf.alternative, at).first->second;
    if (at == segments.size()) segments.emplace_back();
    auto& segment = segments[at];
    body.text_parts.insert(leaf.index);
    if (leaf.type == "text/html") {
      auto lines = html_lines(html_of(tree, leaf));
      segment.html.insert(segment.html.end(), std::make_move_iterator(lines.begin()),
                          std::make_move_iterator(lines.end()));
      segment.has_html = true;
      continue;
    }
    auto text = text_of(tree, leaf, kMostTextBytes);
    if (leaf.flowed) text = unflow(text, leaf.delsp);
    segment.plain += (segment.plain.empty() ? "" : "\n") + text;
  }
  return segments;
}

void append(std::vector<MailLine>& to, const std::vector<MailLine>& lines) {
  if (!to.empty()) to.emplace_back();
  to.insert(to.end(), lines.begin(), lines.end());
}

/// Pictures by what shows them; what is shown in both parts counts as new.
void note_pictures(const std::vector<MailLine>& lines, const std::vector<bool>& kept, MailBody& body) {
  for (std::size_t i = 0; i < lines.size(); ++i)
    for (const auto& id : lines[i].pictures) (kept[i] ? body.new_pictures : body.other_pictures).insert(id);
  for (const auto& id : body.new_pictures) body.other_pictures.erase(id);
}

/// What the HTML form marks as the signature is one in the plain form too, where it stands at the end.
void drop_marked_signature(const std::vector<MailLine>& lines, const std::vector<MailLine>& html,
                           std::vector<bool>& kept) {
  std::set<std::string> marked;
  for (const auto& line : html)
    if (line.signature && !trim(line.text).empty()) marked.insert(std::string(trim(line.text)));
  if (marked.empty()) return;
  auto trial = kept;
  for (std::size_t i = lines.size(); i-- > 0;) {
    const auto text = std::string(trim(lines[i].text));
    if (!trial[i] || text.empty()) continue;
    if (!marked.contains(text)) break;
    trial[i] = false;
  }
  for (std::size_t i = 0; i < lines.size(); ++i)
    if (trial[i] && !trim(lines[i].text).empty()) {
      kept = std::move(trial);
      return;
    }
}

}  // namespace

bool is_text_part(const MimeLeaf& leaf) {
  const bool text = leaf.type == "text/plain" || leaf.type == "text/html" || leaf.type == "text" ||
                    leaf.type == "text/enriched" || leaf.type == "text/richtext";
  // Some programs give the mail's own text a name: where it is one of two forms of it, that is what it is.
  return text && leaf.disposition != "attachment" && (leaf.name.empty() || leaf.alternative != 0);
}

MailBody read_body(const MimeTree& tree, int embedded, const std::string& subject, bool has_files) {
  MailBody body;
  std::vector<MailLine> lines, html;
  for (const auto& segment : segments_of(tree, embedded, body)) {
    append(html, segment.html);
    append(lines, is_real(segment) || !segment.has_html ? plain_lines(segment.plain) : segment.html);
  }
  split_shared_lines(lines);
  body.forward = is_forward_subject(subject) || has_forward_marker(lines);
  auto found = find_new_lines(lines, body.forward, !has_files);
  if (!body.forward) drop_marked_signature(lines, html, found.kept);
  body.quoted_stripped = found.quoted_stripped;
  body.new_text = join_kept(lines, found.kept);
  body.whole_text = join_all(lines);
  const bool had_pictures =
      std::any_of(html.begin(), html.end(), [](const MailLine& line) { return !line.pictures.empty(); });
  if (had_pictures) note_pictures(html, find_new_lines(html, body.forward, false).kept, body);
  return body;
}

std::string loose_text(std::string_view bytes) {
  constexpr std::size_t kMostLines = 2000;
  std::string out;
  bool header = true;
  std::size_t seen = 0;
  for (auto line : split(bytes.substr(0, kMostTextBytes), '\n')) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    const auto colon = line.find(':');
    const bool named = colon != std::string_view::npos && colon > 0 &&
                       std::all_of(line.begin(), line.begin() + static_cast<std::ptrdiff_t>(colon),
                                   [](unsigned char c) { return c > ' ' && c < 0x7F; });
    const bool folded = line.starts_with(' ') || line.starts_with('\t');
    if (header && (named || folded)) continue;
    header = false;
    if (line.starts_with("--") || (named && line.starts_with("Content-"))) continue;
    out.append(line).push_back('\n');
    if (++seen == kMostLines) break;
  }
  return std::string(trim(clean_text(to_utf8(out, {}))));
}

}  // namespace huiyin::email
