#include "adapters/email/reply_text.h"

#include <re2/re2.h>

#include <algorithm>
#include <utility>

#include "adapters/email/quote_marks.h"
#include "core/text.h"

namespace huiyin::email {
namespace {

constexpr std::size_t kMostJoined = 4;     // lines over which an introduction may be wrapped
constexpr std::size_t kLongestLine = 400;  // bytes of an introduction, joined

bool is_blank(const MailLine& line) { return trim(line.text).empty() && line.pictures.empty(); }

/// One line that holds it all, as HTML without breaks becomes: `From: a@b Date: Thu, …`.
bool is_header_in_one(const std::string& line) {
  static const RE2 pattern(R"((?i)^(From|发件人)\s*:.+@.+(Sent|Date|发送时间)\s*:.+\d.*)");
  return RE2::FullMatch(line, pattern);
}

/// A copy of the answered mail's header: 发件人 and at least two more of its lines close behind; or, as some programs
/// begin it, another of its lines and 发件人 with an address behind that; or the date and to whom.
bool begins_header_block(const std::vector<MailLine>& lines, std::size_t at) {
  const auto first = normal_line(lines[at].text);
  const auto kind = header_line(first);
  if (kind == HeaderLine::none) return false;
  if (is_header_in_one(first)) return true;
  bool sender = kind == HeaderLine::from, recipient = false;
  int others = kind == HeaderLine::from ? 0 : 1;
  for (std::size_t i = at + 1, seen = 0; i < lines.size() && seen < 5; ++i) {
    if (is_blank(lines[i])) {
      if (kind != HeaderLine::from) break;
      continue;
    }
    ++seen;
    const auto line = normal_line(lines[i].text);
    const auto its = header_line(line);
    const bool address = line.find('@') != std::string::npos;
    sender = sender || (its == HeaderLine::from && address);
    recipient = recipient || (its == HeaderLine::other && address);
    others += its == HeaderLine::date || its == HeaderLine::other ? 1 : 0;
  }
  static const RE2 clock(R"(\d:\d\d)");
  if (sender) return others >= 2;
  return kind == HeaderLine::date && recipient && RE2::PartialMatch(first, clock);
}

bool begins_ruled_block(const std::vector<MailLine>& lines, std::size_t at) {
  static const RE2 rule(R"(^_{5,}$)");
  static const RE2 list_footer(R"((?i)mailing list|邮件列表|https?://)");
  static const RE2 sender(R"((?i)^(From|发件人)\s*:.*@.*)");
  const auto drawn = normal_line(lines[at].text);
  if (!RE2::FullMatch(drawn, rule)) return false;
  if (at + 1 < lines.size() && RE2::FullMatch(normal_line(lines[at + 1].text), sender)) return true;
  for (std::size_t i = at + 1; drawn.size() >= 20 && i < lines.size() && i <= at + 3; ++i)
    if (begins_header_block(lines, i) || RE2::PartialMatch(lines[i].text, list_footer)) return true;
  return false;
}

bool is_quotation_next(const std::vector<MailLine>& lines, std::size_t at) {
  while (at < lines.size() && is_blank(lines[at])) ++at;
  return at < lines.size() && lines[at].quoted;
}

/// Does a whole introduction begin at one of the lines from `at` to `last`? Then what is before it is the owner's.
bool begins_later(const std::vector<MailLine>& lines, std::size_t at, std::size_t last) {
  static const RE2 opening(R"(^(在|于|於|On |At ).*)");
  std::string joined;
  for (std::size_t i = last + 1; i-- > at;) {
    const auto line = normal_line(lines[i].text);
    joined = joined.empty() ? line : line + " " + joined;
    if (RE2::FullMatch(line, opening) && is_introduction(joined)) return true;
  }
  return false;
}

/// How many lines from `at` on introduce a quotation (「在 … 写道：」); 0: none.
std::size_t introduction_length(const std::vector<MailLine>& lines, std::size_t at) {
  if (is_bare_introduction(normal_line(lines[at].text)) && is_quotation_next(lines, at + 1)) return 1;
  std::string joined;
  for (std::size_t i = at; i < lines.size() && i < at + kMostJoined; ++i) {
    if (lines[i].quoted || is_blank(lines[i])) return 0;
    const auto line = normal_line(lines[i].text);
    joined += (joined.empty() ? "" : " ") + line;
    if (joined.size() > kLongestLine) return 0;
    if (is_introduction(joined)) return begins_later(lines, at + 1, i) ? 0 : i + 1 - at;
  }
  return 0;
}

/// Goes through the lines once, and decides of each.
class Selection {
 public:
  explicit Selection(const std::vector<MailLine>& lines) : lines_(lines) { result_.kept.assign(lines.size(), false); }

