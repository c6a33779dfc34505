#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

namespace huiyin::wechat {

/// What a template's key says of its value: `thing3` is a `thing`. `keyword` is that of the older templates, which have
/// no rules.
enum class FieldKind {
  thing,
  number,
  letter,
  symbol,
  character_string,
  time,
  date,
  amount,
  phone_number,
  car_number,
  name,
  phrase,
  enumeration,
  constant,
  keyword
};

/// From a key as the console shows it, `{{thing3.DATA}}` without its braces and `.DATA`: a kind and a number. Nothing
/// for any other.
[[nodiscard]] std::optional<FieldKind> field_kind(std::string_view key);

/// `value` as the platform takes it for a field of this kind: control characters and line breaks are blanks, what may
/// be shortened is, with … at its end. The error says why it cannot be made valid: that of an empty value too. Source:
/// developers.weixin.qq.com, 订阅通知, 参数值限制说明.
[[nodiscard]] tl::expected<std::string, std::string> fit_field(FieldKind kind, std::string_view value);

}  // namespace huiyin::wechat
