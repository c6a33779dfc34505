#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "dialogs/understanding/phrases.h"
#include "dialogs/understanding/understand.h"

namespace huiyin::dialogs {

/// What a phrase of the lexicon stands for; the tags of Lexicon::Impl::phrases are indexes into `meanings`.
struct Meaning {
  enum class Kind { danger, category, subcategory, urgent, intent };
  Kind kind = Kind::category;
  std::string name{};  ///< `gas`, `repair`, `repair/elevator`, `progress`
};

/// How names are told from other words.
struct NameWords {
  std::vector<std::string> cues{};          ///< 我是, 我叫
  std::vector<std::string> surname_cues{};  ///< 我姓: the surname alone will do
  std::string surnames{};                   ///< one character each
  std::vector<std::string> compound{};      ///< 欧阳
  std::vector<std::string> titles{};        ///< 先生
  std::vector<std::string> follow{};        ///< what may follow a name without punctuation: 住, 家里
  std::vector<std::string> stop{};          ///< no names, though they look it: 房东, 方便
};

struct Lexicon::Impl {
  Impl();
  Impl(Impl&&) = delete;
  ~Impl();

  std::unordered_map<char32_t, char32_t> simplify{};
  PhraseSet phrases{};
  std::vector<Meaning> meanings{};
  /// Per kind of danger: its phrases again, to look once more after `except` was taken out of the text.
  struct Danger {
    PhraseSet phrases{};
    std::shared_ptr<const re2::RE2> except{};
  };
  std::map<std::string, Danger> dangers{};
  std::vector<std::string> danger_order{};
  std::shared_ptr<const re2::RE2> danger_unless{};  ///< a sentence with it tells of no danger
  std::vector<std::string> category_order{};
  std::vector<std::string> subcategories{};
  NameWords names{};
  std::shared_ptr<const re2::RE2> name_after_cue{};
};

}  // namespace huiyin::dialogs
