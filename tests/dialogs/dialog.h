#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/time.h"
#include "dialogs/engine.h"

namespace huiyin::dialogs {

std::string read_file(const std::string& path);
/// The shipped flow and lexicon, with a site whose hotline is 400-800-1234 and whose numbers are written
/// `HY<sequence>`.
const Flow& shipped_flow();
const Lexicon& shipped_lexicon();

/// What the shipped lexicon understands, and a slot's value; empty: there is none.
inline Understood said(std::string_view text) { return understand(shipped_lexicon(), text); }
inline std::string value(const std::optional<Found>& found) { return found ? found->value : ""; }

inline const Peer kWang{"wechat:main", "oWang"};
inline const Peer kLi{"wechat:main", "oLi"};
inline constexpr Time kNoonInShanghai{std::chrono::milliseconds{1795406400000}};  // 2026-11-23 04:00 UTC

/// An owner talking with the engine; does what the gateway does around step(): reads what it Needs, numbers attachments
/// and tickets.
class Dialog {
 public:
  Dialog();
  /// One line of a table: the owner's words, or [照片] [视频] [语音 words] [位置 label] [链接] [动图] [菜单 KEY] [关注
  /// scene] [取关] [定时 kind]; `+24h` or `+5s` first lets time pass. Gives describe() of the turn.
  std::string owner(std::string_view line);
  std::string send(EventBody body);

  Flow flow = shipped_flow();
  Snapshot stored{};  ///< what the store would have
  DialogState state{};
  Time now = kNoonInShanghai;
  std::vector<Effect> effects{};     ///< of the last turn
  std::vector<OpenTicket> opened{};  ///< all of this dialog
  std::string locale{"zh-CN"};
  int needs = 0;

 private:
  EventBody event_of(std::string_view line);
  std::int64_t last_id_ = 100;
};

struct Exchange {
  const char* owner;
  const char* effects;
};
struct NamedDialog {
  const char* name;
  std::vector<Exchange> exchanges;
};
/// Plays each dialog from its beginning and expects each line's effects.
void play(const std::vector<NamedDialog>& dialogs);

template <class T>
const T* find_effect(const std::vector<Effect>& effects) {
  for (const auto& effect : effects)
    if (const auto* found = std::get_if<T>(&effect)) return found;
  return nullptr;
}

}  // namespace huiyin::dialogs
