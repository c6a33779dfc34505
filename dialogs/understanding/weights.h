#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace huiyin::dialogs {

/// What a weight may be given to in a text: a Chinese character, two neighbours, a Latin word, two neighbours, `?`.
struct WeighedWord {
  std::uint64_t key = 0;
  std::size_t begin = 0;  ///< bytes of the text
  std::size_t end = 0;
};

/// All such words of a plain text, each as often as it stands there.
void find_weighed_words(std::string_view text, std::vector<WeighedWord>& words);

/// How strongly each word speaks for each class, learned from labelled messages (learn.h). Besides words of the text
/// there are `{lift}` (a word of that set stands there) and `<danger gas>` (a phrase of that meaning does). A class is
/// `danger`, `danger/gas`, `repair`, `repair/water` or `intent/report`. Immutable after reading, thread-safe.
class Weights {
 public:
  static constexpr std::size_t kMostClasses = 96;
  static constexpr int kScale = 10;  ///< weights are written as tenths
  using Sums = std::array<float, kMostClasses>;

  /// 「冒烟: danger +31 /fire +28 security +12」, where `/fire` is short for `danger/fire`; an empty word is what
  /// speaks before any word does. What is wrong with the line, nothing if it was added.
  [[nodiscard]] std::optional<std::string> add(std::string_view line);

  /// Gives back what add() took ahead, once all lines are read.
  void settle();

  [[nodiscard]] bool empty() const { return classes_.empty(); }
  [[nodiscard]] const std::vector<std::string>& classes() const { return classes_; }
  /// -1: no word speaks for it.
  [[nodiscard]] int class_of(std::string_view name) const;
  /// The row of `{lift}` or `<danger gas>`; -1: it has no weights.
  [[nodiscard]] int row_of(std::string_view marker) const;

  /// Adds the rows of the text's words to those that are there, and leaves each once.
  void add_rows(std::string_view text, std::vector<int>& rows) const;
  /// What rows speak together, by class.
  struct Tally {
    std::array<int, kMostClasses> whole{};
    std::size_t rows = 0;
  };
  [[nodiscard]] Tally tally(const std::vector<int>& rows) const;
  /// Adds a row to it that speaks for that class alone.
  void add_for(int of_class, int row, Tally& tally) const;
  /// Comparable between messages of any length.
  [[nodiscard]] Sums sums(const Tally& tally) const;
  [[nodiscard]] float sum_of(int of_class, const Tally& tally) const;
  /// The words that speak most for a class, as they are written in the lexicon: for those who ask why.
  [[nodiscard]] std::string reason(const std::vector<int>& rows, int of_class) const;

 private:
  using Row = std::array<std::int8_t, kMostClasses>;
  /// One of a word's weights: a word speaks for five of the classes, not for all.
  struct Weight {
    std::uint8_t of_class = 0;
    std::int8_t weight = 0;
  };
  static_assert(kMostClasses <= 256);
  /// Where a row begins; it ends where the next one does.
  struct Begin {
    std::uint32_t weight = 0;  ///< in weights_
    std::uint32_t word = 0;    ///< in words_
  };

  [[nodiscard]] std::optional<std::string> read_weights(std::string_view rest, Row& row);
  int add_class(std::string_view name);
  [[nodiscard]] int find(std::uint64_t key) const;
  void add_row(std::uint64_t key, std::string_view word, const Row& row);
  void insert(int row);
  [[nodiscard]] std::span<const Weight> weights_of(int row) const;
  [[nodiscard]] int weight_of(int row, int of_class) const;
  [[nodiscard]] std::string_view word_of(int row) const;

  std::vector<std::string> classes_{};
  Row before_{};  ///< what speaks before any word does
  // By row, one behind the other: nearly ten thousand of them are held in a sixth of what a table of all classes takes.
  std::vector<std::uint64_t> keys_{};
  std::vector<Weight> weights_{};  ///< of each row by class
  std::string words_{};            ///< as they are written, for reason()
  std::vector<Begin> begins_ = std::vector<Begin>(1);
  std::vector<std::int32_t> slots_{};  ///< rows by key, -1: free; open addressing, a power of two, at most half full
};

}  // namespace huiyin::dialogs
