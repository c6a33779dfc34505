#include "adapters/email/reply_text.h"

#include <re2/re2.h>

#include <algorithm>
#include <utility>

#include "core/text.h"

namespace huiyin::email {
namespace {

constexpr std::size_t kMostJoined = 3;     // lines over which an introduction may be wrapped
constexpr std::size_t kLongestLine = 400;  // bytes of what can be a marker

/// As markers are compared: NBSP and kin to a space, full-width punctuation to ASCII, trimmed, stars of bold text gone.
std::string normal(std::string_view text) {
  if (text.size() > kLongestLine * 2) return {};
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const auto rest = text.substr(i);
    const auto replace = [&](std::string_view what, std::string_view by) {
      if (!rest.starts_with(what)) return false;
      out += by;
      i += what.size();
      return true;
    };
    if (replace("\xC2\xA0", " ") || replace("\xE2\x80\xAF", " ") || replace("\xE3\x80\x80", " ") ||
        replace("\xEF\xBC\x9A", ":") || replace("\xEF\xBC\x8C", ",") || replace("\xE2\x80\x8B", "") ||
        replace("\xEF\xBB\xBF", "") || replace("&nbsp;", " ") || replace("*", ""))
      continue;
    out += text[i++];
  }
  return std::string(trim(out));
}

bool is_blank(const MailLine& line) { return trim(line.text).empty() && line.pictures.empty(); }

/// Drawn above a quoted part or a signature: it says nothing.
bool is_rule(const std::string& line) {
  return line.size() >= 4 &&
         line.find_first_not_of(line[0] == '-' || line[0] == '_' || line[0] == '=' ? line[0] : '-') ==
             std::string::npos;
}

bool is_separator(const std::string& line) {
  static const RE2 pattern(
      R"((?i)^-{2,}\s*(原始邮件|原始信息|原始郵件|邮件原件|回复的原邮件|回复邮件|原邮件|历史邮件|Original( Message| Appointment)?|Replied Message|Ursprüngliche Nachricht|Message d'origine|Mensaje original|元のメッセージ)\s*-{2,}$)");
  // Of help desks: what the answer was to be written above.
  static const RE2 above(
      R"((?i)^\W*(please )?(reply|type your reply|write your reply) .{0,40}above this line\W*$|^\W*请在(此|这|本)(行|线).{0,10}上.{0,4}回复\W*$)");
  return RE2::FullMatch(line, pattern) || RE2::FullMatch(line, above);
}

bool is_forward_separator(const std::string& line) {
  static const RE2 pattern(
      R"((?i)^(-{2,}\s*(Forwarded message|Forwarded by .*|转发的消息|转发邮件信息|转发的邮件|转发邮件|轉寄的郵件|轉寄郵件|转发的原邮件|转发的原始邮件|原始邮件转发)\s*-{2,}|Begin forwarded message:|开始转发的邮件:|下面是被转发的邮件:|下面是转发的邮件:)$)");
  return RE2::FullMatch(line, pattern);
}

/// The line's length bounds what the patterns' `.+` can take; counted repetitions would make them too large to run
/// fast.
bool is_introduction(const std::string& line) {
  static const RE2 chinese(R"(^((在|于|於)....+|.+(于|於|在)....+|.*\d\d\d\d....+)(写道|寫道|写到|來信|来信)\s*:$)");
  static const RE2 english(R"((?i)^(On|At) .....+( wrote| writes| said|schrieb)\s*:$)");
  static const RE2 others(
      R"(^(Am .+ schrieb.*|Le .+ a écrit ?|El .+ escribió|Il .+ ha scritto|Em .+ escreveu|Op .+ schreef.*|Den .+ skrev.*|W dniu .+ (pisze|napisał.*)|Dne .+ napsal.*|Vào .+ đã viết|.+さんは書きました|.+님이 작성)\s*:$)");
  static const RE2 bare(R"(^\d{4}[年/-]\d{1,2}[月/-]\d{1,2}.*<[^<>\s]+@[^<>\s]+>\s*:$)");
  static const RE2 zoho(R"((?i)^--+\s*(On|在) .+(wrote|写道)\s*:?\s*--+$)");
  static const RE2 evidence(R"(@|\d{4}|\d\s*[:月/.-]\s*\d)");  // of when, or from whom
  if (line.size() > kLongestLine || !(line.ends_with(':') || line.ends_with('-'))) return false;
  if (!RE2::PartialMatch(line, evidence)) return false;
  return RE2::FullMatch(line, english) || RE2::FullMatch(line, chinese) || RE2::FullMatch(line, others) ||
         RE2::FullMatch(line, bare) || RE2::FullMatch(line, zoho);
}

/// `2012/4/12 Wang <a@b>`: an introduction only where a quotation follows.
bool is_bare_introduction(const std::string& line) {
  static const RE2 pattern(R"(^\d{4}[年/-]\d{1,2}[月/-]\d{1,2}.{0,60}<[^<>\s]+@[^<>\s]+>$)");
  return line.size() <= kLongestLine && RE2::FullMatch(line, pattern);
}

enum class HeaderLine { none, from, other };

HeaderLine header_line(const std::string& line) {
  static const RE2 from(R"((?i)^(发件人|發件人|寄件者|寄件人|From|Von|De|差出人)\s*:.*)");
  static const RE2 other(
      R"((?i)^(发送时间|發送時間|发送日期|日\s*期|寄件日期|时间|收件人|收件者|抄送|抄送至|副本|主\s*题|主旨|Sent|Date|To|Cc|Subject|Gesendet|An|Betreff|Envoyé|À|Objet|送信日時|宛先|件名)\s*:.*)");
  if (RE2::FullMatch(line, from)) return HeaderLine::from;
  return RE2::FullMatch(line, other) ? HeaderLine::other : HeaderLine::none;
}

/// A copy of the answered mail's header: 发件人 and at least two more of its lines close behind.
bool begins_header_block(const std::vector<MailLine>& lines, std::size_t at) {
  if (header_line(normal(lines[at].text)) != HeaderLine::from) return false;
  int others = 0;
  for (std::size_t i = at + 1, seen = 0; i < lines.size() && seen < 5 && others < 2; ++i) {
    if (is_blank(lines[i])) continue;
    ++seen;
    others += header_line(normal(lines[i].text)) == HeaderLine::other ? 1 : 0;
  }
  return others >= 2;
}

bool begins_ruled_block(const std::vector<MailLine>& lines, std::size_t at) {
  static const RE2 rule(R"(^_{20,}$)");
  static const RE2 list_footer(R"((?i)mailing list|邮件列表|https?://)");
  if (!RE2::FullMatch(normal(lines[at].text), rule)) return false;
  for (std::size_t i = at + 1; i < lines.size() && i <= at + 3; ++i)
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
    const auto line = normal(lines[i].text);
    joined = joined.empty() ? line : line + " " + joined;
    if (RE2::FullMatch(line, opening) && is_introduction(joined)) return true;
  }
  return false;
}

