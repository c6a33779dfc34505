#include "adapters/workchat/card_words.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/text.h"

namespace huiyin::workchat {
namespace {

constexpr std::size_t kMostUserId = 64;
constexpr std::size_t kMarkdownText = 400, kMarkdownLine = 80;  // characters: the link below must not be cut off
constexpr std::string_view kCut = "…";

}  // namespace

bool is_user_id(std::string_view address) {
  return !address.empty() && address.size() <= kMostUserId && std::all_of(address.begin(), address.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
           c == '.' || c == '@';
  });
}

std::optional<std::vector<std::string_view>> mentions_in(std::string_view address) {
  if (address == kNobody) return std::vector<std::string_view>();
  if (address == kEverybody) return std::vector{address};
  auto members = split(address, '|');
  if (!std::all_of(members.begin(), members.end(), is_user_id)) return std::nullopt;
  return members;
}

std::string one_line(std::string_view text, std::size_t most) {
  auto line = clean_text(text);
  std::replace_if(
      line.begin(), line.end(), [](char c) { return c == '\n' || c == '\t'; }, ' ');
  const auto whole = trim(line);
  if (count_characters(whole) <= most) return std::string(whole);
  return std::string(trim(first_characters(whole, most - 1))) + "…";
}

std::string within_bytes(std::string_view text, std::size_t bytes) {
  if (text.size() <= bytes) return std::string(text);
  return std::string(trim(first_bytes(text, bytes - kCut.size()))) + std::string(kCut);
}

std::string words_of(const OutboundMessage& message, std::size_t most) {
  const auto cleaned = clean_text(message.text);
  if (const auto text = trim(cleaned); !text.empty()) return std::string(text);
  return one_line(message.card.title, most);
}

std::string plain_markdown(std::string_view text) {
  constexpr std::array<std::pair<char, std::string_view>, 9> kAlike{{{'[', "【"},
                                                                     {']', "】"},
                                                                     {'<', "＜"},
                                                                     {'>', "＞"},
                                                                     {'*', "＊"},
                                                                     {'`', "｀"},
                                                                     {'#', "＃"},
                                                                     {'_', "＿"},
                                                                     {'@', "＠"}}};
  std::string out;
  for (const char c : clean_text(text)) {
    const auto* const found =
        std::find_if(kAlike.begin(), kAlike.end(), [c](const auto& one) { return one.first == c; });
    if (found == kAlike.end())
      out += c;
    else
      out += found->second;
  }
  return out;
}

std::string card_markdown(const Card& card) {
  std::string out = "**" + plain_markdown(trim(card.title)) + "**";
  if (!card.subtitle.empty()) out += "\n" + plain_markdown(card.subtitle);
  if (!card.text.empty()) out += "\n" + plain_markdown(first_characters(clean_text(card.text), kMarkdownText));
  for (const auto& [label, value] : card.lines)  // a quote ends with its line
    out +=
        "\n> " + plain_markdown(one_line(label, kMarkdownLine)) + "：" + plain_markdown(one_line(value, kMarkdownLine));
  return out;
}

}  // namespace huiyin::workchat
