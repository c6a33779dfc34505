#include <algorithm>
#include <array>
#include <set>

#include "core/text.h"
#include "core/yaml.h"
#include "dialogs/flow.h"
#include "dialogs/flow_rules.h"

namespace huiyin::dialogs {
namespace {

constexpr std::size_t kMostFields = 50;
constexpr std::size_t kMostChoices = 50;
constexpr long long kMostCharacters = 10000;

constexpr std::array<std::pair<std::string_view, FieldKind>, 7> kKinds{{{"text", FieldKind::text},
                                                                        {"name", FieldKind::name},
                                                                        {"phone", FieldKind::phone},
                                                                        {"address", FieldKind::address},
                                                                        {"choice", FieldKind::choice},
                                                                        {"attachments", FieldKind::attachments},
                                                                        {"confirm", FieldKind::confirm}}};

/// What the engine asks the words of; a flow without one of them could not be cancelled, say, in any language.
constexpr std::array<std::string_view, 14> kNeededCommands{"cancel",   "back",   "restart", "help",  "human",
                                                           "progress", "repeat", "menu",    "skip",  "done",
                                                           "yes",      "no",     "keep",    "change"};
constexpr std::array<std::string_view, 8> kOtherCommands{"more",    "resume", "decline", "verify",
                                                         "opt_out", "opt_in", "talk",    "faq"};

std::vector<std::string_view> all_commands() {
  std::vector<std::string_view> all(kNeededCommands.begin(), kNeededCommands.end());
  all.insert(all.end(), kOtherCommands.begin(), kOtherCommands.end());
  return all;
}

class FlowParser {
 public:
  explicit FlowParser(std::vector<Error>& errors) : errors_(errors) {}

  Flow parse(const YamlNode& document) {
    YamlReader reader(document, "", errors_);
    flow_.name = reader.text("flow");
    flow_.default_locale = reader.text("locale", "zh-CN");
    flow_.draft_after = std::chrono::hours{reader.number("draft_after_hours", 1, 24LL * 30, 24)};
    flow_.human_department = reader.text("human", "service");
    flow_.machine_words = folded(reader.texts("machine_words"));
    flow_.own_words = folded(reader.texts("own_words"));
    if (const auto fields = reader.required("fields")) read_fields(*fields);
    if (const auto menu = reader.child("menu")) read_menu(*menu);
    if (const auto commands = reader.required("commands")) read_commands(*commands);
    if (const auto dangers = reader.child("danger")) read_dangers(*dangers);
    read_rules(reader);
    reader.finish();
    check_whole(document);
    return std::move(flow_);
  }

 private:
  static std::vector<std::string> folded(std::vector<std::string> words) {
    for (auto& word : words) word = key_of(word);
    std::erase(words, "");
    return words;
  }

  static std::vector<std::string> folded_labels(const Labels& labels) {
    std::vector<std::string> all;
    for (const auto& [locale, label] : labels) all.push_back(fold(label));
    return all;
  }

  Labels labels(YamlReader& reader, std::string_view key) {
    Labels labels;
    const auto node = reader.required(key);
    if (!node) return labels;
    if (!node->is_map()) {
      errors_.push_back(
          node->error("\"" + std::string(key) + "\" is no map of languages", "Write {zh-CN: 地址, en: address}"));
      return labels;
    }
    for (const auto& [locale, text] : node->entries()) labels[locale] = text.text();
    if (!labels.contains(flow_.default_locale))
      errors_.push_back(
          node->error("\"" + std::string(key) + "\" has no words in " + flow_.default_locale,
                      "Add " + flow_.default_locale + ": …; it stands in where another language is missing"));
    return labels;
  }

  std::optional<YamlNode> list(const YamlNode& node, std::string_view what) {
    if (node.is_list()) return node;
    errors_.push_back(node.error("\"" + std::string(what) + "\" is no list", "Begin each of its entries with `- `"));
    return std::nullopt;
  }

  bool is_map(const YamlNode& node, std::string_view what) {
    if (node.is_map()) return true;
    errors_.push_back(node.error(std::string(what) + " is no map", "Write it as `key: value` lines or {key: value}"));
    return false;
  }

  void read_fields(const YamlNode& node) {
    const auto items = list(node, "fields");
    if (!items) return;
    for (const auto& item : items->items()) {
      if (!is_map(item, "a field")) continue;
      if (flow_.fields.size() == kMostFields) {
        errors_.push_back(item.error("more than 50 fields", "Nobody answers so many; split the form"));
        return;
      }
      read_field(item);
    }
  }

