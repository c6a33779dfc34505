#include <algorithm>

#include "dialogs/understanding/characters.h"
#include "dialogs/understanding/classify.h"

namespace huiyin::dialogs {
namespace {

using Kind = Meaning::Kind;

constexpr std::size_t kMostLooked = 300;  // dangers and guards in one message

/// Does the guard touch words of the danger? What a gap stands for is none of them.
bool touches(const PhraseHit& guard, const PhraseHit& danger) {
  const auto meets = [&](std::size_t begin, std::size_t end) { return guard.begin < end && begin < guard.end; };
  return meets(danger.begin, danger.first_end) || meets(danger.last_begin, danger.end) ||
         (danger.middle_end > 0 && meets(danger.middle_begin, danger.middle_end));
}

/// Is there the end of a sentence in text[begin, end)?
bool parted(std::string_view text, std::size_t begin, std::size_t end, bool commas_too) {
  for (std::size_t at = begin; at < end;) {
    const auto c = take_character(text, at);
    if (c == U'。' || c == U'！' || c == U'？' || c == '!' || c == '?' || c == '\n' || c == U'；' || c == ';')
      return true;
    if (c == '.' && at < text.size() && text[at] == ' ') return true;
    if (commas_too && (c == U'，' || c == ',' || c == U'、' || c == ':' || c == U'：')) return true;
  }
  return false;
}

/// 没有着火, 怕孩子触电: a word that takes back stands right before.
bool taken_back(std::string_view text, const PhraseHit& danger, const PhraseHit& before) {
  constexpr std::size_t kNear = 4 * kHan;
  return before.end <= danger.begin && danger.begin - before.end <= kNear &&
         !parted(text, before.end, danger.begin, true);
}

bool same_sentence(std::string_view text, const PhraseHit& one, const PhraseHit& other) {
  const auto begin = std::min(one.end, other.end);
  const auto end = std::max(one.begin, other.begin);
  return begin >= end || !parted(text, begin, end, false);
}

}  // namespace

const PhraseHit* find_danger(const Lexicon::Impl& lexicon, std::string_view text, const std::vector<PhraseHit>& hits) {
  std::vector<const PhraseHit*> dangers;
  std::vector<const PhraseHit*> guards;
  for (const auto& hit : hits) {
    const auto kind = lexicon.meanings[static_cast<std::size_t>(hit.tag)].kind;
    if (kind == Kind::danger && dangers.size() < kMostLooked) dangers.push_back(&hit);
    const bool guard = kind == Kind::danger_except || kind == Kind::danger_unless || kind == Kind::danger_before;
    if (guard && guards.size() < kMostLooked) guards.push_back(&hit);
  }
  const auto is_meant = [&](const PhraseHit& danger) {
    const auto& meaning = lexicon.meanings[static_cast<std::size_t>(danger.tag)];
    return std::none_of(guards.begin(), guards.end(), [&](const PhraseHit* guard) {
      const auto& other = lexicon.meanings[static_cast<std::size_t>(guard->tag)];
      if (other.kind == Kind::danger_except) return other.name == meaning.name && touches(*guard, danger);
      if (other.kind == Kind::danger_before) return taken_back(text, danger, *guard);
      return same_sentence(text, danger, *guard);
    });
  };
  for (const bool last_resort : {false, true})
    for (const auto& kind : lexicon.danger_order)
      for (const auto* danger : dangers) {
        const auto& meaning = lexicon.meanings[static_cast<std::size_t>(danger->tag)];
        if (meaning.name == kind && (meaning.weight == 0) == last_resort && is_meant(*danger)) return danger;
      }
  return nullptr;
}

}  // namespace huiyin::dialogs
