#include "simulators/staff_turn.h"

#include <algorithm>
#include <thread>
#include <utility>

#include "core/text.h"

namespace huiyin::simulators {
namespace {

using std::chrono::steady_clock;

std::string with_number(std::string text, const std::string& number) {
  constexpr std::string_view kPlace = "{number}";
  for (auto at = text.find(kPlace); at != std::string::npos; at = text.find(kPlace, at + number.size()))
    text.replace(at, kPlace.size(), number);
  return text;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// The button may stand on a card that is still on its way.
std::optional<WeComMessage> tap_when_there(WeComPlatform& platform, const StaffActs& acts,
                                           std::chrono::milliseconds within) {
  const auto give_up = steady_clock::now() + within;
  while (true) {
    if (auto message = platform.tap(acts.member, acts.words)) return message;
    if (steady_clock::now() > give_up) return std::nullopt;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}

void deliver(WeComPlatform& platform, const WeComMessage& message, int copies, StaffTurn& turn) {
  const auto deliveries =
      copies > 1 ? platform.deliver_at_once(message, copies) : std::vector{platform.deliver(message)};
  for (const auto& delivery : deliveries) {
    if (!delivery.violation.empty()) turn.failures.push_back(delivery.violation);
    if (turn.shown.empty()) turn.shown = delivery.shown;
  }
}

}  // namespace

std::optional<StaffActs> read_staff_acts(std::string_view text) {
  constexpr std::pair<std::string_view, StaffActs::Kind> kKinds[] = {{"taps", StaffActs::Kind::taps},
                                                                     {"writes", StaffActs::Kind::writes},
                                                                     {"sends", StaffActs::Kind::sends},
                                                                     {"sees", StaffActs::Kind::sees}};
  const auto parts = split(text, ' ');
  if (parts.size() < 3 || parts[0].empty()) return std::nullopt;
  for (const auto& [name, kind] : kKinds) {
    if (parts[1] != name) continue;
    const auto words = trim(text.substr(parts[0].size() + 1 + parts[1].size() + 1));
    if (words.empty()) return std::nullopt;
    return StaffActs{kind, std::string(parts[0]), std::string(words)};
  }
  return std::nullopt;
}

std::string last_ticket_number(std::string_view text) {
  for (auto dash = text.rfind('-'); dash != std::string_view::npos && dash > 0; dash = text.rfind('-', dash - 1)) {
    auto begin = dash;
    while (begin > 0 && is_digit(text[begin - 1])) --begin;
    const auto digits = begin;
    while (begin > 0 && text[begin - 1] >= 'A' && text[begin - 1] <= 'Z') --begin;
    const bool whole = digits < dash && begin < digits && dash + 1 < text.size() && is_digit(text[dash + 1]);
    if (whole) return std::string(text.substr(begin, dash + 2 - begin));
  }
  return {};
}

StaffTurn take_staff_turn(WeComPlatform& platform, const StaffActs& acts, const std::string& number, int copies,
                          std::chrono::milliseconds within) {
  StaffTurn turn;
  const auto words = with_number(acts.words, number);
  switch (acts.kind) {
    case StaffActs::Kind::taps:
      turn.did = "[点按钮] " + words;
      if (const auto message = tap_when_there(platform, {acts.kind, acts.member, words}, within))
        deliver(platform, *message, copies, turn);
      else
        turn.failures.push_back("no card of his has a button 「" + words + "」");
      break;
    case StaffActs::Kind::writes:
      turn.did = words;
      deliver(platform, platform.write(acts.member, words), copies, turn);
      break;
    case StaffActs::Kind::sends:
      turn.did = "[照片] " + words;
      deliver(platform, platform.send_photo(acts.member), copies, turn);
      break;
    case StaffActs::Kind::sees:
      if (const auto seen = platform.api().wait_for_words(acts.member, words, within)) {
        turn.shown = seen->shown;
        for (const auto& button : seen->buttons)
          turn.shown += (button == seen->buttons.front() ? "\n" : " ") + ("[" + button.text + "]");
        if (!seen->replaced.empty()) turn.shown += "\n[" + seen->replaced + "]";
      } else {
        turn.failures.push_back("nothing on his screen says 「" + words + "」");
      }
      break;
  }
  return turn;
}

}  // namespace huiyin::simulators
