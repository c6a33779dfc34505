// Whose a place is, by the words around it: one's own, somebody else's, one that is taken back.
#include <algorithm>
#include <array>

#include "dialogs/understanding/characters.h"
#include "dialogs/understanding/places.h"
#include "dialogs/understanding/words.h"

namespace huiyin::dialogs {
namespace {

constexpr std::array<std::string_view, 46> kOwn{
    "我家",    "我们家",    "我屋",      "我屋企",    "俺家",    "我是",    "我住",    "住",
    "住在",    "家住",      "家在",      "住址",      "地址",    "位置",    "房号",    "门牌",
    "门牌号",  "我在",      "本人",      "我们",      "我",      "俺",      "咱家",    "咱",
    "业主",    "住户",      "房间号",    "室号",      "顶楼",    "我系",    "我家是",  "家是",
    "户",      "i live in", "i live at", "i live on", "live in", "live at", "live on", "my address is",
    "address", "i'm in",    "i'm at",    "i am in",   "from",    "my"};
constexpr std::array<std::string_view, 20> kForeign{"楼上",     "楼下",       "隔壁",       "对门",      "对面",
                                                    "邻居",     "旁边",       "邻近",       "楼上楼下",  "对过",
                                                    "隔离",     "upstairs",   "downstairs", "next door", "neighbour",
                                                    "neighbor", "neighbours", "neighbors",  "above us",  "opposite"};
constexpr std::array<std::string_view, 22> kNegated{
    "不是",  "唔系",       "唔是",   "不系",   "而非", "并非",   "填成",   "写成",   "错写成", "原来是", "not",
    "isn't", "instead of", "填的是", "以前住", "不在", "原来住", "之前住", "原先住", "本来住", "曾经住", "moved from"};
constexpr std::array<std::string_view, 17> kChosen{"应该是",   "应为", "改成",   "改为", "换成",     "更正为",
                                                   "更正",     "而是", "其实是", "系",   "正确的是", "should be",
                                                   "actually", "it's", "搬到",   "搬至", "现在住"};
constexpr std::array<std::string_view, 16> kForeignTail{"的邻居", "那户",     "那家",   "旁边那", "的租客", "的那户",
                                                        "的那家", "邻居",     "的装修", "的狗",   "那个男", "那个女",
                                                        "的人家", "家的小孩", "的小孩", "自提"};
constexpr std::array<std::string_view, 8> kPublicTail{"走廊",   "楼道", "电梯厅", "电梯口",
                                                      "电梯间", "过道", "楼梯",   "公共"};
constexpr std::array<std::string_view, 10> kLinks{"的", "是", "在", "为", "家", "了", "住", ":", "：", " "};
constexpr std::array<std::string_view, 6> kForeignLinks{"的", "家", "户", "住", "是", " "};

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return is_upper(c) ? static_cast<char>(c + 32) : c; });
  return out;
}

/// The text before a place, small letters, without what links a cue to it.
template <std::size_t N>
std::string_view without_links(std::string_view lead, const std::array<std::string_view, N>& links) {
  for (int i = 0; i < 4; ++i) {
    const auto before = lead.size();
    for (const auto link : links)
      if (lead.ends_with(link)) lead.remove_suffix(link.size());
    if (lead.size() == before) break;
  }
  return lead;
}

bool is_floor_only(const Place& place) {
  return place.building.empty() && place.unit.empty() && place.room.empty() && place.phase.empty();
}

/// 「对门独居的奶奶两天没出门，4栋1602」: a report about a neighbour gives the neighbour's home.
bool about_neighbour(std::string_view text) {
  constexpr std::array<std::string_view, 3> kNeighbour{"邻居", "对门", "隔壁"};
  constexpr std::array<std::string_view, 7> kCare{"独居", "没出门", "敲门", "不想活", "遗书", "去看", "倒在"};
  const auto has = [&](std::string_view word) { return text.find(word) != std::string_view::npos; };
  return starts_with_any(text, kNeighbour) && !has("我") && std::any_of(kCare.begin(), kCare.end(), has);
}

