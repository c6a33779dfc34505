#include "dialogs/flow_rules.h"

#include <re2/re2.h>
#include <re2/set.h>

#include <algorithm>
#include <array>
#include <numeric>

#include "core/text.h"

namespace huiyin::dialogs {

struct CorrectionSet {
  explicit CorrectionSet(const re2::RE2::Options& options) : patterns(options, re2::RE2::ANCHOR_BOTH) {}
  re2::RE2::Set patterns;
};

namespace {

constexpr std::int64_t kSetMemory = 8 << 20;  // of the automaton that is built as texts come

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

/// The bytes that a mark begins or ends with: a text with another byte there has none at that end.
struct Edges {
  std::array<bool, 256> first{};
  std::array<bool, 256> last{};
};
constexpr auto kEdges = [] {
  Edges edges;
  for (const auto mark : kPunctuation) {
    edges.first[static_cast<unsigned char>(mark.front())] = true;
    edges.last[static_cast<unsigned char>(mark.back())] = true;
  }
  return edges;
}();

bool may_have_mark(std::string_view text) {
  return !text.empty() && (kEdges.first[static_cast<unsigned char>(text.front())] ||
                           kEdges.last[static_cast<unsigned char>(text.back())]);
}

void add_meaning(const FlowRules& rules, std::string_view form, Spoken& spoken) {
  const auto found = rules.words.find(form);
  if (found == rules.words.end()) return;
  spoken.commands.insert(spoken.commands.end(), found->second.commands.begin(), found->second.commands.end());
  if (!spoken.menu) spoken.menu = found->second.menu;
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

/// Which patterns may fit `plain`, in their order: one pass over it instead of one for each.
std::vector<int> candidates(const FlowRules& rules, std::string_view plain) {
  std::vector<int> hits;
  re2::RE2::Set::ErrorInfo error{};
  const auto* set = rules.correction_set.get();
  if (set != nullptr && set->patterns.Match(re2::StringPiece(plain.data(), plain.size()), &hits, &error)) {
    std::sort(hits.begin(), hits.end());
    return hits;
  }
  if (set != nullptr && error.kind == re2::RE2::Set::kNoError) return {};
  hits.resize(rules.corrections.size());  // out of memory, the set says "nothing": then each is tried, slowly
  std::iota(hits.begin(), hits.end(), 0);
  return hits;
}

void index_words(const Flow& flow, FlowRules& rules) {
  for (const auto& [command, words] : flow.commands)
    for (const auto& word : words) rules.words[word].commands.push_back(command);
  for (std::size_t i = 0; i < flow.menu.size(); ++i)
    for (const auto& word : flow.menu[i].words) rules.words[word].menu = i;
}

}  // namespace

std::string key_of(std::string_view text) {
  const auto folded = fold(text);
  return std::string(without_punctuation(folded));
}

std::string_view without_punctuation(std::string_view text) {
  for (bool again = may_have_mark(text); again;) {
    again = false;
    for (const auto mark : kPunctuation) again = cut_end(text, mark) || cut_front(text, mark) || again;
  }
  return text;
}

bool Spoken::is(std::string_view command) const {
  return std::find(commands.begin(), commands.end(), command) != commands.end();
}

Spoken read_words(const Flow& flow, std::string_view text) {
  constexpr std::size_t kLongest = 60;  // bytes; no command is longer, whatever politeness surrounds it
  const auto& rules = *flow.rules;
  Spoken spoken{.key = key_of(text)};
  if (spoken.key.size() > kLongest) return spoken;
  std::string_view rest = spoken.key;
  add_meaning(rules, rest, spoken);
  for (bool again = true; again;) {
    again = false;
    for (const auto& word : rules.polite) {
      if (!cut_front(rest, word) && !cut_end(rest, word)) continue;
      rest = without_punctuation(rest);
      add_meaning(rules, rest, spoken);
      again = true;
    }
  }
  return spoken;
}

std::optional<Correction> find_correction(const Flow& flow, std::string_view plain) {
  constexpr std::size_t kLongest = 600;  // bytes; a correction is short, a description is not one
  plain = trim(plain);
  if (plain.size() > kLongest) return std::nullopt;
  for (const int candidate : candidates(*flow.rules, plain))
    if (auto correction = match(flow, *flow.rules->corrections[static_cast<std::size_t>(candidate)], plain))
      return correction;
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
  auto set_options = options;
  set_options.set_max_mem(kSetMemory);
  auto set = std::make_shared<CorrectionSet>(set_options);
  for (const auto& [text, node] : patterns) {
    auto pattern = replaced(text, "({field})", "{field}");
    pattern = replaced(pattern, "{field}", "(?P<field>" + alternatives(names) + ")");
    pattern = replaced(pattern, "{value}", "(?P<value>.+?)");
    auto compiled = std::make_shared<const re2::RE2>(around + pattern + around, options);
    if (compiled->ok() && (set == nullptr || set->patterns.Add(compiled->pattern(), nullptr) < 0)) set = nullptr;
    if (compiled->ok())
      rules->corrections.push_back(std::move(compiled));
    else
      errors.push_back(node.error("correction \"" + text + "\" is no pattern: " + compiled->error(),
                                  "Use {field} and {value} once each, and close each ( with )"));
  }
  if (set != nullptr && !rules->corrections.empty() && set->patterns.Compile()) rules->correction_set = std::move(set);
  index_words(flow, *rules);
  return rules;
}

}  // namespace huiyin::dialogs
