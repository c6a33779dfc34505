#include <algorithm>
#include <sstream>

#include "core/text.h"
#include "core/ticket.h"
#include "core/yaml.h"
#include "dialogs/understanding/characters.h"
#include "dialogs/understanding/evidence.h"
#include "dialogs/understanding/lexicon_impl.h"

namespace huiyin::dialogs {
namespace {

using Kind = Meaning::Kind;

constexpr const char* kOutOfScope = "out_of_scope";
constexpr int kLean = 0;    // counts only where nothing else does
constexpr int kWeak = 1;    // leans to a category; tells of no trouble
constexpr int kWord = 2;    // tells of trouble
constexpr int kStrong = 4;  // tells it whatever else is said
constexpr int kLastResort = 0;
constexpr int kSurely = 100;  // of a danger whose words speak for themselves, whatever stands beside them
constexpr int kTogether = 5;  // words of several sets together: more than a strong word, for they tell who does what
constexpr int kBody = 9;      // somebody else's, whatever is wrong with it

/// Reads one file after the other into an Impl and gathers every complaint.
class Parser {
 public:
  Parser(Lexicon::Impl& into, std::vector<Error>& errors) : into_(into), errors_(errors) {}

  /// First the sets of all files, for phrases of any file may name them.
  void read_all(const std::vector<std::pair<std::string, std::string>>& files) {
    std::vector<YamlNode> documents;
    for (const auto& [file, text] : files) {
      if (file == "weights.txt")
        read_weights(file, text);
      else if (auto document = parsed(file, text))
        documents.push_back(*std::move(document));
    }
    for (const auto& document : documents)
      for (const auto& [section, node] : document.entries())
        if (section == "sets") read_sets(node);
    for (const auto& document : documents) read(document);
  }

  void finish() {
    if (!into_.answers.empty() && !contains(into_.category_order, kOutOfScope))
      into_.category_order.emplace_back(kOutOfScope);
    for (auto& meaning : into_.meanings) {
      meaning.category = category_of(meaning);
      if (meaning.kind == Kind::intent)
        if (const auto found = calms_.find(meaning.name); found != calms_.end()) meaning.calms = found->second;
      const auto set = meaning.kind == Kind::set ? sets_.find(meaning.name) : sets_.end();
      into_.set_of.push_back(set == sets_.end() ? -1 : set->second.index);
    }
    find_rows(into_);
    sort_classes(into_);
    into_.phrases.compile();
  }

 private:
  struct Set {
    int index = 0;
    std::string wordings{};  ///< 「(电梯|货梯)」; empty: words with a gap, which cannot stand inside a phrase
  };

  std::optional<YamlNode> parsed(const std::string& file, const std::string& text) {
    auto document = YamlNode::parse(text, file);
    if (!document) {
      errors_.push_back(document.error());
      return std::nullopt;
    }
    if (!document->is_map()) {
      errors_.push_back(
          document->error("is no lexicon", "Write sections such as `danger:`, `categories:`, `intents:`"));
      return std::nullopt;
    }
    return *std::move(document);
  }

  void read(const YamlNode& document) {
    YamlReader reader(document, "", errors_);
    (void)reader.child("sets");
    if (const auto node = reader.child("danger")) read_dangers(*node);
    add_all(reader.child("danger_unless"), {Kind::danger_unless, "danger_unless"});
    add_all(reader.child("danger_before"), {Kind::danger_before, "danger_before"});
    add_all(reader.child("danger_denied"), {Kind::danger_denied, "danger_denied"});
    add_all(reader.child("danger_now"), {Kind::danger_now, "danger_now"});
    add_all(reader.child("danger_calm"), {Kind::danger_calm, "danger_calm"});
    add_all(reader.child("danger_aside"), {Kind::danger_aside, "danger_aside"});
    add_all(reader.child("danger_plea"), {Kind::danger_plea, "danger_plea"});
    add_all(reader.child("danger_if"), {Kind::danger_if, "danger_if"});
    for (const auto& intent : reader.texts("danger_unless_intent")) calms_[intent] = Meaning::Calms::surely;
    for (const auto& intent : reader.texts("danger_doubted_by_intent")) calms_[intent] = Meaning::Calms::doubtful;
    if (const auto node = reader.child("categories")) read_categories(*node);
    add_all(reader.child("neutral"), {Kind::category, "", 0});
    if (const auto node = reader.child("bodies")) read_bodies(*node);
    if (const auto node = reader.child("faq")) read_faq(*node);
    add_all(reader.child("urgent"), {Kind::urgent, "urgent"});
    add_all(reader.child("not_urgent"), {Kind::not_urgent, "not_urgent"});
    add_all(reader.child("when"), {Kind::when, "when"});
    if (const auto node = reader.child("intents")) read_intents(*node);
    if (const auto node = reader.child("intents_together"))
      for (const auto& [intent, rules] : node->entries()) add_all_together(rules, {Kind::intent, intent});
    if (const auto node = reader.child("names")) read_names(*node);
    for (const auto& pairs : reader.texts("simplify")) read_pairs(pairs);
    if (const auto node = reader.child("weights")) read_weights(*node);
    reader.finish();
  }

