#include "adapters/wechat/wechat_values.h"

#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdint>

#include "adapters/wechat/wechat_crypto.h"
#include "core/text.h"

namespace huiyin::wechat {
namespace {

constexpr std::size_t kMostFileName = 128;

std::string_view header(const HttpReply& reply, std::string_view name) {
  for (const auto& [given, value] : reply.headers)
    if (given == name) return value;
  return {};
}

}  // namespace

std::string key_part(const std::string& text, std::size_t longest) {
  if (text.size() <= longest) return text;
  const std::string_view parts[] = {text};
  return "sha1=" + sign(parts);
}

std::string lower(std::string text) {
  for (auto& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

std::optional<double> read_degrees(const std::string& text, double most) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool good = error == std::errc() && end == text.data() + text.size() && std::abs(value) <= most;
  return good ? std::optional(value) : std::nullopt;
}

std::optional<Time> read_create_time(const std::string& text) {
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  constexpr std::int64_t kLatest = 253402300799;
  if (error != std::errc() || end != text.data() + text.size() || seconds < 0 || seconds > kLatest) return {};
  return Time(std::chrono::seconds(seconds));
}

std::string clean_field(const Element& xml, std::string_view name) {
  const auto* found = xml.find(name);
  return found == nullptr ? std::string() : clean_text(found->text);
}

bool may_be_json(const HttpReply& reply) {
  const auto type = header(reply, "content-type");
  if (type.starts_with("application/json") || type.starts_with("text/")) return true;
  return type.empty() && reply.body.starts_with('{');
}

std::string media_file_name(const HttpReply& reply) {
  const auto value = header(reply, "content-disposition");
  constexpr std::string_view kName = "filename=";
  const auto at = value.find(kName);
  if (at == std::string_view::npos) return {};
  auto name = value.substr(at + kName.size());
  name = name.substr(0, name.find(';'));
  if (name.starts_with('"')) name = name.substr(1, name.find('"', 1) - 1);
  std::string out(name.substr(0, kMostFileName));
  std::erase_if(out, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte <= ' ' || byte >= 0x7f || c == '/' || c == '\\' || c == '"';
  });
  return out.starts_with('.') ? std::string() : out;
}

}  // namespace huiyin::wechat
