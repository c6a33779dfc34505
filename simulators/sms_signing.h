#pragma once

#include <map>
#include <string>
#include <string_view>

#include "net/http.h"

namespace huiyin::simulators {

/// What the SMS clouds sign with. Written apart from the adapters: each checks the other.
enum class Digest { sha1, sha256 };
[[nodiscard]] std::string keyed(Digest digest, std::string_view key, std::string_view data);
[[nodiscard]] std::string hex_sha256(std::string_view data);
[[nodiscard]] std::string hex(std::string_view bytes);
[[nodiscard]] std::string base64(std::string_view bytes);

/// `a=1&b=2`, decoded; a `+` is a blank.
[[nodiscard]] std::multimap<std::string, std::string> form_of(std::string_view text);
/// The one value of `name`; empty where there is none or are several.
[[nodiscard]] std::string one(const std::multimap<std::string, std::string>& form, const std::string& name);

/// A call as the server that it goes to receives it: path and query apart, header names in lower case, the form as
/// body.
[[nodiscard]] HttpRequest as_received(const HttpCall& call, Time now);

/// Characters of UTF-8.
[[nodiscard]] std::size_t characters(std::string_view text);
/// A telephone number or a link stands in it, or 【】: no variable may hold these.
[[nodiscard]] bool is_forbidden_value(std::string_view value);

}  // namespace huiyin::simulators
