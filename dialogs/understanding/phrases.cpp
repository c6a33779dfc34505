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
constexpr std::size_t kMostHits = 4000;  // of one text: nobody writes so much, and what is sent to hurt is cut here

using State = std::uint32_t;
constexpr State kRoot = 0;
constexpr unsigned kStateBits = 21;
constexpr unsigned kOutputBits = 64 - 2 * kStateBits - 3;
constexpr State kStateMask = (1U << kStateBits) - 1;
constexpr std::uint64_t kOutputMask = (1U << kOutputBits) - 1;
constexpr std::size_t kMostOutputs = 480000;  // before a phrase, which adds at most 32,000; under 2^kOutputBits
constexpr std::size_t kMostStates = 1000000;  // before a phrase; with the longest, under the 2^21 of a packed edge
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
    std::uint32_t parts = 1;
    std::uint32_t slot = 0;  // of its parts' last ends, in Scan::reached; phrases of one part have none
    std::string written{};
  };
  /// A part of a phrase that ends in a state.
  struct Output {
    std::uint32_t phrase = 0;
    std::uint8_t part = 0;
    bool far = false;
    std::uint16_t bytes = 0;
  };
  /// One word, for there are 168,000 of them in the shipped lexicon.
  struct Node {
    std::uint64_t fail : kStateBits = kRoot;
    std::uint64_t shorter : kStateBits = kRoot;  // the next state on the way of `fail` that has outputs
    std::uint64_t outputs : kOutputBits = 0;     // where its own begin; the next state's begin where they end
    std::uint64_t has_children : 1 = 0;
    std::uint64_t latin_begin : 1 = 0, latin_end : 1 = 0;  // what ends here begins or ends with a letter or digit
  };
  static_assert(sizeof(Node) == sizeof(std::uint64_t));
  using Edges = std::unordered_map<std::uint64_t, State>;

  static std::uint64_t edge(State from, char32_t symbol) { return (static_cast<std::uint64_t>(from) << 32U) | symbol; }

  State child(State from, char32_t symbol);
  void insert(const std::string& wording, Output output);
  void link();
  void pack();
  [[nodiscard]] State next(State from, char32_t symbol) const;
  [[nodiscard]] State packed_child(State from, char32_t symbol) const;

  std::vector<Phrase> phrases{};
  std::uint32_t slots = 0;
  Edges edges{};  // while it is built
  std::vector<Node> nodes = std::vector<Node>(1);
  std::vector<std::vector<Output>> building = std::vector<std::vector<Output>>(1);
  std::vector<Output> outputs{};
  std::size_t output_count = 0;  // while it is built
  // Packed by compile(): open addressing, two thirds full (a power of two would waste megabytes). An edge in one word:
  // from, symbol, to.
  static constexpr std::uint64_t kNoEdge = std::numeric_limits<std::uint64_t>::max();
  static std::uint64_t packed_key(State from, char32_t symbol) {
    return (static_cast<std::uint64_t>(from) << kStateBits) | symbol;  // a character has 21 bits
  }
  [[nodiscard]] std::size_t place_of(std::uint64_t key) const {
    return (key * 0x9E3779B97F4A7C15ULL >> 32U) * table.size() >> 32U;
  }
  [[nodiscard]] std::size_t place_behind(std::size_t at) const { return at + 1 == table.size() ? 0 : at + 1; }
  std::vector<std::uint64_t> table{};
  std::vector<State> roots{};  // where the first character leads, of the Basic Multilingual Plane
};

State PhraseSet::Impl::child(State from, char32_t symbol) {
  const auto [found, is_new] = edges.try_emplace(edge(from, symbol), static_cast<State>(nodes.size()));
  if (is_new) {
    nodes.emplace_back();
    building.emplace_back();
  }
  return found->second;
}

