#include "dialogs/understanding/weights.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "dialogs/understanding/characters.h"

namespace huiyin::dialogs {
namespace {

constexpr std::size_t kReasons = 5;  // words that --explain names

constexpr std::uint64_t kLatin = 1ULL << 63U;   // keys of Latin words and markers; those of characters have it not
constexpr std::uint64_t kFnv = 1099511628211U;  // FNV-1a, 64 bits: offset and prime as published
constexpr std::uint64_t kFnvBegin = 14695981039346656037U;

char lower(char c) { return is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c; }

std::uint64_t hashed(std::string_view bytes, std::uint64_t from = kFnvBegin) {
  for (const char c : bytes) from = (from ^ static_cast<unsigned char>(lower(c))) * kFnv;
  return from;
}

bool in_latin_word(char c) { return is_letter(c) || c == '\''; }

/// Spreads keys over the slots: those of characters differ in few bits.
std::size_t spread(std::uint64_t key) {
  key ^= key >> 33U;
  key *= 0xFF51AFD7ED558CCDU;
  return static_cast<std::size_t>(key ^ (key >> 29U));
}

std::optional<std::uint64_t> key_of(std::string_view word) {
  if (word.front() == '{' || word.front() == '<') return hashed(word) | kLatin;
  std::vector<WeighedWord> words;
  find_weighed_words(word, words);
  for (const auto& one : words)
    if (one.begin == 0 && one.end == word.size()) return one.key;
  return std::nullopt;
}

/// By the root of their number, as they were learned: a long message is not surer for its length.
float share_of(const Weights::Tally& tally) { return 1.0F / std::sqrt(static_cast<float>(tally.rows) + 1.0F); }

}  // namespace

void find_weighed_words(std::string_view text, std::vector<WeighedWord>& words) {
  char32_t character = 0;  // the Chinese one that ends at `at`
  std::uint64_t latin = 0;
  std::size_t latin_begin = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t begin = at;
    if (is_han(text, at)) {
      const auto next = take_character(text, at);
      words.push_back({next, begin, at});
      if (character != 0) words.push_back({(static_cast<std::uint64_t>(character) << 21U) | next, begin - kHan, at});
      character = next, latin = 0;
    } else if (in_latin_word(text[at])) {
      while (at < text.size() && in_latin_word(text[at])) ++at;
      const auto next = hashed(text.substr(begin, at - begin));
      words.push_back({next | kLatin, begin, at});
      if (latin != 0) words.push_back({(latin * kFnv ^ next) | kLatin, latin_begin, at});
      character = 0, latin = next, latin_begin = begin;
    } else {
      if (text[at] == '?') words.push_back({'?', begin, begin + 1});
      (void)take_character(text, at);
      character = 0;
    }
  }
}

int Weights::class_of(std::string_view name) const {
  const auto found = std::find(classes_.begin(), classes_.end(), name);
  return found == classes_.end() ? -1 : static_cast<int>(found - classes_.begin());
}

int Weights::add_class(std::string_view name) {
  if (const int known = class_of(name); known >= 0 || classes_.size() == kMostClasses) return known;
  classes_.emplace_back(name);
  return static_cast<int>(classes_.size()) - 1;
}

int Weights::find(std::uint64_t key) const {
  if (slots_.empty()) return -1;
  const std::size_t mask = slots_.size() - 1;
  for (auto at = spread(key) & mask;; at = (at + 1) & mask) {
    const auto row = slots_[at];
    if (row < 0 || keys_[static_cast<std::size_t>(row)] == key) return row;
  }
}

void Weights::insert(int row) {
  const std::size_t mask = slots_.size() - 1;
  auto at = spread(keys_[static_cast<std::size_t>(row)]) & mask;
  while (slots_[at] >= 0) at = (at + 1) & mask;
  slots_[at] = row;
}

void Weights::add_row(std::uint64_t key, std::string_view word, const Row& row) {
  keys_.push_back(key);
  for (std::size_t i = 0; i < row.size(); ++i)
    if (row[i] != 0) weights_.push_back({static_cast<std::uint8_t>(i), row[i]});
  words_ += word;
  begins_.push_back({static_cast<std::uint32_t>(weights_.size()), static_cast<std::uint32_t>(words_.size())});
}

std::span<const Weights::Weight> Weights::weights_of(int row) const {
  const auto at = static_cast<std::size_t>(row);
  return {weights_.data() + begins_[at].weight, weights_.data() + begins_[at + 1].weight};
}

int Weights::weight_of(int row, int of_class) const {
  for (const auto& one : weights_of(row))
    if (one.of_class >= of_class) return one.of_class == of_class ? one.weight : 0;
  return 0;
}

std::string_view Weights::word_of(int row) const {
  const auto at = static_cast<std::size_t>(row);
  return std::string_view(words_).substr(begins_[at].word, begins_[at + 1].word - begins_[at].word);
}

void Weights::settle() {
  keys_.shrink_to_fit();
  weights_.shrink_to_fit();
  words_.shrink_to_fit();
  begins_.shrink_to_fit();
}

