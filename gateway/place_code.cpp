#include "gateway/place_code.h"

#include <string_view>

#include "core/text.h"

namespace huiyin::gateway {
namespace {

constexpr std::size_t kMostAddress = 200;
constexpr std::size_t kLongestCode = 17;  // with a # before it

/// What separates the parts of a scene cannot stand in one.
std::string scene_part(std::string_view text) {
  std::string out(first_characters(text, kMostAddress));
  for (auto& c : out)
    if (c == '&' || c == '=') c = ' ';
  return out;
}

const std::string* find(const std::map<std::string, std::string>& codes, std::string_view text) {
  if (codes.empty() || text.size() > kLongestCode * 3) return nullptr;  // full-width characters have three bytes
  auto folded = fold(text);
  if (folded.starts_with('#')) folded.erase(0, 1);
  const auto found = codes.find(folded);
  return found == codes.end() ? nullptr : &found->second;
}

}  // namespace

std::string scene_of(const CodeConfig& code) {
  std::string out;
  if (!code.category.empty()) out += "category=" + scene_part(code.category);
  if (!code.address.empty()) out += (out.empty() ? "" : "&") + ("address=" + scene_part(code.address));
  return out;
}

Event with_place(const std::map<std::string, std::string>& codes, const Event& event, const DialogState& dialog) {
  if (const auto* followed = std::get_if<Followed>(&event.body)) {
    const auto* scene = find(codes, followed->scene);
    if (scene == nullptr) return event;
    auto out = event;
    out.body = Followed{*scene, followed->scanned};
    return out;
  }
  const auto* text = std::get_if<TextMessage>(&event.body);
  if (text == nullptr || text->choice || !dialog.flow.empty()) return event;
  const auto* scene = find(codes, text->text);
  if (scene == nullptr) return event;
  auto out = event;
  out.body = Followed{*scene, true};
  return out;
}

}  // namespace huiyin::gateway