  void read_sets(const YamlNode& node) {
    if (!node.is_map()) errors_.push_back(node.error("sets is no map", "Write `name: [word, word]`"));
    for (const auto& [name, words] : node.entries()) {
      if (sets_.contains(name)) {
        errors_.push_back(words.error("set \"" + name + "\" is there already", "Add its words to the other one"));
        continue;
      }
      if (sets_.size() == Together::kMostSets) {
        errors_.push_back(words.error("set \"" + name + "\" is one too many", "Put its words into another one"));
        return;
      }
      add_all(words, {Kind::set, name});
      std::string wordings;
      if (!words.is_list()) continue;
      for (const auto& word : words.items()) wordings += (wordings.empty() ? "" : "|") + word.text();
      const bool gap = wordings.find("…") != std::string::npos;
      sets_[name] = {static_cast<int>(sets_.size()), gap ? "" : "(" + wordings + ")"};
    }
    into_.together.of_set.resize(sets_.size());
  }

  /// 「{lift}坏了」 with each of the set's words; nothing, and a complaint, if there is no such set.
  std::optional<std::string> expanded(const YamlNode& node) {
    auto phrase = node.text();
    for (auto open = phrase.find('{'); open != std::string::npos; open = phrase.find('{', open)) {
      const auto close = phrase.find('}', open);
      const auto name = close == std::string::npos ? "" : phrase.substr(open + 1, close - open - 1);
      const auto set = sets_.find(name);
      if (set == sets_.end() || set->second.wordings.empty()) {
        errors_.push_back(node.error("phrase \"" + node.text() + "\": there is no set {" + name + "} of plain words",
                                     "Name one of `sets:`, none of whose words has a …"));
        return std::nullopt;
      }
      phrase.replace(open, close - open + 1, set->second.wordings);
      open += set->second.wordings.size();
    }
    return phrase;
  }

  /// 「lift halted inside -nobody」.
  void add_together(const YamlNode& node, int tag) {
    Together rule{.tag = tag, .written = node.text()};
    std::istringstream names(node.text());
    for (std::string name; names >> name;) {
      const bool without = name.front() == '-';
      const auto set = sets_.find(without ? name.substr(1) : name);
      if (set == sets_.end()) {
        errors_.push_back(node.error("there is no set \"" + name + "\"", "Name sets of `sets:`, with spaces between"));
        return;
      }
      (without ? rule.without : rule.sets).push_back(set->second.index);
    }
    std::sort(rule.sets.begin(), rule.sets.end());
    const bool twice = std::adjacent_find(rule.sets.begin(), rule.sets.end()) != rule.sets.end();
    if (rule.sets.size() < 2 || twice) {
      errors_.push_back(node.error("\"" + node.text() + "\" does not name two different sets",
                                   "Write a word that tells alone as a phrase"));
      return;
    }
    for (const int set : rule.sets) rule.needs.set(static_cast<std::size_t>(set));
    for (const int set : rule.sets)
      into_.together.of_set[static_cast<std::size_t>(set)].push_back(
          static_cast<std::uint16_t>(into_.together.rules.size()));
    into_.together.rules.push_back(std::move(rule));
  }

  void add_all_together(const std::optional<YamlNode>& node, const Meaning& meaning) {
    if (!node) return;
    const int tag = tag_of(meaning);
    for (const auto& one : node->items()) add_together(one, tag);
  }

