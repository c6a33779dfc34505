#include <re2/re2.h>
#include <utf8proc.h>

#include <algorithm>

#include "core/text.h"
#include "core/ticket.h"
#include "core/yaml.h"
#include "dialogs/understanding/lexicon_impl.h"

namespace huiyin::dialogs {
namespace {

using Kind = Meaning::Kind;

re2::RE2::Options quiet() {
  re2::RE2::Options options;
  options.set_case_sensitive(false);
  options.set_log_errors(false);
  return options;
}

std::string joined(const std::vector<std::string>& phrases) {
  std::string pattern;
  for (const auto& phrase : phrases) pattern += (pattern.empty() ? "" : "|") + phrase_pattern(phrase);
  return pattern;
}

char32_t take_character(std::string_view& text) {
  utf8proc_int32_t value = 0;
  const auto bytes = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                      static_cast<utf8proc_ssize_t>(text.size()), &value);
  if (bytes <= 0) {
    text = {};
    return 0;
  }
  text.remove_prefix(static_cast<std::size_t>(bytes));
  return static_cast<char32_t>(value);
}

/// Reads one file after the other into an Impl and gathers every complaint.
class Parser {
 public:
  Parser(Lexicon::Impl& into, std::vector<Error>& errors) : into_(into), errors_(errors) {}

  void read(const std::string& file, const std::string& text) {
    const auto document = YamlNode::parse(text, file);
    if (!document) {
      errors_.push_back(document.error());
      return;
    }
    if (!document->is_map()) {
      errors_.push_back(
          document->error("is no lexicon", "Write sections such as `danger:`, `categories:`, `intents:`"));
      return;
    }
    YamlReader reader(*document, "", errors_);
    if (const auto node = reader.child("danger")) read_dangers(*node);
    unless_.merge(std::vector<std::string>(reader.texts("danger_unless")), *this, *document);
    if (const auto node = reader.child("categories")) read_categories(*node);
    add_all(reader.child("urgent"), {Kind::urgent, "urgent"});
    if (const auto node = reader.child("intents"))
      for (const auto& [intent, words] : node->entries()) add_all(words, {Kind::intent, intent});
    if (const auto node = reader.child("names")) read_names(*node);
    for (const auto& pairs : reader.texts("simplify")) read_pairs(pairs);
    reader.finish();
  }

  void finish() {
    into_.phrases.compile();
    for (auto& [kind, danger] : into_.dangers) danger.phrases.compile();
    if (!unless_.phrases.empty())
      into_.danger_unless = std::make_shared<const re2::RE2>(joined(unless_.phrases), quiet());
    const auto& names = into_.names;
    auto cues = names.cues;
    cues.insert(cues.end(), names.surname_cues.begin(), names.surname_cues.end());
    if (cues.empty()) return;
    into_.name_after_cue =
        std::make_shared<const re2::RE2>("(" + joined(cues) + ")(?:是|为|叫)?[:,，。.、\\s]*", quiet());
  }

 private:
  struct Unless {
    std::vector<std::string> phrases{};
    void merge(std::vector<std::string> more, Parser& parser, const YamlNode& node) {
      for (auto& phrase : more)
        if (parser.is_sound(phrase, node)) phrases.push_back(std::move(phrase));
    }
  };

  bool is_sound(const std::string& phrase, const YamlNode& node) {
    PhraseSet probe;
    if (const auto wrong = probe.add(phrase, 0)) {
      errors_.push_back(node.error("phrase \"" + phrase + "\": " + *wrong,
                                   "Close each ( with ), and let words stand on both sides of …"));
      return false;
    }
    return true;
  }

  int tag_of(const Meaning& meaning) {
    into_.meanings.push_back(meaning);
    return static_cast<int>(into_.meanings.size()) - 1;
  }

  void add(const YamlNode& node, int tag) {
    if (!node.is_scalar() || node.text().empty()) {
      errors_.push_back(node.error("is no word or phrase", "Write each as `- word`"));
      return;
    }
    if (is_sound(node.text(), node)) (void)into_.phrases.add(node.text(), tag);
  }

