#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace huiyin::workchat {

/// Reading JSON that strangers may have written: a member that is not there, or not of its kind, reads as none.

/// Nothing where the text is no JSON object.
[[nodiscard]] std::optional<nlohmann::json> read_object(std::string_view text);
/// The object that `key` holds; an empty one for anything else.
[[nodiscard]] const nlohmann::json& object_in(const nlohmann::json& json, const char* key);
/// A text, safe to store, or a whole number as text.
[[nodiscard]] std::string text_in(const nlohmann::json& json, const char* key);
[[nodiscard]] std::optional<std::int64_t> number_in(const nlohmann::json& json, const char* key);

}  // namespace huiyin::workchat
