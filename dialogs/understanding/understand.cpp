#include "dialogs/understanding/understand.h"

#include <algorithm>
#include <array>

#include "dialogs/understanding/characters.h"
#include "dialogs/understanding/classify.h"
#include "dialogs/understanding/evidence.h"
#include "dialogs/understanding/extract.h"
#include "dialogs/understanding/lexicon_impl.h"
#include "dialogs/understanding/words.h"

namespace huiyin::dialogs {
namespace {

void to_given(const PlainText& plain, Found& found) {
  found.begin = plain.origin[std::min(found.begin, plain.text.size())];
  found.end = plain.origin[std::min(found.end, plain.text.size())];
}

/// What was found already is blanked out, so that no text is read twice: a phone's digits are no room number.
void blank(std::string& text, const std::optional<Found>& found) {
  if (found)
    std::fill(text.begin() + static_cast<std::ptrdiff_t>(found->begin),
              text.begin() + static_cast<std::ptrdiff_t>(found->end), '\n');
}

/// The characters as they were typed (陳, not 陈), without what has no width.
std::string as_typed(const PlainText& plain, std::string_view given, const Found& found) {
  const auto name_at = found.end - found.value.size();
  std::string typed;
  for (auto at = name_at; at < found.end;) {
    auto next = at;
    (void)take_character(plain.text, next);
    const std::size_t from = plain.origin[at];
    std::size_t to = from;
    (void)take_character(given, to);
    typed += given.substr(from, to - from);
    at = next;
  }
  return typed;
}

/// 嘅, 咗: written Cantonese tells of Hong Kong as much as the script does, and so does WhatsApp.
bool is_of_harbour(std::string_view text) {
  constexpr std::array<std::string_view, 14> kWords{"嘅", "咗", "喺", "哋", "唔",       "冇",       "嚟",
                                                    "啲", "搵", "佢", "畀", "whatsapp", "WhatsApp", "Whatsapp"};
  return has_any(text, kWords);
}

PhoneHints hints_of(const PlainText& plain, const Locality& locality) {
  if (plain.text.find_first_of("0123456789") == std::string::npos) return {.area_code = locality.area_code};
  const bool latin =
      std::none_of(plain.text.begin(), plain.text.end(), [](char c) { return static_cast<unsigned char>(c) >= 0xE3; });
  bool macau = false;
  for (const std::string_view word : {"澳门", "氹仔", "路环", "Macau", "Taipa"})
    macau = macau || plain.text.find(word) != std::string::npos;
  return {.traditional = plain.traditional || is_of_harbour(plain.text),
          .latin = latin,
          .macau = macau,
          .area_code = locality.area_code};
}

std::pair<std::size_t, std::size_t> span_of(const std::optional<Found>& found) {
  return found ? std::pair(found->begin, found->end) : std::pair<std::size_t, std::size_t>{};
}

}  // namespace

Understood understand(const Lexicon& lexicon, std::string_view text, const Locality& locality) {
  const auto& impl = lexicon.impl();
  Understood understood;
  understood.plain = plain_text(lexicon, text);
  const auto& plain = understood.plain;
  std::vector<PhraseHit> hits;
  impl.find(plain.text, hits);

  auto rest = plain.text;
  understood.numbers = find_numbers(rest);
  understood.phone = find_phone(rest, hints_of(plain, locality));
  blank(rest, understood.phone);
  understood.address = find_address(rest, &understood.place, &understood.others_address);
  blank(rest, understood.address);
  understood.name =
      find_name(impl.names, rest,
                {.hits = &hits,
                 .meanings = &impl.meanings,
                 .phone = span_of(understood.phone),
                 .address = span_of(understood.address),
                 .in_list = understood.phone || understood.address || plain.text.find("名字") != std::string::npos});
  if (understood.name) understood.name->value = as_typed(plain, text, *understood.name);
  const Evidence evidence(impl, plain.text, hits, understood);
  impl.drop_sets(hits);
  classify(impl, plain.text, hits, evidence, locality.estate, understood);

  for (auto* found :
       {&understood.phone, &understood.address, &understood.others_address, &understood.name, &understood.when,
        &understood.category_by, &understood.danger_by, &understood.urgent_by, &understood.intent_by})
    if (*found) to_given(plain, **found);
  for (auto& number : understood.numbers) to_given(plain, number);
  return understood;
}

std::vector<Found> phrases_in(const Lexicon& lexicon, std::string_view text) {
  const auto& impl = lexicon.impl();
  const auto plain = plain_text(lexicon, text);
  std::vector<PhraseHit> hits;
  impl.find(plain.text, hits);
  std::vector<Found> found;
  for (const auto& hit : hits) {
    found.push_back({.value = describe(impl.meanings[static_cast<std::size_t>(hit.tag)]),
                     .begin = hit.begin,
                     .end = hit.end,
                     .confidence = 1,
                     .rule = impl.written(hit)});
    to_given(plain, found.back());
  }
  return found;
}

}  // namespace huiyin::dialogs
