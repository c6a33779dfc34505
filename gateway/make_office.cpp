#include "gateway/make_office.h"

#include "dialogs/answers.h"
#include "gateway/life_settings.h"
#include "gateway/stable_id.h"

namespace huiyin::gateway {

std::shared_ptr<Office> make_office(const Assets& assets, const Config& config, std::vector<Error>& errors) {
  auto office = std::make_shared<Office>();
  office->locale = config.locale;
  office->prefix = config.ticket_prefix;
  office->media_folder = config.media_folder;
  office->renderer = assets.renderer;
  office->rules = ticket_rules_of(config);
  office->departments = departments_of(config);
  office->duplicates = duplicate_rules_of(config);
  office->urging = urge_rules_of(config);
  office->scope = scope_rules_of(config);
  for (const auto& estate : config.estates)
    office->sites[stable_id<EstateId>(estate.name)] = {.title = estate.title,
                                                       .hotline = estate.hotline,
                                                       .utc_offset = utc_offset(estate.time_zone),
                                                       .life = life_rules_of(config, estate.time_zone, errors)};
  office->elsewhere.utc_offset = utc_offset(config.time_zone);
  office->elsewhere.life = life_rules_of(config, config.time_zone, errors);
  office->category_words = [flow = assets.flow](Category category, const std::string& sub, const std::string& locale) {
    const auto value = std::string(to_string(category)) + (sub.empty() ? "" : "/" + sub);
    return dialogs::category_words(flow, value, locale);
  };
  return office;
}

std::vector<std::string> department_names(const Config& config) {
  std::vector<std::string> out;
  for (const auto& department : departments_of(config)) out.push_back(department.name);
  return out;
}

db::Directory directory_of(const Config& config, const Office& office) {
  db::Directory out;
  for (const auto& estate : config.estates)
    out.estates.push_back(
        {stable_id<EstateId>(estate.name), estate.name, estate.title, estate.hotline, estate.time_zone});
  for (const auto& department : office.departments) {
    std::string categories;
    for (const auto& [category, id] : office.rules.departments)
      if (id == department.id) categories += (categories.empty() ? "" : ",") + std::string(to_string(category));
    out.departments.push_back({department.id, department.name, categories});
  }
  return out;
}

}  // namespace huiyin::gateway
