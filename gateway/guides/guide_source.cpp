#include "gateway/guides/guide_source.h"

#include "gateway/life_settings.h"

namespace huiyin::gateway {

GuideSource guide_source(const Config& config, const Assets& assets, const std::string& locale,
                         std::vector<Error>& errors) {
  const auto configuration = read_file(config.file);
  auto texts = newer_texts(config, assets, "guide.index");
  return {.config = config,
          .assets = assets,
          .locale = locale,
          .texts = texts,
          .words = words_of(assets, texts, locale),
          .departments = departments_of(config),
          .rules = ticket_rules_of(config),
          .life = life_rules_of(config, config.time_zone, errors),
          .reports = configuration ? reports_of(*configuration) : ReportConfig{}};
}

}  // namespace huiyin::gateway
