// Whom to ask for: after a cue (我叫), before a title (王先生), or alone in a list beside a number or a place.
#include <algorithm>
#include <initializer_list>
#include <vector>

#include "dialogs/understanding/characters.h"
#include "dialogs/understanding/extract.h"
#include "dialogs/understanding/name_context.h"
#include "dialogs/understanding/name_shapes.h"
#include "dialogs/understanding/names_english.h"
#include "dialogs/understanding/places.h"

namespace huiyin::dialogs {
namespace {

using Kind = Meaning::Kind;

struct Candidate {
  std::size_t begin = 0, end = 0;  // of the name itself
  std::size_t from = 0;            // of what was read: the cue too
  int worth = 0;
  const char* rule = "";
};

class NameReader {
 public:
  NameReader(const NameWords& names, std::string_view text, const NameContext& context)
      : names_(names), text_(text), context_(context) {
    for (const auto& hit : *context_.hits)
      if (kind_of(hit) == Kind::name_relation) relations_.push_back(hit);
    std::sort(relations_.begin(), relations_.end(), [](const auto& a, const auto& b) { return a.begin < b.begin; });
    own_told_ = own_told_at(names_, text_, relations_, context_.phone.second != 0);
  }

  std::optional<Found> best() {
    for (const auto& hit : *context_.hits) see(hit);
    lists();
    whole();
    if (best_.worth == 0) return std::nullopt;
    with_given_name();
    const auto value = text_.substr(best_.begin, best_.end - best_.begin);
    return Found{std::string(value), best_.from, best_.end, best_.worth >= 70 ? 0.9 : 0.7, best_.rule};
  }

 private:
  void see(const PhraseHit& hit) {
    switch (kind_of(hit)) {
      case Kind::name_label:
        after(hit, 100, true);
        break;
      case Kind::name_cue:
        after(hit, 80, false);
        introduced(hit);
        break;
      case Kind::surname_cue:
        after(hit, 75, false);
        break;
      case Kind::name_relation:
        after(hit, 60, false);
        break;
      case Kind::name_title:
        before(hit);
        break;
      default:
        break;
    }
  }

  void keep(Candidate candidate) {
    if (candidate.worth > best_.worth) best_ = candidate;
  }

  /// 我姓郝不是姓何
  [[nodiscard]] bool is_denied(std::size_t begin) const {
    const auto lead = text_.substr(0, begin);
    return lead.ends_with("不是") || lead.ends_with("不") || lead.ends_with("非");
  }

  [[nodiscard]] Kind kind_of(const PhraseHit& hit) const {
    return (*context_.meanings)[static_cast<std::size_t>(hit.tag)].kind;
  }

  void after(const PhraseHit& hit, int worth, bool labelled) {
    const auto cue = text_.substr(hit.begin, hit.end - hit.begin);
    const bool surname_only = kind_of(hit) == Kind::surname_cue;
    const bool relation = kind_of(hit) == Kind::name_relation;
    auto begin = behind(hit.end, {"是", "为", "叫", ":", " ", ",", "\"", "“", "「", "(", "姓"});
    auto length = chinese_name(names_, text_.substr(begin), surname_only);
    if (length == 0 && !relation) {
      begin = behind(begin + relation_at(begin), {"吧", ":", " ", ",", "叫"});
      length = chinese_name(names_, text_.substr(begin), surname_only);
    }
    if (const auto other = other_name(cue, begin, labelled, length > 0)) length = other;
    if (length == 0 || (!labelled && is_others_cue(hit, cue))) return;
    const bool uncalled = relation && hit.begin >= kHan && !beside_number(begin, begin + length) &&
                          !names_.calls.at_end(text_.substr(0, hit.begin));
    const int full = length > kHan ? 5 : 0;
    if (!uncalled) keep({begin, begin + length, hit.begin, worth + full, "name_cue"});
  }