/// 「南京東路五段123號7樓」: a floor behind a house number is a home.
bool after_street_number(std::string_view text, std::size_t at) {
  constexpr std::array<std::string_view, 6> kStreets{"路", "街", "道", "巷", "段", "弄"};
  constexpr std::string_view kNumber = "号";
  auto lead = text.substr(0, at);
  if (!lead.ends_with(kNumber)) return false;
  lead.remove_suffix(kNumber.size());
  const auto digits = lead.find_last_not_of("0123456789") + 1;
  return digits < lead.size() && ends_with_any(lead.substr(0, digits), kStreets);
}

/// 「代我父亲报修，他住11-1-101」
bool speaks_for_own(std::string_view text) {
  constexpr std::size_t kMost = 80 * kHan;
  text.remove_prefix(text.size() - std::min(text.size(), kMost));
  constexpr std::array<std::string_view, 12> kOwnPeople{"我爸",   "我妈", "父亲", "母亲", "父母", "我爷爷",
                                                        "我奶奶", "岳父", "岳母", "婆婆", "公公", "我家老人"};
  return has_any(text, kOwnPeople);
}

/// 「投诉3栋1502」, 「物业办公室是在1栋101」, 「我朋友住12栋」, 「住8幢1002的老太太」
bool is_spoken_of(std::string_view lead, std::string_view before, std::string_view tail, bool has_room) {
  constexpr std::array<std::string_view, 5> kBlame{"投诉", "举报", "投诉一下", "举报一下", "反映一下"};
  constexpr std::array<std::string_view, 11> kOffices{"办公室", "物业", "服务中心", "客服中心", "前台", "监控室",
                                                      "活动室", "驿站", "快递柜",   "居委会",   "门岗"};
  constexpr std::array<std::string_view, 10> kFriends{"朋友", "同事", "亲戚", "同学", "客户",
                                                      "闺蜜", "他",   "她",   "人家", "他们"};
  constexpr std::array<std::string_view, 5> kLiving{"住在", "家住", "就住", "住", "家"};
  constexpr std::array<std::string_view, 12> kPeople{"的老太", "的老头", "的老人", "的大爷", "的大妈", "的男",
                                                     "的女",   "的那",   "的人",   "的小伙", "的夫妻", "那帮"};
  constexpr std::array<std::string_view, 7> kMine{"我是", "我家", "我们", "我住", "我系", "本人", "我"};
  constexpr std::array<std::string_view, 3> kIs{"是", "在", " "};
  if (has_room && ends_with_any(lead, kBlame)) return true;
  if (ends_with_any(without_links(lead, kIs), kOffices)) return true;
  const auto clause = lead.substr(lead.find_last_of(",;!?\n ") + 1);
  for (const auto word : kLiving)
    if (const auto at = clause.rfind(word); at != clause.npos && ends_with_any(clause.substr(0, at), kFriends))
      return !speaks_for_own(before);
  return has_room && starts_with_any(tail, kPeople) && !ends_with_any(without_links(lead, kIs), kMine);
}

/// 「听说是7栋1102扔的」: one who knows it by hearsay does not live there.
bool is_hearsay(std::string_view lead, std::string_view tail) {
  constexpr std::array<std::string_view, 12> kDone{"扔的", "丢的", "倒的", "弄的", "搞的", "放的",
                                                   "养的", "干的", "抛的", "堆的", "家的", "住户"};
  return ends_in_hearsay(lead) && starts_with_any(tail, kDone);
}

enum class Near { no, theirs, mine };

/// 「楼上」; 「我住隔壁」 is one's own.
Near near_of(std::string_view lead) {
  constexpr std::array<std::string_view, 5> kMine{"我住", "我就住", "我是", "我家在", "我在"};
  const auto word = std::find_if(kForeign.begin(), kForeign.end(), [&](auto one) { return lead.ends_with(one); });
  if (word == kForeign.end()) return Near::no;
  return ends_with_any(lead.substr(0, lead.size() - word->size()), kMine) ? Near::mine : Near::theirs;
}

