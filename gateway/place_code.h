#pragma once

#include <map>
#include <string>

#include "config/config.h"
#include "core/dialog_state.h"
#include "core/event.h"

namespace huiyin::gateway {

/// What the dialog reads of a scanned code: `category=repair/elevator&address=3栋2单元电梯`, either part alone, at most
/// 200 characters of an address. Our own format; anything else in a scene is only a greeting.
[[nodiscard]] std::string scene_of(const CodeConfig& code);

/// The event as the dialog is to see it. A scanned code of ours is replaced by the scene that it stands for (`codes`:
/// by folded code), and a text that is nothing but such a code, with or without a # before it, counts as a scan: it is
/// how a code is used by SMS. While a form is being filled a text stays what it is.
[[nodiscard]] Event with_place(const std::map<std::string, std::string>& codes, const Event& event,
                               const DialogState& dialog);

}  // namespace huiyin::gateway