  void read_field(const YamlNode& node) {
    const auto name_node = node.find("name");
    const auto name = name_node ? name_node->text() : "";
    YamlReader reader(node, "field \"" + name + "\"", errors_);
    Field field{.name = reader.text("name"), .line = node.line()};
    std::vector<std::string_view> kinds;
    for (const auto& [word, kind] : kKinds) kinds.push_back(word);
    const auto kind = reader.one_of("kind", kinds);
    for (const auto& [word, value] : kKinds)
      if (word == kind) field.kind = value;
    field.label = labels(reader, "label");
    field.prompt = reader.text("prompt");
    field.required = reader.flag("required", field.kind != FieldKind::attachments);
    field.names = folded(reader.texts("names"));
    field.min_characters = static_cast<std::size_t>(reader.number("min_characters", 0, kMostCharacters, 1));
    field.max_characters = static_cast<std::size_t>(reader.number("max_characters", 1, kMostCharacters, 200));
    field.max_items = static_cast<std::size_t>(reader.number("max_items", 1, 100, 9));
    if (field.kind == FieldKind::choice || field.kind == FieldKind::confirm)
      if (const auto choices = reader.required("choices"))
        field.choices = read_choices(*choices, field.kind == FieldKind::choice && field.name == "category", true);
    if (field.kind == FieldKind::confirm) field.change = labels(reader, "change");
    reader.finish();
    check_name(field, node);
    flow_.fields.push_back(std::move(field));
  }

  void check_name(const Field& field, const YamlNode& node) {
    if (std::find(std::begin(kEngineQuestions), std::end(kEngineQuestions), field.name) != std::end(kEngineQuestions))
      errors_.push_back(
          node.error("field \"" + field.name + "\" has a name that the engine keeps for a question of its own",
                     "Call it otherwise"));
    if (flow_.find(field.name) != nullptr)
      errors_.push_back(node.error("field \"" + field.name + "\" is there twice; the first is in line " +
                                       std::to_string(flow_.find(field.name)->line),
                                   "Remove one of them"));
  }

  // NOLINTNEXTLINE(misc-no-recursion): one level, sub-types have none of their own
  std::vector<FlowChoice> read_choices(const YamlNode& node, bool categories, bool may_have_sub) {
    std::vector<FlowChoice> choices;
    const auto items = list(node, "choices");
    if (!items) return choices;
    for (const auto& item : items->items()) {
      if (!is_map(item, "a choice") || choices.size() == kMostChoices) continue;
      const auto id = item.find("id");
      YamlReader reader(item, "choice \"" + (id ? id->text() : "") + "\"", errors_);
      FlowChoice choice{.id = reader.text("id")};
      choice.label = labels(reader, "label");
      choice.folded_labels = folded_labels(choice.label);
      choice.words = folded(reader.texts("words"));
      choice.offered = reader.flag("offered", true);
      if (may_have_sub)
        if (const auto sub = reader.child("sub")) choice.sub = read_choices(*sub, false, false);
      reader.finish();
      if (categories && !choice.id.empty() && !parse_category(choice.id))
        errors_.push_back(item.error("choice \"" + choice.id + "\" is no category",
                                     "Use repair, cleaning, service, security or internal; what is finer is a `sub`"));
      if (std::any_of(choices.begin(), choices.end(), [&](const auto& other) { return other.id == choice.id; }))
        errors_.push_back(item.error("choice \"" + choice.id + "\" is there twice", "Remove one of them"));
      choices.push_back(std::move(choice));
    }
    return choices;
  }

  void read_menu(const YamlNode& node) {
    const auto items = list(node, "menu");
    if (!items) return;
    for (const auto& item : items->items()) {
      if (!is_map(item, "a menu entry")) continue;
      const auto id = item.find("id");
      YamlReader reader(item, "menu \"" + (id ? id->text() : "") + "\"", errors_);
      MenuEntry entry{.id = reader.text("id"), .key = reader.text("key", "")};
      entry.label = labels(reader, "label");
      entry.folded_labels = folded_labels(entry.label);
      entry.words = folded(reader.texts("words"));
      entry.offered = reader.flag("offered", true);
      const auto start = reader.text("start", "");
      entry.command = reader.text("command", "");
      entry.start = !start.empty();
      entry.category = start == "any" ? "" : start;
      if (entry.start == !entry.command.empty())
        reader.complain("id", "needs either `start` or `command`",
                        "start: repair begins the form, command: progress does that");
      if (!entry.category.empty() && !is_choice(entry.category))
        reader.complain("start", "\"" + entry.category + "\" is no choice of field \"category\"",
                        "Use one of them, or any");
      if (!entry.command.empty()) check_command(entry.command, item);
      reader.finish();
      flow_.menu.push_back(std::move(entry));
    }
  }