/// 「water comes from flat 8C」「flat 8C's dog」, not 「I'm writing from flat 18B」.
bool is_left(std::string_view lead, std::string_view tail) {
  constexpr std::array<std::string_view, 3> kOut{"out of ", "from ", "the people in "};
  constexpr std::array<std::string_view, 4> kWriting{"writing from ", "calling from ", "here from ", "message from "};
  return tail.starts_with("'s") || (ends_with_any(lead, kOut) && !ends_with_any(lead, kWriting));
}

/// Do the words around a place make it somebody else's? `lead` and `tail` are what stands right before and behind it.
bool is_foreign(std::string_view text, const Fragment& found, std::string_view lead, std::string_view tail) {
  const auto& place = found.place;
  const bool has_room = !place.room.empty();
  if (found.near || is_hearsay(lead, tail)) return true;
  if ((place.building.empty() || has_room) && starts_with_any(tail, kForeignTail)) return true;
  if (has_room && about_neighbour(text)) return true;
  if (is_spoken_of(lead, text.substr(0, found.begin), tail, has_room)) return true;
  return place.building.empty() && place.unit.empty() && place.english && is_left(lead, tail);
}

void judge(std::string_view text, Fragment& found) {
  constexpr std::size_t kLead = 40;
  const auto from = found.begin > kLead ? found.begin - kLead : 0;
  const auto lead = lower(text.substr(from, found.begin - from));
  const auto tail = text.substr(found.end);
  const auto bare = without_links(std::string_view(lead), kLinks);
  const auto near = near_of(lead);
  found.near = near == Near::theirs || near_of(without_links(std::string_view(lead), kForeignLinks)) == Near::theirs;
  found.foreign = is_foreign(text, found, lead, tail);
  found.negated =
      ends_with_any(lead, kNegated) ||
      ends_with_any(without_links(std::string_view(lead), std::array<std::string_view, 2>{" ", "在"}), kNegated);
  found.chosen = !found.negated && (ends_with_any(lead, kChosen) || ends_with_any(bare, kChosen));
  found.own = !found.foreign && !found.negated &&
              (near == Near::mine || ends_with_any(lead, kOwn) || ends_with_any(bare, kOwn));
  if (is_floor_only(found.place) && !found.foreign && after_street_number(text, found.begin)) found.own = true;
  if (is_floor_only(found.place) && !found.own && starts_with_any(tail, kPublicTail)) found.chosen = true;
}

bool can_begin(std::string_view text, std::size_t at) {
  if (is_word(text[at])) return at == 0 || !is_word(text[at - 1]);
  const auto lead = static_cast<unsigned char>(text[at]);
  return lead >= 0xE3 && lead <= 0xE9 && at + kHan <= text.size();
}

/// 「5、6号楼之间」「1到4栋」: of several buildings none is meant.
bool in_range(std::string_view text, std::size_t at) {
  constexpr std::array<std::string_view, 6> kAnd{"、", "到", "至", "和", "与", "跟"};
  const auto lead = text.substr(0, at);
  return std::any_of(kAnd.begin(), kAnd.end(), [&](auto word) {
    if (!lead.ends_with(word) || lead.size() == word.size()) return false;
    auto digits = lead.size() - word.size();
    while (digits > 0 && is_digit(lead[digits - 1])) --digits;
    const auto count = lead.size() - word.size() - digits;
    return (count == 1 || count == 2) && (digits == 0 || !is_word(lead[digits - 1])) &&
           !lead.substr(0, digits).ends_with("-");
  });
}