  void add_all(const std::optional<YamlNode>& node, const Meaning& meaning) {
    if (!node) return;
    if (!node->is_list()) {
      errors_.push_back(node->error("\"" + meaning.name + "\" is no list of words", "Write `[word, word]`"));
      return;
    }
    const int tag = tag_of(meaning);
    for (const auto& word : node->items()) add(word, tag);
  }

  void read_dangers(const YamlNode& node) {
    for (const auto& [kind, body] : node.entries()) {
      if (!body.is_map()) {
        errors_.push_back(
            body.error("danger \"" + kind + "\" is no map", "Give it `phrases:` and, if need be, `except:`"));
        continue;
      }
      YamlReader reader(body, "danger " + kind, errors_);
      auto& danger = into_.dangers[kind];
      into_.danger_order.push_back(kind);
      if (const auto phrases = reader.required("phrases")) {
        add_all(phrases, {Kind::danger, kind});
        for (const auto& phrase : phrases->items()) (void)danger.phrases.add(phrase.text(), 0);
      }
      Unless except;
      except.merge(reader.texts("except"), *this, body);
      if (!except.phrases.empty()) danger.except = std::make_shared<const re2::RE2>(joined(except.phrases), quiet());
      reader.finish();
    }
  }

  void read_categories(const YamlNode& node) {
    for (const auto& [category, body] : node.entries()) {
      if (!parse_category(category)) {
        errors_.push_back(body.error("category \"" + category + "\" is not known",
                                     "Use repair, cleaning, service, security, internal or out_of_scope"));
        continue;
      }
      if (!body.is_map()) {
        errors_.push_back(body.error("category \"" + category + "\" is no map", "Give it `words:` and `sub:`"));
        continue;
      }
      YamlReader reader(body, "categories " + category, errors_);
      into_.category_order.push_back(category);
      add_all(reader.child("words"), {Kind::category, category});
      if (const auto sub = reader.child("sub"))
        for (const auto& [name, words] : sub->entries()) {
          into_.subcategories.push_back(category + "/" + name);
          add_all(words, {Kind::subcategory, category + "/" + name});
        }
      reader.finish();
    }
  }

  void read_names(const YamlNode& node) {
    if (!node.is_map()) {
      errors_.push_back(node.error("names is no map", "Give it `cues:`, `surnames:` …"));
      return;
    }
    YamlReader reader(node, "names", errors_);
    const auto append = [](std::vector<std::string>& to, std::vector<std::string> more) {
      to.insert(to.end(), more.begin(), more.end());
    };
    auto& names = into_.names;
    append(names.cues, reader.texts("cues"));
    append(names.surname_cues, reader.texts("surname_cues"));
    for (const auto& some : reader.texts("surnames")) names.surnames += some;
    append(names.compound, reader.texts("compound"));
    append(names.titles, reader.texts("titles"));
    append(names.follow, reader.texts("follow"));
    append(names.stop, reader.texts("stop"));
    reader.finish();
  }

  void read_pairs(std::string_view pairs) {
    while (!pairs.empty()) {
      const char32_t traditional = take_character(pairs);
      if (pairs.empty()) break;
      into_.simplify[traditional] = take_character(pairs);
    }
  }

  Lexicon::Impl& into_;
  std::vector<Error>& errors_;
  Unless unless_{};
};

}  // namespace

Lexicon::Impl::Impl() = default;
Lexicon::Impl::~Impl() = default;

Lexicon::Lexicon(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Lexicon::Lexicon(Lexicon&&) noexcept = default;
Lexicon& Lexicon::operator=(Lexicon&&) noexcept = default;
Lexicon::~Lexicon() = default;

tl::expected<Lexicon, std::vector<Error>> Lexicon::parse(
    const std::vector<std::pair<std::string, std::string>>& files) {
  auto impl = std::make_unique<Impl>();
  std::vector<Error> errors;
  Parser parser(*impl, errors);
  for (const auto& [file, text] : files) parser.read(file, text);
  if (!errors.empty()) return tl::unexpected(std::move(errors));
  parser.finish();
  return Lexicon(std::move(impl));
}

std::vector<std::string> Lexicon::danger_kinds() const { return impl_->danger_order; }

std::vector<std::string> Lexicon::subcategories() const {
  auto names = impl_->subcategories;
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace huiyin::dialogs