void PhraseSet::Impl::insert(const std::string& wording, Output output) {
  State at = kRoot;
  for (std::size_t i = 0; i < wording.size();) at = child(at, take_character(wording, i));
  output.bytes = static_cast<std::uint16_t>(std::min<std::size_t>(wording.size(), 0xFFFF));
  nodes[at].latin_begin = is_word(wording.front());
  nodes[at].latin_end = is_word(wording.back());
  building[at].push_back(output);
  ++output_count;
}

/// Breadth first: where to go on when no longer phrase fits.
void PhraseSet::Impl::link() {
  std::vector<std::vector<std::pair<char32_t, State>>> children(nodes.size());
  for (const auto& [key, to] : edges) children[key >> 32U].emplace_back(static_cast<char32_t>(key & 0xFFFFFFFFU), to);
  std::vector<State> queue{kRoot};
  for (std::size_t i = 0; i < queue.size(); ++i) {
    const State from = queue[i];
    for (const auto& [symbol, to] : children[from]) {
      queue.push_back(to);
      if (from == kRoot) continue;
      State fail = nodes[from].fail;
      auto found = edges.find(edge(fail, symbol));
      while (found == edges.end() && fail != kRoot) {
        fail = nodes[fail].fail;
        found = edges.find(edge(fail, symbol));
      }
      if (found == edges.end()) continue;
      nodes[to].fail = found->second & kStateMask;
      nodes[to].shorter =
          (building[found->second].empty() ? static_cast<State>(nodes[found->second].shorter) : found->second) &
          kStateMask;
    }
  }
}

void PhraseSet::Impl::pack() {
  table.assign(16 + edges.size() * 3 / 2, kNoEdge);
  roots.assign(kPlane, kRoot);
  for (const auto& one : edges) {
    const auto from = static_cast<State>(one.first >> 32U);
    const auto symbol = static_cast<char32_t>(one.first & 0xFFFFFFFFU);
    nodes[from].has_children = true;
    if (from == kRoot && symbol < kPlane) roots[symbol] = one.second;
    const auto key = packed_key(from, symbol);
    auto at = place_of(key);
    while (table[at] != kNoEdge) at = place_behind(at);
    table[at] = key << kStateBits | one.second;
  }
  edges = Edges();  // clear() would keep its buckets
  for (State state = 0; state < nodes.size(); ++state) {
    nodes[state].outputs = outputs.size() & kOutputMask;
    outputs.insert(outputs.end(), building[state].begin(), building[state].end());
  }
  nodes.emplace_back().outputs = outputs.size() & kOutputMask;  // behind the last
  decltype(building)().swap(building);                          // `= {}` would keep its memory
  nodes.shrink_to_fit();
  outputs.shrink_to_fit();
}

State PhraseSet::Impl::packed_child(State from, char32_t symbol) const {
  const auto key = packed_key(from, symbol);
  for (auto at = place_of(key);; at = place_behind(at)) {
    if (table[at] >> kStateBits == key) return static_cast<State>(table[at] & ((1U << kStateBits) - 1));
    if (table[at] == kNoEdge) return kRoot;
  }
}

State PhraseSet::Impl::next(State from, char32_t symbol) const {
  for (State at = from; at != kRoot; at = nodes[at].fail)
    if (nodes[at].has_children)
      if (const auto to = packed_child(at, symbol); to != kRoot) return to;
  return symbol < roots.size() ? roots[symbol] : packed_child(kRoot, symbol);
}

PhraseSet::PhraseSet() : impl_(std::make_unique<Impl>()) {}
PhraseSet::PhraseSet(PhraseSet&&) noexcept = default;
PhraseSet& PhraseSet::operator=(PhraseSet&&) noexcept = default;
PhraseSet::~PhraseSet() = default;

