#include "adapters/registry.h"

#include <algorithm>
#include <utility>

#include "core/text.h"

namespace huiyin {

#define PROVIDER(kind, name) \
  namespace kind {           \
  Factory make_##name;       \
  }
#include "adapters/providers.def"
#undef PROVIDER

// A table, not objects that register themselves: the linker drops those from a static library.
const std::vector<ProviderEntry>& providers() {
  static const std::vector<ProviderEntry> table{
#define PROVIDER(kind, name) {#kind, #name, kind::make_##name},
#include "adapters/providers.def"
#undef PROVIDER
  };
  return table;
}

std::unique_ptr<Channel> make_channel(const ChannelConfig& config, const SecretSources& secrets,
                                      std::vector<Error>& errors) {
  std::vector<std::string_view> known;
  for (const auto& entry : providers()) {
    if (entry.kind != config.kind) continue;
    if (entry.name == config.provider) return entry.make(config, secrets, errors);
    known.push_back(entry.name);
  }
  std::string what = config.name + ": no provider \"" + config.provider + "\" of the kind \"" + config.kind + "\"";
  std::string remedy;
  if (const auto meant = closest(config.provider, known)) {
    remedy = "Did you mean \"" + std::string(*meant) + "\"?";
  } else if (!known.empty()) {
    remedy = "There is";
    for (const auto name : known) remedy += " \"" + std::string(name) + "\"";
  } else {
    remedy = "The kind is what stands before the colon of the name; this program speaks";
    std::string_view last;
    for (const auto& entry : providers())  // sorted by kind
      if (std::exchange(last, entry.kind) != entry.kind) remedy += " \"" + std::string(entry.kind) + "\"";
  }
  if (config.stanza) {
    errors.push_back(
        config.stanza->find("provider").value_or(*config.stanza).error(std::move(what), std::move(remedy)));
  } else {
    errors.push_back({{}, std::move(what), std::move(remedy)});
  }
  return nullptr;
}

}  // namespace huiyin