/// 「3-5栋」「负2层」「B2-208」「12:30」: what stands before makes it another thing.
bool spoiled(std::string_view text, std::size_t at) {
  constexpr std::array<std::string_view, 16> kNot{"负", "地下", "地库", "车位",   "车库", "第三方", "电梯",   "号线",
                                                  "¥",  "￥",   "编号", "取件码", "单号", "型号",   "验证码", "密码"};
  if (at == 0) return false;
  if (text.substr(0, at).ends_with("哪") || in_range(text, at)) return true;
  if (at > 1 &&
      (text[at - 1] == '-' || text[at - 1] == ':' || text[at - 1] == '.' || text[at - 1] == '~' ||
       text[at - 1] == '/') &&
      is_word(text[at - 2]))
    return true;
  if (text[at - 1] == '-' && (at < 2 || text[at - 2] == ' ')) return true;
  constexpr std::array<std::string_view, 9> kCodes{"型号",   "编号",   "单号",   "版本", "车牌",
                                                   "车牌号", "取件码", "验证码", "密码"};
  auto lead = text.substr(0, at);
  if (ends_with_any(lead, kNot)) return true;
  while (lead.ends_with(' ') || lead.ends_with(':')) lead.remove_suffix(1);
  return ends_with_any(lead, kCodes);
}

/// 「房号写反了，是1203不是1302」「把1303改成1403，2幢的」, not 「尾号改成1403」.
bool is_put_right(std::string_view lead) {
  constexpr std::array<std::string_view, 3> kPut{"是", "改成", "改为"};
  constexpr std::array<std::string_view, 4> kRooms{"房号", "门牌", "房间", "室号"};
  constexpr std::size_t kMost = 36;
  if (!ends_with_any(lead, kPut)) return false;
  const auto near = lead.substr(lead.size() > kMost ? lead.size() - kMost : 0);
  if (has_any(near, kRooms)) return true;
  if (lead.ends_with("是")) return false;
  const auto end = lead.size() - 2 * kHan;  // 把1303改成
  auto digits = end;
  while (digits > 0 && is_digit(lead[digits - 1])) --digits;
  return (end - digits == 3 || end - digits == 4) && lead.substr(0, digits).ends_with("把");
}

/// 「1804，16栋」: the room first, nothing but a building behind it.
bool is_before_building(std::string_view text, std::size_t at, std::size_t end) {
  const bool begins = at == 0 || text[at - 1] == ',' || text[at - 1] == '\n';
  if (!begins || end >= text.size() || (text[end] != ',' && text[end] != ' ')) return false;
  const auto building_at = text.find_first_not_of(", ", end);
  if (building_at == text.npos || (!is_word(text[building_at]) && !can_begin(text, building_at))) return false;
  const auto building = read_chinese_place(text, building_at);
  return building && !building->place.building.empty() && building->place.room.empty();
}

/// A bare 「1203」 is a room where the words before it say so, and nothing is counted with it.
std::optional<Fragment> bare_room(std::string_view text, std::size_t at) {
  constexpr std::array<std::string_view, 26> kRoomCues{
      "房号",   "门牌",    "门牌号", "室号",    "房间号",  "我家", "我们家", "我住", "我是",
      "我",     "家住",    "住",     "顶楼",    "俺家",    "住在", "room",   "我屋", "房间",
      "i'm in", "i am in", "i'm at", "live in", "live at", "我们", "咱家",   "咱"};
  constexpr std::array<std::string_view, 11> kHouseEnds{"阁",   "苑",   "轩",   "庭",   "邸",  "公寓",
                                                        "大厦", "公馆", "豪庭", "花园", "家园"};
  constexpr std::array<std::string_view, 18> kCounted{"元", "块", "多", "天", "次", "年", "月", "号", "个",
                                                      "人", "度", "平", "楼", "米", "户", "家", "名", "位"};
  const auto number = read_place_number(text, at);
  if (!number || (number->digits != 3 && number->digits != 4) || is_letter(number->value.front())) return std::nullopt;
  if (number->end < text.size() && is_word(text[number->end])) return std::nullopt;
  const auto tail = text.substr(number->end);
  if (starts_with_any(tail, kCounted)) return std::nullopt;
  const auto lead = lower(text.substr(at > 24 ? at - 24 : 0, at > 24 ? 24 : at));
  const bool cued = ends_with_any(without_links(std::string_view(lead), kLinks), kRoomCues);
  const auto before = text.substr(0, at);
  const bool put_right = !cued && is_put_right(before);
  if (!cued && !put_right && !ends_with_any(before, kHouseEnds) && !ends_with_any(before, kForeign) &&
      !is_before_building(text, at, number->end))
    return std::nullopt;
  Fragment found{.begin = at, .end = number->end, .rule = "room"};
  found.place.room = number->value;
  if (tail.starts_with("室")) found.end += kHan;
  return found;
}

