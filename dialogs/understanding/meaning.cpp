// What a phrase of the lexicon stands for, in words: for those who mend the lexicon, and as what weights are given to.
#include "dialogs/understanding/classify.h"

namespace huiyin::dialogs {

using Kind = Meaning::Kind;

std::string describe(const Meaning& meaning) {
  const auto weighed = [&](const std::string& name) { return name + " +" + std::to_string(meaning.weight); };
  switch (meaning.kind) {
    case Kind::danger:
      return "danger " + meaning.name;
    case Kind::danger_except:
      return "no danger " + meaning.name;
    case Kind::danger_unless:
    case Kind::danger_before:
    case Kind::danger_denied:
    case Kind::danger_calm:
      return "no danger";
    case Kind::danger_aside:
    case Kind::danger_plea:
      return "beside a danger";
    case Kind::danger_now:
      return "danger now";
    case Kind::category:
      return meaning.name.empty() ? "neutral" : weighed(meaning.name);
    case Kind::subcategory:
      return weighed(meaning.name);
    case Kind::scope:
      return weighed("out_of_scope " + meaning.name);
    case Kind::intent:
      return "intent " + meaning.name;
    case Kind::faq:
      return "question " + meaning.name;
    case Kind::set:
      return "set " + meaning.name;
    default:
      return meaning.name;
  }
}

std::string marker_of(const Meaning& meaning) {
  return meaning.kind == Meaning::Kind::set ? "{" + meaning.name + "}" : "<" + describe(meaning) + ">";
}

}  // namespace huiyin::dialogs
