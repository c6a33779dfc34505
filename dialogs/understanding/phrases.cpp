#include "dialogs/understanding/phrases.h"

#include <algorithm>
#include <array>
#include <limits>
#include <unordered_map>

#include "dialogs/understanding/characters.h"
#include "dialogs/understanding/phrase_parser.h"

namespace huiyin::dialogs {
namespace {

constexpr std::size_t kGapCharacters = 8;
constexpr std::size_t kGapLatin = 40;
constexpr std::size_t kFarBytes = 90;    // `……`: thirty Chinese characters
constexpr std::size_t kUsualHits = 100;  // of one text
constexpr std::size_t kMostHits = 4000;  // of one text: nobody writes so much, and what is sent to hurt is cut here

using State = std::uint32_t;
using Symbol = std::uint16_t;  // a character that stands in a phrase; 0: one that stands in none
constexpr State kRoot = 0;
constexpr Symbol kNoSymbol = 0;
constexpr unsigned kStateBits = 21;
constexpr unsigned kOutputBits = 64 - 2 * kStateBits - 2;
constexpr State kStateMask = (1U << kStateBits) - 1;
constexpr std::uint64_t kOutputMask = (1U << kOutputBits) - 1;
constexpr std::size_t kMostOutputs = 480000;  // before a phrase, which adds at most 32,000; under 2^kOutputBits
constexpr std::size_t kMostStates = 1000000;  // before a phrase; with the longest, under 2^kStateBits
constexpr std::size_t kMostSymbols = 30000;   // before a phrase, whose characters are no more; under 2^16
constexpr std::size_t kPlane = 0x10000;

bool is_space(char32_t c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

bool ends_sentence(char32_t c) { return c == U'。' || c == U'！' || c == U'？' || c == '!' || c == '?' || c == '\n'; }

/// May `…` stand for text[begin, end)?
bool is_gap(std::string_view text, std::size_t begin, std::size_t end) {
  std::size_t characters = 0;
  bool latin = true;
  for (std::size_t at = begin; at < end;) {
    const auto c = take_character(text, at);
    if (ends_sentence(c)) return false;
    latin = latin && c < 0x80 && c != '.' && c != ';';
    if (++characters > (latin ? kGapLatin : kGapCharacters)) return false;
  }
  return true;
}

}  // namespace

bool stands_in(const PhraseHit& hit, std::size_t begin, std::size_t end) {
  const auto meets = [&](std::size_t from, std::size_t to) { return begin < to && from < end; };
  return meets(hit.begin, hit.first_end) || meets(hit.last_begin, hit.end) ||
         (hit.middle_end > 0 && meets(hit.middle_begin, hit.middle_end));
}

struct PhraseSet::Impl {
  struct Phrase {
    int tag = 0;
    std::string written{};
  };
  /// A part of a phrase that ends in a state.
  struct Output {
    std::uint32_t of = 0;  ///< the phrase where it has one part; where it has several, the part, in Scratch::reached
    std::uint16_t bytes = 0;
    bool whole : 1 = false, first : 1 = false, last : 1 = false, far : 1 = false;
  };
  static_assert(sizeof(Output) == sizeof(std::uint64_t));
  /// One word, for there are 168,000 of them in the shipped lexicon.
  struct Node {
    std::uint64_t fail : kStateBits = kRoot;
    std::uint64_t shorter : kStateBits = kRoot;            // the next state on the way of `fail` that has outputs
    std::uint64_t outputs : kOutputBits = 0;               // where its own begin; the next state's begin where they end
    std::uint64_t latin_begin : 1 = 0, latin_end : 1 = 0;  // what ends here begins or ends with a letter or digit
  };
  static_assert(sizeof(Node) == sizeof(std::uint64_t));

  /// What the phrases make while they are added: states in the order in which they came.
  struct Building {
    struct State {
      std::vector<Output> outputs{};
      bool latin_begin = false, latin_end = false;
    };
    static std::uint64_t edge(std::uint64_t from, char32_t symbol) { return (from << 32U) | symbol; }
    std::unordered_map<std::uint64_t, huiyin::dialogs::State> edges{};
    std::unordered_map<char32_t, Symbol> symbols{};
    std::vector<State> states = std::vector<State>(1);
    std::size_t outputs = 0;
  };

