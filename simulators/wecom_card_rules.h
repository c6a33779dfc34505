#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "simulators/staff_screens.h"
#include "simulators/strict_xml.h"

namespace huiyin::simulators {

using WeComButton = StaffButton;

/// A template card as the platform takes it, or why it refuses it.
struct WeComCard {
  int code = 0;  ///< an errcode; 0: it is good
  std::string words{};
  std::string type{};
  std::string task_id{};
  std::string shown{};  ///< as the client shows it, without its buttons
  std::string url{};
  std::vector<WeComButton> buttons{};  ///< those of its menu come last
};

/// Strict where the vendor's page gives advice: what passes here passes there. `update`: it takes the place of another,
/// and has no id of its own.
[[nodiscard]] WeComCard read_card(std::string_view json, bool update);

/// The <TemplateCard> of a passive reply as the API's JSON, for read_card().
[[nodiscard]] std::string card_from_xml(const XmlField& card);

}  // namespace huiyin::simulators
