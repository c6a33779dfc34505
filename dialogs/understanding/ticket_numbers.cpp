#include <re2/re2.h>

#include <algorithm>

#include "dialogs/understanding/characters.h"
#include "dialogs/understanding/extract.h"

namespace huiyin::dialogs {
namespace {

std::size_t count_digits(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), is_digit));
}

/// A letter before a digit or a dash, without which no number has letters before it: cheaper asked than matched.
bool may_be_lettered(std::string_view text) {
  for (std::size_t at = 0; at + 1 < text.size(); ++at)
    if (is_letter(text[at]) && (is_digit(text[at + 1]) || text[at + 1] == '-')) return true;
  return false;
}

bool may_have_cue(std::string_view text) {
  const auto has = [&](std::string_view word) { return text.find(word) != std::string_view::npos; };
  return has("单") || has("编号") || std::any_of(text.begin(), text.end(), is_letter);
}

}  // namespace

std::vector<Found> find_numbers(std::string_view text) {
  static const re2::RE2 with_cue(
      R"((?i)(?:工单|单号|编号|报修单|ticket)\s*(?:号码|号|编号|number|no\.?|#|是|为|:|\s)*([A-Z]{0,6}-?[0-9]{2,12}(?:-[0-9])?)\b)");
  static const re2::RE2 lettered(R"((?i)\b([A-Z]{1,6}-?[0-9]{2,12}(?:-[0-9])?)\b)");
  static const re2::RE2 whole(R"(\s*([0-9]{3,12}(?:-[0-9])?)\s*)");
  std::vector<Found> found;
  constexpr std::size_t kFewestDigits = 2;  // of any of the three
  if (count_digits(text) < kFewestDigits) return found;
  const re2::StringPiece piece(text.data(), text.size());
  re2::StringPiece group;
  const auto keep = [&](const char* rule) {
    const auto begin = static_cast<std::size_t>(group.data() - text.data());
    for (const auto& one : found)
      if (one.begin == begin) return;
    found.push_back({std::string(group), begin, begin + group.size(), 0.5, rule});
  };
  constexpr std::size_t kMost = 3;  // asked for in one message
  if (re2::RE2::FullMatch(piece, whole, &group)) keep("number_whole");
  const auto keep_all = [&](const re2::RE2& rule, const char* name) {
    for (re2::StringPiece rest = piece; found.size() < kMost && re2::RE2::FindAndConsume(&rest, rule, &group);)
      keep(name);
  };
  if (may_have_cue(text)) keep_all(with_cue, "number_cue");
  if (may_be_lettered(text)) keep_all(lettered, "number_lettered");
  return found;
}

}  // namespace huiyin::dialogs
