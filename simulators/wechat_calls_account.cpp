// Tokens, media, menu and QR codes.
#include <fmt/format.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <optional>

#include "core/text.h"
#include "core/time.h"
#include "simulators/wechat_calls.h"

namespace huiyin::simulators {
namespace {

using Json = nlohmann::json;

/// An object, from raw UTF-8 without escapes: the platform would show them as they are written.
Json read_json(const std::string& body) {
  if (has_unicode_escape(body) || !is_valid_utf8(body)) return {};
  return Json::parse(body, nullptr, false);
}

std::string text_of(const Json& json, const char* key) {
  const auto found = json.find(key);
  return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

/// `2026-11-25`; nothing for what is no such day.
std::optional<std::chrono::sys_days> day_of(const Json& json, const char* key) {
  const auto at = parse_utc(text_of(json, key) + " 00:00:00");
  if (!at || text_of(json, key).size() != 10) return std::nullopt;
  return std::chrono::floor<std::chrono::days>(*at);
}

std::string format_day(std::chrono::sys_days day) { return format_utc(Time(day)).substr(0, 10); }

HttpReply token_answer(const WeChatTokens::Issued& issued) {
  if (issued.code != 0) return api_answer(issued.code, "too many");
  return {.body = fmt::format(R"({{"access_token":"{}","expires_in":{}}})", issued.token, issued.expires_in),
          .headers = {{"Content-Type", "application/json; encoding=utf-8"}}};
}

int fault_of_account(const std::string& grant, const std::string& app_id, const std::string& secret,
                     const WeChatApi::Config& account) {
  if (grant != "client_credential") return 40002;
  if (app_id.empty()) return 41002;
  if (secret.empty()) return 41004;
  if (app_id != account.app_id) return 40013;
  return secret == account.app_secret ? 0 : 40125;
}

/// 0, or the errcode of a button; `top`: it stands in the first row.
int fault_of_button(const Json& button, bool top) {
  if (!button.is_object()) return 40016;
  const auto name = text_of(button, "name");
  if (name.empty() || name.size() > (top ? 16U : 60U)) return 40018;
  if (top && button.contains("sub_button")) {
    const auto& below = button.at("sub_button");
    if (!below.is_array() || below.empty() || below.size() > 5 || button.contains("type")) return 40023;
    for (const auto& entry : below)
      if (const auto fault = fault_of_button(entry, false); fault != 0) return fault;
    return 0;
  }
  const auto type = text_of(button, "type"), key = text_of(button, "key"), url = text_of(button, "url");
  if (type == "view") return url.starts_with("http") && url.size() <= 1024 ? 0 : 40020;
  if (type == "miniprogram")
    return text_of(button, "appid").empty() || text_of(button, "pagepath").empty() || url.empty() ? 40035 : 0;
  constexpr std::string_view kTypes[] = {"click",          "scancode_push",      "scancode_waitmsg",
                                         "pic_sysphoto",   "pic_photo_or_album", "pic_weixin",
                                         "location_select"};
  if (std::find(std::begin(kTypes), std::end(kTypes), type) == std::end(kTypes)) return 40017;
  return key.empty() || key.size() > 128 ? 40019 : 0;
}

int fault_of_qrcode(const Json& json) {
  const auto action = text_of(json, "action_name");
  if (action != "QR_STR_SCENE" && action != "QR_LIMIT_STR_SCENE") return 40035;
  const auto scene = json.value("/action_info/scene/scene_str"_json_pointer, Json());
  if (!scene.is_string()) return 40035;
  const auto size = count_characters(scene.get_ref<const std::string&>());
  if (size < 1 || size > 64) return 40035;
  if (action == "QR_LIMIT_STR_SCENE") return json.contains("expire_seconds") ? 40035 : 0;
  const auto life = json.value("expire_seconds", Json(60));
  return life.is_number_integer() && life >= 1 && life <= 2592000 ? 0 : 40035;
}

}  // namespace

HttpReply WeChatCalls::token(WeChatApi& api, const HttpRequest& request, Time now) {
  const auto fault =
      fault_of_account(request.param("grant_type"), request.param("appid"), request.param("secret"), api.config_);
  return fault != 0 ? api_answer(fault, "invalid account") : token_answer(api.tokens_.next(now));
}

HttpReply WeChatCalls::stable_token(WeChatApi& api, const HttpRequest& request, Time now) {
  const auto json = read_json(request.body);
  if (!json.is_object()) return api_answer(47001, "data format error");
  const auto fault =
      fault_of_account(text_of(json, "grant_type"), text_of(json, "appid"), text_of(json, "secret"), api.config_);
  if (fault != 0) return api_answer(fault, "invalid account");
  const auto force = json.value("force_refresh", Json(false));
  if (!force.is_boolean()) return api_answer(47001, "data format error");
  return token_answer(api.tokens_.stable(now, force.get<bool>()));
}

HttpReply WeChatCalls::media_get(WeChatApi& api, const HttpRequest& request, Time now) {
  const auto id = request.param("media_id");
  const auto found = api.media_.find(id);
  if (found == api.media_.end() || found->second.expires <= now) return api_answer(40007, "invalid media_id");
  const auto& media = found->second;
  if (media.content_type.starts_with("video/") && request.path != "/video")
    return {.body = fmt::format(R"({{"video_url":"{}/video?media_id={}"}})", api.config_.base_url, url_encode(id)),
            .headers = {{"Content-Type", "text/plain"}}};
  ++api.media_fetched_;
  return {.body = media.bytes,
          .headers = {{"Content-Type", media.content_type},
                      {"Content-disposition", fmt::format("attachment; filename=\"{}.{}\"", id, media.extension)}}};
}

HttpReply WeChatCalls::menu_create(WeChatApi& api, const HttpRequest& request, Time /*now*/) {
  const auto json = read_json(request.body);
  if (!json.is_object()) return api_answer(47001, "data format error");
  const auto buttons = json.value("button", Json());
  if (!buttons.is_array() || buttons.empty() || buttons.size() > 3) return api_answer(40016, "invalid button size");
  for (const auto& button : buttons)
    if (const auto fault = fault_of_button(button, true); fault != 0) return api_answer(fault, "invalid button");
  api.menu_ = json.dump();
  return api_answer(0, "ok");
}

HttpReply WeChatCalls::menu_delete(WeChatApi& api, const HttpRequest&, Time /*now*/) {
  api.menu_.clear();
  return api_answer(0, "ok");
}

HttpReply WeChatCalls::menu_show(WeChatApi& api, const HttpRequest&, Time /*now*/) {
  auto info = Json::object();
  if (!api.menu_.empty()) {
    info = Json::parse(api.menu_);
    for (auto& button : info["button"])
      if (button.contains("sub_button")) button["sub_button"] = {{"list", button["sub_button"]}};
  }
  const Json out{{"is_menu_open", api.menu_.empty() ? 0 : 1}, {"selfmenu_info", info}};
  return {.body = out.dump(), .headers = {{"Content-Type", "application/json; encoding=utf-8"}}};
}

/// Of at most 30 days, the last of which is over in Beijing.
HttpReply WeChatCalls::interface_summary(WeChatApi& api, const HttpRequest& request, Time now) {
  const auto json = read_json(request.body);
  if (!json.is_object()) return api_answer(47001, "data format error");
  const auto begin = day_of(json, "begin_date"), end = day_of(json, "end_date");
  if (!begin || !end) return api_answer(61500, "date format error");
  const auto today = std::chrono::floor<std::chrono::days>(now + std::chrono::hours(8));
  if (*end < *begin || *end - *begin >= std::chrono::days(30) || *end >= today)
    return api_answer(61501, "date range error");
  auto list = Json::array();
  for (auto day = *begin; day <= *end; day += std::chrono::days(1)) {
    const auto found = api.counters_.find(format_day(day));
    if (found == api.counters_.end()) continue;
    const auto& [calls, failed] = found->second;
    list.push_back({{"ref_date", found->first},
                    {"callback_count", calls},
                    {"fail_count", failed},
                    {"total_time_cost", calls * 40},
                    {"max_time_cost", 900}});
  }
  return {.body = Json{{"list", list}}.dump(), .headers = {{"Content-Type", "application/json; encoding=utf-8"}}};
}

HttpReply WeChatCalls::qrcode_create(WeChatApi& api, const HttpRequest& request, Time /*now*/) {
  const auto json = read_json(request.body);
  if (!json.is_object()) return api_answer(47001, "data format error");
  if (const auto fault = fault_of_qrcode(json); fault != 0) return api_answer(fault, "invalid parameter");
  const auto url = "http://weixin.qq.com/q/" + api.random_word(22);
  api.scenes_[url] = json.at("/action_info/scene/scene_str"_json_pointer).get<std::string>();
  const bool permanent = text_of(json, "action_name").find("LIMIT") != std::string::npos;
  const auto life =
      permanent ? std::string() : fmt::format(R"("expire_seconds":{},)", json.value("expire_seconds", 60));
  return {.body = fmt::format(R"({{"ticket":"{}",{}"url":"{}"}})", api.random_word(96), life, url),
          .headers = {{"Content-Type", "application/json; encoding=utf-8"}}};
}

}  // namespace huiyin::simulators
