#pragma once

#include <string>
#include <vector>

#include "dialogs/understanding/understand.h"

namespace huiyin::dialogs {

/// A message and what it should be read as.
struct LabelledMessage {
  std::string text{};
  std::string danger{};       ///< empty: none
  std::string category{};     ///< `none` and `out_of_scope` too
  std::string subcategory{};  ///< empty: none fits
  std::string intent{};
};

/// The lexicon file `weights.txt`, learned from labelled messages: how strongly each of their words, and each set and
/// phrase of the lexicon, speaks for danger, categories and intents. The same messages in the same order and the same
/// lexicon give the same file; weights that the lexicon has already play no part.
/// Logistic regression, one model for danger and one for each of: the kind of danger, category, sub-category, intent;
/// by FTRL-Proximal (McMahan and others, "Ad Click Prediction", KDD 2013, algorithm 1), which leaves most weights at
/// nought.
[[nodiscard]] std::string learn_weights(const Lexicon& lexicon, const std::vector<LabelledMessage>& messages);

}  // namespace huiyin::dialogs
