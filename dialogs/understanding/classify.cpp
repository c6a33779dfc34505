// What a message is about and what it wants, weighed from the phrases of the lexicon that stand in it.
#include "dialogs/understanding/classify.h"

#include <algorithm>
#include <array>

#include "core/text.h"
#include "core/ticket.h"
#include "dialogs/understanding/characters.h"

namespace huiyin::dialogs {
namespace {

using Kind = Meaning::Kind;

constexpr std::size_t kMostWeighed = 200;  // words of categories in one message
constexpr std::size_t kSmallTalk = 20;     // characters; a longer text that holds 谢谢 says more than thanks
constexpr std::size_t kShortAnswer = 12;
constexpr std::size_t kTelling = 7;  // characters that tell something, though no word is known
constexpr int kTrouble = 2;          // from this weight on a word tells of trouble
constexpr int kReported = 9;         // from here on a trouble is told, whatever is asked beside it
constexpr int kSure = 4;             // the weight of strong words

/// The words of categories, each phrase once, without those that stand inside a longer one of another meaning:
/// 消防通道 is no 通道.
class Weigher {
 public:
  Weigher(const Lexicon::Impl& lexicon, const std::vector<PhraseHit>& hits)
      : lexicon_(lexicon), service_(index_of(lexicon, "service")) {
    words_.reserve(hits.size());
    for (const auto& hit : hits) {
      const auto kind = meaning(hit).kind;
      const bool weighed = kind == Kind::category || kind == Kind::subcategory || kind == Kind::scope;
      if (weighed && words_.size() < kMostWeighed) words_.push_back(&hit);
    }
    drop_covered();
    drop_repeated();
  }

  static int index_of(const Lexicon::Impl& lexicon, std::string_view category) {
    const auto& order = lexicon.category_order;
    const auto found = std::find(order.begin(), order.end(), category);
    return found == order.end() ? -2 : static_cast<int>(found - order.begin());
  }

  [[nodiscard]] int weight(int category) const {
    int sum = 0;
    for (const auto* hit : words_)
      if (meaning(*hit).category == category) sum += meaning(*hit).weight;
    return sum;
  }

  /// The heaviest word of a category; its sub-categories' words are lighter than any of its own.
  [[nodiscard]] const PhraseHit* heaviest(int category) const {
    const PhraseHit* best = nullptr;
    for (const auto* hit : words_)
      if (meaning(*hit).category == category && (best == nullptr || meaning(*hit).weight > meaning(*best).weight))
        best = hit;
    return best;
  }

  /// Of the category's sub-categories the one whose words weigh most; of equals the first in the lexicon.
  [[nodiscard]] std::string subcategory(int category) const {
    const Meaning* best = nullptr;
    int most = 0;
    for (const auto* hit : words_) {
      const auto& one = meaning(*hit);
      if (one.kind != Kind::subcategory || one.category != category) continue;
      int sum = 0;
      for (const auto* other : words_)
        if (meaning(*other).kind == Kind::subcategory && meaning(*other).name == one.name)
          sum += meaning(*other).weight;
      if (sum > most || (sum == most && &one < best)) most = sum, best = &one;
    }
    return best == nullptr ? "" : best->name.substr(best->name.find('/') + 1);
  }

  /// The category that the words that weigh nothing lean to; -1: none.
  [[nodiscard]] int leaning() const {
    int best = -1;
    std::ptrdiff_t most = 0;
    for (int category = 0; category < static_cast<int>(lexicon_.category_order.size()); ++category) {
      const auto count = std::count_if(words_.begin(), words_.end(), [&](const auto* hit) {
        return meaning(*hit).category == category && meaning(*hit).weight == 0;
      });
      if (count > most) most = count, best = category;
    }
    return best;
  }

  /// Is something wrong? A fee that is only named (管理费) is asked about as often as complained of.
  [[nodiscard]] bool trouble() const {
    return std::any_of(words_.begin(), words_.end(), [&](const auto* hit) {
      return meaning(*hit).weight >= (meaning(*hit).category == service_ ? kSure : kTrouble);
    });
  }

  /// Is something broken, dirty or unsafe beside what a phrase says? 「物业费交了，电梯坏了」 is more than a question
  /// of the fee. Words of service do not count: fees and cards are what such questions are about.
  [[nodiscard]] bool trouble_beside(const PhraseHit& phrase) const {
    return std::any_of(words_.begin(), words_.end(), [&](const auto* hit) {
      const bool inside = hit->begin < phrase.end && phrase.begin < hit->end;
      return !inside && meaning(*hit).category != service_ && meaning(*hit).weight >= kTrouble;
    });
  }

