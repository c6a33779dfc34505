// Whom to ask for: after a cue (我叫), before a title (王先生), or alone in a list beside a number or a place.
#include <algorithm>

#include "dialogs/understanding/characters.h"
#include "dialogs/understanding/extract.h"
#include "dialogs/understanding/names_english.h"
#include "dialogs/understanding/places.h"

namespace huiyin::dialogs {
namespace {

using Kind = Meaning::Kind;

std::size_t surname_at(const NameWords& names, std::string_view text) {
  if (const auto compound = names.compound.at_begin(text)) return compound;
  return is_han(text, 0) && names.surnames.begins(text) ? kHan : 0;
}

std::string_view without_separators(std::string_view text) {
  for (bool again = true; again && !text.empty();) {
    again = text.front() == ' ' || text.front() == ',' || text.front() == '\n' || text.front() == '.' ||
            text.front() == ':';
    if (again) text.remove_prefix(1);
    if (!text.starts_with('\xe3') && !text.starts_with('\xef')) continue;  // as all of these begin
    for (const std::string_view mark : {"，", "。", "、", "：", "；"})
      if (text.starts_with(mark)) text.remove_prefix(mark.size()), again = true;
  }
  return text;
}

struct Candidate {
  std::size_t begin = 0, end = 0;  // of the name itself
  std::size_t from = 0;            // of what was read: the cue too
  int worth = 0;
  const char* rule = "";
};

class NameReader {
 public:
  NameReader(const NameWords& names, std::string_view text, const NameContext& context)
      : names_(names), text_(text), context_(context) {}

  std::optional<Found> best() {
    for (const auto& hit : *context_.hits) see(hit);
    lists();
    whole();
    if (best_.worth == 0) return std::nullopt;
    const auto value = text_.substr(best_.begin, best_.end - best_.begin);
    return Found{std::string(value), best_.from, best_.end, best_.worth >= 70 ? 0.9 : 0.7, best_.rule};
  }

