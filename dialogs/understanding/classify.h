#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "dialogs/understanding/evidence.h"
#include "dialogs/understanding/lexicon_impl.h"

namespace huiyin::dialogs {

/// From the phrases found in a text, and what its words speak for: category, danger, urgency, intent, and what told
/// them. `understood` has the phone, name and address already; spans are bytes of `text`. `estate`: where he lives.
void classify(const Lexicon::Impl& lexicon, std::string_view text, const std::vector<PhraseHit>& hits,
              const Evidence& evidence, std::string_view estate, Understood& understood);

/// The first danger of the lexicon's order that is meant: not denied, feared, over, or part of what only looks like it.
/// Null: none.
[[nodiscard]] const PhraseHit* find_danger(const Lexicon::Impl& lexicon, std::string_view text,
                                           const std::vector<PhraseHit>& hits);

/// `danger gas`, `repair +2`: for those who mend the lexicon.
[[nodiscard]] std::string describe(const Meaning& meaning);

}  // namespace huiyin::dialogs