  [[nodiscard]] const PhraseHit* body() const {
    for (const auto* hit : words_)
      if (meaning(*hit).kind == Kind::scope) return hit;
    return nullptr;
  }

 private:
  [[nodiscard]] const Meaning& meaning(const PhraseHit& hit) const {
    return lexicon_.meanings[static_cast<std::size_t>(hit.tag)];
  }

  [[nodiscard]] bool covers(const PhraseHit& longer, const PhraseHit& hit) const {
    if (!longer.whole || longer.end - longer.begin <= hit.end - hit.begin) return false;
    if (longer.begin > hit.begin || longer.end < hit.end) return false;
    const auto& one = meaning(longer);
    const auto& other = meaning(hit);
    return one.category != other.category || longer.tag == hit.tag;
  }

  void drop_covered() {
    std::vector<const PhraseHit*> kept;
    for (const auto* hit : words_)
      if (std::none_of(words_.begin(), words_.end(), [&](const auto* longer) { return covers(*longer, *hit); }))
        kept.push_back(hit);
    words_ = std::move(kept);
  }

  void drop_repeated() {
    std::stable_sort(words_.begin(), words_.end(), [](const auto* a, const auto* b) { return a->phrase < b->phrase; });
    words_.erase(
        std::unique(words_.begin(), words_.end(), [](const auto* a, const auto* b) { return a->phrase == b->phrase; }),
        words_.end());
  }

  const Lexicon::Impl& lexicon_;
  const int service_;
  std::vector<const PhraseHit*> words_{};
};

/// How an intent stands to what else is in the message.
struct IntentRule {
  std::string_view words;   ///< of the lexicon's `intents:`
  std::string_view intent;  ///< what they tell
  bool beside_trouble;      ///< is it one although trouble is told too?
  bool keeps_category;      ///< does the message then still tell of a trouble that stands?
  std::size_t most_characters;
};
constexpr std::size_t kBareGreeting = 6;  // characters: 在吗 asks nothing
constexpr std::size_t kAny = 100'000;
/// The first that is found is taken.
constexpr std::array<IntentRule, 22> kIntents{{{"other_sure", "other", true, false, kAny},
                                               {"thanks_sure", "thanks", true, false, kAny},
                                               {"question_sure", "question", true, false, kAny},
                                               {"answer_sure", "answer", true, false, kSmallTalk},
                                               {"human", "human", false, false, kAny},
                                               {"withdraw", "withdraw", true, false, kAny},
                                               {"not_fixed", "not_fixed", true, true, kAny},
                                               {"progress_sure", "progress", true, false, kAny},
                                               {"urge", "urge", true, true, kAny},
                                               {"progress", "progress", true, false, kAny},
                                               {"progress_if_no_trouble", "progress", false, false, kAny},
                                               {"correction", "correction", true, true, kAny},
                                               {"praise", "praise", true, true, kAny},
                                               {"suggestion", "suggestion", true, true, kAny},
                                               {"greeting", "greeting", false, false, kBareGreeting},
                                               {"other", "other", false, false, kAny},
                                               {"question", "question", false, false, kAny},
                                               {"addition", "addition", true, true, kAny},
                                               {"wait", "wait", false, false, kSmallTalk},
                                               {"thanks", "thanks", false, false, kSmallTalk},
                                               {"greeting", "greeting", false, false, kSmallTalk},
                                               {"answer", "answer", false, false, kShortAnswer}}};

class Classifier {
 public:
  Classifier(const Lexicon::Impl& lexicon, std::string_view text, const std::vector<PhraseHit>& hits,
             const Evidence& evidence, std::string_view estate, Understood& understood)
      : lexicon_(lexicon),
        text_(text),
        hits_(hits),
        evidence_(evidence),
        estate_(estate),
        understood_(understood),
        words_(lexicon, hits) {}

  void run() {
    danger();
    urgency();
    category();
    intent();
    if (understood_.danger.empty()) settle();
    reply();
  }

 private:
  [[nodiscard]] const Meaning& meaning(const PhraseHit& hit) const {
    return lexicon_.meanings[static_cast<std::size_t>(hit.tag)];
  }