  void insert(const std::string& wording, Output output);
  void name_symbols();
  void lay_out();
  void link();
  [[nodiscard]] Symbol symbol(char32_t c) const;
  [[nodiscard]] State child(State from, Symbol symbol) const;
  [[nodiscard]] State next(State from, Symbol symbol) const;

  std::vector<Phrase> phrases{};
  std::vector<std::uint32_t> phrase_of_part{};  // of those that are one of several, one phrase behind the other
  std::unique_ptr<Building> building = std::make_unique<Building>();  // until compile()
  // Breadth first, so that the children of a state stand side by side, by their symbols: an edge is no more than the
  // symbol by which its child is reached. The root's children are numbered as their symbols are.
  std::vector<Node> nodes{};
  std::vector<Symbol> symbols{};
  std::vector<State> children{};  // where each state's begin; they end where the next one's do
  std::vector<Output> outputs{};
  std::vector<Symbol> symbol_of{};                         // of the Basic Multilingual Plane
  std::unordered_map<char32_t, Symbol> symbol_of_other{};  // beyond it
};

void PhraseSet::Impl::insert(const std::string& wording, Output output) {
  auto& made = *building;
  State at = kRoot;
  for (std::size_t i = 0; i < wording.size();) {
    const auto c = take_character(wording, i);
    const auto [found, is_new] = made.edges.try_emplace(made.edge(at, c), static_cast<State>(made.states.size()));
    if (is_new) made.states.emplace_back(), made.symbols.try_emplace(c);
    at = found->second;
  }
  output.bytes = static_cast<std::uint16_t>(std::min<std::size_t>(wording.size(), 0xFFFF));
  auto& state = made.states[at];
  state.latin_begin = is_word(wording.front());
  state.latin_end = is_word(wording.back());
  state.outputs.push_back(output);
  ++made.outputs;
}

/// Those that a phrase begins with first.
void PhraseSet::Impl::name_symbols() {
  std::vector<std::pair<bool, char32_t>> order;
  for (const auto& [c, unnamed] : building->symbols)
    order.emplace_back(!building->edges.contains(Building::edge(kRoot, c)), c);
  std::sort(order.begin(), order.end());
  symbol_of.assign(kPlane, kNoSymbol);
  Symbol symbol = kNoSymbol;
  for (const auto& [inside, c] : order) {
    building->symbols[c] = ++symbol;
    if (c < kPlane)
      symbol_of[c] = symbol;
    else
      symbol_of_other[c] = symbol;
  }
}

void PhraseSet::Impl::lay_out() {
  struct Edge {
    State from = kRoot;
    Symbol symbol = kNoSymbol;
    State to = kRoot;
  };
  std::vector<Edge> edges;
  edges.reserve(building->edges.size());
  for (const auto& [key, to] : building->edges)
    edges.push_back(
        {static_cast<State>(key >> 32U), building->symbols.at(static_cast<char32_t>(key & 0xFFFFFFFFU)), to});
  building->edges.clear();
  std::sort(edges.begin(), edges.end(),
            [](const Edge& a, const Edge& b) { return std::pair(a.from, a.symbol) < std::pair(b.from, b.symbol); });
  std::vector<State> order{kRoot};
  order.reserve(edges.size() + 1);
  symbols.assign(1, kNoSymbol);
  for (std::size_t i = 0; i < order.size(); ++i) {
    const auto& made = building->states[order[i]];
    nodes.push_back(
        {.outputs = outputs.size() & kOutputMask, .latin_begin = made.latin_begin, .latin_end = made.latin_end});
    outputs.insert(outputs.end(), made.outputs.begin(), made.outputs.end());
    children.push_back(static_cast<State>(order.size()));
    auto edge = std::lower_bound(edges.begin(), edges.end(), order[i],
                                 [](const Edge& one, State from) { return one.from < from; });
    for (; edge != edges.end() && edge->from == order[i]; ++edge) {
      order.push_back(edge->to);
      symbols.push_back(edge->symbol);
    }
  }
  nodes.push_back({.outputs = outputs.size() & kOutputMask});  // behind the last
  children.push_back(static_cast<State>(order.size()));
}

/// Where to go on when no longer phrase fits.
void PhraseSet::Impl::link() {
  for (State from = children[kRoot]; from + 1 < nodes.size(); ++from)
    for (State to = children[from]; to < children[from + 1]; ++to) {
      const State fail = next(static_cast<State>(nodes[from].fail), symbols[to]);
      const bool ends = nodes[fail].outputs != nodes[fail + 1].outputs;
      nodes[to].fail = fail & kStateMask;
      nodes[to].shorter = (ends ? fail : static_cast<State>(nodes[fail].shorter)) & kStateMask;
    }
}

Symbol PhraseSet::Impl::symbol(char32_t c) const {
  if (c < kPlane) return symbol_of[c];
  const auto found = symbol_of_other.find(c);
  return found == symbol_of_other.end() ? kNoSymbol : found->second;
}

/// A binary search that never branches on what it compares: where it is to go cannot be foreseen.
State PhraseSet::Impl::child(State from, Symbol symbol) const {
  std::size_t at = children[from];
  std::size_t left = children[from + 1] - at;
  if (left == 0) return kRoot;
  while (left > 1) {
    const auto half = left / 2;
    at += static_cast<std::size_t>(symbols[at + half] <= symbol) * half;
    left -= half;
  }
  return symbols[at] == symbol ? static_cast<State>(at) : kRoot;
}

State PhraseSet::Impl::next(State from, Symbol symbol) const {
  if (symbol == kNoSymbol) return kRoot;
  for (State at = from; at != kRoot; at = nodes[at].fail)
    if (const auto to = child(at, symbol); to != kRoot) return to;
  return symbol < children[1] ? symbol : kRoot;
}

PhraseSet::PhraseSet() : impl_(std::make_unique<Impl>()) {}
PhraseSet::PhraseSet(PhraseSet&&) noexcept = default;
PhraseSet& PhraseSet::operator=(PhraseSet&&) noexcept = default;
PhraseSet::~PhraseSet() = default;

std::optional<std::string> PhraseSet::add(std::string_view phrase, int tag, std::string_view shown) {
  const auto parts = parse_phrase(phrase);
  if (!parts) return parts.error();
  const auto& made = *impl_->building;
  if (made.states.size() > kMostStates || made.outputs > kMostOutputs || made.symbols.size() > kMostSymbols)
    return "one phrase too many: the lexicon is too large";
  const auto index = static_cast<std::uint32_t>(impl_->phrases.size());
  const auto count = parts->size();
  impl_->phrases.push_back({tag, std::string(shown.empty() ? phrase : shown)});
  for (std::size_t part = 0; part < count; ++part) {
    const auto of = count == 1 ? index : static_cast<std::uint32_t>(impl_->phrase_of_part.size());
    if (count > 1) impl_->phrase_of_part.push_back(index);
    for (const auto& wording : (*parts)[part].wordings)
      impl_->insert(
          wording,
          {.of = of, .whole = count == 1, .first = part == 0, .last = part + 1 == count, .far = (*parts)[part].far});
  }
  return std::nullopt;
}

void PhraseSet::compile() {
  impl_->name_symbols();
  impl_->lay_out();
  impl_->building.reset();
  impl_->link();
}

const std::string& PhraseSet::phrase(int index) const {
  return impl_->phrases[static_cast<std::size_t>(index)].written;
}

int PhraseSet::size() const { return static_cast<int>(impl_->phrases.size()); }

namespace {

/// How far the phrases with gaps have come: for each part, where its last two occurrences ended, and where the phrase
/// began. Two, because the very last may overlap what follows.
struct Reached {
  struct End {
    std::uint32_t begin = 0, end = std::numeric_limits<std::uint32_t>::max(), first_end = 0;
    std::uint32_t part_begin = 0;
  };
  std::array<End, 2> last{};
};

/// Kept from one text to the next, for it would cost more to make than to use.
class Scratch {
 public:
  void begin(std::size_t parts) {
    if (reached_.size() < parts) reached_.resize(parts);
    came_.assign(parts / kBits + 1, 0);
  }
  /// Of most phrases no part has come, which is all that is looked at of them.
  [[nodiscard]] bool came(std::uint32_t part) const { return (came_[part / kBits] >> part % kBits & 1U) != 0; }
  [[nodiscard]] const Reached& reached(std::uint32_t part) const { return reached_[part]; }
  void reach(std::uint32_t part, const Reached::End& end) {
    auto& last = reached_[part].last;
    last = {end, came(part) ? last[0] : Reached::End{}};
    came_[part / kBits] |= std::uint64_t{1} << part % kBits;
  }

