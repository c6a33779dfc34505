#pragma once

#include <string>
#include <utility>
#include <vector>

#include "pages/html.h"

namespace huiyin::pages {

/// What a ticket's page shows to the member of staff who opened it: all of it as words for him already.
struct TicketPage {
  struct Line {
    std::string at{}, who{}, what{};
  };
  /// Something that he may do now.
  struct Deed {
    std::string action{};         ///< `accept`, `complete`: as in history rows
    std::string label{};          ///< 接单
    bool needs_words = false;     ///< what was found, why, how far
    bool needs_told = false;      ///< how the owner was told
    bool needs_receiver = false;  ///< to whom
    bool takes_category = false;  ///< what kind of work it is may be chosen
    bool takes_photos = false;    ///< photos may go with it …
    bool needs_photo = false;     ///< … or must
  };
  std::string locale{};
  std::string path{};  ///< where the forms go: `/t/<token>`
  std::string reader{};
  std::string number{}, status{}, category{}, place{}, description{}, deadline{}, holder{}, opened{};
  bool urgent = false;
  std::vector<std::string> photos{};  ///< paths on this server
  std::vector<Line> history{};        ///< newest first
  std::vector<Deed> deeds{};
  std::vector<std::pair<std::string, std::string>> told_by{};     ///< value, label
  std::vector<std::pair<std::string, std::string>> categories{};  ///< value, label
  std::string form_token{};                                       ///< of every form
  std::string notice{};                                           ///< what came of what he just did; may be empty
};

/// The page as HTML. Pure; everything is escaped. Works without scripts: each deed is a form, those that want words
/// fold open.
[[nodiscard]] std::string render(const TicketPage& page, const Words& words);

}  // namespace huiyin::pages
