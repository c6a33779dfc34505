#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "adapters/channel.h"
#include "config/config.h"
#include "core/secret.h"
#include "net/http.h"

namespace huiyin::sms {

/// What guards callbacks that the provider does not sign: a secret in the path, and, where the provider has addresses
/// of its own, a list of them.
struct CallbackGuard {
  std::string hook_path{};  ///< `/hook/sms/estate`; the secret follows
  RotatedSecret secret{};
  std::vector<std::string> allow_from{};  ///< addresses and ranges; empty: from anywhere
};

/// What stands in the path after the secret: `mo` of `/hook/sms/estate/<secret>/mo`. The secret is compared first, in
/// constant time.
[[nodiscard]] tl::expected<std::string, Reject> open_callback(const CallbackGuard& guard, const HttpRequest& request);

/// `callback_secret` and `allow_from` of a stanza.
[[nodiscard]] CallbackGuard read_guard(StanzaReader& read, const ChannelConfig& config);

/// The fields of a form or query, decoded once, a `+` as a blank.
[[nodiscard]] Fields parse_form(std::string_view text);
/// Empty where there is none.
[[nodiscard]] std::string_view field(const Fields& fields, std::string_view name);

/// `2026-01-02 11:04:09` or `20260102110409`, by China's clock.
[[nodiscard]] std::optional<Time> parse_china_time(std::string_view text);
/// Seconds since 1970, of the years 2000 to 2100.
[[nodiscard]] std::optional<Time> parse_unix_time(std::string_view text);
/// `2026-01-02T03:04:05Z`
[[nodiscard]] std::string format_iso(Time time);

/// An item of a batch that is not what it should be: stored, and it counts; its words are in the inbox alone.
[[nodiscard]] Event bad_item(const std::string& channel, std::string_view raw, std::string why, Time received);

/// Who wrote: a mobile number that can be answered, or nothing.
[[nodiscard]] std::optional<std::string> answerable(std::string_view number, std::string_view region);
/// From a number that cannot be answered (a landline, a short code, a name): kept, never decided.
[[nodiscard]] Event unanswerable(const std::string& channel, std::string key, Time sent);

}  // namespace huiyin::sms
