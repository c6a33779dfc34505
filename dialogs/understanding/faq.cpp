#include "dialogs/understanding/faq.h"

#include <algorithm>

#include "core/text.h"

namespace huiyin::dialogs {
namespace {

constexpr std::size_t kLongestQuestion = 40;  // characters: it stands on a button, and in a list of several on SMS
constexpr std::size_t kLongestAnswer = 600;   // characters: what WeChat takes in one message
constexpr std::size_t kLongestName = 40;

bool is_key(std::string_view name) {
  return !name.empty() && name.size() <= kLongestName && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
}

void check_length(const YamlNode& node, const std::string& what, std::size_t most, std::vector<Error>& errors) {
  for (const auto& [language, text] : node.entries())
    if (count_characters(text.text()) > most)
      errors.push_back(text.error(what + " in " + language + " is longer than " + std::to_string(most) + " characters",
                                  "Say it shorter, or make two entries of it"));
}

}  // namespace

bool is_for(const FaqEntry& entry, std::string_view estate) {
  return entry.estates.empty() || std::find(entry.estates.begin(), entry.estates.end(), estate) != entry.estates.end();
}

std::map<std::string, std::string> read_texts(const YamlNode& node, std::vector<Error>& errors) {
  std::map<std::string, std::string> texts;
  if (!node.is_map() || node.entries().empty()) {
    errors.push_back(node.error("is no text in a language", "Write `{zh-CN: …, en: …}`"));
    return texts;
  }
  for (const auto& [language, text] : node.entries()) {
    if (trim(text.text()).empty())
      errors.push_back(text.error("has no words in " + language, "Write them, or leave " + language + " out"));
    texts[language] = text.text();
  }
  return texts;
}

FaqEntry read_faq_entry(const std::string& name, YamlReader& reader, std::vector<Error>& errors) {
  FaqEntry entry{.name = name, .where = reader.node().file() + ":" + std::to_string(reader.node().line())};
  if (!is_key(name))
    errors.push_back(reader.node().error("faq \"" + name + "\" has a name that is no key",
                                         "Take a-z, 0-9, _ and -; what people read is `question:`"));
  if (const auto node = reader.child("question")) {
    entry.question = read_texts(*node, errors);
    check_length(*node, "the question", kLongestQuestion, errors);
  }
  if (const auto node = reader.required("answer")) {
    entry.answer = read_texts(*node, errors);
    check_length(*node, "the answer", kLongestAnswer, errors);
  }
  entry.estates = reader.texts("estates");
  return entry;
}

}  // namespace huiyin::dialogs
