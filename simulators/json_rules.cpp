#include "simulators/json_rules.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/text.h"

namespace huiyin::simulators {

using Json = nlohmann::json;

Json read_json(const std::string& body) {
  if (!is_valid_utf8(body)) return {};
  auto json = Json::parse(body, nullptr, false);
  return json.is_object() ? json : Json();
}

std::string text_of(const Json& json, const char* key) {
  const auto found = json.is_object() ? json.find(key) : json.end();
  return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

bool has_only(const Json& json, const std::set<std::string>& allowed) {
  return std::all_of(json.items().begin(), json.items().end(),
                     [&](const auto& item) { return allowed.contains(item.key()); });
}

HttpReply json_reply(int status, const Json& body) {
  return {.status = status, .body = body.dump(), .headers = {{"Content-Type", "application/json"}}};
}

std::optional<std::string> upload_part(const HttpRequest& request, std::string_view name) {
  const auto type = std::string(request.header("content-type"));
  const auto at = type.find("boundary=");
  if (!type.starts_with("multipart/form-data") || at == std::string::npos) return std::nullopt;
  const auto boundary = "--" + type.substr(at + 9);
  const auto& body = request.body;
  if (!body.starts_with(boundary)) return std::nullopt;
  for (auto part = boundary.size(); part < body.size();) {
    const auto head_end = body.find("\r\n\r\n", part);
    const auto end = body.find("\r\n" + boundary, head_end);
    if (head_end == std::string::npos || end == std::string::npos) return std::nullopt;
    const auto head = std::string_view(body).substr(part, head_end - part);
    const bool is_it = head.find("name=\"" + std::string(name) + "\"") != std::string_view::npos;
    if (is_it && head.find("filename=\"") != std::string_view::npos)
      return body.substr(head_end + 4, end - head_end - 4);
    part = end + 2 + boundary.size();
  }
  return std::nullopt;
}

std::string image_type(std::string_view bytes) {
  if (bytes.starts_with("\xff\xd8\xff")) return "image/jpeg";
  if (bytes.starts_with("\x89PNG")) return "image/png";
  return {};
}

}  // namespace huiyin::simulators
