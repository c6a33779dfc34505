#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/yaml.h"

namespace huiyin::dialogs {

/// A question of the lexicon's `faq:` and its answer. Which words ask it is the lexicon's to know.
struct FaqEntry {
  std::string name{};                             ///< `hours`: a key
  std::map<std::string, std::string> question{};  ///< as it is listed, by language; empty: answered, but not listed
  std::map<std::string, std::string> answer{};    ///< by language
  std::vector<std::string> estates{};             ///< only there, as configured; empty: everywhere
  std::string where{};                            ///< file and line, for complaints
};

/// Is it for an estate? `estate` empty: for none in particular.
[[nodiscard]] bool is_for(const FaqEntry& entry, std::string_view estate);

/// Reads the entry `name` but for its `words:`; complains of what is wrong with it.
[[nodiscard]] FaqEntry read_faq_entry(const std::string& name, YamlReader& reader, std::vector<Error>& errors);

/// The words of a text in each language: `{zh-CN: …, en: …}`; complains of what is none.
[[nodiscard]] std::map<std::string, std::string> read_texts(const YamlNode& node, std::vector<Error>& errors);

}  // namespace huiyin::dialogs
