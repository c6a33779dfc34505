// What every command needs: the configuration, and complaints about it in words.
#include <iostream>

#include "gateway/assets.h"
#include "gateway/cli.h"

namespace huiyin::gateway {

void print(const std::vector<Error>& complaints, std::ostream& errors) {
  for (const auto& complaint : complaints) errors << describe(complaint) << '\n';
}

std::optional<Config> load_config(const std::string& file, std::ostream& errors) {
  const auto text = read_file(file);
  if (!text) {
    print({text.error()}, errors);
    return std::nullopt;
  }
  auto config = parse_config(*text, file, process_secrets());
  if (config) return *std::move(config);
  print(config.error(), errors);
  return std::nullopt;
}

std::optional<ConfiguredAssets> load_configured_assets(const std::string& config_file, std::ostream& errors) {
  auto config = config_file.empty() ? std::optional(default_config()) : load_config(config_file, errors);
  if (!config) return std::nullopt;
  auto assets = load_assets(*config);
  if (assets) return ConfiguredAssets{*std::move(config), *std::move(assets)};
  print(assets.error(), errors);
  return std::nullopt;
}

Config default_config() {
  Config config;
  config.estates.push_back({.name = "riverside", .title = "滨江花园", .hotline = "020-12345678"});
  return config;
}

}  // namespace huiyin::gateway
