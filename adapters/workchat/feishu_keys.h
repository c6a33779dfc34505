#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "adapters/channel.h"
#include "core/secret.h"

namespace huiyin::workchat {

/// What Feishu signs, encrypts and marks its callbacks with. Pure functions; thread-safe.
/// Source: open.feishu.cn, 配置 Encrypt Key, 事件的安全校验, 卡片回传交互的安全校验.
struct FeishuKeys {
  RotatedSecret encrypt_key{};
  RotatedSecret token{};  ///< Verification Token
};

/// What a request's signature shows it to be.
enum class FeishuSigned {
  event,        ///< SHA-256 with the Encrypt Key: an event, or a tap on a card
  old_card_tap  ///< SHA-1 with the Verification Token: a tap by the card request URL of old apps
};
/// Verifies X-Lark-Signature over the raw body, and that its time is within `tolerance`.
[[nodiscard]] tl::expected<FeishuSigned, Reject> check_feishu_signature(const FeishuKeys& keys,
                                                                        const HttpRequest& request,
                                                                        std::chrono::seconds tolerance);
/// Is it the Verification Token, the current one or the one before? In constant time.
[[nodiscard]] bool is_feishu_token(const FeishuKeys& keys, std::string_view given);

/// AES-256-CBC with the SHA-256 of `key`, the initialisation vector in front. Nothing where it is not sound.
[[nodiscard]] std::optional<std::string> decrypt_feishu(const std::string& key, std::string_view encrypted);
/// With whichever of the two keys opens it.
[[nodiscard]] std::optional<std::string> decrypt_feishu(const FeishuKeys& keys, std::string_view encrypted);

}  // namespace huiyin::workchat
