#include <sysexits.h>

#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>

#include "gateway/assets.h"
#include "gateway/cli.h"

namespace huiyin::gateway {
namespace {

using Json = nlohmann::ordered_json;

/// 「等一下」 and 「还有一点」 are the dialog's own; to anybody else they are small talk.
std::string intent_of(const dialogs::Understood& understood) {
  if (understood.intent == "addition") return "report";
  return understood.intent == "wait" ? "other" : understood.intent;
}

Json as_json(const dialogs::Found& found) {
  return {{"value", found.value},
          {"begin", found.begin},
          {"end", found.end},
          {"confidence", found.confidence},
          {"rule", found.rule}};
}

/// Why: each slot with its span and rule, and each phrase of the lexicon that stands in the text.
Json explained(const dialogs::Lexicon& lexicon, const dialogs::Understood& understood, std::string_view text) {
  Json json = Json::object();
  const std::pair<const char*, const std::optional<dialogs::Found>&> slots[] = {
      {"phone", understood.phone},      {"name", understood.name},
      {"address", understood.address},  {"others_address", understood.others_address},
      {"when", understood.when},        {"category", understood.category_by},
      {"urgent", understood.urgent_by}, {"danger", understood.danger_by},
      {"intent", understood.intent_by}};
  for (const auto& [name, found] : slots)
    if (found) json[name] = as_json(*found);
  json["phrases"] = Json::array();
  for (const auto& found : dialogs::phrases_in(lexicon, text))
    json["phrases"].push_back({{"tells", found.value},
                               {"text", text.substr(found.begin, found.end - found.begin)},
                               {"begin", found.begin},
                               {"end", found.end},
                               {"phrase", found.rule}});
  return json;
}

struct Reader {
  const dialogs::Lexicon* lexicon = nullptr;
  dialogs::Locality locality{};
  bool explain = false;
};

std::string as_line(const Reader& reader, std::string_view text) {
  auto understood = dialogs::understand(*reader.lexicon, text, reader.locality);
  if (understood.guess) {
    understood.category = understood.guess->category;
    understood.subcategory = understood.guess->subcategory;
    understood.intent = understood.guess->intent;
  }
  Json json;
  if (understood.phone) json["phone"] = understood.phone->value;
  if (understood.name) json["name"] = understood.name->value;
  if (understood.address) json["address"] = understood.address->value;
  json["category"] = to_string(understood.category);
  if (!understood.subcategory.empty()) json["subcategory"] = understood.subcategory;
  json["urgent"] = understood.urgent;
  if (!understood.danger.empty()) json["danger"] = understood.danger;
  json["intent"] = intent_of(understood);
  if (reader.explain) json["explain"] = explained(*reader.lexicon, understood, text);
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

int run_understand(const UnderstandOptions& options, Console console) {
  const auto configured = load_configured_assets(options.config_file, console.errors);
  if (!configured) return EX_CONFIG;
  const auto& estates = configured->config.estates;
  const auto is_named = [&](const EstateConfig& estate) { return estate.name == options.estate; };
  if (!options.estate.empty() && std::none_of(estates.begin(), estates.end(), is_named)) {
    console.errors << "the configuration has no estate \"" << options.estate << "\"\n";
    return EX_USAGE;
  }
  const Reader reader{.lexicon = configured->assets.lexicon.get(),
                      .locality = locality_of(configured->config, options.estate),
                      .explain = options.explain};
  if (!options.text.empty() && options.text != "-") {
    console.out << as_line(reader, options.text) << '\n';
    return EX_OK;
  }
  for (std::string line; std::getline(console.in, line);) console.out << as_line(reader, line) << '\n' << std::flush;
  return EX_OK;
}

}  // namespace huiyin::gateway
