#include "simulators/sms_signing.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <cctype>

namespace huiyin::simulators {

std::string keyed(Digest digest, std::string_view key, std::string_view data) {
  unsigned char out[EVP_MAX_MD_SIZE];
  unsigned length = 0;
  HMAC(digest == Digest::sha1 ? EVP_sha1() : EVP_sha256(), key.data(), static_cast<int>(key.size()),
       reinterpret_cast<const unsigned char*>(data.data()), data.size(), out, &length);
  return {reinterpret_cast<char*>(out), length};
}

std::string hex(std::string_view bytes) {
  std::string out;
  for (const char byte : bytes) {
    char two[3];
    (void)std::snprintf(two, sizeof two, "%02x", static_cast<unsigned>(static_cast<unsigned char>(byte)));
    out += two;
  }
  return out;
}

std::string hex_sha256(std::string_view data) {
  unsigned char out[EVP_MAX_MD_SIZE];
  unsigned length = 0;
  EVP_Digest(data.data(), data.size(), out, &length, EVP_sha256(), nullptr);
  return hex({reinterpret_cast<char*>(out), length});
}

std::string base64(std::string_view bytes) {
  constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    unsigned group = 0;
    for (std::size_t i = 0; i < 3; ++i)
      group = group << 8U | (at + i < bytes.size() ? static_cast<unsigned char>(bytes[at + i]) : 0U);
    for (std::size_t i = 0; i < 4; ++i) out += at + i <= bytes.size() ? kLetters[group >> (18U - 6U * i) & 63U] : '=';
  }
  return out;
}

std::multimap<std::string, std::string> form_of(std::string_view text) {
  std::multimap<std::string, std::string> out;
  while (!text.empty()) {
    const auto end = std::min(text.find('&'), text.size());
    const auto pair = text.substr(0, end);
    const auto equals = std::min(pair.find('='), pair.size());
    if (!pair.empty())
      out.emplace(url_decode(pair.substr(0, equals), true),
                  url_decode(pair.substr(std::min(equals + 1, pair.size())), true));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

std::string one(const std::multimap<std::string, std::string>& form, const std::string& name) {
  return form.count(name) == 1 ? form.find(name)->second : std::string();
}

HttpRequest as_received(const HttpCall& call, Time now) {
  HttpRequest out{.method = call.method, .body = call.body, .received_at = now};
  const auto place = call.url.find('/', call.url.find("://") + 3);
  const auto target = call.url.substr(place);
  const auto question = std::min(target.find('?'), target.size());
  out.path = target.substr(0, question);
  out.query = target.substr(std::min(question + 1, target.size()));
  for (const auto& [name, value] : call.headers) {
    std::string lower = name;
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    out.headers.emplace_back(lower, value);
  }
  if (out.body.empty() && !call.form.empty()) {
    for (const auto& [name, value] : call.form)
      out.body += (out.body.empty() ? "" : "&") + url_encode(name) + "=" + url_encode(value);
    out.headers.emplace_back("content-type", "application/x-www-form-urlencoded");
  }
  return out;
}

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

bool is_forbidden_value(std::string_view value) {
  for (const std::string_view part : {"【", "】", "http://", "https://", "www."})
    if (value.find(part) != std::string_view::npos) return true;
  int digits = 0;
  for (const char c : value) {
    digits = c >= '0' && c <= '9' ? digits + 1 : 0;
    if (digits == 11) return true;
  }
  return false;
}

}  // namespace huiyin::simulators
