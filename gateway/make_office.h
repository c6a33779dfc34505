#pragma once

#include <memory>
#include <string>
#include <vector>

#include "config/config.h"
#include "db/store.h"
#include "gateway/assets.h"
#include "gateway/office.h"

namespace huiyin::gateway {

/// What work on tickets is decided with, of configuration and texts. Complaints name file, line and remedy.
[[nodiscard]] std::shared_ptr<Office> make_office(const Assets& assets, const Config& config,
                                                  std::vector<Error>& errors);

/// The names by which the configuration knows departments.
[[nodiscard]] std::vector<std::string> department_names(const Config& config);

/// Estates and departments for the tables that people read.
[[nodiscard]] db::Directory directory_of(const Config& config, const Office& office);

}  // namespace huiyin::gateway
