#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dialogs/understanding/lexicon_impl.h"
#include "dialogs/understanding/understand.h"

namespace huiyin::dialogs {

/// Each looks through a plain text; the spans of what it finds are bytes of `text` itself. Pure, linear in its length.

/// Where a number without its country's prefix may be from.
struct PhoneHints {
  bool traditional = false;      ///< the text is in traditional script
  bool latin = false;            ///< it has no Chinese character
  bool macau = false;            ///< it names a place of Macau
  std::string_view area_code{};  ///< Locality::area_code
};

/// The number to call back: a mainland mobile or landline (`;ext=801` with its extension), one of Hong Kong, Macau or
/// Taiwan, or any with its `+`; in Arabic or Chinese digits; never a part of a longer number.
[[nodiscard]] std::optional<Found> find_phone(std::string_view text, const PhoneHints& hints = {});

/// 「3号楼2单元602」「2-1-602」「3#2-501」「八号楼一单元」「Building 6, Unit 2」: the owner's own, not 「楼上1506」 or
/// a parking bay; value in Arabic digits, with the words as typed. `place`, where given, is filled in; so is `others`
/// with the first place that is somebody else's.
[[nodiscard]] std::optional<Found> find_address(std::string_view text, Place* place = nullptr,
                                                std::optional<Found>* others = nullptr);

/// What a name is looked for with: the phrases found in the text, and where its phone and address stood.
struct NameContext {
  const std::vector<PhraseHit>* hits = nullptr;
  const std::vector<Meaning>* meanings = nullptr;
  std::pair<std::size_t, std::size_t> phone{};  ///< (begin, end); end 0: none
  std::pair<std::size_t, std::size_t> address{};
  bool in_list = false;  ///< so that a lone 「李梅」 between commas is read as a name
};

/// A person's name after a cue (我是, 我叫, my name is), with a title (王先生), or standing by itself in a list. Not
/// staff, neighbours or the landlord. `text` has blanks where the phone and the address stood.
[[nodiscard]] std::optional<Found> find_name(const NameWords& names, std::string_view text, const NameContext& context);

/// What may be a ticket number. Rule `number_cue`: 工单 or the like stands before it; `number_whole`: it is the whole
/// text.
[[nodiscard]] std::vector<Found> find_numbers(std::string_view text);

/// A small number in Chinese numerals (十二 → 12, 一〇二 → 102) or in digits as it is; empty for anything else.
[[nodiscard]] std::string arabic(std::string_view numeral);

}  // namespace huiyin::dialogs
