#include "dialogs/answers.h"

#include <utf8proc.h>

#include <algorithm>
#include <array>

#include "core/text.h"
#include "dialogs/flow_rules.h"

namespace huiyin::dialogs {
namespace {

constexpr std::array<std::string_view, 16> kMarks{"，", "。", "、", "；", "：", "！", "？", "·",
                                                  ",",  ".",  ";",  ":",  "!",  "-",  "(",  ")"};

/// Calls `see` with each code point; stops when it says false.
template <class See>
void each_character(std::string_view text, See see) {
  for (std::size_t at = 0; at < text.size();) {
    utf8proc_int32_t value = 0;
    const auto bytes = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()) + at,
                                        static_cast<utf8proc_ssize_t>(text.size() - at), &value);
    if (bytes <= 0) {
      ++at;
      continue;
    }
    if (!see(value)) return;
    at += static_cast<std::size_t>(bytes);
  }
}

bool is_letter(utf8proc_int32_t value) {
  const auto category = utf8proc_category(value);
  return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO;
}

bool is_number(utf8proc_int32_t value) {
  const auto category = utf8proc_category(value);
  return category >= UTF8PROC_CATEGORY_ND && category <= UTF8PROC_CATEGORY_NO;
}

bool is_han(utf8proc_int32_t value) { return value >= 0x3400 && is_letter(value); }

bool trim_marks(std::string_view& text) {
  const auto before = text.size();
  for (bool again = true; again;) {
    again = false;
    text = trim(text);
    for (const auto mark : kMarks) {
      if (text.ends_with(mark)) text.remove_suffix(mark.size()), again = true;
      if (text.starts_with(mark)) text.remove_prefix(mark.size()), again = true;
    }
  }
  return text.size() != before;
}

/// 「我的电话是」 before a number that was taken out tells nothing any more.
void drop_introduction(const Flow& flow, std::string_view& segment) {
  constexpr std::array<std::string_view, 12> kLinks{"是", "为",   "在",  "住", "我", "的",
                                                    "叫", "我的", " is", "my", "at", "i live"};
  bool named = false;
  for (bool again = true; again;) {
    again = false;
    (void)trim_marks(segment);
    for (const auto& field : flow.fields) {
      if (field.kind == FieldKind::text) continue;
      for (const auto& name : field.names)
        if (fold(segment).ends_with(name) && segment.ends_with(name)) {
          segment.remove_suffix(name.size());
          named = again = true;
        }
    }
    const auto bare = segment;
    for (const auto link : kLinks)
      if (segment.ends_with(link) && (named || bare.size() <= 12 || link != "我")) {
        segment.remove_suffix(link.size());
        again = true;
      }
  }
}

bool contains_any(std::string_view text, const auto& words) {
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) { return text.find(word) != text.npos; });
}

const std::vector<FlowChoice>& level(const Field& field, const std::string& parent) {
  if (!parent.empty())
    if (const auto* choice = find_choice(field, parent)) return choice->sub;
  return field.choices;
}

bool names_choice(const FlowChoice& choice, std::string_view key) {
  if (choice.id == key || std::find(choice.words.begin(), choice.words.end(), key) != choice.words.end()) return true;
  return std::any_of(choice.folded_labels.begin(), choice.folded_labels.end(),
                     [&](const auto& label) { return without_punctuation(label) == key; });
}

/// One choice's word stands somewhere in the text, and no other's does.
std::optional<std::string> find_within(const std::vector<FlowChoice>& choices, std::string_view key) {
  constexpr std::size_t kTelling = 4;  // bytes: 水 is in too many words
  std::optional<std::string> found;
  for (const auto& choice : choices) {
    bool within = false;
    for (const auto& word : choice.words) within = within || (word.size() >= kTelling && key.find(word) != key.npos);
    for (const auto& label : choice.folded_labels) within = within || key.find(label) != key.npos;
    if (!within) continue;
    if (found) return std::nullopt;
    found = choice.id;
  }
  return found;
}

}  // namespace

std::size_t count_letters(std::string_view text) {
  std::size_t count = 0;
  each_character(text, [&](auto value) {
    if (is_letter(value) || is_number(value)) ++count;
    return true;
  });
  return count;
}

std::size_t count_word_letters(std::string_view text) {
  std::size_t count = 0;
  each_character(text, [&](auto value) {
    if (is_letter(value)) ++count;
    return true;
  });
  return count;
}

std::string shown_phone(const std::string& number) {
  if (!number.starts_with("+86")) return number;
  const auto national = number.substr(3);
  return national.size() == 11 && national.front() == '1' ? national : "0" + national;
}

SlotValue slot_of(FieldKind kind, const std::string& value) {
  return {.value = value, .shown = kind == FieldKind::phone ? shown_phone(value) : ""};
}

bool looks_like_question(std::string_view plain) {
  constexpr std::array<std::string_view, 12> kWords{"?",    "？", "为什么", "为啥",     "干嘛",   "干什么",
                                                    "怎么", "吗", "why",    "what for", "凭什么", "必须"};
  return contains_any(plain, kWords);
}

