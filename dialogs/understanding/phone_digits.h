#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace huiyin::dialogs {

/// 138, 一三八, one three eight.
enum class DigitKind { arabic, han, word };

/// Digits in a row, and how they hang together with the row before.
struct Group {
  std::size_t begin = 0, end = 0;    // in the text
  std::size_t first = 0, count = 0;  // in Digits::all
  DigitKind kind = DigitKind::arabic;
  char joint = 0;  // what stands between it and the group before: 0 something else, '~' nothing, ' ', '-', ')' …
};

/// All digits of a text, at most 400 groups of them.
struct Digits {
  std::string all{};
  std::vector<Group> groups{};
};

/// Reads the digits of a text: Arabic, Chinese, and English words for them. Pure, linear.
[[nodiscard]] Digits read_digits(std::string_view text);

/// 0–9, or -1; `at` is moved behind a digit. `chinese` tells of which kind it was.
int take_digit(std::string_view text, std::size_t& at, bool& chinese);

/// A digit said so many times; 0 times: none.
struct Spelled {
  int digit = 0;
  std::size_t times = 0;
};

/// The English word for a digit that begins at `at`, which is moved behind it: seven, oh, double eight.
Spelled take_spelled(std::string_view text, std::size_t& at);

}  // namespace huiyin::dialogs