  [[nodiscard]] int category_of(const Meaning& meaning) const {
    const bool weighed = meaning.kind == Kind::category || meaning.kind == Kind::subcategory;
    if (!weighed && meaning.kind != Kind::scope) return -1;
    const auto name = weighed ? meaning.name.substr(0, meaning.name.find('/')) : std::string(kOutOfScope);
    const auto found = std::find(into_.category_order.begin(), into_.category_order.end(), name);
    return found == into_.category_order.end() ? -1 : static_cast<int>(found - into_.category_order.begin());
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
    const auto phrase = expanded(node);
    if (!phrase) return;
    if (const auto wrong = into_.phrases.add(*phrase, tag, node.text()))
      errors_.push_back(node.error("phrase \"" + node.text() + "\": " + *wrong,
                                   "Close each ( with ), and let words stand on both sides of …"));
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

  /// Calls `read` with each named map below `node`; complains of what is none.
  template <class Read>
  void each_map(const YamlNode& node, const std::string& what, const char* remedy, Read read) {
    for (const auto& [name, body] : node.entries()) {
      if (!body.is_map()) {
        errors_.push_back(body.error(what + " \"" + name + "\" is no map", remedy));
        continue;
      }
      YamlReader reader(body, what + " " + name, errors_);
      read(name, reader);
      reader.finish();
    }
  }

  void read_dangers(const YamlNode& node) {
    each_map(node, "danger", "Give it `phrases:` and, if need be, `except:`",
             [this](const std::string& kind, YamlReader& reader) {
               if (!contains(into_.danger_order, kind)) into_.danger_order.push_back(kind);
               add_all(reader.required("phrases"), {Kind::danger, kind});
               add_all(reader.child("surely"), {Kind::danger, kind, kSurely});
               add_all(reader.child("last_resort"), {Kind::danger, kind, kLastResort});
               add_all(reader.child("except"), {Kind::danger_except, kind});
               add_all_together(reader.child("together"), {Kind::danger, kind});
               add_all_together(reader.child("except_together"), {Kind::danger_except, kind});
               const auto category = reader.text("category", "");
               if (!category.empty()) into_.danger_categories[kind] = category;
             });
  }

  void read_categories(const YamlNode& node) {
    for (const auto& [category, body] : node.entries())
      if (!parse_category(category))
        errors_.push_back(body.error("category \"" + category + "\" is not known",
                                     "Use repair, cleaning, service, security, internal or out_of_scope"));
    each_map(node, "category", "Give it `words:` and `sub:`", [this](const std::string& category, YamlReader& reader) {
      if (!contains(into_.category_order, category)) into_.category_order.push_back(category);
      add_all(reader.child("strong"), {Kind::category, category, kStrong});
      add_all(reader.child("words"), {Kind::category, category, kWord});
      add_all(reader.child("weak"), {Kind::category, category, kWeak});
      add_all(reader.child("lean"), {Kind::category, category, kLean});
      add_all_together(reader.child("together"), {Kind::category, category, kTogether});
      if (const auto together = reader.child("sub_together"))
        for (const auto& [name, rules] : together->entries())
          add_all_together(rules, {Kind::subcategory, category + "/" + name, kTogether});
      const auto sub = reader.child("sub");
      if (!sub) return;
      for (const auto& [name, words] : sub->entries()) {
        const auto full = category + "/" + name;
        if (!contains(into_.subcategories, full)) into_.subcategories.push_back(full);
        add_all(words, {Kind::subcategory, full});
      }
    });
  }

  void read_bodies(const YamlNode& node) {
    each_map(node, "body", "Give it `words:` and `call:`", [this](const std::string& name, YamlReader& reader) {
      add_all(reader.required("words"), {Kind::scope, name, kBody});
      add_all(reader.child("weak"), {Kind::scope, name, kWeak});
      if (const auto call = reader.required("call")) into_.answers["body." + name] = read_texts(*call, errors_);
    });
  }

  /// An entry of the same name in a later file takes the place of the earlier one, whose words still ask it.
  void read_faq(const YamlNode& node) {
    each_map(node, "faq", "Give it `question:`, `words:` and `answer:`",
             [this](const std::string& name, YamlReader& reader) {
               if (const auto words = reader.required("words")) {
                 if (words->is_list() && words->items().empty())
                   errors_.push_back(words->error("faq " + name + ": nobody's question is known by no words",
                                                  "Write the words that it is asked with: [几点上班, opening hours]"));
                 add_all(words, {Kind::faq, name});
               }
               auto entry = read_faq_entry(name, reader, errors_);
               into_.answers["faq." + name] = entry.answer;
               const auto there = std::find_if(into_.faq.begin(), into_.faq.end(),
                                               [&](const FaqEntry& one) { return one.name == name; });
               if (there == into_.faq.end())
                 into_.faq.push_back(std::move(entry));
               else
                 *there = std::move(entry);
             });
  }

  void read_intents(const YamlNode& node) {
    for (const auto& [intent, words] : node.entries()) {
      if (!contains(into_.intent_order, intent)) into_.intent_order.push_back(intent);
      add_all(words, {Kind::intent, intent});
    }
  }

  void read_names(const YamlNode& node) {
    if (!node.is_map()) {
      errors_.push_back(node.error("names is no map", "Give it `cues:`, `surnames:` …"));
      return;
    }
    YamlReader reader(node, "names", errors_);
    const auto append = [&](WordList& to, const char* key) {
      for (auto& more : reader.texts(key)) to.add(std::move(more));
    };
    add_all(reader.child("labels"), {Kind::name_label, "labels"});
    add_all(reader.child("cues"), {Kind::name_cue, "cues"});
    add_all(reader.child("surname_cues"), {Kind::surname_cue, "surname_cues"});
    add_all(reader.child("relations"), {Kind::name_relation, "relations"});
    auto& names = into_.names;
    append(names.titles, "titles");
    const int title = tag_of({Kind::name_title, "titles"});
    for (const auto& one : names.titles.words()) (void)into_.phrases.add(one, title);
    for (const auto& some : reader.texts("surnames")) names.surnames.add(some);
    for (const auto& some : reader.texts("not_given")) names.not_given.add(some);
    append(names.compound, "compound");
    append(names.cue_titles, "cue_titles");
    append(names.follow, "follow");
    append(names.stop, "stop");
    append(names.others, "others");
    append(names.acts, "acts");
    append(names.calls, "calls");
    append(names.links, "links");
    reader.finish();
  }

  void read_pairs(std::string_view pairs) {
    for (std::size_t at = 0; at < pairs.size();) {
      const auto traditional = take_character(pairs, at);
      if (at >= pairs.size()) break;
      const auto simplified = take_character(pairs, at);
      if (traditional >= Lexicon::Impl::kFirstHan && traditional <= Lexicon::Impl::kLastHan && simplified <= 0xFFFF)
        into_.simplify[traditional - Lexicon::Impl::kFirstHan] = static_cast<std::uint16_t>(simplified);
    }
  }

  /// A line each, with comments between them: as YAML it would take five times its size of memory.
  void read_weights(const std::string& file, const std::string& text) {
    constexpr std::size_t kMostOfWeights = 4U << 20;
    constexpr const char* kRemedy = "Let `huiyin learn` write this file";
    if (text.size() > kMostOfWeights)
      return errors_.push_back({file, "the file is over 4 MB", "Teach it less at once"});
    std::istringstream lines(text);
    int number = 0;
    for (std::string line; std::getline(lines, line);) {
      ++number;
      if (line.ends_with('\r')) line.pop_back();
      if (line.empty() || line.starts_with('#')) continue;
      if (const auto wrong = into_.weights.add(line))  // the first one tells that no program of ours wrote it
        return errors_.push_back({file + ":" + std::to_string(number), "weights: " + *wrong, kRemedy});
    }
    into_.weights.settle();
  }

  /// As they were written before they had a file of their own.
  void read_weights(const YamlNode& node) {
    if (!into_.weights.empty())
      return errors_.push_back(node.error("weights stand in another file too", "Remove the older of the two"));
    for (const auto& line : node.items())
      if (const auto wrong = into_.weights.add(line.text()))
        errors_.push_back(line.error("weights: " + *wrong, "Let `huiyin learn` write this list"));
    into_.weights.settle();
  }

  static bool contains(const std::vector<std::string>& list, const std::string& one) {
    return std::find(list.begin(), list.end(), one) != list.end();
  }

  Lexicon::Impl& into_;
  std::vector<Error>& errors_;
  std::map<std::string, Set> sets_{};
  std::map<std::string, Meaning::Calms> calms_{};
};

}  // namespace

Lexicon::Lexicon(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Lexicon::Lexicon(Lexicon&&) noexcept = default;
Lexicon& Lexicon::operator=(Lexicon&&) noexcept = default;
Lexicon::~Lexicon() = default;

tl::expected<Lexicon, std::vector<Error>> Lexicon::parse(
    const std::vector<std::pair<std::string, std::string>>& files) {
  auto impl = std::make_unique<Impl>();
  std::vector<Error> errors;
  Parser parser(*impl, errors);
  parser.read_all(files);
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

const std::vector<FaqEntry>& Lexicon::faq() const { return impl_->faq; }

std::string Lexicon::answer(const std::string& name, const std::string& locale) const {
  const auto found = impl_->answers.find(name);
  if (found == impl_->answers.end() || found->second.empty()) return {};
  const auto text = found->second.find(locale);
  return text == found->second.end() ? found->second.rbegin()->second : text->second;
}

}  // namespace huiyin::dialogs
