// Whose a number is, told from the words before and behind it.
#include "dialogs/understanding/phone_context.h"

#include <algorithm>

#include "dialogs/understanding/phone_persons.h"
#include "dialogs/understanding/phone_slips.h"
#include "dialogs/understanding/phone_words.h"

namespace huiyin::dialogs {
namespace {

constexpr std::size_t kCueBytes = 36;  // how far from a number a word about it may stand

/// Takes the longest run of such words off the end.
template <std::size_t N>
void strip_end(std::string_view& text, const std::array<std::string_view, N>& words) {
  for (bool again = true; again;) {
    again = false;
    for (const auto word : words)
      if (text.ends_with(word)) text.remove_suffix(word.size()), again = true;
  }
}

/// 「师傅老刘」 → 「师傅」
std::string_view without_byname(std::string_view lead) {
  constexpr std::array<std::string_view, 3> kFirst{"老", "小", "姓"};
  if (lead.size() < 2 * kHan || han_before(lead, lead.size()).empty()) return lead;
  auto shorter = lead.substr(0, lead.size() - kHan);
  if (!ends_with_any(shorter, kFirst)) return lead;
  shorter.remove_suffix(kHan);
  return shorter;
}

/// 「楼上业主」, 「我家隔壁那户」, but not 「我在楼下」 or 「漏到楼下」.
bool is_of_the_near(std::string_view lead) {
  constexpr std::array<std::string_view, 6> kBegins{"", "我家", "我们", "我", "打", "给"};
  strip_end(lead, kNearKinds);
  if (!ends_with_any(lead, kNear)) return false;
  lead.remove_suffix(2 * kHan);
  for (const auto begin : kBegins)
    if (lead.ends_with(begin) && han_before(lead, lead.size() - begin.size()).empty()) return true;
  return false;
}

/// 「不是这个号」 → 「不是」
std::string_view without_links(std::string_view lead) {
  constexpr std::array<std::string_view, 10> kLinks{"这个", "号码", "电话", "手机", "号",
                                                    "打",   ":",    " ",    "the ", "那个"};
  strip_end(lead, kLinks);
  return lead;
}

constexpr std::string_view kBreaks = ",;!?\n";

std::string_view without_pause(std::string_view tail) {
  while (!tail.empty() && (tail.front() == ' ' || tail.front() == ',')) tail.remove_prefix(1);
  return tail;
}

/// What is said right before a number: 「车主电话」 of 「堵住了，车主电话」.
std::string_view last_clause(std::string_view lead) {
  if (const auto last = lead.find_last_of(kBreaks); last != lead.npos) lead.remove_prefix(last + 1);
  if (const auto stop = lead.rfind("。"); stop != lead.npos) lead.remove_prefix(stop + kHan);
  return lead;
}

/// 别打, 不是这个号, 有个; but not 还是原来的.
bool is_left_alone(std::string_view lead) {
  const auto bare = without_links(lead);
  return std::any_of(kLeftAlone.begin(), kLeftAlone.end(), [&](auto word) {
    if (!lead.ends_with(word) && !bare.ends_with(word)) return false;
    const auto whole = lead.ends_with(word) ? lead : bare;
    const auto before = whole.substr(0, whole.size() - word.size());
    return !ends_with_any(before, kStill) || word == "不是" || word == "是不是";
  });
}

/// 「派个电工 」, 「需要一个水管工 」: whom the owner wants to see. `lead` is the clause before a number.
bool is_sent_for(std::string_view lead, bool apart) {
  constexpr std::array<std::string_view, 6> kCounts{"个", "一", "位", "名", " a", "an"};
  constexpr std::size_t kNear = 24;
  const auto near = lead.substr(lead.size() > kNear ? lead.size() - kNear : 0);
  return has_any(near, kSentFor) && (apart || has_any(near, kCounts));
}

/// 「装修公司王工」, 「你们保安队长」
bool is_staff(std::string_view lead) {
  constexpr std::array<std::string_view, 5> kTitles{"工", "经理", "师傅", "总", "主管"};
  constexpr std::array<std::string_view, 2> kYours{"你们", "物业"};
  if (ends_with_any(lead, kOtherPeople)) return has_any(last_clause(lead), kYours);
  for (const auto title : kTitles)
    if (lead.ends_with(title) && lead.size() > title.size() + kHan)
      return ends_with_any(lead.substr(0, lead.size() - title.size() - kHan), kOtherPeople);
  return false;
}

/// 「昨天你们」, but not 「发给你们」.
bool is_yours(std::string_view lead) {
  constexpr std::string_view kYours = "你们";
  if (!lead.ends_with(kYours)) return false;
  const auto before = last_clause(lead.substr(0, lead.size() - kYours.size()));
  return before.empty() || ends_with_any(before, kBeforeYours);
}

/// 「楼上1802的王先生」: `lead` begins behind the room.
bool is_in_room_near(std::string_view text, std::string_view lead, std::size_t at) {
  constexpr std::array<std::string_view, 4> kLinks{"的", "那", "业主", "住户"};
  if (!starts_with_any(lead, kLinks) || lead.find_first_of(kBreaks) != lead.npos) return false;
  auto before = text.substr(0, at - lead.size());
  while (!before.empty() && is_digit(before.back())) before.remove_suffix(1);
  return ends_with_any(before, kNear);
}

/// 「刘经理 」, by which a message is signed, but not 「物业刘经理 」.
bool is_signature(std::string_view person) {
  for (const auto title : kTitlesOfOwners) {
    if (!person.ends_with(title) || person.size() < title.size() + kHan) continue;
    const auto surname = person.size() - title.size() - kHan;
    if (is_han(person, surname) && han_before(person, surname).empty()) return true;
  }
  return false;
}

/// 「师傅138…」, 「电工138…」; not 「我是电工138…」, 「派个电工138…」.
bool is_named_by_number(std::string_view lead) {
  if (!ends_with_any(lead, kNamedByNumber)) return false;
  const auto clause = last_clause(lead);
  return !has_any(clause, kIntroduced) && !is_sent_for(clause, false);
}

/// 「我们公司前台」
bool is_own_office(std::string_view person) {
  constexpr std::string_view kDesk = "前台";
  return person.ends_with(kDesk) && ends_with_any(person.substr(0, person.size() - kDesk.size()), kOffices);
}

/// 「对门装修工人的电话」
bool is_number_of_the_near(std::string_view lead) {
  constexpr std::array<std::string_view, 4> kNumbers{"的电话", "的手机", "的号码", "的手机号"};
  constexpr std::array<std::string_view, 3> kLinks{" ", ":", "是"};
  strip_end(lead, kLinks);
  const auto clause = last_clause(lead);
  return starts_with_any(clause, kNear) && ends_with_any(clause, kNumbers) && clause.find("我") == clause.npos;
}

/// 师傅电话, 师傅（, 装修师傅老刘, 别打
bool is_of_others(std::string_view lead, bool in_brackets) {
  if (is_left_alone(lead) || is_named_by_number(lead) || is_of_the_near(lead) || is_yours(lead) ||
      is_number_of_the_near(lead))
    return true;
  constexpr std::array<std::string_view, 18> kBetween{"的",   "电话", "号码",   "手机",  "手机号", "留的是",
                                                      "留的", "（",   "(",      "：",    ":",      " ",
                                                      "是",   "is",   "number", "phone", "mobile", "'s"};
  const auto whole = lead.size();
  const bool apart = lead.ends_with(' ');
  strip_end(lead, kBetween);
  if (lead.size() < whole && is_of_the_near(lead)) return true;
  const auto person = without_byname(lead);
  if (!in_brackets && person.size() >= whole && is_staff(lead)) return !has_any(last_clause(lead), kIntroduced);
  if ((!in_brackets && person.size() >= whole) || !ends_with_any(person, kOtherPeople)) return false;
  const auto clause = last_clause(person);
  if (has_any(clause, kIntroduced) || is_own_office(person)) return false;
  const bool only_apart = apart && lead.size() + 1 == whole;
  return !is_sent_for(clause, only_apart) && (!only_apart || !is_signature(person));
}

/// 「物业你好 138…」, 「管家 138…」 at the beginning of a message.
bool is_address(std::string_view text, std::size_t at) {
  constexpr std::array<std::string_view, 8> kGreetings{"你好", "您好", "早上好", "请问", "在吗", "早", " ", "@"};
  constexpr std::size_t kLongest = 30;
  if (at > kLongest || at == 0 || text[at - 1] != ' ') return false;
  auto lead = text.substr(0, at);
  strip_end(lead, kGreetings);
  if (!ends_with_any(lead, kAddressed)) return false;
  lead.remove_suffix(2 * kHan);
  strip_end(lead, kGreetings);
  return lead.empty();
}

/// 「打了138…」, 「我打138…」, 「收到138…的短信」, but not 「给我打138…」.
bool is_dialled(std::string_view lead, std::string_view tail) {
  if (ends_with_any(lead, kReceived) && starts_with_any(tail, kCame)) return true;
  return std::any_of(kDialled.begin(), kDialled.end(), [&](auto word) {
    return lead.ends_with(word) && !ends_with_any(lead.substr(0, lead.size() - word.size()), kPlease);
  });
}

/// 「is 0571-… your number?」, 「the plumber, 138…, never came」
bool is_told_besides(std::string_view lead, std::string_view tail) {
  constexpr std::array<std::string_view, 4> kYours{" your", " you ", " the management", " from your"};
  if (lead.ends_with("is ") && starts_with_any(tail, kYours)) return true;
  return lead.ends_with(", ") && tail.starts_with(',') && lead.size() > 2 && is_letter(lead[lead.size() - 3]) &&
         ends_with_any(lead.substr(0, lead.size() - 2), kOtherPeople);
}

/// 「从138…改为139…」
bool is_replaced(std::string_view lead, std::string_view tail) {
  return starts_with_any(without_pause(tail), kReplaced) || (lead.ends_with("from ") && tail.starts_with(" to"));
}

/// 「有人打我电话138…说楼道锁着」, but not 「打我电话138…说一声」.
bool is_strangers_call(std::string_view lead, std::string_view tail) {
  constexpr std::array<std::string_view, 4> kSigns{" ", "(", ":", "的"};
  strip_end(lead, kSigns);
  while (tail.starts_with(')') || tail.starts_with(' ')) tail.remove_prefix(1);
  return ends_with_any(lead, kCalledMe) && starts_with_any(tail, kAndSaid) && !starts_with_any(tail, kTellMe);
}

/// What a line of a signature calls its number: F, Fax, 传真, M.
enum class Label { none, fax, mobile };

constexpr std::array<std::string_view, 5> kFax{"传真号码", "传真号", "传真", "fax", "facsimile"};

/// Not 「电话（传真）」.
bool is_fax_alone(std::string_view lead) {
  constexpr std::array<std::string_view, 4> kJoints{" ", "/", "(", "&"};
  constexpr std::array<std::string_view, 6> kBoth{"电话", "tel", "phone", "及", "兼", "、"};
  strip_end(lead, kFax);
  strip_end(lead, kJoints);
  return !ends_with_any(lead, kBoth);
}

Label label_of(std::string_view lead) {
  constexpr std::string_view kSigns = " :.+()";
  constexpr std::string_view kApart = "\n|/;,";
  while (!lead.empty() && (kSigns.find(lead.back()) != kSigns.npos)) lead.remove_suffix(1);
  if (ends_with_any(lead, kFax)) return is_fax_alone(lead) ? Label::fax : Label::none;
  if (lead.empty()) return Label::none;
  const char last = lead.back();
  lead.remove_suffix(1);
  while (lead.ends_with(' ')) lead.remove_suffix(1);
  const bool by_itself = lead.empty() || kApart.find(lead.back()) != kApart.npos;
  if (!by_itself || (last != 'f' && last != 'm')) return Label::none;
  return last == 'f' ? Label::fax : Label::mobile;
}

/// 「停机了」 of 「，已经停机了」.
std::string_view behind_links(std::string_view tail) {
  for (bool again = true; again;) {
    again = false;
    for (const auto word : kSilentLinks)
      if (tail.starts_with(word)) tail.remove_prefix(word.size()), again = true;
  }
  return tail;
}

/// Nobody answers there; `tried`: that is no news but what may be, 「打不通就打…」.
struct Unanswered {
  bool said = false, tried = false;
};

Unanswered unanswered_by(std::string_view text, std::size_t at, std::size_t size) {
  const auto before = text.substr(0, at);
  return {.said = true, .tried = starts_with_any(without_pause(text.substr(at + size)), kThen) || has_any(before, kIf)};
}

Unanswered unanswered(std::string_view text) {
  for (const auto word : kUnanswered)
    if (const auto at = text.find(word); at != text.npos && !has_any(text.substr(0, at), kOthersSilent))
      return unanswered_by(text, at, word.size());
  const auto behind = text.size() - behind_links(text).size();
  for (const auto word : kSilentThings)
    if (text.substr(behind).starts_with(word)) return unanswered_by(text, behind, word.size());
  return {};
}

/// What is said right behind a number: 「，已经停机」 of 「，已经停机，你们记一下」.
std::string_view first_clause(std::string_view tail) {
  tail = without_pause(tail);
  return tail.substr(0, std::min({tail.find_first_of(kBreaks), tail.find(' '), tail.find("。")}));
}

/// 「…的电话是 」
bool names_number(std::string_view lead) {
  constexpr std::array<std::string_view, 5> kLinks{" ", ":", "是", "为", "is"};
  strip_end(lead, kLinks);
  return ends_with_any(lead, kNamesOfNumbers);
}

/// 「车主电话138…」, 「车主 138…」, but not 「车主不来 138…」, 「车主不来，138…」 or 「我是司机138…」.
bool is_said_of_others(std::string_view lead, std::string_view before) {
  lead = last_clause(lead);
  if (has_any(lead, kIntroduced) || (is_of_him(lead) && is_of_his_own(before))) return false;
  return std::any_of(kForeign.begin(), kForeign.end(), [&](auto word) {
    const auto at = find_last(lead, word);
    if (at == lead.npos || han_before(lead, at) == "其") return false;  // 其他电话
    auto between = lead.substr(at + word.size());
    const bool apart = between.ends_with(' ') && is_han(between, 0);
    return !apart || names_number(between);
  });
}

/// 「挡风玻璃上写着138…」, but not 「贴着停水通知 138…」.
bool is_on_paper(std::string_view lead) {
  return std::any_of(kOnPaper.begin(), kOnPaper.end(), [&](auto word) {
    const auto at = find_last(lead, word);
    return at != lead.npos && !has_any(lead.substr(at + word.size()), kNotices);
  });
}

/// 「，是谁的」, 「是不是你们的」, but not 「，是不是要先交钱」.
bool is_asked_about(std::string_view tail) {
  tail = without_pause(tail);
  if (starts_with_any(tail, kAskedTail)) return true;
  for (const auto word : kAsking)
    if (tail.starts_with(word)) return tail.size() == word.size() || starts_with_any(tail.substr(word.size()), kWhose);
  return false;
}

/// Told to be of no use, or to be a stranger's who called: 「，空号」, 「打来的」, 「天天给我打」.
bool is_dead(std::string_view tail) {
  const auto clause = first_clause(tail);
  const auto dead = [&](auto word) {
    const auto at = clause.find(word);
    const bool from_here = word.starts_with("打来") && clause.substr(0, at).find("我") != clause.npos;
    return at != clause.npos && !from_here;
  };
  if (std::any_of(kDeadTail.begin(), kDeadTail.end(), dead) || clause.ends_with("不是我")) return true;
  return std::any_of(kCallsMe.begin(), kCallsMe.end(), [&](auto word) {
    const auto at = clause.find(word);
    return at != clause.npos && has_any(clause.substr(0, at), kAgain);
  });
}

/// 「，你们打给他」, but not 「，叫他们来修」.
bool is_to_him(std::string_view tail) {
  return std::any_of(kToHim.begin(), kToHim.end(), [&](auto word) {
    const auto at = tail.find(word);
    return at != tail.npos && !tail.substr(at + word.size()).starts_with(kMany);
  });
}

/// 「…，这个是我的」, but not 「…以后找我 139…」, which is about the next.
bool is_told_to_be_own(std::string_view tail, bool another_follows) {
  if (another_follows)
    while (!tail.empty() && (tail.back() == ' ' || tail.back() == ':')) tail.remove_suffix(1);
  for (const auto word : kOwnTail)
    if (const auto at = tail.find(word); at != tail.npos && !(another_follows && at + word.size() == tail.size()))
      return true;
  return first_clause(tail).ends_with("是我");
}

/// 「我的」, also beside 「我老公的138…」
bool is_called_own(std::string_view lead) {
  constexpr std::array<std::string_view, 5> kLinks{" ", ":", "是", "电话", "手机"};
  constexpr std::array<std::string_view, 2> kMine{"我的", "本人"};
  strip_end(lead, kLinks);
  constexpr std::array<std::string_view, 2> kGiven{"给我的", "打我的"};
  return ends_with_any(lead, kMine) && !ends_with_any(lead, kGiven);
}

/// What a number loses for being told besides another: 「备用…」, 「打不通就打…」.
int second_place(std::string_view lead) {
  const auto other = unanswered(lead);
  return other.tried ? 2 : other.said || has_any(lead, kBesides) ? 1 : 0;
}

}  // namespace

std::string_view words_before(std::string_view text, std::size_t at) {
  const auto from = at > kCueBytes ? at - kCueBytes : 0;
  const auto lead = text.substr(from, at - from);
  const auto digit = lead.find_last_of("0123456789");
  return digit == std::string_view::npos ? lead : lead.substr(digit + 1);
}

int worth_calling(std::string_view text, const Found& found) {
  const auto lead = in_small_letters(words_before(text, found.begin));
  const auto label = label_of(lead);
  if (label == Label::fax) return kNobodysToCall;
  const auto rest = text.substr(found.end, kCueBytes);
  const auto next = rest.find_first_of("0123456789");
  const auto tail = in_small_letters(rest.substr(0, next));  // what is behind the next is about that
  if (is_dialled(lead, tail) || is_strangers_call(lead, tail) || is_told_besides(lead, tail) ||
      is_replaced(lead, tail) || (next != rest.npos && is_said_again(tail, text.substr(found.end + next))) ||
      is_in_room_near(text, lead, found.begin))
    return kNobodysToCall;
  const bool of_others =
      is_of_others(lead, text[found.begin] == '(') && !(found.rule == "mobile" && is_address(text, found.begin));
  const bool called_own = is_called_own(lead);
  const bool own = label == Label::mobile || called_own ||
                   has_any(lead, of_others ? PhoneWords(kAsked) : PhoneWords(kOwn)) ||
                   is_told_to_be_own(tail, next != rest.npos);
  const bool spoken_of = has_any(lead, kSomebody) && is_to_him(tail);
  const auto silent = unanswered(tail);
  const bool dead = is_asked_about(tail) || is_dead(tail) || (silent.said && !silent.tried && !has_any(lead, kIf));
  return (own ? 2 : 0) + (called_own ? 1 : 0) -
         (of_others || spoken_of || is_said_of_others(lead, text.substr(0, found.begin)) ? 3 : 0) - (dead ? 3 : 0) -
         (is_on_paper(lead) ? 3 : 0) - second_place(lead);
}

}  // namespace huiyin::dialogs
