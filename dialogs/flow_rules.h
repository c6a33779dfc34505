#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
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

struct CorrectionSet;  // a RE2::Set; flow_rules.cpp

/// What a whole message means that is one word (or a few) of the flow's.
struct Meant {
  std::vector<std::string> commands{};  ///< 错了 is a `no` and a `change`
  std::optional<std::size_t> menu{};    ///< index of the entry
};

struct WordHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view word) const { return std::hash<std::string_view>{}(word); }
};

/// The compiled half of a flow.
struct FlowRules {
  std::vector<std::shared_ptr<const re2::RE2>> corrections{};
  std::shared_ptr<const CorrectionSet> correction_set{};  ///< all of them, by the same numbers
  std::vector<std::string> polite{};
  std::unordered_map<std::string, Meant, WordHash, std::equal_to<>> words{};
};

/// Questions that are the engine's own, beside the flow's fields; no field may be called so.
inline constexpr std::string_view kEngineQuestions[] = {"cancel", "resume",  "offer",   "change", "menu",  "received",
                                                        "about",  "another", "details", "code",   "known", "faq"};

/// A word or short message as it is compared: folded, without the punctuation at its ends.
[[nodiscard]] std::string key_of(std::string_view text);
/// The second half of that, for what is folded already.
[[nodiscard]] std::string_view without_punctuation(std::string_view folded);

/// A whole message as words of the flow, with polite words around them or without. Read once per message: a step asks
/// for a dozen commands.
struct Spoken {
  std::string key{};                         ///< key_of() the message
  std::vector<std::string_view> commands{};  ///< the commands that it is; they live as long as the flow's rules
  std::optional<std::size_t> menu{};         ///< the entry of the menu that it names

  [[nodiscard]] bool is(std::string_view command) const;
};
[[nodiscard]] Spoken read_words(const Flow& flow, std::string_view text);

/// `plain`: a plain text; the span is of it.
[[nodiscard]] std::optional<Correction> find_correction(const Flow& flow, std::string_view plain);

/// Compiles `patterns`; what is wrong with one is said at its node's line.
[[nodiscard]] std::shared_ptr<const FlowRules> compile_rules(
    const Flow& flow, const std::vector<std::pair<std::string, YamlNode>>& patterns, std::vector<std::string> polite,
    std::vector<Error>& errors);

}  // namespace huiyin::dialogs
