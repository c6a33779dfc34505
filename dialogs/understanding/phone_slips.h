#pragma once

#include <string_view>

#include "dialogs/understanding/phone_digits.h"
#include "dialogs/understanding/understand.h"

namespace huiyin::dialogs {

/// 「138…最后两位反了，是139…」: is the number that `tail` stands behind taken back for the one that `next` begins
/// with? `tail`: up to `next`, in small letters.
[[nodiscard]] bool is_said_again(std::string_view tail, std::string_view next);

/// Puts the last digits of `found` right where the writer does so behind it: 「…8001，不对，是8000」,
/// 「…8001，最后一位是8」; `found` then ends behind them. `digits` are those of `text`. Pure.
void put_right(std::string_view text, const Digits& digits, Found& found);

}  // namespace huiyin::dialogs
