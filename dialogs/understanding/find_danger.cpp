// Which danger to life a message tells, if any: what the phrases found in it say, what takes them back, how it sounds.
#include <algorithm>

#include "dialogs/understanding/characters.h"
#include "dialogs/understanding/classify.h"

namespace huiyin::dialogs {
namespace {

using Kind = Meaning::Kind;
using Calms = Meaning::Calms;

constexpr std::size_t kMostLooked = 300;  // dangers and guards in one message
constexpr int kManyMore = 1;              // words that tell of another kind

/// Is there the end of a sentence in text[begin, end)?
bool parted(std::string_view text, std::size_t begin, std::size_t end, bool commas_too) {
  for (std::size_t at = begin; at < end;) {
    const auto c = take_character(text, at);
    if (parts_statements(c)) return true;
    if (c == '.' && at < text.size() && text[at] == ' ') return true;
    if (commas_too && parts_clauses(c)) return true;
  }
  return false;
}

/// 是不是, 有没有: what looks like a denial asks.
bool asks(std::string_view text, const PhraseHit& word) {
  return word.begin >= kHan && word.end - word.begin >= 2 * kHan && is_han(text, word.begin - kHan) &&
         text.substr(word.begin - kHan, kHan) == text.substr(word.begin + kHan, kHan);
}

/// Does the word stand right before `begin`? A word of one character (没) must touch it.
bool right_before(std::string_view text, const PhraseHit& word, std::size_t begin) {
  if (asks(text, word)) return false;
  const bool alone = word.end - word.begin == kHan && is_han(text, word.begin);
  const std::size_t near = alone ? 0 : 4 * kHan;
  return word.end <= begin && begin - word.end <= near && !parted(text, word.end, begin, true);
}

/// 插座没电，不是漏电: a word of denial stands right before one of the danger's words.
bool denied(std::string_view text, const PhraseHit& danger, const PhraseHit& word) {
  return right_before(text, word, danger.begin) || right_before(text, word, danger.last_begin) ||
         (danger.middle_end > 0 && right_before(text, word, danger.middle_begin));
}

bool same_sentence(std::string_view text, const PhraseHit& one, const PhraseHit& other) {
  const auto begin = std::min(one.end, other.end);
  const auto end = std::max(one.begin, other.begin);
  return begin >= end || !parted(text, begin, end, false);
}

class DangerSearch {
 public:
  DangerSearch(const Lexicon::Impl& lexicon, std::string_view text, const std::vector<PhraseHit>& hits)
      : lexicon_(lexicon), text_(text) {
    for (const auto& hit : hits) sort_in(hit);
  }

  [[nodiscard]] DangerHit run() {
    if (dangers_.empty() || calms_ == Calms::surely) return {};
    dangers_.erase(std::remove_if(dangers_.begin(), dangers_.end(), [&](const auto* one) { return !is_meant(*one); }),
                   dangers_.end());
    const auto danger = plainest(false);
    return danger.hit != nullptr ? danger : plainest(true);
  }

 private:
  [[nodiscard]] const Meaning& meaning(const PhraseHit& hit) const {
    return lexicon_.meanings[static_cast<std::size_t>(hit.tag)];
  }

  void sort_in(const PhraseHit& hit) {
    const auto& one = meaning(hit);
    switch (one.kind) {
      case Kind::danger:
        if (dangers_.size() < kMostLooked) dangers_.push_back(&hit);
        break;
      case Kind::danger_except:
      case Kind::danger_unless:
      case Kind::danger_before:
      case Kind::danger_denied:
        if (guards_.size() < kMostLooked) guards_.push_back(&hit);
        break;
      case Kind::danger_now:
      case Kind::urgent:
        ++sounds_;
        break;
      case Kind::danger_calm:
        --sounds_;
        break;
      case Kind::intent:
        calms_ = std::max(calms_, one.calms);
        break;
      default:
        break;
    }
  }

  [[nodiscard]] bool is_meant(const PhraseHit& danger) const {
    return std::none_of(guards_.begin(), guards_.end(), [&](const PhraseHit* guard) {
      const auto& other = meaning(*guard);
      switch (other.kind) {
        case Kind::danger_except:
          return other.name == meaning(danger).name && stands_in(danger, guard->begin, guard->end);
        case Kind::danger_before:
          return right_before(text_, *guard, danger.begin);
        case Kind::danger_denied:
          return denied(text_, danger, *guard);
        default:
          return same_sentence(text_, danger, *guard);
      }
    });
  }

  /// Of several kinds the first in the lexicon's order, unless many more words tell of another.
  [[nodiscard]] DangerHit plainest(bool last_resort) const {
    DangerHit plainest;
    int most = 0;
    for (const auto& kind : lexicon_.danger_order) {
      const auto [danger, words] = first(kind, last_resort);
      if (danger.hit == nullptr || (plainest.hit != nullptr && words <= most + kManyMore)) continue;
      plainest = danger;
      most = words;
    }
    return plainest;
  }

  struct Told {
    DangerHit danger{};
    int words = 0;  ///< that tell of it; of several that stand together two
  };
  /// Of a kind, if what is told of it weighs more than how the message sounds.
  [[nodiscard]] Told first(const std::string& kind, bool last_resort) const {
    const PhraseHit* found = nullptr;
    int weight = sounds_ - (calms_ == Calms::doubtful ? 1 : 0);
    int words = 0;
    for (const auto* danger : dangers_) {
      const auto& one = meaning(*danger);
      if (one.name != kind || (one.weight == 0) != last_resort) continue;
      const int told = danger->whole ? 1 : 2;
      weight += one.weight == 0 && danger->whole ? 0 : std::max(one.weight, told);
      words += told;
      if (found == nullptr) found = danger;
    }
    return weight > 0 ? Told{{found, weight}, words} : Told{};
  }

  const Lexicon::Impl& lexicon_;
  std::string_view text_;
  std::vector<const PhraseHit*> dangers_{};
  std::vector<const PhraseHit*> guards_{};
  int sounds_ = 0;  ///< words that speak for a danger less those that speak against it
  Calms calms_ = Calms::no;
};

}  // namespace

DangerHit find_danger(const Lexicon::Impl& lexicon, std::string_view text, const std::vector<PhraseHit>& hits) {
  return DangerSearch(lexicon, text, hits).run();
}

}  // namespace huiyin::dialogs
