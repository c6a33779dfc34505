#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"
#include "core/ticket.h"

namespace huiyin::dialogs {

/// A value found in a text, and where and why.
struct Found {
  std::string value{};
  std::size_t begin = 0;  ///< bytes of the text as given
  std::size_t end = 0;
  double confidence = 0;
  std::string rule{};
};

/// What a text says, as far as rules can tell.
struct Understood {
  std::optional<Found> phone{};    ///< value: E.164
  std::optional<Found> name{};
  std::optional<Found> address{};
  Category category = Category::none;
  std::string subcategory{};
  bool urgent = false;
  std::string danger{};  ///< `gas`, `fire`, `trapped`, `electric`, `jump` …; empty: none
  std::string intent{};  ///< `report`, `progress`, `thanks`, `greeting`, `human`, `correction`, `other` …
};

/// Words and rules, from `dialogs/lexicon/*.yaml`. Immutable after parsing, thread-safe.
class Lexicon {
 public:
  /// `files`: (file name, YAML text) each. Every complaint has file, line and what to do.
  [[nodiscard]] static tl::expected<Lexicon, std::vector<Error>> parse(
      const std::vector<std::pair<std::string, std::string>>& files);
  Lexicon(Lexicon&&) noexcept;
  Lexicon& operator=(Lexicon&&) noexcept;
  ~Lexicon();

  struct Impl;
  [[nodiscard]] const Impl& impl() const { return *impl_; }

 private:
  explicit Lexicon(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// Pure, bounded: reads at most the first 4,000 characters.
[[nodiscard]] Understood understand(const Lexicon& lexicon, std::string_view text);

}  // namespace huiyin::dialogs
