#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dialogs/understanding/lexicon_impl.h"

namespace huiyin::dialogs {

/// What all words of one message together speak for, weighed against what the rules made of it. A rule that was written
/// for what stands there counts much; many small words that never stand in such a message count more. Without weights
/// in the lexicon the rules decide alone.
class Evidence {
 public:
  /// `hits`: with the words of sets. `understood` has the phone, name and address already.
  Evidence(const Lexicon::Impl& lexicon, std::string_view text, const std::vector<PhraseHit>& hits,
           const Understood& understood);

  /// What the rules say of danger.
  struct DangerByRule {
    std::string kind{};       ///< empty: none
    int weight = 0;           ///< how much tells of it
    bool taken_back = false;  ///< one that is not meant (没漏电, 怕着火): words must speak very plainly for it
    bool of_part = false;  ///< of the message without its asides: words must speak more plainly for what no rule found
  };
  /// The danger that there is; empty: none.
  [[nodiscard]] std::string danger(const DangerByRule& by_rule) const;

  /// False where the words speak so plainly against a danger that no part of them would tell one.
  [[nodiscard]] bool may_tell_danger() const;

  struct Verdict {
    Category category = Category::none;
    std::string subcategory{};
    std::string intent{};
  };
  /// Category and intent that stand together best, of a message without danger, given what the rules found.
  [[nodiscard]] Verdict settle(const Verdict& by_rule) const;

  /// The words that speak most for `danger`, `repair`, `intent/urge`, and how much.
  [[nodiscard]] std::string reason(std::string_view of_class) const;

 private:
  /// Which pairs of sets stand there speaks for danger or against it, and for nothing else.
  void weigh_danger(Weights::Tally tally, const std::vector<int>& sets);
  /// The category and the intent that stand together best.
  [[nodiscard]] Verdict together(const Verdict& by_rule) const;
  /// The category's sub-category that the words speak most for; `by_rule` empty: none was found.
  [[nodiscard]] std::optional<std::string> subcategory(Category category, const std::string& by_rule) const;
  [[nodiscard]] float speaks_for(int of_class) const { return sums_[static_cast<std::size_t>(of_class)]; }

  const Lexicon::Impl& lexicon_;
  bool is_word_ = false;  ///< a few characters, no more than answer a question
  std::vector<int> rows_{};
  Weights::Sums sums_{};
};

/// May a message have both? 谢谢 reports nothing.
[[nodiscard]] bool stand_together(Category category, std::string_view intent);

/// Sorts the classes of the lexicon's weights; one that it has no words for is left out: the flow would not know it.
void sort_classes(Lexicon::Impl& lexicon);

/// Finds the rows of what weights may be given to besides words of the text, once all meanings are known.
void find_rows(Lexicon::Impl& lexicon);

/// What weights may be given to besides words of the text: `{lift}`, `<danger gas>`.
[[nodiscard]] std::string marker_of(const Meaning& meaning);
/// `{inside}{lift}`, of two sets of which words stand in one message, in the order of their names.
[[nodiscard]] std::string pair_of(const std::string& marker, const std::string& other);
/// The sets of which words were found, each once; of a text that has words of very many, the first.
[[nodiscard]] std::vector<int> sets_in(const Lexicon::Impl& lexicon, const std::vector<PhraseHit>& hits);
/// `<phone>` and the like, of a message in which these were found.
[[nodiscard]] std::vector<std::string_view> slot_markers(std::string_view text, const Understood& understood);

}  // namespace huiyin::dialogs
