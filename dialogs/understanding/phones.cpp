// Numbers to call back. Groups of digits, Arabic or Chinese, are joined over what people put between them and compared
// with the numbering plans; what is not a plain mainland mobile is asked of libphonenumber.
#include <algorithm>
#include <array>

#include "dialogs/understanding/characters.h"
#include "dialogs/understanding/extract.h"
#include "dialogs/understanding/phone_context.h"
#include "dialogs/understanding/phone_digits.h"
#include "dialogs/understanding/phone_extension.h"
#include "dialogs/understanding/phone_plan.h"
#include "dialogs/understanding/phone_slips.h"
#include "dialogs/understanding/phone_words.h"

namespace huiyin::dialogs {
namespace {

constexpr std::size_t kMobileDigits = 11;
constexpr std::size_t kMostDigits = 18;  // of a number with its country code, written with 00

/// Reads the candidates of one text.
class PhoneReader {
 public:
  PhoneReader(std::string_view text, const PhoneHints& hints)
      : text_(text), hints_(hints), digits_(read_digits(text)) {}

  std::optional<Found> best() {
    std::optional<Found> best;
    int most = kNobodysToCall;
    for (std::size_t i = 0; i < digits_.groups.size();) {
      auto found = at(i);
      if (!found) {
        ++i;
        continue;
      }
      put_right(text_, digits_, *found);
      const int score = worth_calling(text_, *found);
      const bool handy = best && score == most && found->rule == "mobile" && best->rule == "landline" &&
                         found->begin - best->end <= 1;  // 0571-87023356/138…
      if (score > most || handy) {
        most = score;
        best = found;
      }
      while (i < digits_.groups.size() && digits_.groups[i].begin < found->end) ++i;
    }
    return best;
  }

 private:
  /// 13800138000.00元
  [[nodiscard]] bool is_sum(std::size_t end) const {
    auto tail = text_.substr(end);
    if (tail.size() > 2 && tail[0] == '.' && is_digit(tail[1]) && is_digit(tail[2])) tail.remove_prefix(3);
    return tail.starts_with("元") || tail.starts_with("块");
  }

  /// JSQ30-13800138000: a number behind a code.
  [[nodiscard]] bool goes_on_from_code(std::size_t i) const {
    const auto& groups = digits_.groups;
    if (i == 0 || groups[i].joint != '-') return false;
    auto at = groups[i - 1].begin;
    while (at > 0 && text_[at - 1] == '-') --at;
    return at > 1 && is_letter(text_[at - 1]) && is_letter(text_[at - 2]);  // B-1502-138… is a home
  }

  /// 「A138…」, but not 「Jenny138…」 or 「tel138…」.
  [[nodiscard]] bool is_behind_code(std::size_t begin, std::size_t end) const {
    if (begin == 0 || !is_letter(text_[begin - 1])) return false;
    auto from = begin;
    while (from > 0 && is_letter(text_[from - 1])) --from;
    constexpr std::array<std::string_view, 8> kLabels{"tel", "phone", "mobile", "call", "hp", "cell", "mob", "ph"};
    const auto label = in_small_letters(text_.substr(from, begin - from));
    const bool name = label.size() >= 3 && !is_upper(text_[begin - 1]) && end - begin == kMobileDigits;
    return !name && std::find(kLabels.begin(), kLabels.end(), label) == kLabels.end();
  }

  /// Not a piece of something longer: an order number, a card, a plate.
  bool stands_alone(std::size_t begin, std::size_t end) const {
    if (is_behind_code(begin, end)) return false;
    auto lead = std::string_view(text_).substr(0, begin);
    const bool apart = lead.ends_with(' ');  // 「帮我收下快递 138…」
    const bool whole = begin + kMobileDigits == end && text_[begin] == '1';
    while (!lead.empty() && (lead.back() == ' ' || lead.back() == ':' || lead.back() == '.' || lead.back() == '#'))
      lead.remove_suffix(1);
    for (const std::string_view link : {"：", "是", "为"})
      if (lead.ends_with(link)) lead.remove_suffix(link.size());
    if (is_other_number(in_small_letters(lead.substr(lead.size() > 12 ? lead.size() - 12 : 0)), apart && whole))
      return no_cue(lead);
    return end >= text_.size() || (!is_mail(end) && text_[end] != '%' && !is_check_letter(end));
  }