std::optional<std::string> PhraseSet::add(std::string_view phrase, int tag, std::string_view shown) {
  const auto parts = parse_phrase(phrase);
  if (!parts) return parts.error();
  if (impl_->nodes.size() > kMostStates || impl_->output_count > kMostOutputs)
    return "one phrase too many: the lexicon is too large";
  const auto index = static_cast<std::uint32_t>(impl_->phrases.size());
  impl_->phrases.push_back(
      {tag, static_cast<std::uint32_t>(parts->size()), impl_->slots, std::string(shown.empty() ? phrase : shown)});
  if (parts->size() > 1) impl_->slots += static_cast<std::uint32_t>(parts->size());
  for (std::size_t part = 0; part < parts->size(); ++part)
    for (const auto& wording : (*parts)[part].wordings)
      impl_->insert(wording, {.phrase = index, .part = static_cast<std::uint8_t>(part), .far = (*parts)[part].far});
  return std::nullopt;
}

void PhraseSet::compile() {
  impl_->link();
  impl_->pack();
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
    std::uint32_t begin = 0, end = 0, first_end = 0;
    std::uint32_t part_begin = 0;
    std::uint32_t scan = 0;  // of which scan; what an earlier one left counts as nothing
  };
  std::array<End, 2> last{};
};

/// Kept from one text to the next, for it would cost more to make than to use.
struct Scratch {
  std::vector<Reached> reached{};
  std::uint32_t scan = 0;

  std::uint32_t begin(std::size_t slots) {
    if (reached.size() < slots) reached.resize(slots);
    if (++scan == 0) std::fill(reached.begin(), reached.end(), Reached{}), scan = 1;
    return scan;
  }
};

}  // namespace

/// One pass over one text.
class PhraseSet::Scan {
 public:
  Scan(const Impl& set, std::string_view text, std::vector<PhraseHit>& hits)
      : set_(set), text_(text), hits_(hits), scan_(scratch().begin(set.slots)) {}

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
      state = set_.next(state, c);
      for (State one = state; one != kRoot; one = set_.nodes[one].shorter) see_all(one, at);
    }
  }

 private:
  static Scratch& scratch() {
    static thread_local Scratch kept;
    return kept;
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
    const auto& phrase = set_.phrases[output.phrase];
    PhraseHit hit{.tag = phrase.tag,
                  .phrase = static_cast<int>(output.phrase),
                  .begin = part_begin,
                  .end = end,
                  .first_end = end,
                  .last_begin = part_begin,
                  .whole = phrase.parts == 1};
    if (output.part > 0) {
      const auto* from = part_before(output, part_begin);
      if (from == nullptr) return;
      hit.begin = from->begin;
      hit.first_end = from->first_end;
      if (output.part > 1) hit.middle_begin = from->part_begin, hit.middle_end = from->end;
    }
    if (output.part + 1U == phrase.parts) return hits_.push_back(hit);
    auto& last = scratch().reached[phrase.slot + output.part].last;
    last[1] = last[0];
    last[0] = {static_cast<std::uint32_t>(hit.begin), static_cast<std::uint32_t>(end),
               static_cast<std::uint32_t>(hit.first_end), static_cast<std::uint32_t>(part_begin), scan_};
  }

  /// Where the part before this one ended, near enough; null: nowhere.
  [[nodiscard]] const Reached::End* part_before(const Impl::Output& output, std::size_t begin) const {
    const auto& last = scratch().reached[set_.phrases[output.phrase].slot + output.part - 1U].last;
    const auto fits = [&](const Reached::End& one) {
      return one.scan == scan_ && one.end <= begin &&
             (output.far ? begin - one.end <= kFarBytes : is_gap(text_, one.end, begin));
    };
    const auto* found = std::find_if(last.begin(), last.end(), fits);
    return found == last.end() ? nullptr : found;
  }

  const Impl& set_;
  std::string_view text_;
  std::vector<PhraseHit>& hits_;
  std::uint32_t scan_;
};

void PhraseSet::find(std::string_view text, std::vector<PhraseHit>& hits) const {
  hits.clear();
  if (!impl_->table.empty()) Scan(*impl_, text, hits).run();
}

}  // namespace huiyin::dialogs
