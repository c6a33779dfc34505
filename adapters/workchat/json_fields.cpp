#include "adapters/workchat/json_fields.h"

#include <nlohmann/json.hpp>

#include "core/text.h"

namespace huiyin::workchat {

using Json = nlohmann::json;

std::optional<Json> read_object(std::string_view text) {
  auto json = Json::parse(text, nullptr, false);
  if (!json.is_object()) return std::nullopt;
  return json;
}

const Json& object_in(const Json& json, const char* key) {
  static const Json kNone = Json::object();
  if (!json.is_object()) return kNone;
  const auto found = json.find(key);
  return found != json.end() && found->is_object() ? *found : kNone;
}

std::string text_in(const Json& json, const char* key) {
  if (!json.is_object()) return {};
  const auto found = json.find(key);
  if (found == json.end()) return {};
  if (found->is_string()) return clean_text(found->get_ref<const std::string&>());
  return found->is_number_integer() ? found->dump() : std::string();
}

std::optional<std::int64_t> number_in(const Json& json, const char* key) {
  if (!json.is_object()) return {};
  const auto found = json.find(key);
  if (found == json.end() || !found->is_number_integer()) return {};
  if (found->is_number_unsigned() && found->get<std::uint64_t>() > std::uint64_t{INT64_MAX}) return {};
  return found->get<std::int64_t>();
}

}  // namespace huiyin::workchat