  /// 「单号」, 「order no.」, but not 「David」 or 「帮我收下快递 」.
  static bool is_other_number(std::string_view lead, bool apart) {
    return std::any_of(kOtherNumbers.begin(), kOtherNumbers.end(), [&](auto word) {
      if (!lead.ends_with(word) || (apart && starts_with_any(word, kNoNumbers))) return false;
      const auto before = lead.substr(0, lead.size() - word.size());
      return !is_letter(word.front()) || before.empty() || !is_letter(before.back());
    });
  }

  /// 138…@139.com, but not 138…@微信
  [[nodiscard]] bool is_mail(std::size_t at) const {
    return text_[at] == '@' && at + 1 < text_.size() && is_word(text_[at + 1]);
  }

  /// The X that an identity card's number may end with, not the one before an extension.
  [[nodiscard]] bool is_check_letter(std::size_t at) const {
    const bool goes_on = at + 1 < text_.size() && is_digit(text_[at + 1]);
    return (text_[at] == 'X' || text_[at] == 'x') && !goes_on;
  }

  /// 「no. 138…」 after 「phone」 is one all the same.
  static bool no_cue(std::string_view lead) {
    return has_any(in_small_letters(lead.substr(lead.size() > 16 ? lead.size() - 16 : 0)),
                   std::array<std::string_view, 14>{"phone", "mobile", "tel", "手机", "contact", "cell", "my", "call",
                                                    "whatsapp", "电话", "mob", "hp ", "wechat", "微信"});
  }

  /// +86…, but not 「李梅+138…」, where it parts what is told.
  [[nodiscard]] bool has_plus(std::size_t at) const {
    if (at == 0 || text_[at - 1] != '+') return false;
    if (at == 1 || han_before(text_, at - 1).empty()) return at == 1 || !is_word(text_[at - 2]);
    const auto digits = text_.substr(at, 2);  // 「电话+65…」
    return digits < "13" || digits > "19" || ends_with_any(text_.substr(0, at - 1), kNamesOfNumbers);
  }

  std::optional<Found> at(std::size_t i) const {
    const auto& first = digits_.groups[i];
    if (auto found = run_together(i)) return found;
    const bool plus = has_plus(first.begin);
    std::optional<Found> longest;
    std::size_t count = 0;
    for (std::size_t k = i; k < digits_.groups.size(); ++k) {
      const auto& group = digits_.groups[k];
      if (k > i && group.joint == 0) break;
      count += group.count;
      if (count > kMostDigits) break;
      if (auto found = read(i, k, count, plus)) {
        longest = std::move(found);
        if (longest->rule == "mobile") break;
      }
    }
    return longest;
  }

  /// 「三单元五零二一三五九零幺二三三七八」: the room and then the number.
  std::optional<Found> run_together(std::size_t i) const {
    const auto& group = digits_.groups[i];
    if (group.count != kMobileDigits + 3 && group.count != kMobileDigits + 4) return std::nullopt;
    constexpr std::array<std::string_view, 8> kLevels{"单元", "栋", "幢", "座", "号楼", "楼", "层", "-"};
    const auto room = group.count - kMobileDigits;
    const auto number = std::string_view(digits_.all).substr(group.first + room, kMobileDigits);
    const bool in_chain = group.joint == '-' && i > 0 && digits_.groups[i - 1].count <= 2;
    if (!is_mainland_mobile(number) || group.kind == DigitKind::word) return std::nullopt;
    if (!in_chain && !ends_with_any(text_.substr(0, group.begin), kLevels)) return std::nullopt;
    const auto begin = group.begin + room * (group.kind == DigitKind::han ? kHan : 1);
    return Found{"+86" + std::string(number), begin, group.end, 0.8, "mobile"};
  }

