#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace huiyin::dialogs {

/// Where a phrase of the lexicon stands in a text.
struct PhraseHit {
  int tag = 0;
  int phrase = 0;         ///< in the order of adding
  std::size_t begin = 0;  ///< bytes of the text
  std::size_t end = 0;
  std::size_t first_end = 0;  ///< of the part before the first gap; `end` where there is none
  /// Of the part between two gaps; end 0: none. Of several, the last.
  std::size_t middle_begin = 0, middle_end = 0;
  std::size_t last_begin = 0;  ///< of the part behind the last gap; `begin` where there is none
  bool whole = false;          ///< without a gap: all of its span is the phrase
};

/// Does a word of the phrase stand in [begin, end) of the text? What a gap stands for is none of them.
[[nodiscard]] bool stands_in(const PhraseHit& hit, std::size_t begin, std::size_t end);

/// Many phrases, each with a tag, found in one pass over a text (Aho-Corasick over characters), in time that grows with
/// the text and what is found in it, not with the number of phrases. In a phrase `(a|b)` is either, `…` stands for up
/// to eight characters of the same sentence (forty of Latin script), `……` for thirty, sentences or not, a space for any
/// white space; everything else is as written; Latin letters match in either case and as whole words. Thread-safe after
/// compile().
class PhraseSet {
 public:
  PhraseSet();
  PhraseSet(PhraseSet&&) noexcept;
  PhraseSet& operator=(PhraseSet&&) noexcept;
  ~PhraseSet();

  /// What is wrong with the phrase; nothing if it was added. `shown`: what phrase() returns, where it is another.
  [[nodiscard]] std::optional<std::string> add(std::string_view phrase, int tag, std::string_view shown = {});
  void compile();
  /// All that occur, by their ends; a phrase that occurs twice is there twice. `hits` is emptied first.
  void find(std::string_view text, std::vector<PhraseHit>& hits) const;

  /// The phrase as it was added.
  [[nodiscard]] const std::string& phrase(int index) const;
  [[nodiscard]] int size() const;

 private:
  struct Impl;
  class Scan;
  std::unique_ptr<Impl> impl_;
};

}  // namespace huiyin::dialogs
