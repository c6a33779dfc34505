#pragma once

#include <string>
#include <vector>

#include "config/config.h"
#include "tickets/assignment.h"
#include "tickets/audit.h"
#include "tickets/duplicates.h"
#include "tickets/state_machine.h"
#include "tickets/steps.h"
#include "tickets/urging.h"

namespace huiyin::gateway {

/// What configuration says of a ticket's life (config/life.h), as tickets/ takes it. A department's id is stable_id()
/// of its name. Without `departments:` there is one for each category, under the category's name.

[[nodiscard]] std::vector<tickets::Department> departments_of(const Config& config);
/// Who gets what: what names a place comes before what names a part of a category, that before a whole category, and
/// otherwise the order of the file holds.
[[nodiscard]] tickets::Rules ticket_rules_of(const Config& config);
[[nodiscard]] tickets::DuplicateRules duplicate_rules_of(const Config& config);
[[nodiscard]] std::vector<tickets::ScopeRule> scope_rules_of(const Config& config);
[[nodiscard]] tickets::UrgeRules urge_rules_of(const Config& config);

/// For an estate of this time zone. Reads the files of holidays: `cn` is the one shipped (tickets/calendars/). One that
/// cannot be read, or has mistakes, is a complaint.
[[nodiscard]] tickets::LifeRules life_rules_of(const Config& config, const std::string& time_zone,
                                               std::vector<Error>& errors);

/// What `huiyin check` warns of: that the files of holidays do not know `year`. Empty where they do, or are none.
[[nodiscard]] std::string missing_holidays(const Config& config, int year);

}  // namespace huiyin::gateway