  /// The group sizes in which mobiles are written; any other needs the whole chain for itself.
  bool usual(std::size_t i, std::size_t k) const {
    const auto count = [&](std::size_t n) { return digits_.groups[i + n].count; };
    switch (k - i) {
      case 0:
        return true;
      case 1:
        return count(0) >= 3;
      case 2:
        return count(0) == 3 && (count(1) == 4 || count(1) == 3);
      default:
        return false;
    }
  }

  /// 「0571，87654321」, 「0571，8765，4321」
  [[nodiscard]] bool is_area_code(std::size_t i, std::size_t k) const {
    const auto& groups = digits_.groups;
    const auto local = groups[k].first + groups[k].count - groups[i].first - groups[i].count;
    return k > i && k <= i + 2 && digits_.all[groups[i].first] == '0' && groups[i].count <= 4 && groups[i].count >= 3 &&
           (local == 7 || local == 8);
  }

  /// 「8幢1004 」, 「5-1-602 」: the group before `i` ends a home, so that a number begins here.
  [[nodiscard]] bool is_behind_home(std::size_t i) const {
    constexpr std::array<std::string_view, 11> kLevels{"栋", "幢", "座", "单元", "号楼", "楼",
                                                       "层", "阁", "苑", "号",   "#"};
    const auto& groups = digits_.groups;
    if (i == 0 || groups[i - 1].count > 4 || groups[i].joint == '~') return false;
    if (groups[i - 1].joint == '-' && i > 1 && groups[i - 2].count <= 2) return true;
    return groups[i - 1].joint == 0 && ends_with_any(text_.substr(0, groups[i - 1].begin), kLevels);
  }

  /// 13,800,138,000 is a sum, but 138，0013，8000 a number; voices pause anywhere.
  bool has_comma(std::size_t i, std::size_t k) const {
    const auto& groups = digits_.groups;
    for (auto n = i + 1; n <= k; ++n)
      if (groups[n].joint == ',' && groups[n].kind == DigitKind::arabic) return true;
    return false;
  }

  /// 「号码是135，7555，22，76」 is read out; 135,755,522,76 might be sums.
  [[nodiscard]] bool may_pause(std::size_t i, std::size_t k) const {
    const auto& first = digits_.groups[i];
    return usual(i, k) ||
           (first.count == 3 && has_any(in_small_letters(words_before(text_, first.begin)), kPhoneWords));
  }

  bool fits_in_chain(std::size_t i, std::size_t k) const {
    const auto& groups = digits_.groups;
    const bool begins = groups[i].joint == 0 || parts_numbers(i) || is_country(i) || is_behind_home(i);
    const bool ends = k + 1 == groups.size() || groups[k + 1].joint == 0 || parts_numbers(k + 1);
    if (begins && ends) return true;
    const bool glued = groups[i].joint == '~';  // 「1203一三八…」: the one in digits, the other in words
    if (glued && (k > i || groups[i - 1].count > 4)) return false;
    if (k + 1 < groups.size() && groups[k + 1].joint == '~') return false;
    if (!usual(i, k)) return false;
    // A row of cards or of an order goes on in the same way: 6222 0213 8001 3800; a number of its own may stand beside
    // another: 13800138000 13900139000.
    const bool whole = k == i && groups[i].count == kMobileDigits;
    const bool short_before = begins || groups[i - 1].count <= 4 || (whole && groups[i].joint == ' ');
    const bool short_after = ends || groups[k + 1].count <= 4 || (whole && groups[k + 1].joint == ' ');
    return short_before && short_after;
  }

