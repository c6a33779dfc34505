// What of a text may be a name by itself, whatever stands around it.
#include "dialogs/understanding/name_shapes.h"

#include <algorithm>
#include <array>

#include "dialogs/understanding/characters.h"
#include "dialogs/understanding/places.h"
#include "dialogs/understanding/words.h"

namespace huiyin::dialogs {
namespace {

/// How many bytes of Chinese characters `text` begins with, of `most` characters: a text may be nothing but cues, and
/// what is asked at each of them must not look through all of it.
std::size_t run_of(std::string_view text, std::size_t most) { return han_run(text.substr(0, most * kHan), 0); }

}  // namespace

std::string_view without_separators(std::string_view text) {
  const auto is_sign = [](char c) {
    return c == ' ' || c == ',' || c == '\n' || c == '.' || c == ':' || c == '(' || c == ')' || c == '/';
  };
  for (;;) {
    while (!text.empty() && is_sign(text.front())) text.remove_prefix(1);
    if (!begins_with(text, "。") && !begins_with(text, "、")) return text;
    text.remove_prefix(kHan);
  }
}

std::size_t surname_at(const NameWords& names, std::string_view text) {
  if (const auto compound = names.compound.at_begin(text)) return compound;
  return is_han(text, 0) && names.surnames.begins(text) ? kHan : 0;
}

bool is_given(const NameWords& names, std::string_view given) {
  constexpr std::string_view kBuilding = "栋";  // 李国栋 is a man, 李五栋 lives in the fifth building
  if (given == "师傅") return false;
  if (given.size() == 2 * kHan && given.ends_with("刚")) given.remove_suffix(kHan);
  if (given.size() == 2 * kHan && given.ends_with(kBuilding) && !read_place_number(given, 0)) given.remove_suffix(kHan);
  for (std::size_t i = 0; i < given.size(); i += kHan)
    if (names.not_given.begins(given.substr(i))) return false;
  return true;
}

/// How many bytes at the beginning of `text` are a name; 0: none. `surname_only`: 我姓王 will do.
std::size_t chinese_name(const NameWords& names, std::string_view text, bool surname_only) {
  const auto surname = surname_at(names, text);
  const bool familiar = text.starts_with("小") || text.starts_with("老") || text.starts_with("阿");
  if ((surname == 0 && !familiar) || names.stop.at_begin(text) > 0) return 0;
  const auto run = run_of(text, 7);
  const auto ends_at = [&](std::size_t length) {
    return length == run || (length < run && (names.follow.at_begin(text.substr(length)) > 0));
  };
  if (familiar && surname_at(names, text.substr(kHan)) == kHan && ends_at(2 * kHan)) return 2 * kHan;
  if (surname == 0) return 0;
  if (const auto title = names.titles.at_begin(text.substr(surname))) return surname + title;
  if (const auto title = names.cue_titles.at_begin(text.substr(surname))) return surname + title;
  if (surname_only && ends_at(surname)) return surname;
  for (const std::size_t given : {2 * kHan, kHan})
    if (surname + given <= run && ends_at(surname + given) && is_given(names, text.substr(surname, given)))
      return surname + given;
  return 0;
}

/// Behind 姓名： anything short is a name.
std::size_t any_name(const NameWords& names, std::string_view text) {
  const auto run = run_of(text, 5);
  if (run < 2 * kHan || run > 4 * kHan || (names.stop.at_begin(text) > 0) || !is_given(names, text.substr(0, run)))
    return 0;
  return run;
}

/// 「阿不都热合曼·买买提」
std::size_t dotted_name(const NameWords& names, std::string_view text) {
  constexpr std::string_view kDot = "·";
  constexpr std::size_t kMost = 8 * kHan;
  const auto first = run_of(text, 9);
  if (first < 2 * kHan || first > kMost || !text.substr(first).starts_with(kDot)) return 0;
  const auto from = first + kDot.size();
  auto second = run_of(text.substr(from), 9);
  if (second > kMost) return 0;
  for (std::size_t i = kHan; i < second; i += kHan)
    if (names.follow.at_begin(text.substr(from + i)) > 0) second = i;
  constexpr std::array<std::string_view, 12> kEstates{"园", "苑", "城", "府", "湾", "阁",
                                                      "庄", "邸", "墅", "院", "光", "期"};
  const auto last = text.substr(from, second);
  const bool estate = ends_with_any(last, kEstates);
  return second >= 2 * kHan && !estate ? from + second : 0;
}

/// 「叫我阿强」「叫我婷婷吧」
std::size_t nickname(const NameWords& names, std::string_view text) {
  const auto run = run_of(text, 3);
  const bool ends = run == 2 * kHan || (run > 2 * kHan && names.follow.at_begin(text.substr(2 * kHan)) > 0);
  if (!ends || names.stop.at_begin(text) > 0 || !is_given(names, text.substr(0, 2 * kHan))) return 0;
  constexpr std::array<std::string_view, 8> kKin{"姐", "哥", "姨", "叔", "婶", "嫂", "爷", "妈"};
  const bool familiar = text.starts_with("阿") || text.starts_with("小") || text.starts_with("老") ||
                        std::find(kKin.begin(), kKin.end(), text.substr(kHan, kHan)) != kKin.end();
  return familiar || text.substr(0, kHan) == text.substr(kHan, kHan) ? 2 * kHan : 0;
}

}  // namespace huiyin::dialogs
