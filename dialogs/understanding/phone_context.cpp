// Whose a number is, told from the words before and behind it.
#include "dialogs/understanding/phone_context.h"

#include <algorithm>

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

/// 师傅电话, 师傅（, 装修师傅老刘, 别打
bool is_of_others(std::string_view lead, bool in_brackets) {
  if (ends_with_any(lead, kLeftAlone) || ends_with_any(without_links(lead), kLeftAlone)) return true;
  if (ends_with_any(lead, kNamedByNumber)) return lead.find("我是") == lead.npos;
  if (is_of_the_near(lead)) return true;
  constexpr std::array<std::string_view, 18> kBetween{"的",   "电话", "号码",   "手机",  "手机号", "留的是",
                                                      "留的", "（",   "(",      "：",    ":",      " ",
                                                      "是",   "is",   "number", "phone", "mobile", "'s"};
  const auto whole = lead.size();
  strip_end(lead, kBetween);
  if (lead.size() < whole && is_of_the_near(lead)) return true;
  const auto person = without_byname(lead);
  return (in_brackets || person.size() < whole) && ends_with_any(person, kOtherPeople);
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

std::string_view without_pause(std::string_view tail) {
  while (!tail.empty() && (tail.front() == ' ' || tail.front() == ',')) tail.remove_prefix(1);
  return tail;
}

/// Nobody answers there; `tried`: that is no news but what may be, 「打不通就打…」.
struct Unanswered {
  bool said = false, tried = false;
};

Unanswered unanswered(std::string_view text) {
  for (const auto word : kUnanswered)
    if (const auto at = text.find(word); at != text.npos && !has_any(text.substr(0, at), kOthersSilent))
      return {.said = true,
              .tried = starts_with_any(without_pause(text.substr(at + word.size())), kThen) ||
                       has_any(text.substr(0, at), kIf)};
  return {};
}

constexpr std::string_view kBreaks = ",;!?\n";

/// What is said right behind a number: 「，已经停机」 of 「，已经停机，你们记一下」.
std::string_view first_clause(std::string_view tail) {
  tail = without_pause(tail);
  return tail.substr(0, std::min({tail.find_first_of(kBreaks), tail.find(' '), tail.find("。")}));
}

/// 「车主电话138…」, 「车主 138…」, but not 「车主不来 138…」 or 「车主不来，138…」.
bool is_said_of_others(std::string_view lead) {
  if (const auto last = lead.find_last_of(kBreaks); last != lead.npos) lead.remove_prefix(last + 1);
  if (const auto stop = lead.rfind("。"); stop != lead.npos) lead.remove_prefix(stop + kHan);
  return std::any_of(kForeign.begin(), kForeign.end(), [&](auto word) {
    const auto at = lead.rfind(word);
    if (at == lead.npos) return false;
    auto between = lead.substr(at + word.size());
    const bool apart = between.ends_with(' ') && is_han(between, 0);
    return !apart || has_any(between, kPhoneWords);
  });
}

/// 「…，这个是我的」, but not 「…以后找我 139…」, which is about the next.
bool is_told_to_be_own(std::string_view tail, bool another_follows) {
  if (another_follows)
    while (!tail.empty() && (tail.back() == ' ' || tail.back() == ':')) tail.remove_suffix(1);
  for (const auto word : kOwnTail)
    if (const auto at = tail.find(word); at != tail.npos && !(another_follows && at + word.size() == tail.size()))
      return true;
  return false;
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
  const bool of_others = is_of_others(lead, text[found.begin] == '(');
  const bool own = label == Label::mobile || has_any(lead, of_others ? PhoneWords(kAsked) : PhoneWords(kOwn)) ||
                   is_told_to_be_own(tail, next != rest.npos);
  const bool spoken_of = has_any(lead, kSomebody) && has_any(tail, kToHim);
  const auto silent = unanswered(tail);
  const bool dead = starts_with_any(without_pause(tail), kAskedTail) || has_any(first_clause(tail), kDeadTail) ||
                    (silent.said && !silent.tried && !has_any(lead, kIf));
  return (own ? 2 : 0) - (of_others || spoken_of || is_said_of_others(lead) ? 3 : 0) - (dead ? 3 : 0) -
         (has_any(lead, kOnPaper) ? 3 : 0) - second_place(lead);
}

}  // namespace huiyin::dialogs
