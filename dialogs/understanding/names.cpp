#include <re2/re2.h>

#include <algorithm>

#include "core/text.h"
#include "dialogs/understanding/extract.h"

namespace huiyin::dialogs {
namespace {

constexpr std::size_t kHan = 3;  // bytes of a Chinese character in UTF-8 (those beyond the BMP are in no surname list)

bool is_han(std::string_view text, std::size_t at) {
  if (at + kHan > text.size()) return false;
  const auto lead = static_cast<unsigned char>(text[at]);
  return lead >= 0xE4 && lead <= 0xE9;
}

std::size_t han_run(std::string_view text, std::size_t at) {
  std::size_t end = at;
  while (is_han(text, end)) end += kHan;
  return end - at;
}

bool starts_with_any(std::string_view text, const std::vector<std::string>& words) {
  return std::any_of(words.begin(), words.end(), [&](const auto& word) { return text.starts_with(word); });
}

std::size_t surname_at(const NameWords& names, std::string_view text) {
  for (const auto& word : names.compound)
    if (text.starts_with(word)) return word.size();
  if (!is_han(text, 0)) return 0;
  for (std::size_t i = 0; i + kHan <= names.surnames.size(); i += kHan)
    if (names.surnames.compare(i, kHan, text.substr(0, kHan)) == 0) return kHan;
  return 0;
}

std::size_t title_at(const NameWords& names, std::string_view text) {
  for (const auto& title : names.titles)
    if (text.starts_with(title)) return title.size();
  return 0;
}

/// How many bytes at the beginning of `text` are a name; 0: none. `surname_only`: 我姓王 will do.
std::size_t name_length(const NameWords& names, std::string_view text, bool surname_only) {
  if (starts_with_any(text, names.stop)) return 0;
  const auto surname = surname_at(names, text);
  if (surname == 0) return 0;
  if (const auto title = title_at(names, text.substr(surname))) return surname + title;
  const auto run = han_run(text, 0);
  const auto ends_at = [&](std::size_t length) {
    return length == run || (length < run && starts_with_any(text.substr(length), names.follow));
  };
  for (const std::size_t given : {2 * kHan, kHan})
    if (ends_at(surname + given)) return surname + given;
  return surname_only && ends_at(surname) ? surname : 0;
}

std::optional<Found> after_cue(const Lexicon::Impl& lexicon, std::string_view text) {
  if (!lexicon.name_after_cue) return std::nullopt;
  for (std::size_t from = 0; from < text.size();) {
    re2::StringPiece groups[2];
    if (!lexicon.name_after_cue->Match(re2::StringPiece(text.data(), text.size()), from, text.size(),
                                       re2::RE2::UNANCHORED, groups, 2))
      return std::nullopt;
    const auto begin = static_cast<std::size_t>(groups[0].data() - text.data()) + groups[0].size();
    const auto cue_begin = static_cast<std::size_t>(groups[0].data() - text.data());
    const auto& only = lexicon.names.surname_cues;
    const bool surname_only = std::find(only.begin(), only.end(), std::string(groups[1])) != only.end();
    if (const auto length = name_length(lexicon.names, text.substr(begin), surname_only))
      return Found{std::string(text.substr(begin, length)), cue_begin, begin + length, 0.9, "name_cue"};
    from = cue_begin + 1;
  }
  return std::nullopt;
}

std::optional<Found> in_english(std::string_view text) {
  if (text.find_first_of("mMtT") == std::string_view::npos) return std::nullopt;  // each of the cues has one of them
  static const re2::RE2 told(R"((?i:\b(?:my name is|name\s*:))\s*([A-Za-z][A-Za-z'-]+(?:\s+[A-Z][A-Za-z'-]+){0,2}))");
  static const re2::RE2 said(R"((?i:\b(?:i am|i'm|this is))\s+([A-Z][a-z'-]+(?:\s+[A-Z][a-z'-]+){0,2}))");
  static const re2::RE2 no_name(
      R"((?i)(chinese|sorry|resident|owner|tenant|in|at|not|calling|writing|here|building|block|tower|unit|room)\b.*)");
  for (const auto* rule : {&told, &said}) {
    re2::StringPiece groups[2];
    if (!rule->Match(re2::StringPiece(text.data(), text.size()), 0, text.size(), re2::RE2::UNANCHORED, groups, 2))
      continue;
    if (re2::RE2::FullMatch(groups[1], no_name)) continue;
    const auto begin = static_cast<std::size_t>(groups[0].data() - text.data());
    return Found{std::string(groups[1]), begin, begin + groups[0].size(), 0.9, "name_english"};
  }
  return std::nullopt;
}

/// 「3栋2单元1201，李梅，13800138000，厨房漏水」
std::optional<Found> between_commas(const Lexicon::Impl& lexicon, std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    if (!is_han(text, at)) {
      ++at;
      continue;
    }
    const auto run = han_run(text, at);
    const auto token = text.substr(at, run);
    const auto surname = surname_at(lexicon.names, token);
    if (surname > 0 && name_length(lexicon.names, token, false) == run && lexicon.phrases.find(token).empty())
      return Found{std::string(token), at, at + run, 0.7, "name_in_list"};
    at += run;
  }
  return std::nullopt;
}

}  // namespace

bool has_surname(const NameWords& names, std::string_view text) { return surname_at(names, text) > 0; }

std::optional<Found> find_name(const Lexicon::Impl& lexicon, std::string_view text, bool in_list) {
  if (auto found = after_cue(lexicon, text)) return found;
  if (auto found = in_english(text)) return found;
  const auto surname = surname_at(lexicon.names, text);
  if (surname > 0 && surname + title_at(lexicon.names, text.substr(surname)) == text.size() && text.size() > surname)
    return Found{std::string(text), 0, text.size(), 0.8, "name_title"};
  return in_list ? between_commas(lexicon, text) : std::nullopt;
}

}  // namespace huiyin::dialogs