/// 「楼栋 6栋 单元 2 房号 1104」, not 「2 单元 1」.
bool is_spaced_label(std::string_view lead) {
  constexpr std::array<std::string_view, 4> kLabels{" 单元", " 楼栋", " 楼号", " 单元号"};
  for (const auto label : kLabels)
    if (lead.ends_with(label)) return lead.size() == label.size() || !is_digit(lead[lead.size() - label.size() - 1]);
  return false;
}

/// 「楼号：19 单元：1」: the form's words stand before the numbers.
std::optional<Fragment> labelled(std::string_view text, std::size_t at) {
  constexpr std::array<std::string_view, 8> kBuilding{"楼号", "楼栋", "楼栋号", "栋号", "幢号", "楼幢", "座号", "栋"};
  constexpr std::array<std::string_view, 2> kUnit{"单元", "单元号"};
  auto lead = text.substr(0, at);
  while (lead.ends_with(' ')) lead.remove_suffix(1);
  if (lead.ends_with(':'))
    lead.remove_suffix(1);
  else if (lead.size() == at || !is_spaced_label(lead))
    return std::nullopt;
  const bool building = ends_with_any(lead, kBuilding);
  if (!building && !ends_with_any(lead, kUnit)) return std::nullopt;
  const auto number = read_place_number(text, at);
  if (!number || number->digits > 2 || (number->end < text.size() && is_word(text[number->end]))) return std::nullopt;
  Fragment found{.begin = at, .end = number->end, .rule = "label"};
  auto& place = found.place;
  (building ? place.building : place.unit) = number->value;
  (building ? place.building_word : place.unit_word) = building ? "栋" : "单元";
  return found;
}

/// 「两栋楼之间」, not 「两栋一单元」: a count.
bool is_counted(std::string_view text, std::size_t at) {
  constexpr std::array<std::string_view, 4> kCounted{"两栋楼", "两幢楼", "两座楼", "两栋之间"};
  return starts_with_any(text.substr(at), kCounted);
}

/// What of all ways to write a place begins here; of a Chinese and an English one the longer.
std::optional<Fragment> read_fragment(std::string_view text, std::size_t at) {
  auto fragment = read_chinese_place(text, at);
  if (!fragment) fragment = bare_room(text, at);
  if (!fragment) fragment = labelled(text, at);
  if (!is_word(text[at])) return fragment;
  auto english = read_english_place(text, at);
  return english && (!fragment || english->end > fragment->end) ? english : fragment;
}

}  // namespace

std::vector<Fragment> find_fragments(std::string_view text) {
  constexpr std::size_t kMostFragments = 24;
  std::vector<Fragment> found;
  bool after_numeral = false;  // 十二栋 is not 二栋
  for (std::size_t at = 0; at < text.size() && found.size() < kMostFragments;) {
    auto end = at;
    (void)take_character(text, end);
    if (!can_begin(text, at)) {
      after_numeral = false;
      at = end;
      continue;
    }
    const bool latin = is_word(text[at]);
    const auto number = latin ? std::nullopt : read_place_number(text, at);
    const bool candidate = (latin || (number && !after_numeral)) && !spoiled(text, at) && !is_counted(text, at);
    auto fragment = candidate ? read_fragment(text, at) : std::nullopt;
    after_numeral = number.has_value() && !fragment;
    if (!fragment) {
      at = end;
      continue;
    }
    judge(text, *fragment);
    at = fragment->end;
    const bool whole = fragment->begin == 0 && fragment->end == text.size();
    if (fragment->rule == std::string_view("dots") && !fragment->own && !whole) continue;  // may be a version
    found.push_back(*std::move(fragment));
  }
  return found;
}

}  // namespace huiyin::dialogs
