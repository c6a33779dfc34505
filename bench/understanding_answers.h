#pragma once

#include <string>
#include <vector>

#include "dialogs/understanding/understand.h"

namespace huiyin::bench {

/// The shipped lexicon, from the source tree.
[[nodiscard]] dialogs::Lexicon shipped_lexicon();

/// The texts of one labelled half (`tuning`, `held-out`).
[[nodiscard]] std::vector<std::string> labelled_texts(const std::string& half);

/// What was read from each of `texts`, one JSON object a line, with the keys that score.py compares.
[[nodiscard]] std::string answers(const dialogs::Lexicon& lexicon, const std::vector<std::string>& texts);

/// score.py's table is printed; its last line, the figures as JSON, is returned.
[[nodiscard]] std::string score(const std::string& half, const std::string& answers, bool wrong);

}  // namespace huiyin::bench
