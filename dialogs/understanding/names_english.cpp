#include "dialogs/understanding/names_english.h"

#include <re2/re2.h>

#include <algorithm>
#include <array>

#include "dialogs/understanding/characters.h"
#include "dialogs/understanding/words.h"

namespace huiyin::dialogs {
namespace {

constexpr std::size_t kMostWords = 3;

/// Capitalised, and yet no names.
constexpr std::array<std::string_view, 143> kNoNames{
    "A",          "AC",        "Actually", "Air",        "Also",     "An",      "And",      "Any",       "Apt",
    "Apartment",  "Are",       "At",       "Balcony",    "Bathroom", "Bedroom", "Best",     "Bldg",      "Block",
    "Building",   "But",       "Call",     "Can",        "Car",      "Chinese", "Could",    "Danger",    "Dear",
    "Do",         "Does",      "Door",     "Elevator",   "Estate",   "Fire",    "Flat",     "Floor",     "For",
    "From",       "Front",     "Garden",   "Gas",        "Good",     "Hello",   "Help",     "Hi",        "Hey",
    "How",        "I",         "If",       "In",         "Is",       "It",      "Just",     "Kind",      "Kitchen",
    "Leak",       "Lift",      "Lobby",    "Management", "Mobile",   "My",      "Never",    "No",        "Not",
    "Office",     "Owner",     "Parking",  "Phase",      "Phone",    "Please",  "Property", "Regards",   "Resident",
    "Room",       "Sent",      "Sir",      "Someone",    "Sorry",    "Tel",     "Tenant",   "Thanks",    "Thank",
    "The",        "There",     "This",     "Toilet",     "Tower",    "Unit",    "Urgent",   "Water",     "We",
    "What",       "When",      "Where",    "Who",        "Why",      "Yes",     "Address",  "Contact",   "Email",
    "Name",       "Number",    "Wechat",   "Cell",       "Whatsapp", "Ext",     "Id",       "Ring",      "Monday",
    "Tuesday",    "Wednesday", "Thursday", "Friday",     "Saturday", "Sunday",  "Today",    "Still",     "Again",
    "Everything", "Nobody",    "Everyone", "Anyone",     "People",   "Nothing", "Smoke",    "Main",      "North",
    "South",      "East",      "West",     "Broken",     "Great",    "Happy",   "Merry",    "Christmas", "New",
    "Year",       "Ok",        "Okay",     "Hope",       "Looking",  "Many",    "Yours",    "Once"};

bool is_no_name(std::string_view word) {
  word = word.substr(0, word.find('\''));  // It's
  std::string title(word.substr(0, 1));    // TEL is Tel
  for (const char c : word.substr(1)) title += is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c;
  return std::find(kNoNames.begin(), kNoNames.end(), title) != kNoNames.end();
}

std::size_t capitalised_word(std::string_view text) {
  if (text.empty() || !is_upper(text.front())) return 0;
  std::size_t end = 1;
  while (end < text.size() && (is_letter(text[end]) || text[end] == '\'' ||
                               (text[end] == '-' && end + 1 < text.size() && is_letter(text[end + 1]))))
    ++end;
  if (end < text.size() && is_digit(text[end])) return 0;
  return end < 2 || is_no_name(text.substr(0, end)) ? 0 : end;
}

}  // namespace

std::size_t capitalised_name(std::string_view text) {
  std::size_t end = 0;
  for (std::size_t words = 0; words < kMostWords; ++words) {
    const auto at = end == 0 ? 0 : end + 1;
    if (end > 0 && (end >= text.size() || text[end] != ' ')) break;
    const auto length = capitalised_word(text.substr(std::min(at, text.size())));
    if (length == 0) break;
    end = at + length;
  }
  return end;
}

namespace {

std::optional<Found> named(std::string_view text, std::size_t from, std::size_t begin, double confidence) {
  const auto length = capitalised_name(text.substr(begin));
  if (length == 0) return std::nullopt;
  return Found{std::string(text.substr(begin, length)), from, begin + length, confidence, "name_english"};
}

bool is_it(const re2::StringPiece& cue) { return cue.size() > 2 && (cue[0] == 'i' || cue[0] == 'I') && cue[1] == 't'; }

/// 「it's Yuki again」「It's Olga in 14-1-702」, and 「It's Tom」 as a whole answer, not 「… it's Windows」.
bool tells_who(std::string_view tail, bool at_beginning) {
  constexpr std::array<std::string_view, 5> kWords{" again", " here", " from ", " speaking", " in "};
  return starts_with_any(tail, kWords) || (at_beginning && tail.find_first_not_of(" .!") == tail.npos);
}

/// 「My son Leo lost his scooter」 tells of nobody to call.
bool is_to_call(std::string_view text, const re2::StringPiece& cue, bool with_phone) {
  constexpr std::array<std::string_view, 9> kCalls{"call",  "Call",  "contact", "Contact", "ring",
                                                   "reach", "phone", "number",  "home"};
  constexpr std::size_t kMost = 160;
  const bool relation = cue.size() > 3 && (cue[0] == 'm' || cue[0] == 'M') && cue[1] == 'y' && cue[3] != 'n';
  const auto at = static_cast<std::size_t>(cue.data() - text.data());
  const auto near = text.substr(at - std::min(at, kMost), 2 * kMost);
  return !relation || with_phone || has_any(near, kCalls);
}

bool is_told(std::string_view text, const re2::StringPiece& cue, std::size_t end, bool with_phone) {
  return is_it(cue) ? tells_who(text.substr(end), cue.data() == text.data()) : is_to_call(text, cue, with_phone);
}

/// 「The landlord Mr Shen」「Dear Mr Li」: somebody else's.
bool is_of_another(std::string_view lead) {
  constexpr std::array<std::string_view, 13> kOthers{"landlord", "landlady", "owner",    "neighbour",  "neighbor",
                                                     "manager",  "guard",    "agent",    "technician", "plumber",
                                                     "Dear",     "dear",     "colleague"};
  constexpr std::array<std::string_view, 8> kThanks{"hanks to", "hank",     "hout-out to", "hout out to",
                                                    "udos to",  "redit to", "raise for",   "ompliment"};
  while (lead.ends_with(' ') || lead.ends_with(',')) lead.remove_suffix(1);
  return ends_with_any(lead, kOthers) || ends_with_any(lead, kThanks);
}

std::optional<Found> after_cue(std::string_view text, const NameContext& context) {
  static const re2::RE2 cue(
      R"((?i)\b(?:my name is|my name's|name is|name's|name\s*:|i am|i'm|im|this is|ask for|call me|contact person:?|contact\s*:|(?:tenant|resident|owner|caller)\s*:|it's|it is|contact|contact my (?:wife|husband|son|daughter|mother|father|helper|partner|roommate|flatmate|tenant)|(?:my (?:wife|husband|son|daughter|mother|father|partner)(?: is| called|,)?))\s+)");
  static const re2::RE2 signature(
      R"((?i)(?:regards|sincerely|cheers|yours|best wishes|best|faithfully|truly|thanks|thank you|thx|rgds)[,.!]?\s*[\n,-]+\s*)");
  static const re2::RE2 title(R"(\b(?:(?:Mr|Mrs|Ms|Miss|Mdm|Dr)\.? ))");
  const re2::StringPiece piece(text.data(), text.size());
  for (const auto* rule : {&cue, &signature}) {
    for (std::size_t from = 0; from < text.size();) {
      re2::StringPiece group;
      if (!rule->Match(piece, from, text.size(), re2::RE2::UNANCHORED, &group, 1)) break;
      const auto at = static_cast<std::size_t>(group.data() - text.data());
      auto begin = at + group.size();
      auto found = named(text, rule == &cue ? at : begin, begin, 0.9);
      if (found && is_told(text, group, found->end, context.phone.second != 0)) return found;
      from = at + 1;
    }
  }
  re2::StringPiece group;
  if (!title.Match(piece, 0, text.size(), re2::RE2::UNANCHORED, &group, 1)) return std::nullopt;
  const auto at = static_cast<std::size_t>(group.data() - text.data());
  if (is_of_another(text.substr(0, at))) return std::nullopt;
  auto found = named(text, at, at + group.size(), 0.85);
  if (found) found->value = std::string(text.substr(at, found->end - at));
  return found;
}

/// Is what stands behind `lead` a sentence of its own?
bool ends_sentence(std::string_view lead) {
  while (lead.ends_with(' ')) lead.remove_suffix(1);
  return lead.empty() || std::string_view(".!?\n").find(lead.back()) != std::string_view::npos ||
         lead.ends_with("。") || lead.ends_with("！");
}

/// 「…Flat 1904. - Anna」
std::optional<Found> behind_dash(std::string_view text) {
  const auto dash = text.rfind('-');
  if (dash == text.npos || dash < 2) return std::nullopt;
  if (!ends_sentence(text.substr(0, dash))) return std::nullopt;
  const auto begin = text.find_first_not_of(' ', dash + 1);
  if (begin == text.npos) return std::nullopt;
  auto found = named(text, begin, begin, 0.85);
  return found && text.find_first_not_of(" .!\n", found->end) == text.npos ? found : std::nullopt;
}

/// Is no word from `begin` to `end` one that the lexicon knows?
bool is_unknown(const NameContext& context, std::size_t begin, std::size_t end) {
  return std::none_of(context.hits->begin(), context.hits->end(),
                      [&](const auto& hit) { return hit.begin < end && hit.end > begin; });
}

/// 「Maria here, unit 1201」「Hi, Tom speaking」「Ivan, 3-1-502, no hot water」
std::optional<Found> at_beginning(std::string_view text, const NameContext& context) {
  std::size_t begin = 0;
  for (const std::string_view greeting : {"Hi", "Hello", "Hey", "Good morning", "Good afternoon", "Good evening"})
    if (text.starts_with(greeting)) begin = std::min(text.find_first_not_of(" ,!", greeting.size()), text.size());
  auto found = named(text, begin, begin, 0.85);
  if (!found) return std::nullopt;
  const auto tail = text.substr(found->end);
  if (tail.starts_with(" here") || tail.starts_with(" speaking")) return found;
  const bool home_next = tail.starts_with(",") && context.address.first > found->end &&
                         text.find_first_not_of(" ,", found->end) == context.address.first;
  return home_next && is_unknown(context, begin, found->end) ? found : std::nullopt;
}

/// 「Benjamin Scott」: an answer, where no word of it tells of anything.
std::optional<Found> whole(std::string_view text, const NameContext& context) {
  auto found = named(text, 0, 0, 0.7);
  if (!found || found->end != text.size() || text.find(' ') == text.npos) return std::nullopt;
  return context.hits->empty() ? found : std::nullopt;
}

bool is_between(char c) { return std::string_view(" ,.-:\n(").find(c) != std::string_view::npos; }

/// 「call me at 159…. Mark」
std::optional<Found> behind_phone(std::string_view text, const NameContext& context) {
  auto at = context.phone.second;
  while (at < text.size() && is_between(text[at])) ++at;
  auto found = named(text, at, std::min(at, text.size()), 0.75);
  const bool ends =
      found && (found->end + 2 >= text.size() || text.find_first_not_of(" .,!\n", found->end) == text.npos);
  return ends ? found : std::nullopt;
}

/// The capitalised words that end right before `end`.
std::optional<Found> named_before(std::string_view text, std::size_t end) {
  while (end > 0 && is_between(text[end - 1])) --end;
  auto begin = end;
  for (std::size_t words = 0; words < kMostWords; ++words) {
    auto word = begin;
    while (word > 0 && is_letter(text[word - 1])) --word;
    if (word == begin || !is_upper(text[word])) break;
    begin = word;
    if (begin == 0 || text[begin - 1] != ' ') break;
    if (words + 1 < kMostWords) --begin;
  }
  while (begin < end && text[begin] == ' ') ++begin;
  auto found = named(text, begin, begin, 0.75);
  return found && found->end == end ? found : std::nullopt;
}

/// 「Jenny Wong 13602238817」
std::optional<Found> before_phone(std::string_view text, const NameContext& context) {
  return named_before(text, context.phone.first);
}

/// 「… Mei Tanaka, Tower 7, 801」 as a sentence of its own, 「发票没收到 Grace 6栋1603」.
std::optional<Found> before_address(std::string_view text, const NameContext& context) {
  if (context.address.second == 0) return std::nullopt;
  auto found = named_before(text, context.address.first);
  if (!found || !is_unknown(context, found->begin, found->end)) return std::nullopt;
  const auto lead = text.substr(0, found->begin);
  const bool in_chinese = lead.size() > kHan && lead.ends_with(' ') && is_han(lead, lead.size() - 1 - kHan);
  const bool written = found->value.size() > 2 && !is_upper(found->value[1]);  // not WIFI
  return written && (in_chinese || ends_sentence(lead)) ? found : std::nullopt;
}

/// 「…to let me in. Tom Becker」: first and last name as the last sentence, that nothing is known of.
std::optional<Found> signed_so(std::string_view text, const NameContext& context) {
  auto found = named_before(text, text.size());
  if (!found || found->value.find(' ') == std::string::npos) return std::nullopt;
  const bool alone = found->begin > 0 && ends_sentence(text.substr(0, found->begin));
  return alone && is_unknown(context, found->begin, found->end) ? found : std::nullopt;
}

/// 「8座22C，Lily，」
std::optional<Found> behind_address(std::string_view text, const NameContext& context) {
  if (context.address.second == 0) return std::nullopt;
  auto at = context.address.second;
  const auto skip = [&] {
    const auto before = at;
    for (const std::string_view mark : {",", " ", "，", "、", "\n"})
      while (text.substr(at).starts_with(mark)) at += mark.size();
    return at > before;
  };
  if (!skip()) return std::nullopt;
  auto found = named(text, at, at, 0.7);
  if (!found) return std::nullopt;
  at = found->end;
  while (at < text.size() && text[at] == ' ') ++at;
  const bool parted = at >= text.size() || text.substr(at).starts_with("，") || text[at] == ',' || is_digit(text[at]);
  return parted ? found : std::nullopt;
}

}  // namespace

std::optional<Found> find_english_name(const NameWords& names, std::string_view text, const NameContext& context) {
  (void)names;
  if (std::none_of(text.begin(), text.end(), is_upper)) return std::nullopt;
  if (auto found = after_cue(text, context)) return found;
  if (auto found = behind_dash(text)) return found;
  if (auto found = at_beginning(text, context)) return found;
  const bool with_phone = context.phone.second != 0;
  if (auto found = with_phone ? behind_phone(text, context) : std::nullopt) return found;
  if (auto found = with_phone ? before_phone(text, context) : std::nullopt) return found;
  if (auto found = behind_address(text, context)) return found;
  if (auto found = before_address(text, context)) return found;
  if (auto found = signed_so(text, context)) return found;
  return whole(text, context);
}

}  // namespace huiyin::dialogs
