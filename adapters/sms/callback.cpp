#include "adapters/sms/callback.h"

#include <date/date.h>

#include <algorithm>
#include <charconv>
#include <iterator>

#include "adapters/crypto.h"
#include "adapters/sms/numbers.h"
#include "core/text.h"
#include "net/forwarded.h"

namespace huiyin::sms {
namespace {

constexpr auto kChina = std::chrono::hours(8);
constexpr std::size_t kLeastSecret = 16;
constexpr std::size_t kKeyDigits = 32;  // of a hash that names an item without an id

bool is(const Secret& secret, std::string_view given) {
  return !secret.empty() && equal_constant_time(secret.reveal(), given);
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

tl::expected<std::string, Reject> open_callback(const CallbackGuard& guard, const HttpRequest& request) {
  const std::string_view path = request.path;
  const auto behind = path.starts_with(guard.hook_path + "/") ? path.substr(guard.hook_path.size() + 1) : "";
  const auto slash = behind.find('/');
  const auto given = behind.substr(0, slash);
  const bool current = is(guard.secret.current, given), previous = is(guard.secret.previous, given);
  if (!current && !previous) return reject(RejectReason::bad_signature, "the path's secret");
  if (!guard.allow_from.empty() && !is_in_ranges(request.remote, guard.allow_from))
    return reject(RejectReason::bad_signature, "the address is not in allow_from");
  return std::string(slash == std::string_view::npos ? std::string_view() : behind.substr(slash + 1));
}

CallbackGuard read_guard(StanzaReader& read, const ChannelConfig& config) {
  CallbackGuard out{.hook_path = config.hook_path(), .secret = read.rotated_secret("callback_secret")};
  for (const auto* secret : {&out.secret.current, &out.secret.previous}) {
    const auto& value = secret->reveal();
    constexpr std::string_view kSafe = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    if (value.empty()) continue;
    if (value.size() < kLeastSecret || value.find_first_not_of(kSafe) != std::string::npos)
      read.complain("callback_secret", "callback_secret is no 16 or more letters and digits",
                    "Make one: openssl rand -hex 16");
  }
  out.allow_from = read.texts("allow_from");
  for (const auto& range : out.allow_from) {
    const auto base = range.substr(0, range.find('/'));
    if (!is_in_ranges(base, {range}))
      read.complain("allow_from", "\"" + range + "\" is no address or range", "Write 203.0.113.7 or 203.0.113.0/24");
  }
  return out;
}

Fields parse_form(std::string_view text) {
  Fields out;
  while (!text.empty()) {
    const auto end = text.find('&');
    const auto one = text.substr(0, end);
    const auto equals = one.find('=');
    if (!one.empty())
      out.emplace_back(url_decode(one.substr(0, equals), true),
                       equals == std::string_view::npos ? std::string() : url_decode(one.substr(equals + 1), true));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return out;
}

std::string_view field(const Fields& fields, std::string_view name) {
  for (const auto& [key, value] : fields)
    if (key == name) return value;
  return {};
}

std::optional<Time> parse_china_time(std::string_view text) {
  constexpr std::string_view kSpaced = "0000-00-00 00:00:00", kDigits = "00000000000000";
  const auto shape = text.size() == kDigits.size() ? kDigits : kSpaced;
  const auto fits = [](char c, char place) { return place == '0' ? is_digit(c) : c == place; };
  if (!std::equal(text.begin(), text.end(), shape.begin(), shape.end(), fits)) return std::nullopt;
  std::string digits;
  std::copy_if(text.begin(), text.end(), std::back_inserter(digits), is_digit);
  const auto number = [&](std::size_t at, std::size_t size) { return std::stoi(digits.substr(at, size)); };
  const date::year_month_day day(date::year(number(0, 4)), date::month(static_cast<unsigned>(number(4, 2))),
                                 date::day(static_cast<unsigned>(number(6, 2))));
  const int hour = number(8, 2), minute = number(10, 2), second = number(12, 2);
  if (!day.ok() || hour > 23 || minute > 59 || second > 59) return std::nullopt;
  return date::sys_days(day) + std::chrono::hours(hour) + std::chrono::minutes(minute) + std::chrono::seconds(second) -
         kChina;
}

std::optional<Time> parse_unix_time(std::string_view text) {
  constexpr std::int64_t kYear2000 = 946'684'800, kYear2100 = 4'102'444'800;
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error != std::errc() || end != text.data() + text.size() || seconds < kYear2000 || seconds > kYear2100)
    return std::nullopt;
  return Time(std::chrono::seconds(seconds));
}

std::string format_iso(Time time) {
  return date::format("%Y-%m-%dT%H:%M:%SZ", std::chrono::floor<std::chrono::seconds>(time));
}

Event bad_item(const std::string& channel, std::string_view raw, std::string why, Time received) {
  const auto id = to_hex(sha256(raw)).substr(0, kKeyDigits);
  return {.key = channel + ":bad:" + id,
          .peer = {.channel = channel},
          .sent_at = received,
          .body = Notice{.kind = "sms_bad_item", .detail = std::move(why)}};
}

std::optional<std::string> answerable(std::string_view number, std::string_view region) {
  auto parsed = parse_sender(number, region);
  if (parsed.kind != NumberKind::mobile) return std::nullopt;
  return std::move(parsed.address);
}

Event unanswerable(const std::string& channel, std::string key, Time sent) {
  return {.key = std::move(key),
          .peer = {.channel = channel},
          .sent_at = sent,
          .body = Notice{.kind = "sms_from_no_phone", .detail = "its sender is no mobile number"}};
}

}  // namespace huiyin::sms
