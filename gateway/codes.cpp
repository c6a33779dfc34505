#include "gateway/codes.h"

namespace huiyin::gateway {

std::optional<OutboundMessage> without_code(const OutboundMessage& message) {
  if (message.template_name != "verify_code" && message.template_name != "page.sign_in_code") return std::nullopt;
  OutboundMessage kept{.key = message.key, .to = message.to, .template_name = message.template_name};
  kept.locale = message.locale;
  return kept;
}

}  // namespace huiyin::gateway