 private:
  static constexpr std::uint32_t kBits = 64;
  std::vector<Reached> reached_{};  // what an earlier text left counts as nothing
  std::vector<std::uint64_t> came_{};
};

}  // namespace

/// One pass over one text.
class PhraseSet::Scan {
 public:
  Scan(const Impl& set, std::string_view text, std::vector<PhraseHit>& hits)
      : set_(set), text_(text), hits_(hits), scratch_(kept()) {
    scratch_.begin(set.phrase_of_part.size());
    hits_.reserve(kUsualHits);
  }

  void run() {
    State state = kRoot;
    bool spaced = false;
    for (std::size_t at = 0; at < text_.size() && hits_.size() < kMostHits;) {
      auto c = take_character(text_, at);
      if (is_space(c)) {
        if (spaced) continue;  // any white space is one space
        c = ' ';
      }
      spaced = c == ' ';
      if (c >= 'A' && c <= 'Z') c += 'a' - 'A';
      state = set_.next(state, set_.symbol(c));
      for (State one = state; one != kRoot; one = set_.nodes[one].shorter) see_all(one, at);
    }
  }

 private:
  static Scratch& kept() {
    static thread_local Scratch scratch;
    return scratch;
  }

  /// All parts that end in `state`, at `end`; Latin ones only as whole words.
  void see_all(State state, std::size_t end) {
    const auto& node = set_.nodes[state];
    const auto outputs_end = set_.nodes[state + 1].outputs;
    if (node.outputs == outputs_end) return;
    if (node.latin_end && end < text_.size() && is_word(text_[end])) return;
    for (auto i = node.outputs; i < outputs_end; ++i) {
      const auto& output = set_.outputs[i];
      const auto begin = end - std::min<std::size_t>(end, output.bytes);
      if (node.latin_begin && begin > 0 && is_word(text_[begin - 1])) continue;
      see(output, begin, end);
    }
  }

