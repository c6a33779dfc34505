// Whom 「他的电话138…」 speaks of.
#include "dialogs/understanding/phone_persons.h"

#include <algorithm>
#include <array>

#include "dialogs/understanding/phone_words.h"

namespace huiyin::dialogs {
namespace {

constexpr std::array<std::string_view, 42> kOwnPeople{
    "我妈", "我爸", "妈妈", "爸爸", "母亲", "父亲",   "我老公",  "我老婆", "我爱人", "我先生", "我太太",
    "丈夫", "妻子", "儿子", "女儿", "孩子", "家人",   "婆婆",    "公公",   "岳父",   "岳母",   "我哥",
    "我弟", "我姐", "我妹", "媳妇", "女婿", "爷爷",   "奶奶",    "外公",   "外婆",   "姥姥",   "姥爷",
    "亲戚", "同事", "东家", "雇主", "主人", "我室友", "husband", "wife",   "mother"};
/// Of these a landlord tells who it is that needs help.
constexpr std::array<std::string_view, 3> kTenants{"租客", "房客", "租户"};
constexpr std::array<std::string_view, 4> kLandlord{"我是房东", "我房子", "我的房子", "出租"};
/// Who works for the one whose number he gives.
constexpr std::array<std::string_view, 8> kServants{"我是钟点工", "我是保姆", "我是护工", "我是阿姨",
                                                    "我是家政",   "我是助理", "我是月嫂", "我是住家"};
constexpr std::array<std::string_view, 3> kFor{"帮", "替", "代"};
constexpr std::array<std::string_view, 5> kReports{"报修", "报的", "报一", "报个", "登记"};
constexpr std::array<std::string_view, 11> kOfHim{"电话",   "的电话", "手机", "的手机", "家电话", "号码",
                                                  "的号码", "号",     "微信", "的微信", "手机号"};
constexpr std::array<std::string_view, 2> kHim{"他", "她"};

/// Behind the last of the words; 0: none stands there.
std::size_t behind_last(std::string_view text, PhoneWords words) {
  std::size_t behind = 0;
  for (const auto word : words)
    if (const auto at = find_last(text, word); at != text.npos) behind = std::max(behind, at + word.size());
  return behind;
}

/// 「替楼上张大爷报的」, but not 「帮我报修」.
bool reports_for_another(std::string_view text) {
  return std::any_of(kFor.begin(), kFor.end(), [&](auto word) {
    const auto at = text.find(word);
    if (at == text.npos) return false;
    const auto whom = text.substr(at + word.size());
    return !whom.starts_with("我") && !whom.starts_with("忙") && has_any(whom, kReports);
  });
}

}  // namespace

bool is_of_his_own(std::string_view before) {
  if (has_any(before, kServants) || reports_for_another(before)) return true;
  const bool lets = has_any(before, kLandlord);
  const auto own = std::max(behind_last(before, kOwnPeople), lets ? behind_last(before, kTenants) : 0);
  return own > behind_last(before, kOtherPeople);
}

bool is_of_him(std::string_view lead) {
  while (lead.ends_with(' ') || lead.ends_with(':')) lead.remove_suffix(1);
  if (lead.ends_with("是")) lead.remove_suffix(kHan);
  return std::any_of(kOfHim.begin(), kOfHim.end(), [&](auto word) {
    return closes_with(lead, word) && ends_with_any(lead.substr(0, lead.size() - word.size()), kHim);
  });
}

}  // namespace huiyin::dialogs
