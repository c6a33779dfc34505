// Whose a name is, by the words before it.
#include "dialogs/understanding/name_context.h"

#include <algorithm>
#include <array>

#include "dialogs/understanding/characters.h"
#include "dialogs/understanding/words.h"

namespace huiyin::dialogs {
namespace {

/// 「楼下1102的王先生」: what stands between the word for somebody else and the name.
std::string_view without_home(std::string_view lead) {
  constexpr std::array<std::string_view, 9> kPeople{"租客", "住户", "业主", "那户", "那家", "号", "室", "家", "的"};
  for (bool again = true; again && !lead.empty();) {
    again = is_digit(lead.back()) || lead.back() == ' ';
    if (again) lead.remove_suffix(1);
    for (const auto word : kPeople)
      if (closes_with(lead, word)) lead.remove_suffix(word.size()), again = true;
  }
  return lead;
}

/// Do the words before a place or a name say that the writer speaks of himself: 我是楼下…
bool is_own_lead(const NameWords& names, std::string_view lead) {
  constexpr std::size_t kMost = 8 * kHan;
  constexpr std::array<std::string_view, 5> kMine{"我是", "我系", "我就是", "我住", "我在"};
  lead.remove_prefix(lead.size() - std::min(lead.size(), kMost));
  for (const auto mine : kMine) {
    const auto at = lead.rfind(mine);
    if (at == lead.npos) continue;
    const auto between = lead.substr(at + mine.size());
    if (names.others.at_begin(between) == between.size()) return true;
  }
  return false;
}

}  // namespace

bool is_of_another(const NameWords& names, std::string_view text, std::size_t begin, std::size_t own_told) {
  auto lead = text.substr(0, begin);
  while (lead.ends_with(" ")) lead.remove_suffix(1);
  for (const std::string_view link : {"的", "是", "叫"})
    if (closes_with(lead, link)) lead.remove_suffix(link.size());
  if (lead.ends_with("他") || lead.ends_with("她")) return own_told > lead.size() - kHan;
  lead = without_home(lead);
  return names.others.at_end(lead) && !is_own_lead(names, lead);
}

std::size_t own_told_at(const NameWords& names, std::string_view text, const std::vector<PhraseHit>& relations,
                        bool with_phone) {
  auto first = std::string_view::npos;
  if (relations.empty() || (!with_phone && text.find("联系人") == text.npos)) return first;
  for (const auto& hit : relations) {
    const auto word = text.substr(hit.begin, hit.end - hit.begin);
    const bool own = word != "先生" && word != "太太" && !names.others.at_end(text.substr(0, hit.begin));
    if (own) first = std::min(first, hit.end);
  }
  return first;
}

bool is_thanked(std::string_view lead) {
  constexpr std::array<std::string_view, 3> kThanks{"感谢", "表扬", "投诉"};
  constexpr std::size_t kMost = 20 * kHan;
  lead.remove_prefix(lead.size() - std::min(lead.size(), kMost));
  return has_any(lead, kThanks);
}

bool is_supposed(std::string_view lead) {
  for (;;)
    if (lead.ends_with(' ') || lead.ends_with('\n'))
      lead.remove_suffix(1);
    else if (closes_with(lead, "的"))
      lead.remove_suffix(kHan);
    else
      return ends_in_hearsay(lead) || closes_with(lead, "主人是");
}

bool is_a_wish(std::string_view said) {
  constexpr std::array<std::string_view, 14> kWords{"问", "找", "说", "想", "要", "投诉", "让",
                                                    "等", "给", "和", "跟", "看", "听",   "不"};
  return has_any(said, kWords);
}

bool is_met(std::string_view cue, std::string_view lead) {
  constexpr std::array<std::string_view, 5> kOwners{"业主", "住户", "租户", "户主", "租客"};
  constexpr std::array<std::string_view, 12> kMet{"和", "跟", "与", "给", "让", "向",
                                                  "对", "为", "各", "位", "体", "他"};
  return std::find(kOwners.begin(), kOwners.end(), cue) != kOwners.end() && ends_with_any(lead, kMet);
}

}  // namespace huiyin::dialogs
