// What every command needs: the configuration, and complaints about it in words.
#include <algorithm>
#include <iostream>
#include <iterator>

#include "adapters/registry.h"
#include "config/read_config.h"
#include "gateway/assets.h"
#include "gateway/cli.h"

namespace huiyin::gateway {

void print(const std::vector<Error>& complaints, std::ostream& errors) {
  for (const auto& complaint : complaints) errors << describe(complaint) << '\n';
}

std::vector<Error> complaints_of_parts(const Config& config, const SecretSources& secrets) {
  std::vector<Error> complaints;
  for (const auto& stanza : config.channels) {
    const bool is_named = !stanza.kind.empty() && !stanza.provider.empty();  // else the configuration says so already
    if (is_named) static_cast<void>(make_channel(stanza, secrets, complaints));
  }
  if (const auto assets = load_assets(config); !assets)
    complaints.insert(complaints.end(), assets.error().begin(), assets.error().end());
  return complaints;
}

std::optional<Config> load_config(const std::string& file, std::ostream& errors) {
  const auto text = read_file(file);
  if (!text) {
    print({text.error()}, errors);
    return std::nullopt;
  }
  auto read = read_config(*text, file, process_secrets());
  if (read.errors.empty()) return std::move(read.config);
  // What the parts have to say as well, so that mending takes one round; of the configuration's file in its order.
  auto parts = complaints_of_parts(read.config, process_secrets());
  const auto elsewhere = std::stable_partition(parts.begin(), parts.end(),
                                               [&](const Error& error) { return error.where.starts_with(file + ":"); });
  read.errors.insert(read.errors.end(), std::make_move_iterator(parts.begin()), std::make_move_iterator(elsewhere));
  sort_by_line(read.errors);
  print(read.errors, errors);
  print({elsewhere, parts.end()}, errors);
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