/// How many lines from `at` on introduce a quotation (「在 … 写道：」); 0: none.
std::size_t introduction_length(const std::vector<MailLine>& lines, std::size_t at) {
  if (is_bare_introduction(normal(lines[at].text)) && is_quotation_next(lines, at + 1)) return 1;
  std::string joined;
  for (std::size_t i = at; i < lines.size() && i < at + kMostJoined; ++i) {
    if (lines[i].quoted || is_blank(lines[i])) return 0;
    const auto line = normal(lines[i].text);
    joined += (joined.empty() ? "" : " ") + line;
    if (joined.size() > kLongestLine) return 0;
    if (is_introduction(joined)) return begins_later(lines, at + 1, i) ? 0 : i + 1 - at;
  }
  return 0;
}

bool is_device_line(std::string line) {
  if (line.starts_with("（") || line.starts_with("(")) line.erase(0, line.starts_with("(") ? 1 : 3);
  if (line.ends_with("）") || line.ends_with(")")) line.erase(line.size() - (line.ends_with(")") ? 1 : 3));
  static const RE2 pattern(
      R"((?i)^((发自|發自|發自)\s*(我的|來自)?\s*.{1,40}|从我的.{1,20}发送|從我的.{1,20}傳送|(发送自|发自|來自|来自)\s*(Outlook|QQ邮箱|网易邮箱|Windows|Mac|iPhone|我的|新浪邮箱|华为|小米|139邮箱|阿里邮箱|腾讯企业邮箱).{0,40}|获取\s*.{0,20}\s?Outlook.{0,60}|Get\s+Outlook for .{0,60}|Sent from (my|Mail|Outlook|Yahoo|Samsung|Windows|Galaxy|ProtonMail|Proton).{0,60}|来自我的.{1,30}|从 Windows 版邮件发送|从.{1,20}版邮件\s*(<[^>]*>)?\s*发送)$)");
  return line.size() <= 120 && RE2::FullMatch(line, pattern);
}

/// `[cid:image001.png@…]`, `[图片]`: what a program puts into plain text for a picture.
bool is_picture_stand_in(const std::string& line) {
  static const RE2 pattern(
      R"((?i)^(\[(cid:[^\]]{1,200}|image:?[^\]]{0,100}|图片|圖片|inline image.{0,40})\]\s*)+(<https?:[^>]*>)?$)");
  return RE2::FullMatch(line, pattern);
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
    return std::move(result_);
  }

 private:
  bool ends_here(std::size_t at) {
    const auto& line = lines_[at];
    const auto text = normal(line.text);
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
    const auto text = normal(line.text);
    const bool dropped = line.signature || is_device_line(text) || is_picture_stand_in(text);
    result_.kept[at] = !dropped;
    return 1;
  }

  /// NetEase's card of the sender as plain text: a name and an address between lines of `|`.
  void drop_card() {
    const auto is_bar = [&](std::size_t at) {
      const auto text = normal(lines_[at].text);
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
      const auto text = normal(lines_[at].text);
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
    const auto text = normal(lines[at].text);
    if (is_forward_separator(text)) return true;
    if (lines[at].quoted || lines[at].history || is_separator(text) || introduction_length(lines, at) > 0 ||
        begins_header_block(lines, at))
      return false;
  }
  return false;
}

}  // namespace huiyin::email