  /// Where none of `words` stands any more.
  [[nodiscard]] std::size_t behind(std::size_t at, std::initializer_list<std::string_view> words) const {
    for (bool again = true; again;) {
      again = false;
      for (const auto word : words)
        if (begins_with(text_.substr(at), word)) at += word.size(), again = true;
    }
    return at;
  }

  /// What is no Chinese name of the usual shape; one with a dot is longer than the `usual` one.
  [[nodiscard]] std::size_t other_name(std::string_view cue, std::size_t begin, bool labelled, bool usual) const {
    const auto rest = text_.substr(begin);
    if (const auto dotted = dotted_name(names_, rest)) return dotted;
    if (usual) return 0;
    std::size_t length = cue.ends_with("叫我") || cue == "喊我" || cue == "称呼我" ? nickname(names_, rest) : 0;
    if (length == 0 && labelled) length = any_name(names_, rest);
    if (length == 0) length = rare_name(cue, begin);
    return length == 0 ? capitalised_name(rest) : length;
  }

  /// Does it lead to somebody else's name: 房东姓…, 和业主…?
  [[nodiscard]] bool is_others_cue(const PhraseHit& hit, std::string_view cue) const {
    if (is_of_another(names_, text_, hit.begin, own_told_) || is_denied(hit.begin)) return true;
    if (is_met(cue, text_.substr(0, hit.begin))) return true;
    const bool of_him = cue.starts_with("他") || cue.starts_with("她");
    return of_him && own_told_ > hit.begin;
  }

  /// 「联系人改成我爱人赵敏」「联系人：父亲 徐建国」: how long the word for him is.
  [[nodiscard]] std::size_t relation_at(std::size_t begin) const {
    std::size_t longest = 0;
    auto hit = std::lower_bound(relations_.begin(), relations_.end(), begin,
                                [](const auto& one, std::size_t at) { return one.begin < at; });
    for (; hit != relations_.end() && hit->begin == begin; ++hit) longest = std::max(longest, hit->end - begin);
    return longest;
  }

  /// 「我是住在8栋的金大爷」「我是业委会的秦川」「我是客服小吴」: behind what the writer says of himself.
  void introduced(const PhraseHit& hit) {
    constexpr std::size_t kMost = 48;
    const auto cue = text_.substr(hit.begin, hit.end - hit.begin);
    if (cue != "我是" && cue != "我系" && cue != "这里是" && cue != "这边是") return;
    const auto is_gap = [&](std::size_t at) {  // the address is blanked out
      return text_[at] == ' ' || (at >= context_.address.first && at < context_.address.second);
    };
    auto end = hit.end;
    while (end < text_.size() && end - hit.end < kMost && (is_gap(end) || is_han(text_, end)))
      end += is_gap(end) ? 1 : kHan;
    const auto said = text_.substr(hit.end, end - hit.end);
    const auto of = said.find("的");
    if (is_a_wish(said.substr(0, of))) return;
    if (of != said.npos) return behind_of(hit, hit.end + of + kHan);
    const auto run = han_run(said, 0);
    const auto from = hit.end + run - std::min(run, 2 * kHan);
    const auto name = text_.substr(from, 2 * kHan);
    const bool familiar = surname_at(names_, name) == 0 && chinese_name(names_, name, false) == name.size();
    if (run > 2 * kHan && run <= 8 * kHan && familiar)
      keep({from, from + name.size(), hit.begin, 70, "name_introduced"});
  }

  void behind_of(const PhraseHit& hit, std::size_t at) {
    const bool apart = text_.substr(at).starts_with(",");
    if (apart) ++at;
    for (const std::string_view who : {"业主", "住户", "租客", "租户"})
      if (text_.substr(at).starts_with(who)) at += who.size();
    auto length = chinese_name(names_, text_.substr(at), false);
    if (length == 0) length = capitalised_name(text_.substr(at));  // 「我是5栋1802的Cindy」
    if (length == 0 || (apart && is_han(text_, at) && length != han_run(text_, at))) return;
    keep({at, at + length, hit.begin, 70, "name_introduced"});
  }

