#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "dialogs/understanding/phrases.h"
#include "dialogs/understanding/together.h"
#include "dialogs/understanding/understand.h"
#include "dialogs/understanding/weights.h"
#include "dialogs/understanding/word_list.h"

namespace huiyin::dialogs {

/// What a phrase of the lexicon stands for; the tags of Lexicon::Impl::phrases are indexes into `meanings`.
struct Meaning {
  enum class Kind : std::uint8_t {
    danger,
    danger_except,  ///< only looks like the danger `name`
    danger_unless,  ///< its sentence tells of no danger
    danger_before,  ///< right before a danger it takes it back: 怕, 小心
    danger_denied,  ///< right before any word of a danger it takes it back: 没有, 不是
    danger_now,     ///< speaks for a danger: 现在, 不敢
    danger_calm,    ///< speaks against it: 能不能, 上次, 哈哈
    danger_aside,   ///< a clause with it, and no danger, says nothing of one told beside it: 该打什么电话
    danger_plea,    ///< says nothing of it in the same clause either: 能不能快点派人来
    danger_if,      ///< what is supposed is not read once more without its asides: 万一
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
    set,  ///< a word of the set `name`: counts only together with others
  };
  Kind kind = Kind::category;
  std::string name{};  ///< `gas`, `repair`, `repair/elevator`, `progress`
  int weight = 1;      ///< of a category's word; of a danger 0: only where no other is told
  int category = -1;   ///< its place in Lexicon::Impl::category_order; -1: none, or neutral
  /// Of an intent: what wants this tells of no danger (praise, suggestion); `doubtful`: unless words stand together.
  enum class Calms : std::uint8_t { no, doubtful, surely } calms = Calms::no;
};

/// How names are told from other words.
struct NameWords {
  CharacterSet surnames{};   ///< one character each
  WordList compound{};       ///< 欧阳
  WordList titles{};         ///< 先生: tells a name by itself
  WordList cue_titles{};     ///< 阿姨: a title after a cue only
  WordList follow{};         ///< what may follow a name without punctuation: 住, 家里
  WordList stop{};           ///< no names, though they look it: 房东, 方便
  WordList others{};         ///< before a name they make it somebody else's: 房东, 保安
  WordList acts{};           ///< after a title they tell of somebody else: 没来, 昨天
  WordList links{};          ///< before a name they part it from what is before: 的, 工程部
  WordList calls{};          ///< before 我丈夫 they ask for him: 联系, 找
  CharacterSet not_given{};  ///< characters that no given name has
};

/// The classes of the weights, by what they stand for; only what the lexicon knows is among them.
struct WeighedClasses {
  struct Named {
    std::string name{};
    int of_class = -1;
    Category category = Category::none;  ///< of a sub-category
  };
  int danger = -1;
  std::vector<Named> dangers{}, categories{}, subcategories{}, intents{};
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
  TogetherRules together{};
  std::vector<int> set_of{};  ///< by tag
  std::vector<std::string> danger_order{};
  std::map<std::string, std::string> danger_categories{};  ///< `repair/gas`, by kind
  std::vector<std::string> category_order{};
  std::vector<std::string> subcategories{};
  std::vector<std::string> intent_order{};
  std::map<std::string, std::map<std::string, std::string>> answers{};  ///< `body.telecom`, `faq.fee`: by language
  std::vector<FaqEntry> faq{};
  NameWords names{};
  Weights weights{};
  WeighedClasses classes{};
  std::vector<int> row_of_tag{};   ///< of the weights; -1: none
  std::vector<int> row_of_pair{};  ///< of two sets of which words stand in one message: a square, by set and set
  std::size_t set_count = 0;       ///< its side

  /// The phrases that stand in a plain text, and what stands together in it; the words of sets too.
  void find(std::string_view text, std::vector<PhraseHit>& hits) const {
    phrases.find(text, hits);
    add_together(together, set_of, phrases.size(), hits);
  }
  void drop_sets(std::vector<PhraseHit>& hits) const {
    const auto is_set = [&](const PhraseHit& hit) { return set_of[static_cast<std::size_t>(hit.tag)] >= 0; };
    hits.erase(std::remove_if(hits.begin(), hits.end(), is_set), hits.end());
  }
  /// What the lexicon's writer wrote.
  [[nodiscard]] const std::string& written(const PhraseHit& hit) const {
    return hit.phrase < phrases.size() ? phrases.phrase(hit.phrase)
                                       : together.rules[static_cast<std::size_t>(hit.phrase - phrases.size())].written;
  }
};

}  // namespace huiyin::dialogs