  void danger() {
    auto found = read_danger(lexicon_, text_, hits_, evidence_, understood_);
    if (!found) return;
    understood_.danger = found->value;
    understood_.danger_by = std::move(found);
    understood_.urgent = true;
    understood_.urgent_by = understood_.danger_by;
    understood_.urgent_by->value = "danger";
  }

  void urgency() {
    for (const auto& hit : hits_) {
      const auto kind = meaning(hit).kind;
      if (kind == Kind::when && !understood_.when)
        understood_.when = found_by(lexicon_, hit, std::string(text_.substr(hit.begin, hit.end - hit.begin)));
      if (kind != Kind::urgent || understood_.urgent) continue;
      const bool denied = std::any_of(hits_.begin(), hits_.end(), [&](const auto& other) {
        return meaning(other).kind == Kind::not_urgent && other.begin < hit.end && hit.begin < other.end;
      });
      if (denied) continue;
      understood_.urgent = true;
      understood_.urgent_by = found_by(lexicon_, hit, "urgent");
    }
  }

  void category() {
    int best = -1;
    int most = 0;
    for (int category = 0; category < static_cast<int>(lexicon_.category_order.size()); ++category)
      if (const int weight = words_.weight(category); weight > most) most = weight, best = category;
    if (most <= 1 && count_characters(text_) >= kTelling)
      if (const int lean = words_.leaning(); lean >= 0) best = lean;
    weight_ = most;
    understood_.report = words_.trouble();
    if (!understood_.danger.empty()) return category_of_danger();
    if (best < 0) return;
    const auto& name = lexicon_.category_order[static_cast<std::size_t>(best)];
    understood_.category = parse_category(name).value_or(Category::none);
    understood_.subcategory = words_.subcategory(best);
    understood_.category_by = found_by(lexicon_, *words_.heaviest(best), name);
    understood_.category_by->confidence = std::min(0.95, 0.5 + 0.1 * most);
    if (understood_.category == Category::out_of_scope)
      if (const auto* body = words_.body()) understood_.body = meaning(*body).name;
  }

  /// What is done about a danger is the flow's to say; here its own category is told, whatever else is named.
  void category_of_danger() {
    const auto found = lexicon_.danger_categories.find(understood_.danger);
    if (found == lexicon_.danger_categories.end()) return;
    set_category(found->second);
    understood_.category_by = understood_.danger_by;
    understood_.category_by->value = found->second.substr(0, found->second.find('/'));
  }

  void set_category(const std::string& full) {
    const auto slash = full.find('/');
    understood_.category = parse_category(full.substr(0, slash)).value_or(Category::none);
    understood_.subcategory = slash == std::string::npos ? "" : full.substr(slash + 1);
  }

  [[nodiscard]] const PhraseHit* first_of(std::string_view intent) const {
    const auto found =
        std::find_if(wishes_.begin(), wishes_.end(), [&](const auto* hit) { return meaning(*hit).name == intent; });
    return found == wishes_.end() ? nullptr : *found;
  }

  /// The first question of the faq whose words stand in the text; the estate's own before those for all.
  [[nodiscard]] std::string question() {
    const FaqEntry* found = nullptr;
    for (const auto& hit : hits_) {
      if (meaning(hit).kind != Kind::faq) continue;
      const auto entry = std::find_if(lexicon_.faq.begin(), lexicon_.faq.end(),
                                      [&](const FaqEntry& one) { return one.name == meaning(hit).name; });
      if (entry == lexicon_.faq.end() || !is_for(*entry, estate_)) continue;
      if (found != nullptr && (!found->estates.empty() || entry->estates.empty())) continue;
      found = &*entry;
      trouble_beside_question_ = words_.trouble_beside(hit);
    }
    return found == nullptr ? "" : found->name;
  }

  void intent() {
    understood_.faq = question();
    if (!understood_.danger.empty()) {
      understood_.intent = "report";
      return;
    }
    for (const auto& hit : hits_)
      if (meaning(hit).kind == Kind::intent) wishes_.push_back(&hit);
    const bool latin =
        std::all_of(text_.begin(), text_.end(), [](char c) { return static_cast<unsigned char>(c) < 0xE3; });
    const auto characters = count_characters(text_) / (latin ? 2 : 1);  // a word of English is longer
    for (const auto& rule : kIntents) {
      const auto* hit = first_of(rule.words);
      if (hit == nullptr || characters > rule.most_characters || (understood_.report && !rule.beside_trouble)) continue;
      const bool answerable = !understood_.faq.empty() && !trouble_beside_question_;
      if (rule.words == "question_sure" && weight_ >= kReported && !answerable) continue;
      understood_.intent = rule.intent;
      understood_.intent_by = found_by(lexicon_, *hit, understood_.intent);
      settle_category(rule);
      return;
    }
    if (understood_.category != Category::none && (understood_.report || !understood_.faq.empty())) {
      understood_.intent = "report";
      return;
    }
    no_intent(characters);
  }

