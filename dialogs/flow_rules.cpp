#include "dialogs/flow_rules.h"

#include <re2/re2.h>

#include <algorithm>
#include <functional>

#include "core/text.h"

namespace huiyin::dialogs {
namespace {

constexpr std::string_view kPunctuation[] = {"。", "！", "？", "，", "、", "；", "：", "…", "～", "~",  ".",  "!",
                                             "?",  ",",  ";",  ":",  " ",  "\n", "\t", "“", "”",  "\"", "「", "」"};

bool cut_end(std::string_view& text, std::string_view word) {
  if (!text.ends_with(word) || text.size() == word.size()) return false;
  text.remove_suffix(word.size());
  return true;
}

bool cut_front(std::string_view& text, std::string_view word) {
  if (!text.starts_with(word) || text.size() == word.size()) return false;
  text.remove_prefix(word.size());
  return true;
}

std::string_view without_punctuation(std::string_view text) {
  for (bool again = true; again;) {
    again = false;
    for (const auto mark : kPunctuation) again = cut_end(text, mark) || cut_front(text, mark) || again;
  }
  return text;
}

/// Calls `fits` with the key, then with one polite word less at a time. True as soon as it says so.
bool any_form(const Flow& flow, std::string_view text, const std::function<bool(std::string_view)>& fits) {
  constexpr std::size_t kLongest = 60;  // bytes; no command is longer, whatever politeness surrounds it
  const auto key = key_of(text);
  if (key.size() > kLongest) return false;
  std::string_view rest = key;
  if (fits(rest)) return true;
  for (bool again = true; again;) {
    again = false;
    for (const auto& word : flow.rules->polite) {
      if (!cut_front(rest, word) && !cut_end(rest, word)) continue;
      rest = without_punctuation(rest);
      if (fits(rest)) return true;
      again = true;
    }
  }
  return false;
}

std::string alternatives(std::vector<std::string> words) {
  std::sort(words.begin(), words.end(), [](const auto& a, const auto& b) { return a.size() > b.size(); });
  std::string out;
  for (const auto& word : words) out += (out.empty() ? "" : "|") + re2::RE2::QuoteMeta(word);
  return out;
}

std::string replaced(std::string text, std::string_view what, const std::string& with) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
    text.replace(at, what.size(), with);
  return text;
}

const Field* named(const Flow& flow, std::string_view word) {
  const auto key = fold(word);
  for (const auto& field : flow.fields)
    if (std::find(field.names.begin(), field.names.end(), key) != field.names.end()) return &field;
  return nullptr;
}

std::optional<Correction> match(const Flow& flow, const re2::RE2& pattern, std::string_view plain) {
  std::vector<re2::StringPiece> groups(static_cast<std::size_t>(pattern.NumberOfCapturingGroups()) + 1);
  const re2::StringPiece piece(plain.data(), plain.size());
  if (!pattern.Match(piece, 0, plain.size(), re2::RE2::ANCHOR_BOTH, groups.data(), static_cast<int>(groups.size())))
    return std::nullopt;
  Correction correction;
  const auto& names = pattern.NamedCapturingGroups();
  if (const auto at = names.find("field"); at != names.end()) {
    const auto& group = groups[static_cast<std::size_t>(at->second)];
    correction.field = named(flow, std::string_view(group.data(), group.size()));
  }
  if (const auto at = names.find("value"); at != names.end()) {
    const auto& group = groups[static_cast<std::size_t>(at->second)];
    correction.has_value = true;
    correction.begin = static_cast<std::size_t>(group.data() - plain.data());
    correction.end = correction.begin + group.size();
  }
  return correction;
}

}  // namespace

std::string key_of(std::string_view text) {
  const auto folded = fold(text);
  return std::string(without_punctuation(folded));
}

bool is_command(const Flow& flow, std::string_view command, std::string_view text) {
  const auto found = flow.commands.find(std::string(command));
  if (found == flow.commands.end()) return false;
  const auto& words = found->second;
  return any_form(flow, text,
                  [&](std::string_view key) { return std::find(words.begin(), words.end(), key) != words.end(); });
}

const MenuEntry* find_menu(const Flow& flow, std::string_view text) {
  const MenuEntry* found = nullptr;
  (void)any_form(flow, text, [&](std::string_view key) {
    for (const auto& entry : flow.menu)
      if (std::find(entry.words.begin(), entry.words.end(), key) != entry.words.end()) found = &entry;
    return found != nullptr;
  });
  return found;
}

std::optional<Correction> find_correction(const Flow& flow, std::string_view plain) {
  constexpr std::size_t kLongest = 600;  // bytes; a correction is short, a description is not one
  plain = trim(plain);
  if (plain.size() > kLongest) return std::nullopt;
  for (const auto& pattern : flow.rules->corrections)
    if (auto correction = match(flow, *pattern, plain)) return correction;
  return std::nullopt;
}

std::shared_ptr<const FlowRules> compile_rules(const Flow& flow,
                                               const std::vector<std::pair<std::string, YamlNode>>& patterns,
                                               std::vector<std::string> polite, std::vector<Error>& errors) {
  auto rules = std::make_shared<FlowRules>();
  std::sort(polite.begin(), polite.end(), [](const auto& a, const auto& b) { return a.size() > b.size(); });
  rules->polite = std::move(polite);
  std::vector<std::string> names;
  for (const auto& field : flow.fields) names.insert(names.end(), field.names.begin(), field.names.end());
  const auto around = "(?:[\\s,.!?;，。！？；、~～]|" + alternatives(rules->polite) + ")*";
  re2::RE2::Options options;
  options.set_case_sensitive(false);
  options.set_log_errors(false);
  options.set_max_mem(1 << 20);
  for (const auto& [text, node] : patterns) {
    auto pattern = replaced(text, "({field})", "{field}");
    pattern = replaced(pattern, "{field}", "(?P<field>" + alternatives(names) + ")");
    pattern = replaced(pattern, "{value}", "(?P<value>.+?)");
    auto compiled = std::make_shared<const re2::RE2>(around + pattern + around, options);
    if (compiled->ok())
      rules->corrections.push_back(std::move(compiled));
    else
      errors.push_back(node.error("correction \"" + text + "\" is no pattern: " + compiled->error(),
                                  "Use {field} and {value} once each, and close each ( with )"));
  }
  return rules;
}

}  // namespace huiyin::dialogs