  /// A comma, or the slash of 13900001111/13900002222.
  [[nodiscard]] bool parts_numbers(std::size_t i) const {
    const auto& groups = digits_.groups;
    const bool whole = groups[i].count == kMobileDigits || (i > 0 && groups[i - 1].count == kMobileDigits);
    return groups[i].joint == ',' || (groups[i].joint == '/' && whole);
  }

  /// 86, 0086 before the number, joined to it.
  bool is_country(std::size_t i) const {
    if (i == 0) return false;
    const auto& group = digits_.groups[i - 1];
    const auto code = std::string_view(digits_.all).substr(group.first, group.count);
    return code == "86" || code == "0086";
  }

  std::optional<Found> read(std::size_t i, std::size_t k, std::size_t count, bool plus) const {
    const auto number = std::string_view(digits_.all).substr(digits_.groups[i].first, count);
    auto begin = digits_.groups[i].begin;
    const auto end = digits_.groups[k].end;
    const bool abroad = plus && !number.starts_with("86");  // +1 415 555 2671 has eleven digits too
    auto found =
        !abroad && is_mainland_mobile(strip_country(number)) ? mobile(number, i, k) : other(number, i, k, plus);
    if (!found) return std::nullopt;
    if (plus) --begin;
    if (begin > 0 && text_[begin - 1] == '(') --begin;
    if (!stands_alone(begin, end) || is_sum(end) || goes_on_from_code(i)) return std::nullopt;
    found->begin = begin;
    found->end = end;
    if (found->rule != "mobile") add_extension(text_, *found);
    return found;
  }

  std::optional<Found> mobile(std::string_view number, std::size_t i, std::size_t k) const {
    if (!fits_in_chain(i, k) || (has_comma(i, k) && !may_pause(i, k)) || is_host(i, k)) return std::nullopt;
    return Found{.value = "+86" + std::string(strip_country(number)), .confidence = 0.95, .rule = "mobile"};
  }

  /// 192.168.138.57
  [[nodiscard]] bool is_host(std::size_t i, std::size_t k) const {
    if (k != i + 3) return false;
    for (auto n = i; n <= k; ++n)
      if (digits_.groups[n].count > 3 || (n > i && digits_.groups[n].joint != '.')) return false;
    return true;
  }

  std::optional<Found> other(std::string_view number, std::size_t i, std::size_t k, bool plus) const {
    if (has_comma(i, k) && !is_area_code(i, k)) return std::nullopt;
    const auto international = plus || (number.size() > 10 && number.starts_with("00"));
    auto e164 = international ? international_number(number) : national(number, i, k);
    if (!e164) return std::nullopt;
    return Found{.value = *std::move(e164), .confidence = 0.95, .rule = international ? "international" : "landline"};
  }

  /// 852 6233 8841
  static bool is_of_harbour(std::string_view number) {
    constexpr std::array<std::string_view, 3> kCodes{"852", "853", "886"};
    return number.size() > 10 && starts_with_any(number, kCodes);
  }

  [[nodiscard]] std::optional<std::string> with_area_code(std::string_view number, std::size_t i, std::size_t k) const {
    const auto& groups = digits_.groups;
    auto landline = landline_number(number);
    return landline || groups[k].count < 4 || groups[i].joint == ' ' ? landline : grown_landline_number(number);
  }

  std::optional<std::string> national(std::string_view number, std::size_t i, std::size_t k) const {
    const auto& groups = digits_.groups;
    const bool alone = (groups[i].joint == 0 || groups[i].joint == ',' || groups[i].joint == ' ') &&
                       (k + 1 == groups.size() || groups[k + 1].joint != '~');
    if (!alone) return std::nullopt;
    if (const auto code = area_code_told(i, k); !code.empty() && number.front() != '0')
      return local_number(number, code);
    if (number.front() == '0') return with_area_code(number, i, k);
    if (groups[i].count == 2 && k > i && number.starts_with("86")) return local_number(number.substr(2), "+86");
    const bool called = has_any(in_small_letters(words_before(text_, groups[i].begin)), kPhoneWords);
    if (is_of_harbour(number) && (called || (groups[i].count == 3 && k > i))) return international_number(number);
    const bool halved = k == i || (k == i + 1 && groups[k].count == 4);
    if (!halved || is_row_of_card(k)) return std::nullopt;
    const bool called_there = number.front() == '9' && k > i && hints_.area_code.empty();  // 9123 4567: Hong Kong's
    return without_area_code(number, called || is_whole(i, k) || called_there);
  }

