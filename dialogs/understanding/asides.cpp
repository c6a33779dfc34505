// What stands beside a danger and takes nothing of it back: 「能不能快点派人来」, 「该打什么电话」, 「不是开玩笑」.
#include <algorithm>

#include "dialogs/understanding/characters.h"
#include "dialogs/understanding/classify.h"

namespace huiyin::dialogs {
namespace {

using Kind = Meaning::Kind;

struct Span {
  std::size_t begin = 0, end = 0;
};

enum class Stop : std::uint8_t { none, clause, sentence };

/// What ends with the character that is taken from `at`. A space between Chinese words parts clauses as a comma does.
Stop take_stop(std::string_view text, std::size_t& at) {
  const auto begin = at;
  const auto c = take_character(text, at);
  if (parts_statements(c)) return Stop::sentence;
  if (c == '.' && (at == text.size() || text[at] == ' ')) return Stop::sentence;
  const bool between = c == ' ' && (is_han(text, at) || !han_before(text, begin).empty());
  return between || parts_clauses(c) ? Stop::clause : Stop::none;
}

class Blanker {
 public:
  Blanker(const Lexicon::Impl& lexicon, std::string_view text, const std::vector<PhraseHit>& hits)
      : lexicon_(lexicon), hits_(hits), blanked_(text) {}

  std::string run() && {
    const std::string text = blanked_;
    const bool named = any({0, text.size()}, {Kind::danger});
    Span sentence, clause;
    for (std::size_t at = 0; at < text.size();) {
      const auto stop = take_stop(text, at);
      if (stop == Stop::none && at < text.size()) continue;
      clause.end = sentence.end = at;
      read_clause(clause);
      clause.begin = at;
      if (stop == Stop::clause && at < text.size()) continue;
      if (named && !any(sentence, {Kind::danger, Kind::danger_unless})) blank(sentence);
      sentence.begin = at;
    }
    return std::move(blanked_);
  }

 private:
  [[nodiscard]] Kind kind(const PhraseHit& hit) const {
    return lexicon_.meanings[static_cast<std::size_t>(hit.tag)].kind;
  }

  [[nodiscard]] bool is_aside(const PhraseHit& hit) const {
    return kind(hit) == Kind::danger_aside || kind(hit) == Kind::danger_plea;
  }

  [[nodiscard]] bool any(const Span& span, std::initializer_list<Kind> kinds) const {
    return std::any_of(hits_.begin(), hits_.end(), [&](const auto& hit) {
      return std::find(kinds.begin(), kinds.end(), kind(hit)) != kinds.end() && stands_in(hit, span.begin, span.end);
    });
  }

  /// 「有人被围着打，该打什么电话」: 打 is a word of a danger in the first clause only.
  [[nodiscard]] bool names_danger(const Span& clause) const {
    return std::any_of(hits_.begin(), hits_.end(), [&](const auto& danger) {
      if (kind(danger) != Kind::danger || !stands_in(danger, clause.begin, clause.end)) return false;
      return danger.begin >= clause.begin || std::none_of(hits_.begin(), hits_.end(), [&](const auto& aside) {
               return is_aside(aside) && aside.begin >= clause.begin && stands_in(danger, aside.begin, aside.end);
             });
    });
  }

  void read_clause(const Span& clause) {
    if (!names_danger(clause)) {
      if (any(clause, {Kind::danger_aside, Kind::danger_plea})) blank(clause);
      return;
    }
    for (const auto& hit : hits_) {
      const Span plea{hit.begin, hit.end};
      if (kind(hit) == Kind::danger_plea && stands_in(hit, clause.begin, clause.end) && !any(plea, {Kind::danger}))
        blank(plea);
    }
  }

  /// Line ends take the place, so that every word keeps its own.
  void blank(const Span& span) {
    const auto at = blanked_.begin() + static_cast<std::ptrdiff_t>(span.begin);
    std::fill(at, at + static_cast<std::ptrdiff_t>(span.end - span.begin), '\n');
  }

  const Lexicon::Impl& lexicon_;
  const std::vector<PhraseHit>& hits_;
  std::string blanked_;
};

}  // namespace

std::string without_asides(const Lexicon::Impl& lexicon, std::string_view text, const std::vector<PhraseHit>& hits) {
  return Blanker(lexicon, text, hits).run();
}

}  // namespace huiyin::dialogs