  bool is_choice(const std::string& value) const {
    const auto* category = flow_.find("category");
    if (category == nullptr) return false;
    const auto slash = value.find('/');
    for (const auto& choice : category->choices) {
      if (choice.id != value.substr(0, slash)) continue;
      if (slash == std::string::npos) return true;
      return std::any_of(choice.sub.begin(), choice.sub.end(),
                         [&](const auto& sub) { return sub.id == value.substr(slash + 1); });
    }
    return false;
  }

  bool check_command(const std::string& command, const YamlNode& node) {
    const auto known = all_commands();
    if (std::find(known.begin(), known.end(), command) != known.end()) return true;
    const auto meant = closest(command, known);
    errors_.push_back(
        node.error("command \"" + command + "\" is not known",
                   meant ? "Did you mean \"" + std::string(*meant) + "\"?" : "See docs of the flow file"));
    return false;
  }

  void read_commands(const YamlNode& node) {
    if (!is_map(node, "commands")) return;
    YamlReader reader(node, "commands", errors_);
    for (const auto& [command, words] : node.entries())
      if (check_command(command, words)) flow_.commands[command] = folded(reader.texts(command));
    for (const auto command : kNeededCommands)
      if (flow_.commands[std::string(command)].empty())
        errors_.push_back(node.error("command \"" + std::string(command) + "\" has no words",
                                     "Give it some: owners use them at any time"));
  }

  void read_dangers(const YamlNode& node) {
    if (!is_map(node, "danger")) return;
    for (const auto& [kind, body] : node.entries()) {
      if (!is_map(body, "danger \"" + kind + "\"")) continue;
      YamlReader reader(body, "danger " + kind, errors_);
      DangerRule rule{
          .kind = kind, .say = reader.text("say"), .category = reader.text("category"), .ring = reader.text("ring")};
      if (!rule.category.empty() && !is_choice(rule.category))
        reader.complain("category", "\"" + rule.category + "\" is no choice of field \"category\"",
                        "Write a category and a sub-type of it: repair/gas");
      reader.finish();
      flow_.dangers.push_back(std::move(rule));
    }
  }

  void read_rules(YamlReader& reader) {
    std::vector<std::pair<std::string, YamlNode>> patterns;
    if (const auto node = reader.child("corrections"))
      if (const auto items = list(*node, "corrections"))
        for (const auto& item : items->items()) patterns.emplace_back(item.text(), item);
    flow_.rules = compile_rules(flow_, patterns, folded(reader.texts("polite")), errors_);
  }

  void check_whole(const YamlNode& document) {
    if (flow_.fields.empty()) return;
    const auto confirms = std::count_if(flow_.fields.begin(), flow_.fields.end(),
                                        [](const Field& field) { return field.kind == FieldKind::confirm; });
    if (confirms != 1 || flow_.fields.back().kind != FieldKind::confirm)
      errors_.push_back(document.error("the form does not end with its one confirm field",
                                       "Make `kind: confirm` the last field, and the only one of its kind"));
    if (flow_.find("description") == nullptr || flow_.find("description")->kind != FieldKind::text)
      errors_.push_back(document.error("the form has no text field \"description\"",
                                       "Add one: it takes what an owner writes that answers nothing else"));
    if (flow_.find("category") == nullptr || flow_.find("category")->kind != FieldKind::choice)
      errors_.push_back(document.error("the form has no choice field \"category\"", "Add one: a ticket goes by it"));
  }

  std::vector<Error>& errors_;
  Flow flow_{};
};

}  // namespace

tl::expected<Flow, std::vector<Error>> parse_flow(std::string_view text, const std::string& name) {
  std::vector<Error> errors;
  const auto document = YamlNode::parse(text, name);
  if (!document) return tl::unexpected(std::vector<Error>{document.error()});
  if (!document->is_map())
    return tl::unexpected(
        std::vector<Error>{document->error("is no flow", "Begin it with `flow: name` and `fields:`")});
  auto flow = FlowParser(errors).parse(*document);
  if (!errors.empty()) return tl::unexpected(std::move(errors));
  return flow;
}

}  // namespace huiyin::dialogs
