#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace huiyin::wechat {

/// What the platform counted of its calls to an account's hook on one day (Asia/Shanghai).
/// Source: developers.weixin.qq.com, 数据统计, 获取被动回复概要数据 (getinterfacesummary).
struct HookCounters {
  std::int64_t calls = 0;  ///< callback_count: each try counts
  std::int64_t failed = 0;
};

inline constexpr std::string_view kCountersCall = "/datacube/getinterfacesummary";

/// The body of the call for one day, `2026-11-25`; not for today: the platform counts up to yesterday.
[[nodiscard]] std::string counters_request(std::string_view day);

/// Of that day; nothing where the answer says nothing of it.
[[nodiscard]] std::optional<HookCounters> read_counters(std::string_view answer, std::string_view day);

}  // namespace huiyin::wechat
