#include <sysexits.h>

#include <iostream>
#include <nlohmann/json.hpp>

#include "gateway/assets.h"
#include "gateway/cli.h"

namespace huiyin::gateway {
namespace {

std::string as_json(const dialogs::Understood& understood) {
  nlohmann::ordered_json json;
  if (understood.phone) json["phone"] = understood.phone->value;
  if (understood.name) json["name"] = understood.name->value;
  if (understood.address) json["address"] = understood.address->value;
  json["category"] = to_string(understood.category);
  if (!understood.subcategory.empty()) json["subcategory"] = understood.subcategory;
  json["urgent"] = understood.urgent;
  if (!understood.danger.empty()) json["danger"] = understood.danger;
  json["intent"] = understood.intent;
  return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace

int run_understand(const UnderstandOptions& options, Console console) {
  const auto configured = load_configured_assets(options.config_file, console.errors);
  if (!configured) return EX_CONFIG;
  const auto& lexicon = *configured->assets.lexicon;
  if (!options.text.empty() && options.text != "-") {
    console.out << as_json(dialogs::understand(lexicon, options.text)) << '\n';
    return EX_OK;
  }
  for (std::string line; std::getline(console.in, line);)
    console.out << as_json(dialogs::understand(lexicon, line)) << '\n' << std::flush;
  return EX_OK;
}

}  // namespace huiyin::gateway
