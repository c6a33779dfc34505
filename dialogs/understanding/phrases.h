#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace re2 {
class RE2;
}

namespace huiyin::dialogs {

/// A phrase of the lexicon as a RE2 pattern. `(a|b)` is either, `…` up to eight characters of the same sentence (forty
/// of Latin script), a space any white space; everything else stands for itself; Latin letters match in either case and
/// as whole words.
[[nodiscard]] std::string phrase_pattern(std::string_view phrase);

/// Many phrases, each with a tag, found in one pass over a text: all beginnings (up to the first `…`) stand in one
/// RE2::Set, and only a phrase whose beginning occurs is looked at whole. Thread-safe after compile().
class PhraseSet {
 public:
  PhraseSet();
  PhraseSet(PhraseSet&&) noexcept;
  PhraseSet& operator=(PhraseSet&&) noexcept;
  ~PhraseSet();

  /// What is wrong with the phrase; nothing if it was added.
  [[nodiscard]] std::optional<std::string> add(std::string_view phrase, int tag);
  void compile();
  /// The tags of all phrases that occur, in the order of adding; a tag once per phrase.
  [[nodiscard]] std::vector<int> find(std::string_view text) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace huiyin::dialogs
