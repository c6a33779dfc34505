#include "tickets/staff_command.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/text.h"
#include "tickets/number.h"
#include "tickets/staff_sentences.h"
#include "tickets/staff_words.h"

namespace huiyin::tickets {
namespace {

using Text = std::string_view;
using enum CommandFault;

constexpr std::array<Text, 7> kFaults = {"not_a_command", "which_ticket",   "wrong_number",  "needs_text",
                                         "needs_told",    "needs_receiver", "needs_category"};
constexpr std::array<Text, 14> kLinks = {",", "，", "。", ":", "：", ";", "；", "、", "!", "！", "#", "＃", "/", "@"};
constexpr std::array<Text, 6> kDashes = {"——", "-", "—", "–", "~", "～"};  // a link only right behind a command's word
constexpr std::array<Text, 6> kSegmentEnds = {",", "，", "。", ";", "；", "\n"};
constexpr std::array<Text, 4> kTo = {"给", "到", "to ", "into "};

struct ToldWord {
  Text word;
  Text by;
};
constexpr std::array<ToldWord, 22> kToldWords = {{{"打电话", "phone"},
                                                  {"电话", "phone"},
                                                  {"致电", "phone"},
                                                  {"来电", "phone"},
                                                  {"by phone", "phone"},
                                                  {"phone", "phone"},
                                                  {"called", "phone"},
                                                  {"当面", "in_person"},
                                                  {"面告", "in_person"},
                                                  {"现场", "in_person"},
                                                  {"in person", "in_person"},
                                                  {"face to face", "in_person"},
                                                  {"企业微信", "wechat"},
                                                  {"微信", "wechat"},
                                                  {"wechat", "wechat"},
                                                  {"短信", "sms"},
                                                  {"sms", "sms"},
                                                  {"text message", "sms"},
                                                  {"留言", "message"},
                                                  {"留条", "message"},
                                                  {"留了言", "message"},
                                                  {"left a message", "message"}}};
// A word tells how he was told only next to one of these: 换了电话线 tells of no call.
constexpr std::array<Text, 14> kToldBefore = {"已",   "用",     "通过", "经", "已经", "told by ", "by ",
                                              "via ", "owner ", "业主", "给", "了",   "told ",    "informed by "};
constexpr std::array<Text, 14> kToldAfter = {"告知", "通知",   "联系", "沟通", "回复", "告诉", "确认",
                                             "说明", "给业主", "业主", "过",   "了",   "转告", " owner"};

template <std::size_t N>
std::size_t length_at_start(Text text, const std::array<Text, N>& words) {
  for (const auto word : words)
    if (text.starts_with(word)) return word.size();
  return 0;
}

/// White space and what links parts of a sentence, at its start.
Text without_links(Text text) {
  for (text = trim(text);; text = trim(text)) {
    const auto link = length_at_start(text, kLinks);
    if (link == 0) return text;
    text.remove_prefix(link);
  }
}

/// `text` without as many characters at its start as `folded_part` has. Folding keeps their number but for characters
/// that cannot be seen, and those are few: a stray one costs a character of the words.
Text skip_as_many(Text text, Text folded_part) {
  return text.substr(first_characters(text, count_characters(folded_part)).size());
}

bool is_of_number(char c) { return (c >= '0' && c <= '9') || c == '-'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

struct NumberRead {
  std::optional<TicketNumber> number{};
  bool is_slip = false;   ///< meant as a number, with a wrong digit
  std::size_t bytes = 0;  ///< of the folded text
};

/// The number that a folded text begins with.
NumberRead number_at_start(Text folded, const std::string& prefix) {
  const auto prefix_folded = fold(prefix);
  std::size_t at = folded.starts_with(prefix_folded) ? prefix_folded.size() : 0;
  const bool has_prefix = at > 0;
  while (at < folded.size() && has_prefix && (folded[at] == ' ' || folded[at] == '-')) ++at;
  const auto begin = at;
  while (at < folded.size() && is_of_number(folded[at])) ++at;
  while (at > begin && folded[at - 1] == '-') --at;
  if (at == begin) return {};
  const auto number = parse_number(folded.substr(0, at), prefix);
  if (number) return {*number, false, at};
  const bool stands_alone = at == folded.size() || folded[at] == ' ';
  const auto digits = std::count_if(folded.begin(), folded.begin() + static_cast<std::ptrdiff_t>(at), is_digit);
  const bool is_meant = has_prefix || (stands_alone && digits >= 4);
  return {{}, is_meant && number.error() == NumberFault::wrong_check_digit, at};
}

/// What is left to be read of a message: as written, and folded.
struct Rest {
  Text text;
  std::string folded;
  explicit Rest(Text all) : text(without_links(all)), folded(fold(text)) {}
  void skip(std::size_t folded_bytes) { *this = Rest(skip_as_many(text, Text(folded).substr(0, folded_bytes))); }
};

bool stands_alone(Text segment, Text word) { return trim(segment) == word; }

bool is_marked(Text folded, std::size_t at, Text word) {
  const auto before = folded.substr(0, at);
  const auto after = folded.substr(at + word.size());
  const bool is_led =
      std::any_of(kToldBefore.begin(), kToldBefore.end(), [&](Text each) { return before.ends_with(each); });
  return length_at_start(after, kToldAfter) > 0 || (is_led && (after.empty() || after.front() == ' '));
}

std::optional<Text> told_in(Text segment) {
  for (const auto& [word, by] : kToldWords)
    for (auto at = segment.find(word); at != Text::npos; at = segment.find(word, at + 1))
      if (stands_alone(segment, word) || is_marked(segment, at, word)) return by;
  return std::nullopt;
}

/// The text's parts between commas and line ends; where it has none of these, its last word apart.
std::vector<Text> segments(Text text) {
  std::vector<Text> out;
  std::size_t begin = 0;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = length_at_start(text.substr(at), kSegmentEnds);
    if (end > 0) {
      out.push_back(text.substr(begin, at - begin));
      begin = at + end;
    }
    at += std::max<std::size_t>(end, 1);
  }
  out.push_back(text.substr(begin));
  std::erase_if(out, [](Text part) { return trim(part).empty(); });
  if (out.size() == 1)
    if (const auto space = out[0].rfind(' '); space != Text::npos)
      out = {out[0].substr(0, space), out[0].substr(space + 1)};
  return out;
}

bool needs_words(ActionKind kind) {
  using enum ActionKind;
  constexpr std::array kinds = {inspect, plan, progress,  suspend,       send_back,  complete,
                                note,    tell, call_back, arrange_visit, add_details};
  return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

/// Reads one message, part by part.
class Reader {
 public:
  Reader(Text text, const CommandContext& context) : context_(context), rest_(text) {}

  tl::expected<StaffCommand, CommandRefusal> read() {
    take_number();
    const auto* word = find_command(rest_.folded);
    if (word == nullptr) return without_command();
    if (const auto gap = skip_word(*word); is_meant_otherwise(*word, gap)) return refuse_sentence(*word);
    command_.wish = word->wish;
    command_.starts_duty = word->starts_duty;
    if (word->wish == StaffWish::show && is_slip_) return refuse(wrong_number);
    if (word->wish == StaffWish::show && !settle_number(true)) return refuse(which_ticket);
    if (word->wish != StaffWish::act) return command_;
    command_.action.kind = word->action;
    return read_action();
  }

 private:
  /// Takes the command's word and a number behind it; returns what stood between the word and what follows.
  Gap skip_word(const CommandWord& word) {
    const auto behind = Text(rest_.folded).substr(word.word.size());
    auto gap = gap_at_start(behind);
    rest_.skip(word.word.size() + length_at_start(behind, kDashes));
    const bool may_round = gap == Gap::none && word.action != ActionKind::tell;
    if (const auto rounding = may_round ? rounding_at_start(rest_.folded) : 0; rounding > 0) {
      gap = gap_at_start(Text(rest_.folded).substr(rounding));
      rest_.skip(rounding);
    }
    const bool had_number = command_.number.has_value();
    take_number();
    const bool is_number_behind = command_.number.has_value() && !had_number;
    return gap == Gap::none && (is_number_behind || is_slip_) ? Gap::apart : gap;
  }

  [[nodiscard]] bool is_meant_otherwise(const CommandWord& word, Gap gap) const {
    const bool replies = find_numbers(context_.quoted, context_.prefix).size() == 1;
    return is_sentence(word, {rest_.folded, gap, command_.number.has_value() || is_slip_ || replies});
  }

  /// The action tells which command he would have to set apart, had he meant it.
  [[nodiscard]] tl::unexpected<CommandRefusal> refuse_sentence(const CommandWord& word) const {
    CommandRefusal refusal{.fault = not_a_command, .action = {}, .number = command_.number, .text = {}};
    if (word.wish == StaffWish::act) refusal.action = word.action;
    return tl::unexpected(refusal);
  }

  tl::expected<StaffCommand, CommandRefusal> without_command() {
    if (is_slip_) return refuse(wrong_number);
    if (!command_.number || !rest_.folded.empty()) return refuse(not_a_command);
    command_.wish = StaffWish::show;
    return command_;
  }

  tl::expected<StaffCommand, CommandRefusal> read_action() {
    const auto kind = command_.action.kind;
    if (is_slip_) return refuse(wrong_number);
    if (!settle_number(kind != ActionKind::accept)) return refuse(which_ticket);
    if (kind == ActionKind::merge) return read_merge();
    if (kind == ActionKind::assign) return read_assign();
    if (kind == ActionKind::set_category || kind == ActionKind::set_priority) return read_kind();
    if (kind == ActionKind::complete) return read_complete();
    if (kind == ActionKind::reopen) take_category();
    command_.action.text = std::string(rest_.text);
    if (kind == ActionKind::add_details) command_.action.details.description = command_.action.text;
    if (needs_words(kind) && command_.action.text.empty()) return refuse(needs_text);
    return command_;
  }

  tl::expected<StaffCommand, CommandRefusal> read_complete() {
    auto words = read_completion(rest_.text);
    command_.action.text = std::move(words.result);
    command_.action.told_by = std::move(words.told_by);
    if (command_.action.text.empty()) return refuse(needs_text);
    if (command_.action.told_by.empty()) return refuse(needs_told);
    return command_;
  }

  tl::expected<StaffCommand, CommandRefusal> read_merge() {
    skip_to();
    const auto read = number_at_start(rest_.folded, context_.prefix);
    if (!read.number) return refuse(read.is_slip ? wrong_number : needs_receiver);
    command_.target = read.number;
    return command_;
  }

  tl::expected<StaffCommand, CommandRefusal> read_assign() {
    skip_to();
    command_.receiver = std::string(take_word());
    command_.action.text = std::string(rest_.text);
    if (command_.receiver.empty()) return refuse(needs_receiver);
    return command_;
  }

  tl::expected<StaffCommand, CommandRefusal> read_kind() {
    skip_to();
    const auto word = fold(take_word());
    command_.action.text = std::string(rest_.text);
    if (command_.action.kind == ActionKind::set_priority) {
      const auto priority = find_priority(word);
      if (!priority) return refuse(needs_category);
      command_.action.priority = *priority;
      return command_;
    }
    if (!read_category(word)) return refuse(needs_category);
    return command_;
  }

  /// `word`: `repair/elevator`, 保洁.
  bool read_category(Text word) {
    const auto slash = word.find('/');
    const auto category = find_category(word.substr(0, slash));
    if (!category) return false;
    command_.action.details.category = *category;
    if (slash != Text::npos) command_.action.details.subcategory = std::string(word.substr(slash + 1));
    return true;
  }

  /// 归我们 10244 维修: the category, where the next word is one.
  void take_category() {
    const auto before = rest_;
    if (!read_category(fold(take_word()))) rest_ = before;
  }

  void take_number() {
    if (command_.number || is_slip_) return;
    const auto read = number_at_start(rest_.folded, context_.prefix);
    is_slip_ = read.is_slip;
    if (!read.number) return;
    command_.number = read.number;
    rest_.skip(read.bytes);
  }

  /// The number that he named, or that what he replies to names, or his only ticket's.
  bool settle_number(bool of_his) {
    if (command_.number) return true;
    const auto quoted = find_numbers(context_.quoted, context_.prefix);
    if (quoted.size() == 1) command_.number = quoted.front();
    if (!command_.number && of_his && context_.his_open.size() == 1) command_.number = context_.his_open.front();
    return command_.number.has_value();
  }

  void skip_to() {
    if (const auto to = length_at_start(rest_.folded, kTo)) rest_.skip(to);
  }

  /// The first word, which white space or a comma ends.
  Text take_word() {
    std::size_t end = 0;
    const auto text = rest_.text;
    while (end < text.size() && trim(text.substr(end, first_characters(text.substr(end), 1).size())).size() > 0 &&
           length_at_start(text.substr(end), kSegmentEnds) == 0)
      end += first_characters(text.substr(end), 1).size();
    rest_ = Rest(text.substr(end));
    return text.substr(0, end);
  }

  [[nodiscard]] tl::unexpected<CommandRefusal> refuse(CommandFault fault) const {
    CommandRefusal refusal{.fault = fault, .number = command_.number, .text = command_.action.text};
    if (fault != not_a_command && command_.wish == StaffWish::act) refusal.action = command_.action.kind;
    return tl::unexpected(refusal);
  }

  const CommandContext& context_;
  Rest rest_;
  StaffCommand command_{};
  bool is_slip_ = false;
};

}  // namespace

std::string_view to_string(CommandFault fault) { return kFaults.at(static_cast<std::size_t>(fault)); }

tl::expected<StaffCommand, CommandRefusal> parse_staff_command(std::string_view text, const CommandContext& context) {
  return Reader(text, context).read();
}

CompletionWords read_completion(std::string_view text) {
  CompletionWords out;
  const auto parts = segments(text);
  for (const auto part : parts) {
    const auto by = told_in(fold(part));
    if (!by) continue;
    out.told_by = std::string(*by);
    const bool is_last = part.data() == parts.back().data();
    if (!is_last) continue;
    out.result = std::string(trim(text.substr(0, static_cast<std::size_t>(part.data() - text.data()))));
    while (!out.result.empty()) {
      const auto ends =
          std::find_if(kSegmentEnds.begin(), kSegmentEnds.end(), [&](Text e) { return out.result.ends_with(e); });
      if (ends == kSegmentEnds.end()) break;
      out.result.resize(out.result.size() - ends->size());
    }
    return out;
  }
  out.result = std::string(text);
  return out;
}

std::optional<std::string_view> find_told_by(std::string_view text) {
  for (const auto part : segments(text))
    if (const auto by = told_in(fold(part))) return by;
  return std::nullopt;
}

}  // namespace huiyin::tickets
