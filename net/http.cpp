#include "net/http.h"

#include <charconv>
#include <cstdint>
#include <stdexcept>

namespace huiyin {
namespace {

constexpr std::string_view kMagic = "HYRQ1";  // changes with the layout, so that an old spool is refused, not misread

int hex_value(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
  if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
  return -1;
}

void put(std::string& out, std::uint32_t number) {
  for (int shift = 0; shift < 32; shift += 8) out.push_back(static_cast<char>((number >> shift) & 0xFFU));
}

void put(std::string& out, std::string_view text) {
  put(out, static_cast<std::uint32_t>(text.size()));
  out.append(text);
}

/// Reads what put() wrote; throws where the bytes end too soon.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}

  std::string_view take(std::size_t size) {
    if (size > rest_.size()) throw std::runtime_error("a spooled request ends too soon");
    const auto taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }
  std::uint32_t number() {
    std::uint32_t value = 0;
    int shift = 0;
    for (const char byte : take(4)) {
      value |= static_cast<std::uint32_t>(static_cast<unsigned char>(byte)) << shift;
      shift += 8;
    }
    return value;
  }
  std::string text() { return std::string(take(number())); }
  [[nodiscard]] bool at_end() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

Time parse_millis(const std::string& text) {
  std::int64_t millis = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), millis);
  if (error != std::errc() || end != text.data() + text.size()) {
    throw std::runtime_error("a spooled request has no valid time");
  }
  return Time(Millis(millis));
}

}  // namespace

std::string HttpRequest::param(std::string_view name) const {
  std::string_view rest = query;
  while (!rest.empty()) {
    const auto end = rest.find('&');
    const auto field = rest.substr(0, end);
    const auto equals = field.find('=');
    const auto key = field.substr(0, equals);
    if (key.find('%') == std::string_view::npos ? key == name : url_decode(key, false) == name) {
      return equals == std::string_view::npos ? std::string() : url_decode(field.substr(equals + 1), false);
    }
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  }
  return {};
}

std::string_view HttpRequest::header(std::string_view lower_case_name) const {
  for (const auto& [name, value] : headers) {
    if (name == lower_case_name) return value;
  }
  return {};
}

std::string encode(const HttpRequest& request) {
  std::string out(kMagic);
  for (const auto* text : {&request.method, &request.path, &request.query, &request.body, &request.remote}) {
    put(out, *text);
  }
  put(out, std::to_string(request.received_at.time_since_epoch().count()));
  put(out, static_cast<std::uint32_t>(request.headers.size()));
  for (const auto& [name, value] : request.headers) {
    put(out, name);
    put(out, value);
  }
  return out;
}

HttpRequest decode_http_request(std::string_view bytes) {
  Reader read(bytes);
  if (read.take(kMagic.size()) != kMagic) throw std::runtime_error("not a spooled request");
  HttpRequest request;
  for (auto* text : {&request.method, &request.path, &request.query, &request.body, &request.remote}) {
    *text = read.text();
  }
  request.received_at = parse_millis(read.text());
  for (auto left = read.number(); left > 0; --left) {
    auto name = read.text();
    request.headers.emplace_back(std::move(name), read.text());
  }
  if (!read.at_end()) throw std::runtime_error("a spooled request has bytes after its end");
  return request;
}

std::string url_decode(std::string_view text, bool plus_is_space) {
  if (!plus_is_space && text.find('%') == std::string_view::npos) return std::string(text);
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      const int high = hex_value(text[i + 1]);
      const int low = hex_value(text[i + 2]);
      if (high >= 0 && low >= 0) {
        out.push_back(static_cast<char>(high * 16 + low));
        i += 2;
        continue;
      }
    }
    out.push_back(plus_is_space && text[i] == '+' ? ' ' : text[i]);
  }
  return out;
}

std::string url_encode(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  constexpr std::string_view kUnreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (kUnreserved.find(c) != std::string_view::npos) {
      out.push_back(c);
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out.push_back('%');
    out.push_back(kDigits[byte >> 4U]);
    out.push_back(kDigits[byte & 0xFU]);
  }
  return out;
}

std::string with_query(std::string url, const Fields& fields) {
  char separator = url.find('?') == std::string::npos ? '?' : '&';
  for (const auto& [name, value] : fields) {
    url += separator + url_encode(name) + "=" + url_encode(value);
    separator = '&';
  }
  return url;
}

}  // namespace huiyin