int Weights::row_of(std::string_view marker) const { return find(hashed(marker) | kLatin); }

std::optional<std::string> Weights::read_weights(std::string_view rest, Row& row) {
  std::string head, name;
  while (!rest.empty()) {
    const auto token = rest.substr(0, rest.find(' '));
    rest.remove_prefix(std::min(rest.size(), token.size() + 1));
    if (!token.starts_with('+') && !token.starts_with('-')) {
      if (!token.starts_with('/')) head = token;
      name = token.starts_with('/') ? head + std::string(token) : head;
      continue;
    }
    int weight = 0;
    const auto* begin = token.data() + (token.front() == '+' ? 1 : 0);
    const auto [end, error] = std::from_chars(begin, token.data() + token.size(), weight);
    if (error != std::errc{} || end != token.data() + token.size() || weight < -127 || weight > 127)
      return "\"" + std::string(token) + "\" is no number from -127 to +127";
    if (name.empty()) return "\"" + std::string(token) + "\" stands behind no class";
    const int column = add_class(name);
    if (column < 0) return "\"" + name + "\" is one class too many";
    row[static_cast<std::size_t>(column)] = static_cast<std::int8_t>(weight);
  }
  return std::nullopt;
}

std::optional<std::string> Weights::add(std::string_view line) {
  const auto colon = line.rfind(": ");
  if (colon == std::string_view::npos) return "it has no `: ` behind the word";
  const auto word = line.substr(0, colon);
  Row row{};
  if (auto wrong = read_weights(line.substr(colon + 2), row)) return wrong;
  if (word.empty()) return before_ = row, std::nullopt;
  const auto key = key_of(word);
  if (!key) return "\"" + std::string(word) + "\" is more than two Chinese characters or two words";
  if (find(*key) >= 0) return "\"" + std::string(word) + "\" is there already";
  add_row(*key, word, row);
  constexpr std::size_t kFewest = 64;
  const auto count = static_cast<int>(keys_.size());
  if (keys_.size() * 2 <= slots_.size()) return insert(count - 1), std::nullopt;
  slots_.assign(std::max(kFewest, slots_.size() * 2), -1);
  for (int i = 0; i < count; ++i) insert(i);
  return std::nullopt;
}

void Weights::add_rows(std::string_view text, std::vector<int>& rows) const {
  std::vector<WeighedWord> words;
  words.reserve(text.size());
  find_weighed_words(text, words);
  // What follows waits for memory above all: all of it is asked for before any is needed.
  for (const auto& word : words)
    if (!slots_.empty()) __builtin_prefetch(&slots_[spread(word.key) & (slots_.size() - 1)]);
  for (const auto& word : words)
    if (const int row = find(word.key); row >= 0) {
      rows.push_back(row);
      __builtin_prefetch(&begins_[static_cast<std::size_t>(row)]);
    }
  std::vector<bool> seen(keys_.size());
  std::erase_if(rows, [&](int row) {
    const auto at = static_cast<std::size_t>(row);
    const bool again = seen[at];
    seen[at] = true;
    return again;
  });
}

Weights::Tally Weights::tally(const std::vector<int>& rows) const {
  Tally tally{.rows = rows.size()};
  for (const int row : rows) __builtin_prefetch(weights_.data() + begins_[static_cast<std::size_t>(row)].weight);
  for (const int row : rows)
    for (const auto& one : weights_of(row)) tally.whole[one.of_class] += one.weight;
  return tally;
}

void Weights::add_for(int of_class, int row, Tally& tally) const {
  tally.whole[static_cast<std::size_t>(of_class)] += weight_of(row, of_class);
  ++tally.rows;
}

Weights::Sums Weights::sums(const Tally& tally) const {
  const float share = share_of(tally);
  Sums sums{};
  for (std::size_t i = 0; i < kMostClasses; ++i)
    sums[i] = (static_cast<float>(before_[i]) + share * static_cast<float>(tally.whole[i])) / kScale;
  return sums;
}

float Weights::sum_of(int of_class, const Tally& tally) const {
  const auto column = static_cast<std::size_t>(of_class);
  return (static_cast<float>(before_[column]) + share_of(tally) * static_cast<float>(tally.whole[column])) / kScale;
}

std::string Weights::reason(const std::vector<int>& rows, int of_class) const {
  if (of_class < 0) return {};
  const auto weight = [&](int row) { return weight_of(row, of_class); };
  auto heaviest = rows;
  const auto count = std::min(kReasons, heaviest.size());
  std::partial_sort(heaviest.begin(), heaviest.begin() + static_cast<std::ptrdiff_t>(count), heaviest.end(),
                    [&](int a, int b) { return weight(a) > weight(b) || (weight(a) == weight(b) && a < b); });
  std::string words = "weights:";
  for (std::size_t i = 0; i < count && weight(heaviest[i]) > 0; ++i)
    words.append(" ").append(word_of(heaviest[i])).append(" +").append(std::to_string(weight(heaviest[i])));
  return words;
}

}  // namespace huiyin::dialogs