  /// 「复姓上官，上官云」: the whole name right behind the surname.
  void with_given_name() {
    const auto surname = text_.substr(best_.begin, best_.end - best_.begin);
    if (surname_at(names_, surname) != surname.size()) return;
    auto rest = without_separators(text_.substr(best_.end));
    for (const std::string_view link : {"我叫", "名叫", "叫"})
      if (rest.starts_with(link)) rest.remove_prefix(link.size());
    const auto run = han_run(rest, 0);
    if (!rest.starts_with(surname) || run <= surname.size() || chinese_name(names_, rest, false) != run) return;
    best_.begin = static_cast<std::size_t>(rest.data() - text_.data());
    best_.end = best_.begin + run;
  }

  /// How far back from `end` a name may begin: four characters.
  [[nodiscard]] std::size_t name_reach(std::size_t end) const {
    auto begin = end;
    for (std::size_t i = 0; i < 4 && is_han(text_, begin - std::min(begin, kHan)) && begin >= kHan; ++i) begin -= kHan;
    return begin;
  }

  [[nodiscard]] bool is_whole_name(std::string_view name, std::size_t surname) const {
    const auto given = name.size() - surname;
    return surname != 0 && given <= 2 * kHan && (given == 0 || is_given(names_, name.substr(surname)));
  }

  /// 我邻居王先生, 王师傅说
  [[nodiscard]] bool is_spoken_of(std::size_t begin, std::size_t end) const {
    return is_of_another(names_, text_, begin, own_told_) || names_.acts.at_begin(text_.substr(end)) > 0;
  }

  /// Before a long title anything may be a surname that is no word before people: 老先生, 这位女士.
  [[nodiscard]] bool is_rare_surname(std::string_view name) const {
    constexpr std::string_view kNone = "老位该此那这某女男各你我他她贵叫找一小大本两问请嗯哦喂好年尊敬亲爱";
    return name.size() == kHan && kNone.find(name) == kNone.npos && !names_.not_given.begins(name);
  }

  /// Are the characters from `begin` up to the title the name of its bearer?
  [[nodiscard]] bool is_titled(std::size_t begin, const PhraseHit& hit, bool joined, bool alone) const {
    const bool short_title = hit.end - hit.begin == kHan;  // 陈太, 黄生: words like 太 and 生 stand in others too
    const auto name = text_.substr(begin, hit.begin - begin);
    const auto surname = surname_at(names_, name);
    const bool rare = surname == 0 && !joined && !short_title && is_rare_surname(name);
    const bool given = name.size() > surname;
    if ((!rare && !is_whole_name(name, surname)) || (given && joined)) return false;  // 找王先生: not 找 a surname
    return !short_title || (!given && alone && !is_han(text_, hit.end));
  }

  /// 王先生, 欧阳女士, 王建国先生.
  void before(const PhraseHit& hit) {
    // The longest name first, then the surname alone.
    for (auto begin = name_reach(hit.begin); begin < hit.begin; begin += kHan) {
      const bool joined = begin > 0 && is_han(text_, begin - std::min(begin, kHan));
      const bool alone = !joined || names_.links.at_end(text_.substr(0, begin));
      if (!is_titled(begin, hit, joined, alone)) continue;
      if (is_spoken_of(begin, hit.end) || text_.substr(hit.end).starts_with("姐")) return;  // 小姐姐
      const auto surname = surname_at(names_, text_.substr(begin, hit.begin - begin));
      const auto end = surname > 0 && begin + surname < hit.begin ? hit.begin : hit.end;  // 王建国先生 is 王建国
      return keep({begin, end, begin, (alone ? 65 : 55) + (beside_number(begin, end) ? 8 : 0), "name_title"});
    }
  }