bool looks_like_name(std::string_view plain, const Understood& said) {
  constexpr std::size_t kMostHan = 4;
  constexpr std::size_t kMostForeign = 15;  // 阿卜杜拉·买买提
  constexpr std::size_t kMostLatin = 40;
  if (said.report || looks_like_question(plain) || said.intent == "thanks" || said.intent == "greeting") return false;
  std::size_t han = 0;
  std::size_t letters = 0;
  std::size_t other = 0;
  bool dotted = false;
  each_character(plain, [&](auto value) {
    if (is_han(value))
      ++han;
    else if (is_letter(value))
      ++letters;
    else if (value == 0xB7 || value == 0x2022)
      dotted = true;
    else if (value != ' ' && value != '-' && value != '\'' && value != '.')
      ++other;
    return true;
  });
  if (other > 0) return false;
  if (han > 0) return letters == 0 && han <= (dotted ? kMostForeign : kMostHan);
  return letters >= 2 && letters <= kMostLatin && std::count(plain.begin(), plain.end(), ' ') <= 3;
}

bool looks_like_place(std::string_view plain, const Understood& said) {
  constexpr std::array<std::string_view, 12> kEndings{"旁",   "旁边", "边",   "门口", "附近", "里",
                                                      "里面", "楼下", "楼上", "处",   "前面", "后面"};
  std::size_t letters = 0;
  each_character(plain, [&](auto value) {
    if (is_letter(value)) ++letters;
    return true;
  });
  if (letters < 2 || said.phone || looks_like_question(plain)) return false;
  if (!said.report) return true;
  return std::any_of(kEndings.begin(), kEndings.end(), [&](std::string_view end) { return plain.ends_with(end); });
}

std::string remainder(const Flow& flow, std::string_view text, Spans used) {
  std::sort(used.begin(), used.end());
  used.emplace_back(text.size(), text.size());
  std::string out;
  std::size_t from = 0;
  bool parted = false;  // the pieces joined here were parted by punctuation
  for (const auto& [begin, end] : used) {
    if (begin < from) continue;
    auto segment = text.substr(from, begin - from);
    const bool begins_marked = trim(segment).empty() ? false : trim_marks(segment);
    if (begin < text.size() || !used.empty()) (void)trim_marks(segment);
    if (begin < text.size()) drop_introduction(flow, segment);
    if (!segment.empty()) {
      if (!out.empty() && (begins_marked || parted))
        out += (static_cast<unsigned char>(out.back()) & 0x80U) != 0 ? "，" : ", ";
      out += segment;
      parted = begins_marked;
    }
    from = end;
  }
  return out;
}

const FlowChoice* find_choice(const Field& field, std::string_view id) {
  const auto found =
      std::find_if(field.choices.begin(), field.choices.end(), [&](const auto& one) { return one.id == id; });
  return found == field.choices.end() ? nullptr : &*found;
}

std::vector<Choice> choices_of(const Flow& flow, const Field& field, const std::string& parent,
                               const std::string& locale) {
  std::vector<Choice> shown;
  for (const auto& choice : level(field, parent))
    if (choice.offered) shown.push_back({choice.id, label_of(flow, choice.label, locale, choice.id)});
  if (field.kind != FieldKind::confirm) return shown;
  const auto& pattern = label_of(flow, field.change, locale, "{field}");
  for (const auto& other : flow.fields) {
    if (other.kind == FieldKind::confirm) continue;
    auto words = pattern;
    if (const auto at = words.find("{field}"); at != std::string::npos)
      words.replace(at, 7, label_of(flow, other.label, locale, other.name));
    shown.push_back({"change:" + other.name, std::move(words)});
  }
  return shown;
}

std::optional<std::string> match_choice(const Flow& flow, const Field& field, const std::string& parent,
                                        std::string_view plain, const std::optional<std::string>& tapped) {
  const auto shown = choices_of(flow, field, parent, flow.default_locale);
  const auto has = [&](std::string_view id) {
    return std::any_of(shown.begin(), shown.end(), [&](const auto& choice) { return choice.id == id; });
  };
  if (tapped && has(*tapped)) return tapped;
  if (const auto number = parse_ordinal(plain))
    return *number >= 1 && static_cast<std::size_t>(*number) <= shown.size()
               ? std::optional(shown[static_cast<std::size_t>(*number) - 1].id)
               : std::nullopt;
  const auto key = key_of(plain);
  for (const auto& choice : level(field, parent))
    if (names_choice(choice, key)) return choice.id;
  for (const auto& choice : shown)
    if (key_of(choice.label) == key) return choice.id;
  return field.kind == FieldKind::choice ? find_within(level(field, parent), key) : std::nullopt;
}

std::string category_words(const Flow& flow, const std::string& value, const std::string& locale) {
  const auto* field = flow.find("category");
  const auto slash = value.find('/');
  const auto* choice = field == nullptr ? nullptr : find_choice(*field, value.substr(0, slash));
  if (choice == nullptr) return value;
  auto words = label_of(flow, choice->label, locale, choice->id);
  if (slash == std::string::npos) return words;
  for (const auto& sub : choice->sub)
    if (sub.id == value.substr(slash + 1)) words += " · " + label_of(flow, sub.label, locale, sub.id);
  return words;
}

}  // namespace huiyin::dialogs
