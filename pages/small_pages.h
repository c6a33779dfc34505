#pragma once

#include <array>
#include <string>
#include <string_view>

#include "pages/html.h"

namespace huiyin::pages {

/// A few words and nothing else: `page.gone` for a link that is forged, expired or another's (they all read the same),
/// `page.busy` …
[[nodiscard]] std::string render_words(std::string_view name, std::string_view locale, const Words& words);

/// What an owner may find: repaired, in part, not.
inline constexpr std::array<std::string_view, 3> kOutcomes = {"fixed", "partly", "not_fixed"};

/// 满意度调查: a GET changes nothing, as mail scanners follow links; the button posts.
struct SurveyPage {
  std::string locale{}, path{}, form_token{};
  std::string number{}, problem{};  ///< which problem, where: several may have been reported
  int chosen = 0;                   ///< 1 to 5 where the link says it already; 0: none
  std::string outcome{};            ///< of kOutcomes, where the link says that
  std::string notice{};             ///< thanks, once it is answered: there is no form then
};
[[nodiscard]] std::string render(const SurveyPage& page, const Words& words);

/// Who opens a link that stands in a group is asked who he is, and proves it by a code sent to his own work chat.
struct SignInPage {
  std::string locale{}, path{}, form_token{};
  std::string who{};       ///< as he wrote it; empty: he is asked
  bool code_sent = false;  ///< he is asked for the code (and whether anybody of that name exists is not told)
  std::string notice{};
};
[[nodiscard]] std::string render(const SignInPage& page, const Words& words);

}  // namespace huiyin::pages
