#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "net/http.h"

namespace huiyin::simulators {

// What simulators of APIs check requests with.

/// The request's JSON; a null where it is no object, or no UTF-8.
[[nodiscard]] nlohmann::json read_json(const std::string& body);
/// The text that `key` holds; empty for anything else.
[[nodiscard]] std::string text_of(const nlohmann::json& json, const char* key);
/// A misspelt member is one that the caller believes in and the platform ignores.
[[nodiscard]] bool has_only(const nlohmann::json& json, const std::set<std::string>& allowed);
/// JSON as an answer.
[[nodiscard]] HttpReply json_reply(int status, const nlohmann::json& body);

/// The bytes of the file called `name` in a multipart body; nothing where it has none.
[[nodiscard]] std::optional<std::string> upload_part(const HttpRequest& request, std::string_view name);
/// `image/jpeg` or `image/png` by the bytes; empty for anything else.
[[nodiscard]] std::string image_type(std::string_view bytes);

}  // namespace huiyin::simulators