  /// 我叫阿依古丽: of no surname, but nothing else either.
  [[nodiscard]] std::size_t rare_name(std::string_view cue, std::size_t begin) const {
    const auto rest = text_.substr(begin);
    const auto run = han_run(rest.substr(0, 7 * kHan), 0);
    const bool calls_himself = cue.ends_with("我叫") || cue.ends_with("名字叫");
    if (!calls_himself || run < 3 * kHan || run > 6 * kHan || names_.stop.at_begin(rest) > 0) return 0;
    return is_given(names_, rest.substr(0, run)) && !is_known_word(begin, begin + run) ? run : 0;
  }

  /// Is there nothing but separators between the name and a number or a place?
  [[nodiscard]] bool beside_number(std::size_t begin, std::size_t end) const {
    const auto touches = [&](const std::pair<std::size_t, std::size_t>& span) {
      if (span.second == 0) return false;
      const bool behind = span.first >= end && without_separators(text_.substr(end, span.first - end)).empty();
      const bool ahead =
          span.second <= begin && without_separators(text_.substr(span.second, begin - span.second)).empty();
      return behind || ahead;
    };
    return touches(context_.phone) || touches(context_.address);
  }

  [[nodiscard]] bool is_known_word(std::size_t begin, std::size_t end) const {
    return std::any_of(context_.hits->begin(), context_.hits->end(), [&](const auto& hit) {
      const bool telling = kind_of(hit) < Kind::name_label;
      return telling && hit.whole && hit.begin >= begin && hit.end <= end && hit.end - hit.begin > kHan;
    });
  }

  /// 「3栋2单元1201，李梅，13800138000」「卢 18673320091」「的小蒋」
  void lists() {
    for (std::size_t at = 0; at < text_.size();) {
      if (!is_han(text_, at)) {
        ++at;
        continue;
      }
      const auto run = han_run(text_, at);
      token(at, at + run);
      at += run;
    }
  }

  void token(std::size_t begin, std::size_t end) {
    const bool last = without_separators(text_.substr(end)).empty();
    const bool first = without_separators(text_.substr(0, begin)).empty();
    const bool beside = beside_number(begin, end);
    before_number_words(begin, end);
    if (first || last || beside) called_so(begin, end);
    if (beside) reports(begin, end);
    if (is_line(begin, end)) consider(begin, end, 45);
    if (first || last || (context_.in_list && beside)) familiar(begin, end);
    if (!context_.in_list) return;
    if (first || last || beside) return listed(begin, end, beside, last);
    if (text_.substr(begin, end - begin).starts_with("的")) return;
    consider(begin, end, end - begin >= 3 * kHan ? 35 : 0);
  }

  void listed(std::size_t begin, std::size_t end, bool beside, bool last) {
    const auto from = behind_leads(begin, end);
    if (is_supposed(text_.substr(0, from))) return;
    consider(from, end, beside ? 50 : 40);
    const bool surname = end - from == kHan && surname_at(names_, text_.substr(from)) == kHan &&
                         names_.stop.at_begin(text_.substr(from, kHan)) == 0;
    if (surname && (beside || (last && from == begin))) keep({from, end, from, beside ? 45 : 35, "name_in_list"});
  }

  /// 「我老周啊」「崔阿姨家，5号楼301」「2栋902老何家」: as neighbours call each other.
  void called_so(std::size_t begin, std::size_t end) {
    auto from = begin;
    if (text_.substr(begin).starts_with("我") && begin + 3 * kHan <= end) from += kHan;
    const auto token = text_.substr(from, end - from);
    const auto surname = surname_at(names_, token);
    if (surname == 0 && from == begin && !token.ends_with("家")) return;  // familiar() sees to it
    auto length = surname == 0 ? chinese_name(names_, token, false) : names_.cue_titles.at_begin(token.substr(surname));
    if (length == 0 || names_.stop.at_begin(token) > 0 || is_of_another_token(from)) return;
    length += surname;
    const auto behind = token.substr(length);
    if (behind.empty() || behind == "家" || behind == "家里" || (from > begin && surname == 0))
      keep({from, from + length, from, 44, "name_in_list"});
  }

  [[nodiscard]] bool is_of_another_token(std::size_t begin) const {
    return is_of_another(names_, text_, begin, own_told_) || is_thanked(text_.substr(0, begin));
  }

