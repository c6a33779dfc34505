#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/yaml.h"
#include "dialogs/flow.h"

namespace re2 {
class RE2;
}

namespace huiyin::dialogs {

/// A correction in the owner's words: which field (none: the value has to tell) and where in the text the value stands.
struct Correction {
  const Field* field = nullptr;
  bool has_value = false;
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// The compiled half of a flow.
struct FlowRules {
  std::vector<std::shared_ptr<const re2::RE2>> corrections{};
  std::vector<std::string> polite{};
};

/// Questions that are the engine's own, beside the flow's fields; no field may be called so.
inline constexpr std::string_view kEngineQuestions[] = {"cancel", "resume", "offer", "change", "menu", "received"};

/// A word or short message as it is compared: folded, without the punctuation at its ends.
[[nodiscard]] std::string key_of(std::string_view text);

/// Is the whole message this command, with polite words around it or without?
[[nodiscard]] bool is_command(const Flow& flow, std::string_view command, std::string_view text);
/// The entry of the menu that the whole message names.
[[nodiscard]] const MenuEntry* find_menu(const Flow& flow, std::string_view text);

/// `plain`: a plain text; the span is of it.
[[nodiscard]] std::optional<Correction> find_correction(const Flow& flow, std::string_view plain);

/// Compiles `patterns`; what is wrong with one is said at its node's line.
[[nodiscard]] std::shared_ptr<const FlowRules> compile_rules(
    const Flow& flow, const std::vector<std::pair<std::string, YamlNode>>& patterns, std::vector<std::string> polite,
    std::vector<Error>& errors);

}  // namespace huiyin::dialogs