  /// Nothing of the lexicon tells what is wanted: a bare phone, name or place answers a question.
  void no_intent(std::size_t characters) {
    constexpr std::size_t kBare = 60;
    constexpr std::size_t kBesides = 40;  // bytes: 「麻烦记一下」, 「住在」
    const bool told = understood_.phone || understood_.address || understood_.name;
    std::size_t said = 0;  // bytes of the slots
    for (const auto* found : {&understood_.phone, &understood_.address, &understood_.name})
      if (*found) said += (*found)->end - (*found)->begin;
    const bool little = text_.size() <= said + kBesides;
    const bool bare = told && understood_.category == Category::none && characters <= kBare && little;
    understood_.intent = bare ? "answer" : understood_.category == Category::none ? "other" : "report";
  }

  /// What the rules found is weighed against all words of the message.
  void settle() {
    const auto by_rule = Evidence::Verdict{understood_.category, understood_.subcategory, understood_.intent};
    const auto verdict = evidence_.settle(by_rule);
    // However much it sounds like a question that has an answer: who tells of a trouble beside it is not put off with
    // it.
    if (trouble_beside_question_ && by_rule.intent == "report" && verdict.intent == "question") return;
    const bool same = verdict.category == by_rule.category;
    if (by_rule.category == Category::none) {  // what may be this or that is asked, not guessed
      if (!same || verdict.intent != by_rule.intent)
        understood_.guess = {verdict.category, verdict.subcategory, verdict.intent};
      return;
    }
    if (verdict.intent != by_rule.intent) {
      understood_.intent = verdict.intent;
      understood_.intent_by = by_weights(evidence_, text_, "intent/" + verdict.intent, verdict.intent);
    }
    if (verdict.category == Category::none) return no_category();
    understood_.subcategory = verdict.subcategory;
    if (same) return;
    understood_.category = verdict.category;
    const std::string name(to_string(verdict.category));
    understood_.category_by = by_weights(evidence_, text_, name, name);
    const auto* body = verdict.category == Category::out_of_scope ? words_.body() : nullptr;
    understood_.body = body == nullptr ? "" : meaning(*body).name;
  }

  /// The lexicon's own words for him: whom to call, or what is asked for.
  void reply() {
    const bool asks = understood_.intent == "question" && !understood_.faq.empty() && !trouble_beside_question_;
    const auto name = asks ? "faq." + understood_.faq : "body." + understood_.body;
    if (!asks && understood_.body.empty()) return;
    if (const auto found = lexicon_.answers.find(name); found != lexicon_.answers.end())
      understood_.reply = found->second;
  }

  void settle_category(const IntentRule& rule) {
    const bool company = rule.intent == "praise" || rule.intent == "suggestion";
    if (company && understood_.category != Category::internal)
      set_category("service/" + std::string(rule.intent));
    else if (!company && (!rule.keeps_category || !understood_.report))
      no_category();
  }

  void no_category() {
    understood_.report = false;
    understood_.category = Category::none;
    understood_.subcategory.clear();
    understood_.category_by.reset();
    understood_.body.clear();
  }

  const Lexicon::Impl& lexicon_;
  std::string_view text_;
  const std::vector<PhraseHit>& hits_;
  const Evidence& evidence_;
  std::string_view estate_;
  Understood& understood_;
  Weigher words_;
  int weight_ = 0;                          ///< of the category's words
  bool trouble_beside_question_ = false;    ///< of the faq
  std::vector<const PhraseHit*> wishes_{};  ///< words of intents
};

}  // namespace

void classify(const Lexicon::Impl& lexicon, std::string_view text, const std::vector<PhraseHit>& hits,
              const Evidence& evidence, std::string_view estate, Understood& understood) {
  Classifier(lexicon, text, hits, evidence, estate, understood).run();
}

}  // namespace huiyin::dialogs
