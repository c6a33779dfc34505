#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"
#include "core/ticket.h"
#include "dialogs/understanding/faq.h"

namespace huiyin::dialogs {

class Lexicon;

/// A value found in a text, and where and why.
struct Found {
  std::string value{};
  std::size_t begin = 0;  ///< bytes of the text as given
  std::size_t end = 0;
  double confidence = 0;
  std::string rule{};
};

/// A place taken apart; numbers in Arabic digits, letters as capitals, the words beside them as typed.
struct Place {
  std::string phase{};  ///< 2期
  std::string building{}, building_word{};
  std::string unit{}, unit_word{};
  std::string floor{}, floor_word{};
  std::string room{};
  std::string side{};    ///< 西户, 之3
  bool english = false;  ///< Building 6 rather than 6栋
};

/// A text as rules read it: full-width ASCII as ASCII, traditional script as simplified, without zero-width characters
/// and white space at the ends; letters keep their case.
struct PlainText {
  std::string text{};
  std::vector<std::uint32_t> origin{};  ///< per byte of `text`, and one past its end: the byte of the text as given
  bool traditional = false;             ///< characters were found that only the traditional script has
};
[[nodiscard]] PlainText plain_text(const Lexicon& lexicon, std::string_view text);

/// What a text says, as far as rules can tell. Spans are of the text as given.
struct Understood {
  PlainText plain{};
  std::optional<Found> phone{};  ///< value: E.164
  std::optional<Found> name{};
  std::optional<Found> address{};
  Place place{};                          ///< the address taken apart
  std::optional<Found> others_address{};  ///< a place that the words make somebody else's: 楼上1506
  Category category = Category::none;
  std::string subcategory{};
  std::vector<Found> numbers{};  ///< what may be ticket numbers, as typed
  bool report = false;  ///< a word of trouble was found (坏了, 漏水), not only a thing that may have some (电梯)
  /// What all words together lean to where no rule found a category: for whoever must know at once. The dialog asks.
  struct Guess {
    Category category = Category::none;
    std::string subcategory{};
    std::string intent{};
  };
  std::optional<Guess> guess{};
  bool urgent = false;
  std::string danger{};  ///< `gas`, `fire`, `trapped`, `electric`, `jump` …; empty: none
  std::string intent{};  ///< of the lexicon (`progress`, `thanks`, `greeting`, `human` …), else `report` or `other`
  std::string body{};    ///< whose it is, when it is not the property company's: a name of the lexicon's `bodies:`
  std::string faq{};     ///< the question of the lexicon's `faq:` that it asks
  std::map<std::string, std::string> reply{};  ///< whom to call, or the answer, by language: the lexicon's own words
  std::optional<Found> when{};                 ///< 昨晚, since yesterday: as typed
  /// What told the category, the danger, the urgency and the intent: its value, its words' span, the phrase as its
  /// rule.
  std::optional<Found> category_by{}, danger_by{}, urgent_by{}, intent_by{};
};

/// Words and rules, from `dialogs/lexicon/*.yaml`, and weights.txt. Immutable after parsing, thread-safe.
class Lexicon {
 public:
  /// `files`: (file name, text) each: YAML but for `weights.txt`. Every complaint has file, line and what to do.
  [[nodiscard]] static tl::expected<Lexicon, std::vector<Error>> parse(
      const std::vector<std::pair<std::string, std::string>>& files);
  Lexicon(Lexicon&&) noexcept;
  Lexicon& operator=(Lexicon&&) noexcept;
  ~Lexicon();

  [[nodiscard]] std::vector<std::string> danger_kinds() const;
  /// `repair/elevator` …, sorted.
  [[nodiscard]] std::vector<std::string> subcategories() const;

  /// Whom to call (`body.telecom`) or what to answer (`faq.fee`), in `locale` or, failing that, any language; empty if
  /// the lexicon has nothing of that name.
  [[nodiscard]] std::string answer(const std::string& name, const std::string& locale) const;

  /// The questions that it answers, in the order of its files.
  [[nodiscard]] const std::vector<FaqEntry>& faq() const;

  struct Impl;
  [[nodiscard]] const Impl& impl() const { return *impl_; }

 private:
  explicit Lexicon(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// Where the estate is, for what people leave out who write to a neighbour.
struct Locality {
  std::string estate{};     ///< as configured: which answers of the faq are for him; empty: those for every estate
  std::string area_code{};  ///< of landlines written without one: 0571, or with the country: +852; empty: none is known
};

/// Pure, bounded: rules read at most the first 4,000 characters (`plain` holds no more).
[[nodiscard]] Understood understand(const Lexicon& lexicon, std::string_view text, const Locality& locality = {});

/// Each phrase of the lexicon that stands in the text, for those who mend it: value: what it stands for (`danger gas`,
/// `repair +2`), rule: the phrase as written.
[[nodiscard]] std::vector<Found> phrases_in(const Lexicon& lexicon, std::string_view text);

}  // namespace huiyin::dialogs
