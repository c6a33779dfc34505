#pragma once

#include <optional>
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

struct DangerHit {
  const PhraseHit* hit = nullptr;
  int weight = 0;  ///< what tells of it, less what speaks against it; more than 0 where there is one
};
/// The danger that is meant: not denied, feared, over, or part of what only looks like it. Of several kinds the first
/// of the lexicon's order, unless many more words tell of another.
[[nodiscard]] DangerHit find_danger(const Lexicon::Impl& lexicon, std::string_view text,
                                    const std::vector<PhraseHit>& hits);

/// The danger that a message tells, by the rules and by what its words speak for together; as `classify()`.
[[nodiscard]] std::optional<Found> read_danger(const Lexicon::Impl& lexicon, std::string_view text,
                                               const std::vector<PhraseHit>& hits, const Evidence& evidence,
                                               const Understood& understood);

/// The text without what takes no danger back: clauses that only ask for help, swear, scold or thank, and sentences
/// that tell of none. Line ends stand where it was, so that spans stay as they are.
[[nodiscard]] std::string without_asides(const Lexicon::Impl& lexicon, std::string_view text,
                                         const std::vector<PhraseHit>& hits);

/// Told by a phrase.
[[nodiscard]] Found found_by(const Lexicon::Impl& lexicon, const PhraseHit& hit, std::string value);
/// Told by no phrase, but by all words of the message together.
[[nodiscard]] Found by_weights(const Evidence& evidence, std::string_view text, const std::string& of_class,
                               std::string value);

/// `danger gas`, `repair +2`: for those who mend the lexicon.
[[nodiscard]] std::string describe(const Meaning& meaning);

}  // namespace huiyin::dialogs