  /// 「区号0571，电话87654321」, 「电话87654321，区号0571」
  [[nodiscard]] std::string_view area_code_told(std::size_t i, std::size_t k) const {
    const auto& groups = digits_.groups;
    if (i > 0 && is_called_area_code(groups[i - 1])) return digits_of(groups[i - 1]);
    if (k + 1 < groups.size() && is_called_area_code(groups[k + 1])) return digits_of(groups[k + 1]);
    return {};
  }

  [[nodiscard]] std::string_view digits_of(const Group& group) const {
    return std::string_view(digits_.all).substr(group.first, group.count);
  }

  [[nodiscard]] bool is_called_area_code(const Group& code) const {
    constexpr std::string_view kCalled = "区号";
    if (code.count < 3 || code.count > 4 || digits_.all[code.first] != '0') return false;
    auto lead = text_.substr(0, code.begin);
    while (lead.ends_with(' ') || lead.ends_with(':')) lead.remove_suffix(1);
    if (lead.ends_with("是")) lead.remove_suffix(kHan);
    return lead.ends_with(kCalled) || text_.substr(code.end).starts_with(kCalled);
  }

  /// 6222 0213 8001 3800: more of the same follows.
  [[nodiscard]] bool is_row_of_card(std::size_t k) const {
    const auto& groups = digits_.groups;
    if (k + 3 >= groups.size()) return false;
    return std::all_of(groups.begin() + static_cast<std::ptrdiff_t>(k) + 1,
                       groups.begin() + static_cast<std::ptrdiff_t>(k) + 4,
                       [&](const Group& group) { return group.joint == groups[k + 1].joint && group.count >= 3; }) &&
           (groups[k + 1].joint == ' ' || groups[k + 1].joint == '-');
  }

  /// Seven or eight digits. `meant`: they are said to be a number to call.
  [[nodiscard]] std::optional<std::string> without_area_code(std::string_view number, bool meant) const {
    if (number.size() != 8 && number.size() != 7) return std::nullopt;
    if (!hints_.area_code.empty() && meant && !is_date(number)) return local_number(number, hints_.area_code);
    if (number.size() != 8) return std::nullopt;
    return harbour_number(number, {.called = meant, .hints = hints_});
  }

  /// 20261126
  static bool is_date(std::string_view number) {
    return number.size() == 8 && (number.starts_with("20") || number.starts_with("19")) && number[4] <= '1' &&
           number[6] <= '3';
  }

  bool is_whole(std::size_t i, std::size_t k) const {
    return digits_.groups[i].begin == 0 && digits_.groups[k].end == text_.size();
  }

  std::string_view text_;
  PhoneHints hints_;
  Digits digits_;
};

bool has_enough_digits(std::string_view text) {
  constexpr std::size_t kLeast = 7;
  std::size_t count = 0;
  for (std::size_t at = 0; at < text.size() && count < kLeast;) {
    bool chinese = false;
    if (take_digit(text, at, chinese) >= 0) {
      ++count;
    } else if (const auto spelled = take_spelled(text, at); spelled.times > 0) {
      count += spelled.times;
    } else {
      count += text[at] == 'O' || text[at] == 'l' ? 1 : 0;  // 138OO138OOO
      (void)take_character(text, at);
    }
  }
  return count >= kLeast;
}

}  // namespace

std::optional<Found> find_phone(std::string_view text, const PhoneHints& hints) {
  if (!has_enough_digits(text)) return std::nullopt;
  return PhoneReader(text, hints).best();
}

}  // namespace huiyin::dialogs