  /// 「8栋1204钱敏报修马桶」
  void reports(std::size_t begin, std::size_t end) {
    const auto token = text_.substr(begin, end - begin);
    const auto length = chinese_name(names_, token, false);
    if (length == 0 || length == token.size()) return;
    for (const std::string_view word : {"报修", "反映", "投诉", "来电", "申请", "咨询", "家里"})
      if (begins_with(token.substr(length), word) && !is_known_word(begin, begin + length))
        keep({begin, begin + length, begin, 45, "name_in_list"});
  }

  /// Does it stand on a line of its own below others, as at the end of a letter?
  [[nodiscard]] bool is_line(std::size_t begin, std::size_t end) const {
    return begin > 0 && text_[begin - 1] == '\n' && (end == text_.size() || text_[end] == '\n');
  }

  /// 「李梅电话」
  void before_number_words(std::size_t begin, std::size_t end) {
    for (const std::string_view word : {"电话", "手机", "联系电话", "手机号", "的电话", "留言", "报修", "收"})
      if (closes_with(text_.substr(begin, end - begin), word) && end - begin > word.size() + kHan - 1)
        consider(begin, end - word.size(), 45);
  }

  [[nodiscard]] std::size_t behind_leads(std::size_t begin, std::size_t end) const {
    auto from = begin;
    for (const std::string_view lead :
         {"的", "我是", "联系", "找", "叫", "请找", "业主", "住户", "租客", "户主", "屋主", "报修人"})
      if (begins_with(text_.substr(begin, end - begin), lead)) from = begin + lead.size();
    return from;
  }

  /// 「工程部 小吴」「的小蒋」 at the end: colleagues sign so.
  void familiar(std::size_t begin, std::size_t end) {
    if (end - begin < 2 * kHan) return;
    const auto from = end - 2 * kHan;
    const auto name = text_.substr(from, 2 * kHan);
    if (chinese_name(names_, name, false) != name.size() || surname_at(names_, name) != 0) return;
    if (from > begin && !names_.links.at_end(text_.substr(0, from))) return;
    if (is_of_another_token(from)) return;
    keep({from, end, from, 38, "name_in_list"});
  }

  void consider(std::size_t begin, std::size_t end, int worth) {
    const auto token = text_.substr(begin, end - begin);
    if (worth == 0 || token.empty() || chinese_name(names_, token, false) != token.size() || is_known_word(begin, end))
      return;
    keep({begin, end, begin, worth, "name_in_list"});
  }

  /// The whole text is a name: an answer.
  void whole() {
    if (const auto dotted = dotted_name(names_, text_); dotted > 0 && dotted == text_.size())
      return keep({0, dotted, 0, 50, "name_whole"});
    if (han_run(text_, 0) != text_.size() || text_.size() > 4 * kHan || text_.size() < 2 * kHan) return;
    const bool compound = names_.compound.at_begin(text_) == text_.size() && names_.stop.at_begin(text_) == 0;
    if (compound && text_ != "西门" && text_ != "东方" && text_ != "百里")
      return keep({0, text_.size(), 0, 50, "name_whole"});
    if (is_known_word(0, text_.size()) || chinese_name(names_, text_, false) != text_.size()) return;
    keep({0, text_.size(), 0, 50, "name_whole"});
  }

  const NameWords& names_;
  std::string_view text_;
  const NameContext& context_;
  std::vector<PhraseHit> relations_{};  ///< by where they begin
  std::size_t own_told_ = 0;            ///< of own_told_at()
  Candidate best_{};
};

}  // namespace

std::optional<Found> find_name(const NameWords& names, std::string_view text, const NameContext& context) {
  auto found = NameReader(names, text, context).best();
  if (found && found->confidence > 0.8) return found;
  auto english = find_english_name(names, text, context);
  return english && (!found || english->confidence > found->confidence) ? english : found;
}

}  // namespace huiyin::dialogs