 private:
  void see(const PhraseHit& hit) {
    switch ((*context_.meanings)[static_cast<std::size_t>(hit.tag)].kind) {
      case Kind::name_label:
        after(hit, 100, true);
        break;
      case Kind::name_cue:
        after(hit, 80, false);
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

  /// Somebody else is spoken of: 房东姓林, 保安王先生.
  [[nodiscard]] bool of_another(std::size_t begin) const {
    auto lead = text_.substr(0, begin);
    while (lead.ends_with(" ")) lead.remove_suffix(1);
    for (const std::string_view link : {"的", "是", "叫"})
      if (lead.ends_with(link)) lead.remove_suffix(link.size());
    return names_.others.at_end(lead);
  }

  /// 我姓郝不是姓何
  [[nodiscard]] bool is_denied(std::size_t begin) const {
    const auto lead = text_.substr(0, begin);
    return lead.ends_with("不是") || lead.ends_with("不") || lead.ends_with("非");
  }

  void after(const PhraseHit& hit, int worth, bool labelled) {
    if (!labelled && (of_another(hit.begin) || is_denied(hit.begin))) return;
    const bool surname_only = (*context_.meanings)[static_cast<std::size_t>(hit.tag)].kind == Kind::surname_cue;
    const bool relation = (*context_.meanings)[static_cast<std::size_t>(hit.tag)].kind == Kind::name_relation;
    auto rest = text_.substr(hit.end);
    const auto skip = [&](std::initializer_list<std::string_view> words) {
      for (bool again = true; again;) {
        again = false;
        for (const auto word : words)
          if (rest.starts_with(word)) rest.remove_prefix(word.size()), again = true;
      }
    };
    skip({"是", "为", "叫", ":", "：", " ", "，", ",", "\"", "“", "「", "(", "姓"});
    const auto begin = static_cast<std::size_t>(rest.data() - text_.data());
    auto length = chinese_name(rest, surname_only);
    if (length == 0 && labelled) length = any_name(rest);
    if (length == 0) length = rare_name(text_.substr(hit.begin, hit.end - hit.begin), begin);
    if (length == 0) length = capitalised_name(rest);
    if (length == 0) return;
    const bool called = relation && hit.begin >= kHan && !beside_number(begin, begin + length) &&
                        !names_.calls.at_end(text_.substr(0, hit.begin));
    if (called) return;
    const int full = length > kHan ? 5 : 0;
    keep({begin, begin + length, hit.begin, worth + full, "name_cue"});
  }

  /// How far back from `end` a name may begin: four characters.
  [[nodiscard]] std::size_t name_reach(std::size_t end) const {
    auto begin = end;
    for (std::size_t i = 0; i < 4 && is_han(text_, begin - std::min(begin, kHan)) && begin >= kHan; ++i) begin -= kHan;
    return begin;
  }

  [[nodiscard]] bool is_whole_name(std::string_view name, std::size_t surname) const {
    const auto given = name.size() - surname;
    return surname != 0 && given <= 2 * kHan && (given == 0 || is_given(name.substr(surname)));
  }

  /// 我邻居王先生, 王师傅说
  [[nodiscard]] bool is_spoken_of(std::size_t begin, std::size_t end) const {
    return of_another(begin) || names_.acts.at_begin(text_.substr(end)) > 0;
  }

  /// 王先生, 欧阳女士, 王建国先生.
  void before(const PhraseHit& hit) {
    const bool short_title = hit.end - hit.begin == kHan;  // 陈太, 黄生: words like 太 and 生 stand in others too
    // The longest name first, then the surname alone.
    for (auto begin = name_reach(hit.begin); begin < hit.begin; begin += kHan) {
      const auto name = text_.substr(begin, hit.begin - begin);
      const auto surname = surname_at(names_, name);
      const auto given = name.size() - surname;
      if (!is_whole_name(name, surname)) continue;
      const bool joined = begin > 0 && is_han(text_, begin - std::min(begin, kHan));
      if (given > 0 && joined) continue;  // 找王先生: not 找 a surname
      const bool alone = !joined || names_.links.at_end(text_.substr(0, begin));
      if (short_title && (given > 0 || !alone || is_han(text_, hit.end))) continue;
      if (is_spoken_of(begin, hit.end)) return;
      const auto end = given > 0 ? hit.begin : hit.end;  // 王建国先生 is 王建国
      return keep({begin, end, begin, (alone ? 65 : 55) + (beside_number(begin, end) ? 8 : 0), "name_title"});
    }
  }

  [[nodiscard]] bool is_given(std::string_view given) const {
    constexpr std::string_view kBuilding = "栋";  // 李国栋 is a man, 李五栋 lives in the fifth building
    if (given.size() == 2 * kHan && given.ends_with(kBuilding) && !read_place_number(given, 0))
      given.remove_suffix(kHan);
    for (std::size_t i = 0; i < given.size(); i += kHan)
      if (names_.not_given.begins(given.substr(i))) return false;
    return true;
  }

  /// How many bytes at the beginning of `text` are a name; 0: none. `surname_only`: 我姓王 will do.
  [[nodiscard]] std::size_t chinese_name(std::string_view text, bool surname_only) const {
    if ((names_.stop.at_begin(text) > 0)) return 0;
    const auto run = han_run(text, 0);
    const auto ends_at = [&](std::size_t length) {
      return length == run || (length < run && (names_.follow.at_begin(text.substr(length)) > 0));
    };
    for (const std::string_view familiar : {"小", "老", "阿"})
      if (text.starts_with(familiar) && surname_at(names_, text.substr(kHan)) == kHan && ends_at(2 * kHan))
        return 2 * kHan;
    const auto surname = surname_at(names_, text);
    if (surname == 0) return 0;
    if (const auto title = names_.titles.at_begin(text.substr(surname))) return surname + title;
    if (const auto title = names_.cue_titles.at_begin(text.substr(surname))) return surname + title;
    if (surname_only && ends_at(surname)) return surname;
    for (const std::size_t given : {2 * kHan, kHan})
      if (surname + given <= run && ends_at(surname + given) && is_given(text.substr(surname, given)))
        return surname + given;
    return 0;
  }

  /// Behind 姓名： anything short is a name.
  [[nodiscard]] std::size_t any_name(std::string_view text) const {
    const auto run = han_run(text, 0);
    if (run < 2 * kHan || run > 4 * kHan || (names_.stop.at_begin(text) > 0) || !is_given(text.substr(0, run)))
      return 0;
    return run;
  }

  /// 我叫阿依古丽: of no surname, but nothing else either.
  [[nodiscard]] std::size_t rare_name(std::string_view cue, std::size_t begin) const {
    const auto rest = text_.substr(begin);
    const auto run = han_run(text_, begin);
    const bool calls_himself = cue.ends_with("我叫") || cue.ends_with("名字叫");
    if (!calls_himself || run < 3 * kHan || run > 6 * kHan || names_.stop.at_begin(rest) > 0) return 0;
    return is_given(rest.substr(0, run)) && !is_known_word(begin, begin + run) ? run : 0;
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
      const auto kind = (*context_.meanings)[static_cast<std::size_t>(hit.tag)].kind;
      const bool telling = kind < Kind::name_label;
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
    if (!context_.in_list) {
      if (first || last) familiar(begin, end);
      return;
    }
    if (!beside && !last && !first) {
      if (text_.substr(begin, end - begin).starts_with("的")) return;
      consider(begin, end, end - begin >= 3 * kHan ? 35 : 0);
      return;
    }
    familiar(begin, end);
    const auto from = behind_leads(begin, end);
    consider(from, end, beside ? 50 : 40);
    const bool surname = end - from == kHan && surname_at(names_, text_.substr(from)) == kHan &&
                         names_.stop.at_begin(text_.substr(from, kHan)) == 0;
    if (surname && (beside || (last && from == begin))) keep({from, end, from, beside ? 45 : 35, "name_in_list"});
  }

  /// 「李梅电话」
  void before_number_words(std::size_t begin, std::size_t end) {
    for (const std::string_view word : {"电话", "手机", "联系电话", "手机号", "的电话", "留言", "报修", "收"})
      if (text_.substr(begin, end - begin).ends_with(word) && end - begin > word.size() + kHan - 1)
        consider(begin, end - word.size(), 45);
  }

  [[nodiscard]] std::size_t behind_leads(std::size_t begin, std::size_t end) const {
    auto from = begin;
    for (const std::string_view lead :
         {"的", "我是", "联系", "找", "叫", "请找", "业主", "住户", "租客", "户主", "屋主", "报修人"})
      if (text_.substr(begin, end - begin).starts_with(lead)) from = begin + lead.size();
    return from;
  }

  /// 「工程部 小吴」「的小蒋」 at the end: colleagues sign so.
  void familiar(std::size_t begin, std::size_t end) {
    if (end - begin < 2 * kHan) return;
    const auto from = end - 2 * kHan;
    const auto name = text_.substr(from, 2 * kHan);
    if (chinese_name(name, false) != name.size() || surname_at(names_, name) != 0) return;
    if (from > begin && !names_.links.at_end(text_.substr(0, from))) return;
    keep({from, end, from, 38, "name_in_list"});
  }

  void consider(std::size_t begin, std::size_t end, int worth) {
    const auto token = text_.substr(begin, end - begin);
    if (worth == 0 || token.empty() || is_known_word(begin, end) || chinese_name(token, false) != token.size()) return;
    keep({begin, end, begin, worth, "name_in_list"});
  }

  /// The whole text is a name: an answer.
  void whole() {
    if (han_run(text_, 0) != text_.size() || text_.size() > 4 * kHan || text_.size() < 2 * kHan) return;
    if (is_known_word(0, text_.size()) || chinese_name(text_, false) != text_.size()) return;
    keep({0, text_.size(), 0, 50, "name_whole"});
  }

  const NameWords& names_;
  std::string_view text_;
  const NameContext& context_;
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