  void see(const Impl::Output& output, std::size_t part_begin, std::size_t end) {
    if (!output.whole && !output.first && !scratch_.came(output.of - 1)) return;
    PhraseHit hit{.begin = part_begin, .end = end, .first_end = end, .last_begin = part_begin, .whole = output.whole};
    if (!output.first) {
      const auto* from = part_before(output, part_begin);
      if (from == nullptr) return;
      hit.begin = from->begin;
      hit.first_end = from->first_end;
      if (from->part_begin != from->begin) hit.middle_begin = from->part_begin, hit.middle_end = from->end;
    }
    if (!output.last)
      return scratch_.reach(output.of,
                            {static_cast<std::uint32_t>(hit.begin), static_cast<std::uint32_t>(end),
                             static_cast<std::uint32_t>(hit.first_end), static_cast<std::uint32_t>(part_begin)});
    const auto phrase = output.whole ? output.of : set_.phrase_of_part[output.of];
    hit.phrase = static_cast<int>(phrase);
    hit.tag = set_.phrases[phrase].tag;
    hits_.push_back(hit);
  }

  /// Where the part before this one ended, near enough; null: nowhere.
  [[nodiscard]] const Reached::End* part_before(const Impl::Output& output, std::size_t begin) const {
    const auto& last = scratch_.reached(output.of - 1).last;
    const auto fits = [&](const Reached::End& one) {
      return one.end <= begin && (output.far ? begin - one.end <= kFarBytes : is_gap(text_, one.end, begin));
    };
    const auto* found = std::find_if(last.begin(), last.end(), fits);
    return found == last.end() ? nullptr : found;
  }

  const Impl& set_;
  std::string_view text_;
  std::vector<PhraseHit>& hits_;
  Scratch& scratch_;
};

void PhraseSet::find(std::string_view text, std::vector<PhraseHit>& hits) const {
  hits.clear();
  if (!impl_->nodes.empty()) Scan(*impl_, text, hits).run();
}

}  // namespace huiyin::dialogs
