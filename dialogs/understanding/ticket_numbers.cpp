#include <re2/re2.h>

#include <algorithm>

#include "dialogs/understanding/characters.h"
#include "dialogs/understanding/extract.h"

namespace huiyin::dialogs {
namespace {

std::size_t count_digits(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), is_digit));
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
  for (re2::StringPiece rest = piece; found.size() < kMost && re2::RE2::FindAndConsume(&rest, with_cue, &group);)
    keep("number_cue");
  for (re2::StringPiece rest = piece; found.size() < kMost && re2::RE2::FindAndConsume(&rest, lettered, &group);)
    keep("number_lettered");
  return found;
}

}  // namespace huiyin::dialogs
