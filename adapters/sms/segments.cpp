#include "adapters/sms/segments.h"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "core/text.h"

namespace huiyin::sms {
namespace {

constexpr std::u32string_view kBasic =
    U"@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    U"abcdefghijklmnopqrstuvwxyzäöñüà";
constexpr std::u32string_view kExtension = U"\f^{}\\[~]|€";

constexpr std::size_t kSeptetsAlone = 160, kSeptetsJoined = 153;
constexpr std::size_t kUnitsAlone = 70, kUnitsJoined = 67;

/// 0 where the character is in neither table.
std::size_t septets_of(char32_t c) {
  if (kBasic.find(c) != std::u32string_view::npos) return 1;
  return kExtension.find(c) != std::u32string_view::npos ? 2 : 0;
}

std::size_t units_of(char32_t c) { return c > 0xFFFF ? 2 : 1; }

/// What is no UTF-8 counts as the replacement character it will be sent as.
std::vector<char32_t> characters_of(std::string_view text) {
  constexpr char32_t kReplacement = 0xFFFD;
  std::vector<char32_t> out;
  out.reserve(text.size());
  while (!text.empty()) {
    utf8proc_int32_t c = 0;
    const auto bytes = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                        static_cast<utf8proc_ssize_t>(text.size()), &c);
    out.push_back(bytes > 0 ? static_cast<char32_t>(c) : kReplacement);
    text.remove_prefix(bytes > 0 ? static_cast<std::size_t>(bytes) : 1);
  }
  return out;
}

template <class Width>
Segments count(const std::vector<char32_t>& text, Width width, std::size_t alone, std::size_t joined) {
  Segments out{};
  for (const auto c : text) out.units += width(c);
  if (out.units <= alone) {
    out.parts = text.empty() ? 0 : 1;
    return out;
  }
  std::size_t room = 0;
  for (const auto c : text) {
    const auto wide = width(c);
    if (wide > room) {
      ++out.parts;
      room = joined;
    }
    room -= wide;
  }
  return out;
}

}  // namespace

bool is_gsm7(std::string_view text) {
  const auto all = characters_of(text);
  return std::all_of(all.begin(), all.end(), [](char32_t c) { return septets_of(c) != 0; });
}

Segments count_segments(std::string_view text) {
  const auto all = characters_of(text);
  const bool gsm7 = std::all_of(all.begin(), all.end(), [](char32_t c) { return septets_of(c) != 0; });
  auto out =
      gsm7 ? count(all, septets_of, kSeptetsAlone, kSeptetsJoined) : count(all, units_of, kUnitsAlone, kUnitsJoined);
  out.gsm7 = gsm7;
  return out;
}

std::size_t count_billed(std::string_view text) {
  const auto characters = count_characters(text);
  if (characters <= kUnitsAlone) return characters == 0 ? 0 : 1;
  return (characters + kUnitsJoined - 1) / kUnitsJoined;
}

std::string with_signature(std::string_view signature, std::string_view text) {
  if (signature.empty()) return std::string(text);
  auto signed_text = "【" + std::string(signature) + "】";
  if (text.starts_with(signed_text)) return std::string(text);
  return signed_text.append(text);
}

std::string in_plain_punctuation(std::string_view text) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 9> kPlain = {{{"…", "..."},
                                                                                           {"“", "\""},
                                                                                           {"”", "\""},
                                                                                           {"‘", "'"},
                                                                                           {"’", "'"},
                                                                                           {"–", "-"},
                                                                                           {"—", "-"},
                                                                                           {"\u00a0", " "},
                                                                                           {"\u2009", " "}}};
  if (is_gsm7(text)) return std::string(text);
  std::string out;
  while (!text.empty()) {
    const auto typographic =
        std::find_if(kPlain.begin(), kPlain.end(), [&](const auto& one) { return text.starts_with(one.first); });
    const auto one = typographic == kPlain.end() ? text.substr(0, 1) : typographic->first;
    out += typographic == kPlain.end() ? one : typographic->second;
    text.remove_prefix(one.size());
  }
  return out;
}

std::string fit_into_parts(std::string_view given, std::size_t parts) {
  if (!is_valid_utf8(given)) return fit_into_parts(clean_text(given), parts);
  const auto plain = in_plain_punctuation(given);
  const std::string_view text = is_gsm7(plain) ? plain : given;
  if (count_segments(text).parts <= parts) return std::string(text);
  const std::string_view tail = is_gsm7(text) ? "..." : "…";
  std::size_t least = 0, most = count_characters(text);
  while (least + 1 < most) {
    const auto middle = (least + most) / 2;
    auto cut = std::string(first_characters(text, middle)).append(tail);
    (count_segments(cut).parts <= parts ? least : most) = middle;
  }
  return std::string(first_characters(text, least)).append(tail);
}

bool may_go_on(std::string_view text) {
  const auto segments = count_segments(text);
  const auto alone = segments.gsm7 ? kSeptetsAlone : kUnitsAlone,
             joined = segments.gsm7 ? kSeptetsJoined : kUnitsJoined;
  // One less where a character of two would have been cut in half.
  return segments.units == alone || segments.units == joined || segments.units + 1 == joined;
}

}  // namespace huiyin::sms
