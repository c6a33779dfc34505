#include "gateway/digest.h"

#include <algorithm>
#include <utility>

namespace huiyin::gateway {
namespace {

constexpr std::string_view kBetween = "\n\n";

bool is_plain(const Errand& errand, const SendNow& send) {
  const auto& message = send.message;
  if (send.way != Way::push || message.text.empty() || !message.choices.empty() || !message.articles.empty() ||
      !message.media.empty() || !message.card.replaces.empty() || message.hand_to_desk)
    return false;
  return std::none_of(errand.rows.begin(), errand.rows.end(), [&](const OutboxRow& row) {
    return row.attempts > 0 && std::find(send.rows.begin(), send.rows.end(), row.id) != send.rows.end();
  });
}

}  // namespace

bool fit_into(Errand& errand, int left, std::size_t max_bytes) {
  const auto room = static_cast<std::size_t>(std::max(0, left));
  if (errand.sends.size() <= room) return false;
  if (room == 0) {
    errand.sends.clear();
    return true;
  }
  auto rest = std::exchange(errand.sends, {});
  auto next = rest.begin();
  for (; errand.sends.size() + 1 < room; ++next) errand.sends.push_back(std::move(*next));
  auto& digest = errand.sends.emplace_back(std::move(*next++));
  for (; next != rest.end(); ++next) {
    const auto bytes = digest.message.text.size() + kBetween.size() + next->message.text.size();
    if (!is_plain(errand, digest) || !is_plain(errand, *next) || (max_bytes != 0 && bytes > max_bytes)) return true;
    digest.message.card = {};  // it would be shown in place of the words
    digest.message.text.append(kBetween).append(next->message.text);
    digest.rows.insert(digest.rows.end(), next->rows.begin(), next->rows.end());
  }
  return false;
}

}  // namespace huiyin::gateway