  NewLines run() {
    for (std::size_t at = 0; at < lines_.size();) {
      if (ends_here(at)) break;
      at += take(at);
    }
    drop_card();
    drop_rule();
    drop_signature();
    drop_disclaimer();
    return std::move(result_);
  }

 private:
  bool ends_here(std::size_t at) {
    const auto& line = lines_[at];
    const auto text = normal_line(line.text);
    const bool ends =
        line.history || is_separator(text) || begins_header_block(lines_, at) || begins_ruled_block(lines_, at);
    if (ends) result_.quoted_stripped = true;
    return ends;
  }

  /// Takes or leaves what begins at `at`; returns how many lines that was.
  std::size_t take(std::size_t at) {
    const auto& line = lines_[at];
    if (line.quoted) {
      result_.quoted_stripped = true;
      return 1;
    }
    if (const auto length = introduction_length(lines_, at); length > 0) {
      result_.quoted_stripped = true;
      // Below an introduction without `>` everything is the answered mail.
      return is_quotation_next(lines_, at + length) ? length : lines_.size() - at;
    }
    const auto text = normal_line(line.text);
    const bool dropped = line.signature || is_device_line(text) || is_picture_stand_in(text);
    result_.kept[at] = !dropped;
    return 1;
  }

  /// NetEase's card of the sender as plain text: a name and an address between lines of `|`.
  void drop_card() {
    const auto is_bar = [&](std::size_t at) {
      const auto text = normal_line(lines_[at].text);
      return result_.kept[at] && !text.empty() && text.find_first_not_of("| ") == std::string::npos;
    };
    constexpr std::size_t kMostLines = 15;
    std::size_t first = lines_.size(), last = 0;
    for (std::size_t at = 0; at < lines_.size(); ++at) {
      if (!is_bar(at)) continue;
      if (first == lines_.size()) first = at;
      last = at;
    }
    if (first < last && last - first <= kMostLines)
      std::fill(result_.kept.begin() + static_cast<std::ptrdiff_t>(first),
                result_.kept.begin() + static_cast<std::ptrdiff_t>(last) + 1, false);
  }

  /// A rule at the end, with nothing below it but a name and an address: QQ's card, or the line above the quoted part.
  void drop_rule() {
    if (!result_.quoted_stripped) return;
    constexpr std::size_t kMostLines = 3, kMostBytes = 60;
    std::size_t below = 0;
    bool address = false;
    for (std::size_t at = lines_.size(); at-- > 0 && below <= kMostLines;) {
      const auto text = normal_line(lines_[at].text);
      if (!result_.kept[at] || text.empty()) continue;
      if (is_rule(text)) {
        if (below == 0 || address)
          std::fill(result_.kept.begin() + static_cast<std::ptrdiff_t>(at), result_.kept.end(), false);
        return;
      }
      if (text.size() > kMostBytes) return;
      address = address || text.find('@') != std::string::npos;
      ++below;
    }
  }

  void drop_signature() {
    bool content = false;
    for (std::size_t at = 0; at < lines_.size(); ++at) {
      if (!result_.kept[at]) continue;
      const auto& text = lines_[at].text;
      if (content && (text == "--" || text == "-- " || text == "--\xC2\xA0")) {
        std::fill(result_.kept.begin() + static_cast<std::ptrdiff_t>(at), result_.kept.end(), false);
        return;
      }
      content = content || !is_blank(lines_[at]);
    }
  }

  /// What a company's server adds to each mail, to its end. It is long; what a person writes of it is not.
  void drop_disclaimer() {
    constexpr std::size_t kShortest = 60;
    bool content = false;
    for (std::size_t at = 0; at < lines_.size(); ++at) {
      if (!result_.kept[at] || is_blank(lines_[at])) continue;
      if (content && is_disclaimer(normal_line(lines_[at].text)) && bytes_from(at) >= kShortest) {
        std::fill(result_.kept.begin() + static_cast<std::ptrdiff_t>(at), result_.kept.end(), false);
        return;
      }
      content = true;
    }
  }
  [[nodiscard]] std::size_t bytes_from(std::size_t at) const {
    std::size_t bytes = 0;
    for (; at < lines_.size(); ++at) bytes += result_.kept[at] ? lines_[at].text.size() : 0;
    return bytes;
  }

