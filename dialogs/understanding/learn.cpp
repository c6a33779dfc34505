#include "dialogs/understanding/learn.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <random>
#include <set>

#include "dialogs/understanding/characters.h"
#include "dialogs/understanding/evidence.h"
#include "dialogs/understanding/lexicon_impl.h"

namespace huiyin::dialogs {
namespace {

constexpr std::size_t kFewest = 2;             // messages that a word must stand in: once may be chance
constexpr std::size_t kMostBytes = 2'000'000;  // of the file, for which more are asked
constexpr unsigned kOrders = 8;  // of the same messages: what one order makes of chance, the others level out
constexpr int kRounds = 20;
constexpr unsigned kLeftOut = 15;  // of a hundred words, by chance, so that no message hangs on one
constexpr double kStep = 0.3;
constexpr double kBeforeStep = 0.05;  // of what speaks before any word does
constexpr double kShrink = 0.01;
constexpr double kLeast = 0.1;         // a weight whose slopes do not sum to this stays nought: keeps the file short
constexpr double kLeastOfKinds = 0.4;  // of kinds of danger and intents
constexpr double kLeastOfMany = 2;     // of sub-categories
constexpr double kRatherHeard = 0.15;  // a danger that is missed costs more than a false alarm
constexpr long kWritten = 5;           // tenths: what is less would change nothing
constexpr long kWrittenOfMany = 7;     // of categories, sub-categories and intents
constexpr double kSettled = 0.01;      // a chance so near to what is wanted teaches nothing more

std::string lowered(std::string_view text) {
  std::string lower;
  for (const char c : text) {
    const bool blank = c == ' ' || c == '\n';
    if (blank && lower.ends_with(' ')) continue;
    lower += blank ? ' ' : is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return lower;
}

/// `{inside}{lift}`, of all sets of which words were found.
void add_pairs(const Lexicon::Impl& lexicon, const std::vector<PhraseHit>& hits, std::set<std::string>& found) {
  std::map<int, std::string> markers;
  for (const auto& hit : hits)
    if (const int set = lexicon.set_of[static_cast<std::size_t>(hit.tag)]; set >= 0)
      markers.emplace(set, marker_of(lexicon.meanings[static_cast<std::size_t>(hit.tag)]));
  const auto sets = sets_in(lexicon, hits);
  for (auto one = sets.begin(); one != sets.end(); ++one)
    for (auto other = one + 1; other != sets.end(); ++other) found.insert(pair_of(markers[*one], markers[*other]));
}

/// All that weights may be given to in a message, as weights.txt writes it, each once.
std::set<std::string> words_of(const Lexicon& lexicon, const std::string& text) {
  const auto& impl = lexicon.impl();
  const auto understood = understand(lexicon, text);
  const std::string_view plain = understood.plain.text;
  std::vector<PhraseHit> hits;
  impl.find(plain, hits);
  std::set<std::string> found;
  for (const auto& hit : hits) found.insert(marker_of(impl.meanings[static_cast<std::size_t>(hit.tag)]));
  add_pairs(impl, hits, found);
  for (const auto marker : slot_markers(plain, understood)) found.emplace(marker);
  std::vector<WeighedWord> words;
  find_weighed_words(plain, words);
  for (const auto& word : words) {
    auto written = lowered(plain.substr(word.begin, word.end - word.begin));
    std::vector<WeighedWord> again;  // what stands between two Latin words may be more than a space
    find_weighed_words(written, again);
    const bool whole = std::any_of(again.begin(), again.end(), [&](const auto& one) {
      return one.key == word.key && one.begin == 0 && one.end == written.size();
    });
    const bool plain_word = written.find_first_not_of("abcdefghijklmnopqrstuvwxyz' ") == std::string::npos ||
                            is_han(written, 0) || written == "?";
    if (whole && plain_word) found.insert(std::move(written));
  }
  return found;
}

bool is_pair(std::string_view word) { return word.find("}{") != std::string_view::npos; }

struct Example {
  std::vector<std::size_t> words{};  ///< indexes of the vocabulary
  std::size_t wanted = 0;            ///< index of the class
};

/// One way through the examples: which of some classes a message belongs to.
class Pass {
 public:
  Pass(std::size_t classes, std::size_t words, double least, unsigned seed)
      : weights(classes * words),
        before(classes),
        least_(least),
        slopes_(classes * words),
        squares_(classes * words),
        random_(seed) {}

  void learn(const std::vector<Example>& examples) {
    std::vector<std::size_t> order(examples.size());
    std::iota(order.begin(), order.end(), 0U);
    for (int round = 0; round < kRounds; ++round) {
      // By hand: std::shuffle may differ between libraries.
      for (auto i = order.size(); i > 1; --i) std::swap(order[i - 1], order[random_() % i]);
      for (const auto i : order) learn(examples[i]);
    }
  }

  std::vector<double> weights{};  ///< by word, then by class
  std::vector<double> before{};   ///< by class: what speaks before any word does

 private:
  void learn(const Example& example) {
    words_.clear();
    for (const auto word : example.words)
      if (random_() % 100 >= kLeftOut) words_.push_back(word);
    const double share = 1 / std::sqrt(static_cast<double>(words_.size()) + 1);
    const auto classes = before.size();
    weigh(share);
    for (std::size_t one = 0; one < classes; ++one) {
      const double wrong = chances_[one] - (one == example.wanted ? 1 : 0);
      if (std::abs(wrong) < kSettled) continue;
      before[one] -= kBeforeStep * wrong;
      for (const auto word : words_) step(word * classes + one, wrong * share);
    }
  }

  void step(std::size_t at, double slope) {
    const double root = std::sqrt(squares_[at]);
    squares_[at] += slope * slope;
    const double now = std::sqrt(squares_[at]);
    slopes_[at] += slope - (now - root) / kStep * weights[at];
    const double excess = std::abs(slopes_[at]) - least_;
    weights[at] = excess <= 0 ? 0 : std::copysign(excess, -slopes_[at]) / (now / kStep + kShrink);
  }

  /// How likely each class is, as the weights stand.
  void weigh(double share) {
    chances_ = before;
    for (const auto word : words_)
      for (std::size_t one = 0; one < chances_.size(); ++one)
        chances_[one] += share * weights[word * chances_.size() + one];
    const double most = *std::max_element(chances_.begin(), chances_.end());
    double sum = 0;
    for (auto& chance : chances_) sum += chance = std::exp(chance - most);
    for (auto& chance : chances_) chance /= sum;
  }

  double least_;
  std::vector<double> slopes_;   ///< their sums, corrected for each step taken
  std::vector<double> squares_;  ///< of the slopes, summed
  std::mt19937 random_;          ///< of a fixed seed: the file is to be the same each time
  std::vector<std::size_t> words_{};
  std::vector<double> chances_{};
};

/// What several passes, each in an order of its own, come to on the average.
class Model {
 public:
  Model(std::size_t classes, std::size_t words, double least, const std::vector<Example>& examples)
      : classes_(classes), weights_(classes * words), before_(classes) {
    for (unsigned seed = 1; seed <= kOrders; ++seed) {
      Pass pass(classes, words, least, seed);
      pass.learn(examples);
      add(pass.weights, weights_);
      add(pass.before, before_);
    }
  }

  [[nodiscard]] double weight(std::size_t of_class, std::size_t word) const {
    return weights_[word * classes_ + of_class];
  }
  [[nodiscard]] double before(std::size_t of_class) const { return before_[of_class]; }

 private:
  static void add(const std::vector<double>& some, std::vector<double>& sums) {
    for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += some[i] / kOrders;
  }

  std::size_t classes_;
  std::vector<double> weights_;
  std::vector<double> before_;
};

/// By word, how strongly it speaks for each class, as weights.txt says it; at the end what speaks before any does.
class Lines {
 public:
  explicit Lines(std::size_t words) : lines_(words + 1), heads_(words + 1) {}

  /// Of a class's first line the name stands always.
  void write_first(const std::string& name, double weight) { add(lines_.size() - 1, name, tenths(weight)); }
  void write(std::size_t word, const std::string& name, double weight, long least) {
    if (std::abs(tenths(weight)) >= least) add(word, name, tenths(weight));
  }
  [[nodiscard]] std::string text(const std::vector<std::string>& vocabulary) const {
    std::string text = ": " + lines_.back() + "\n";
    for (std::size_t i = 0; i < vocabulary.size(); ++i)
      if (!lines_[i].empty()) text += vocabulary[i] + ": " + lines_[i] + "\n";
    return text;
  }

 private:
  static long tenths(double weight) { return std::clamp(std::lround(weight * Weights::kScale), -127L, 127L); }

  void add(std::size_t at, const std::string& name, long weight) {
    auto& line = lines_[at];
    const auto slash = name.find('/');
    const auto head = name.substr(0, slash);
    if (slash == std::string::npos || heads_[at] != head) line += (line.empty() ? "" : " ") + head;
    if (slash != std::string::npos) line += " " + name.substr(slash);
    line += (weight < 0 ? " " : " +") + std::to_string(weight);
    heads_[at] = head;
  }

  std::vector<std::string> lines_;
  std::vector<std::string> heads_;  ///< the first part of each line's last class: `repair`
};

class Learner {
 public:
  Learner(const Lexicon& lexicon, const std::vector<LabelledMessage>& messages) : messages_(messages) {
    std::map<std::string, std::size_t> times;
    std::vector<std::set<std::string>> words;
    for (const auto& message : messages) {
      words.push_back(words_of(lexicon, message.text));
      for (const auto& word : words.back()) ++times[word];
    }
    std::map<std::string, std::size_t> index;
    for (const auto& [word, count] : times) {
      if (count < kFewest) continue;
      index.emplace(word, vocabulary_.size());
      vocabulary_.push_back(word);
      times_.push_back(count);
    }
    for (const auto& some : words) {
      auto& all = words_of_.emplace_back();
      for (const auto& word : some)
        if (const auto known = index.find(word); known != index.end()) all.push_back(known->second);
    }
  }

  /// Danger is learned from every word, for a rare one may tell it; where the file would grow too long, the other
  /// classes are learned without the rare ones.
  std::string run() {
    Lines dangers(vocabulary_.size());
    learn_danger(dangers);
    learn_classes(dangers, {.fewest = kFewest, .least = kLeastOfKinds, .written = kWritten},
                  [](const auto& one) { return one.danger.empty() ? "" : "danger/" + one.danger; });
    for (auto fewest = kFewest;; fewest += std::max<std::size_t>(1, fewest / 3)) {
      auto lines = dangers;
      learn_others(lines, fewest);
      auto text = lines.text(vocabulary_);
      if (text.size() <= kMostBytes || fewest > messages_.size()) return text;
    }
  }

 private:
  /// What a family of classes is learned from, and what of it is kept.
  struct Family {
    std::size_t fewest = kFewest;  ///< messages that a word must stand in
    double least = kLeast;
    long written = kWrittenOfMany;
  };

  /// There is danger or there is none: one class, whose weights say how much more likely it is than not.
  void learn_danger(Lines& lines) const {
    std::vector<Example> examples;
    for (std::size_t i = 0; i < messages_.size(); ++i)
      examples.push_back({words_of_[i], messages_[i].danger.empty() ? 0U : 1U});
    const Model model(2, vocabulary_.size(), kLeast, examples);
    lines.write_first("danger", model.before(1) - model.before(0) + kRatherHeard);
    for (std::size_t word = 0; word < vocabulary_.size(); ++word)
      lines.write(word, "danger", model.weight(1, word) - model.weight(0, word), kWritten);
  }

  void learn_others(Lines& lines, std::size_t fewest) const {
    // A danger has its own category, which is no matter of weighing: what it is written with would only mislead.
    const auto unless_danger = [](const LabelledMessage& one, const std::string& name) {
      return one.danger.empty() ? name : std::string{};
    };
    learn_classes(lines, {.fewest = fewest}, [&](const auto& one) { return unless_danger(one, one.category); });
    learn_classes(lines, {.fewest = fewest, .least = kLeastOfMany},
                  [](const auto& one) { return one.subcategory.empty() ? "" : one.category + "/" + one.subcategory; });
    learn_classes(lines, {.fewest = fewest, .least = kLeastOfKinds}, [&](const auto& one) {
      return unless_danger(one, one.intent.empty() ? "" : "intent/" + one.intent);
    });
  }

  /// `class_of`: empty for a message that this model learns nothing from.
  template <class ClassOf>
  void learn_classes(Lines& lines, Family family, ClassOf class_of) const {
    std::set<std::string> names;
    for (const auto& message : messages_)
      if (const std::string name = class_of(message); !name.empty()) names.insert(name);
    if (names.empty()) return;
    std::vector<Example> examples;
    for (std::size_t i = 0; i < messages_.size(); ++i)
      if (const std::string name = class_of(messages_[i]); !name.empty())
        examples.push_back(
            {alone(i, family.fewest), static_cast<std::size_t>(std::distance(names.begin(), names.find(name)))});
    const Model model(names.size(), vocabulary_.size(), family.least, examples);
    std::size_t one = 0;
    for (const auto& name : names) {
      lines.write_first(name, model.before(one));
      for (std::size_t word = 0; word < vocabulary_.size(); ++word)
        lines.write(word, name, model.weight(one, word), family.written);
      ++one;
    }
  }

  /// A message's words that stand in so many messages, without pairs of sets.
  [[nodiscard]] std::vector<std::size_t> alone(std::size_t message, std::size_t fewest) const {
    std::vector<std::size_t> words;
    for (const auto word : words_of_[message])
      if (times_[word] >= fewest && !is_pair(vocabulary_[word])) words.push_back(word);
    return words;
  }

  const std::vector<LabelledMessage>& messages_;
  std::vector<std::string> vocabulary_{};
  std::vector<std::size_t> times_{};                  ///< by word: messages that it stands in
  std::vector<std::vector<std::size_t>> words_of_{};  ///< by message
};

}  // namespace

std::string learn_weights(const Lexicon& lexicon, const std::vector<LabelledMessage>& messages) {
  return "# How strongly words speak for danger, categories and intents: written by `huiyin learn` from labelled "
         "messages;\n"
         "# not to be mended by hand, for the next run writes it anew. 「word: danger +tenths /fire +tenths repair "
         "+tenths …」,\n"
         "# where /fire is short for danger/fire; {lift}: a word of that set stands there; <danger gas>: a phrase of "
         "that\n"
         "# meaning does; no word: what speaks before any word does.\n" +
         Learner(lexicon, messages).run();
}

}  // namespace huiyin::dialogs
