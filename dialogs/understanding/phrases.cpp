#include "dialogs/understanding/phrases.h"

#include <re2/re2.h>
#include <re2/set.h>

#include <algorithm>
#include <cctype>

namespace huiyin::dialogs {
namespace {

constexpr std::string_view kGap = "…";
constexpr std::string_view kGapPattern = "(?:[^。！？!?\\n]{0,8}|[a-z0-9 ,'()-]{0,40})";
constexpr std::int64_t kSetMemory = 8 << 20;  // of the automaton that is built as texts come; full, it is begun anew

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; }

re2::RE2::Options options() {
  re2::RE2::Options options;
  options.set_case_sensitive(false);
  options.set_log_errors(false);
  options.set_max_mem(kSetMemory);
  return options;
}

std::string segment_pattern(std::string_view segment) {
  std::string out;
  for (std::size_t i = 0; i < segment.size(); ++i) {
    const char c = segment[i];
    if (c == '(')
      out += "(?:";
    else if (c == ')' || c == '|')
      out += c;
    else if (c == ' ')
      out += "\\s+";
    else
      out += re2::RE2::QuoteMeta(re2::StringPiece(&segment[i], 1));  // leaves the bytes of Chinese as they are
  }
  return out;
}

std::string with_word_ends(std::string_view phrase, std::string pattern) {
  if (!phrase.empty() && is_word(phrase.front())) pattern.insert(0, "\\b");
  if (!phrase.empty() && is_word(phrase.back())) pattern += "\\b";
  return pattern;
}

}  // namespace

std::string phrase_pattern(std::string_view phrase) {
  std::string out;
  auto rest = phrase;
  for (auto at = rest.find(kGap); at != std::string_view::npos; at = rest.find(kGap)) {
    out += segment_pattern(rest.substr(0, at));
    out += kGapPattern;
    rest.remove_prefix(at + kGap.size());
  }
  return with_word_ends(phrase, out + segment_pattern(rest));
}

struct PhraseSet::Impl {
  struct Entry {
    int tag = 0;
    std::unique_ptr<re2::RE2> whole{};
    bool sure = false;  // the beginning is the whole phrase
  };
  re2::RE2::Set beginnings{options(), re2::RE2::UNANCHORED};
  std::vector<Entry> entries{};
  bool compiled = false;
};

PhraseSet::PhraseSet() : impl_(std::make_unique<Impl>()) {}
PhraseSet::PhraseSet(PhraseSet&&) noexcept = default;
PhraseSet& PhraseSet::operator=(PhraseSet&&) noexcept = default;
PhraseSet::~PhraseSet() = default;

std::optional<std::string> PhraseSet::add(std::string_view phrase, int tag) {
  auto whole = std::make_unique<re2::RE2>(phrase_pattern(phrase), options());
  if (!whole->ok()) return "brackets do not match";
  if (re2::RE2::FullMatch("", *whole) || phrase.starts_with(kGap) || phrase.ends_with(kGap))
    return "it would match anything";
  const auto gap = phrase.find(kGap);
  std::string error;
  const auto beginning = gap == std::string_view::npos
                             ? phrase_pattern(phrase)
                             : (is_word(phrase.front()) ? "\\b" : "") + segment_pattern(phrase.substr(0, gap));
  if (impl_->beginnings.Add(beginning, &error) < 0) return "`…` may not stand inside brackets";
  impl_->entries.push_back({.tag = tag, .whole = std::move(whole), .sure = gap == std::string_view::npos});
  return std::nullopt;
}

void PhraseSet::compile() { impl_->compiled = !impl_->entries.empty() && impl_->beginnings.Compile(); }

std::vector<int> PhraseSet::find(std::string_view text) const {
  std::vector<int> hits;
  re2::RE2::Set::ErrorInfo error{};
  const bool any =
      impl_->compiled && impl_->beginnings.Match(re2::StringPiece(text.data(), text.size()), &hits, &error);
  // Out of memory, the set says "nothing": then every phrase is tried, slowly, rather than a danger missed.
  const bool failed = !any && impl_->compiled && error.kind != re2::RE2::Set::kNoError;
  std::vector<int> tags;
  if (failed)
    for (std::size_t i = 0; i < impl_->entries.size(); ++i) hits.push_back(static_cast<int>(i));
  std::sort(hits.begin(), hits.end());
  for (const int hit : hits) {
    const auto& entry = impl_->entries[static_cast<std::size_t>(hit)];
    if ((entry.sure && !failed) || re2::RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), *entry.whole))
      tags.push_back(entry.tag);
  }
  return tags;
}

}  // namespace huiyin::dialogs
