// Whose a name is, by the words before it.
#include "dialogs/understanding/name_context.h"

#include <algorithm>
#include <array>

#include "dialogs/understanding/characters.h"

namespace huiyin::dialogs {
namespace {

/// 「楼下1102的王先生」: what stands between the word for somebody else and the name.
std::string_view without_home(std::string_view lead) {
  constexpr std::array<std::string_view, 9> kPeople{"租客", "住户", "业主", "那户", "那家", "号", "室", "家", "的"};
  for (bool again = true; again && !lead.empty();) {
    again = is_digit(lead.back()) || lead.back() == ' ';
    if (again) lead.remove_suffix(1);
    for (const auto word : kPeople)
      if (lead.ends_with(word)) lead.remove_suffix(word.size()), again = true;
  }
  return lead;
}

/// Do the words before a place or a name say that the writer speaks of himself: 我是楼下…
bool is_own_lead(const NameWords& names, std::string_view lead) {
  constexpr std::size_t kMost = 8 * kHan;
  constexpr std::array<std::string_view, 5> kMine{"我是", "我系", "我就是", "我住", "我在"};
  for (const auto mine : kMine) {
    const auto at = lead.rfind(mine);
    if (at == lead.npos || lead.size() - at > kMost) continue;
    const auto between = lead.substr(at + mine.size());
    if (names.others.at_begin(between) == between.size()) return true;
  }
  return false;
}

}  // namespace

bool is_of_another(const NameWords& names, std::string_view text, std::size_t begin, const NameContext& context) {
  auto lead = text.substr(0, begin);
  while (lead.ends_with(" ")) lead.remove_suffix(1);
  for (const std::string_view link : {"的", "是", "叫"})
    if (lead.ends_with(link)) lead.remove_suffix(link.size());
  if (lead.ends_with("他") || lead.ends_with("她")) return !is_of_relation(names, text, lead.size() - kHan, context);
  lead = without_home(lead);
  return names.others.at_end(lead) && !is_own_lead(names, lead);
}

bool is_of_relation(const NameWords& names, std::string_view text, std::size_t end, const NameContext& context) {
  const bool to_call = context.phone.second != 0 || text.find("联系人") != text.npos;
  if (!to_call) return false;
  return std::any_of(context.hits->begin(), context.hits->end(), [&](const auto& hit) {
    if ((*context.meanings)[static_cast<std::size_t>(hit.tag)].kind != Meaning::Kind::name_relation) return false;
    const auto word = text.substr(hit.begin, hit.end - hit.begin);
    return hit.end <= end && word != "先生" && word != "太太" && !names.others.at_end(text.substr(0, hit.begin));
  });
}

bool is_met(std::string_view cue, std::string_view lead) {
  constexpr std::array<std::string_view, 5> kOwners{"业主", "住户", "租户", "户主", "租客"};
  constexpr std::array<std::string_view, 12> kMet{"和", "跟", "与", "给", "让", "向",
                                                  "对", "为", "各", "位", "体", "他"};
  return std::find(kOwners.begin(), kOwners.end(), cue) != kOwners.end() &&
         std::any_of(kMet.begin(), kMet.end(), [&](auto word) { return lead.ends_with(word); });
}

}  // namespace huiyin::dialogs
