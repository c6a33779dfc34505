#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "dialogs/understanding/phrases.h"
#include "dialogs/understanding/understand.h"

namespace huiyin::dialogs {

/// What a phrase of the lexicon stands for; the tags of Lexicon::Impl::phrases are indexes into `meanings`.
struct Meaning {
  enum class Kind : std::uint8_t {
    danger,
    danger_except,  ///< only looks like the danger `name`
    danger_unless,  ///< its sentence tells of no danger
    danger_before,  ///< right before a danger it takes it back: 没有, 怕
    category,
    subcategory,
    urgent,
    not_urgent,
    when,
    intent,
    scope,
    faq,
    name_label,  ///< from here on: words that may be part of a name
    name_cue,
    surname_cue,
    name_relation,
    name_title,
  };
  Kind kind = Kind::category;
  std::string name{};  ///< `gas`, `repair`, `repair/elevator`, `progress`
  int weight = 1;      ///< of a category's word
};

/// How names are told from other words.
struct NameWords {
  std::string surnames{};                 ///< one character each
  std::vector<std::string> compound{};    ///< 欧阳
  std::vector<std::string> titles{};      ///< 先生: tells a name by itself
  std::vector<std::string> cue_titles{};  ///< 阿姨: a title after a cue only
  std::vector<std::string> follow{};      ///< what may follow a name without punctuation: 住, 家里
  std::vector<std::string> stop{};        ///< no names, though they look it: 房东, 方便
  std::vector<std::string> others{};      ///< before a name they make it somebody else's: 房东, 保安
  std::vector<std::string> acts{};        ///< after a title they tell of somebody else: 没来, 昨天
  std::vector<std::string> calls{};       ///< before 我丈夫 they ask for him: 联系, 找
  std::string not_given{};                ///< characters that no given name has

  [[nodiscard]] bool is_stop(std::string_view word) const;
};

struct Lexicon::Impl {
  Impl() = default;
  Impl(Impl&&) = delete;

  /// Traditional to simplified, by the code point less kFirstHan; 0: as it is.
  static constexpr char32_t kFirstHan = 0x3400;
  static constexpr char32_t kLastHan = 0x9FFF;
  std::array<std::uint16_t, kLastHan - kFirstHan + 1> simplify{};
  PhraseSet phrases{};
  std::vector<Meaning> meanings{};
  std::vector<std::string> danger_order{};
  std::map<std::string, std::string> danger_categories{};  ///< `repair/gas`, by kind
  std::vector<std::string> category_order{};
  std::vector<std::string> subcategories{};
  std::vector<std::string> intent_order{};
  std::map<std::string, std::map<std::string, std::string>> answers{};  ///< `body.telecom`, `faq.fee`: by language
  NameWords names{};
};

}  // namespace huiyin::dialogs