  const std::vector<MailLine>& lines_;
  NewLines result_{};
};

bool keeps_something(const std::vector<MailLine>& lines, const std::vector<bool>& kept) {
  for (std::size_t i = 0; i < lines.size(); ++i)
    if (kept[i] && !is_blank(lines[i])) return true;
  return false;
}

}  // namespace

/// QQ writes its `&nbsp;` into the plain text too.
std::string without_entities(std::string_view line) {
  constexpr std::string_view kSpace = "&nbsp;";
  std::string out;
  for (auto at = line.find(kSpace); at != std::string_view::npos; at = line.find(kSpace)) {
    out.append(line.substr(0, at)).push_back(' ');
    line.remove_prefix(at + kSpace.size());
  }
  return out.append(line);
}

std::vector<MailLine> plain_lines(std::string_view text) {
  std::vector<MailLine> out;
  for (const auto line : split(text, '\n')) {
    const auto begin = line.find_first_not_of(" \t");
    const bool quoted = begin != std::string_view::npos && begin <= 2 && line[begin] == '>';
    out.push_back({.text = without_entities(line), .quoted = quoted});
  }
  return out;
}

void split_shared_lines(std::vector<MailLine>& lines) {
  for (std::size_t at = 0; at < lines.size(); ++at) {
    if (lines[at].quoted) continue;
    const auto begin = introduction_within(lines[at].text);
    if (begin == 0 || !is_quotation_next(lines, at + 1)) continue;
    MailLine introduction{.text = lines[at].text.substr(begin)};
    auto& text = lines[at].text;
    text.resize(begin);
    while (text.ends_with(' ') || text.ends_with('-')) text.pop_back();
    lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(at) + 1, std::move(introduction));
    return;  // one mail is answered
  }
}

std::string unflow(std::string_view text, bool delsp) {
  std::string out;
  for (const auto line : split(text, '\n')) {
    const bool soft = line.ends_with(' ') && line != "-- " && !line.starts_with('>');
    auto content = line.starts_with(' ') ? line.substr(1) : line;
    if (soft && delsp) content.remove_suffix(1);
    out += content;
    if (!soft) out += '\n';
  }
  if (out.ends_with('\n')) out.pop_back();
  return out;
}

NewLines find_new_lines(const std::vector<MailLine>& lines, bool forward, bool must_keep_something) {
  NewLines all{.kept = std::vector<bool>(lines.size(), true)};
  if (forward) return all;
  auto found = Selection(lines).run();
  if (!must_keep_something || keeps_something(lines, found.kept)) return found;
  return all;
}

std::string join_kept(const std::vector<MailLine>& lines, const std::vector<bool>& kept) {
  std::string out;
  bool blank = false;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (!kept[i]) continue;
    auto text = std::string_view(lines[i].text);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r')) text.remove_suffix(1);
    if (trim(text).empty()) {
      if (!lines[i].pictures.empty()) continue;  // a picture on a line of its own separates nothing
      blank = !out.empty();
      continue;
    }
    if (!out.empty()) out += blank ? "\n\n" : "\n";
    out += text;
    blank = false;
  }
  return std::string(trim(out));
}

std::string join_all(const std::vector<MailLine>& lines) {
  return join_kept(lines, std::vector<bool>(lines.size(), true));
}

bool is_forward_subject(std::string_view subject) {
  static const RE2 pattern(R"((?i)^\s*(转发|轉發|轉寄|Fwd?|WG|TR)\s*(:|：))");
  return RE2::PartialMatch(re2::StringPiece(subject.data(), subject.size()), pattern);
}

bool has_forward_marker(const std::vector<MailLine>& lines) {
  for (std::size_t at = 0; at < lines.size(); ++at) {
    const auto text = normal_line(lines[at].text);
    if (is_forward_separator(text)) return true;
    if (lines[at].quoted || lines[at].history || is_separator(text) || introduction_length(lines, at) > 0 ||
        begins_header_block(lines, at))
      return false;
  }
  return false;
}

}  // namespace huiyin::email
