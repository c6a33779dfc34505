#include "adapters/wechat/wechat_counters.h"

#include <nlohmann/json.hpp>

#include "core/json_writer.h"

namespace huiyin::wechat {
namespace {

using Json = nlohmann::json;

std::int64_t count_in(const Json& item, const char* key) {
  const auto found = item.find(key);
  return found != item.end() && found->is_number_integer() ? found->get<std::int64_t>() : 0;
}

}  // namespace

std::string counters_request(std::string_view day) {
  JsonWriter json;
  json.key("begin_date").value(day);
  json.key("end_date").value(day);
  return json.take();
}

std::optional<HookCounters> read_counters(std::string_view answer, std::string_view day) {
  const auto json = Json::parse(answer, nullptr, false);
  if (!json.is_object() || !json.contains("list") || !json.at("list").is_array()) return std::nullopt;
  for (const auto& item : json.at("list")) {
    if (!item.is_object() || !item.contains("ref_date") || item.at("ref_date") != day) continue;
    return HookCounters{.calls = count_in(item, "callback_count"), .failed = count_in(item, "fail_count")};
  }
  return std::nullopt;
}

}  // namespace huiyin::wechat
