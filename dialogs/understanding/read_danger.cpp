// The danger that a message tells, if any: what the rules find in it, weighed against all its words.
#include <algorithm>

#include "dialogs/understanding/classify.h"

namespace huiyin::dialogs {
namespace {

using Kind = Meaning::Kind;

class DangerReader {
 public:
  DangerReader(const Lexicon::Impl& lexicon, std::string_view text, const Understood& understood)
      : lexicon_(lexicon), text_(text), understood_(understood) {}

  [[nodiscard]] std::optional<Found> run(const std::vector<PhraseHit>& hits, const Evidence& evidence) const {
    auto found = read(text_, hits, evidence);
    if (found) return found;
    const bool aside = has(hits, Kind::danger_aside) || has(hits, Kind::danger_plea);
    const bool again = has(hits, Kind::danger) || (aside && evidence.may_tell_danger());
    return again ? once_more(hits) : std::nullopt;
  }

 private:
  [[nodiscard]] std::optional<Found> read(std::string_view text, const std::vector<PhraseHit>& hits,
                                          const Evidence& evidence) const {
    const auto [hit, weight] = find_danger(lexicon_, text, hits);
    const auto kind = evidence.danger({.kind = hit == nullptr ? "" : name(*hit),
                                       .weight = weight,
                                       .taken_back = hit == nullptr && has(hits, Kind::danger),
                                       .of_part = text.data() != text_.data()});
    if (kind.empty()) return std::nullopt;
    const bool by_rule = hit != nullptr && name(*hit) == kind;
    return by_rule ? found_by(lexicon_, *hit, kind) : by_weights(evidence, text, "danger", kind);
  }

  /// However much the words around it sound like a question, a complaint or thanks: what is a danger where it stands
  /// alone is one.
  [[nodiscard]] std::optional<Found> once_more(const std::vector<PhraseHit>& all) const {
    const auto text = without_asides(lexicon_, text_, all);
    if (text == text_) return std::nullopt;
    std::vector<PhraseHit> hits;
    lexicon_.find(text, hits);
    if (has(hits, Kind::danger_if)) return std::nullopt;
    const Evidence evidence(lexicon_, text, hits, understood_);
    lexicon_.drop_sets(hits);
    return read(text, hits, evidence);
  }

  [[nodiscard]] bool has(const std::vector<PhraseHit>& hits, Kind kind) const {
    return std::any_of(hits.begin(), hits.end(), [&](const auto& hit) {
      return lexicon_.meanings[static_cast<std::size_t>(hit.tag)].kind == kind;
    });
  }
  [[nodiscard]] const std::string& name(const PhraseHit& hit) const {
    return lexicon_.meanings[static_cast<std::size_t>(hit.tag)].name;
  }

  const Lexicon::Impl& lexicon_;
  std::string_view text_;
  const Understood& understood_;
};

}  // namespace

std::optional<Found> read_danger(const Lexicon::Impl& lexicon, std::string_view text,
                                 const std::vector<PhraseHit>& hits, const Evidence& evidence,
                                 const Understood& understood) {
  return DangerReader(lexicon, text, understood).run(hits, evidence);
}

Found found_by(const Lexicon::Impl& lexicon, const PhraseHit& hit, std::string value) {
  return {
      .value = std::move(value), .begin = hit.begin, .end = hit.end, .confidence = 0.9, .rule = lexicon.written(hit)};
}

Found by_weights(const Evidence& evidence, std::string_view text, const std::string& of_class, std::string value) {
  return {
      .value = std::move(value), .begin = 0, .end = text.size(), .confidence = 0.7, .rule = evidence.reason(of_class)};
}

}  // namespace huiyin::dialogs
