#include "adapters/email/mail_tokens.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <charconv>

#include "adapters/email/ascii.h"

namespace huiyin::email {
namespace {

constexpr std::size_t kMacLetters = 12;                                     // 60 bits
constexpr std::string_view kAlphabet = "abcdefghijkmnpqrstuvwxyz23456789";  // without l, o, 0, 1: also read by people

std::string local_of(std::string_view address) { return lower(address.substr(0, address.rfind('@'))); }
std::string domain_of(std::string_view address) {
  const auto at = address.rfind('@');
  return at == std::string_view::npos ? std::string() : lower(address.substr(at + 1));
}

std::optional<std::int64_t> number_in(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || text.size() > 18 || fault != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value >= 0 ? std::optional(value) : std::nullopt;
}

}  // namespace

MailTokens::MailTokens(RotatedSecret key, std::string address, std::string bounces)
    : key_(std::move(key)),
      local_(local_of(address)),
      domain_(domain_of(address)),
      bounce_local_(bounces.empty() ? "" : local_of(bounces)),
      bounce_domain_(bounces.empty() ? "" : domain_of(bounces)) {}

std::string MailTokens::mac(const Secret& key, std::string_view what) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> hash{};
  unsigned size = 0;
  HMAC(EVP_sha256(), key.reveal().data(), static_cast<int>(key.reveal().size()),
       reinterpret_cast<const unsigned char*>(what.data()), what.size(), hash.data(), &size);
  std::string out;
  for (std::size_t i = 0; i < kMacLetters; ++i) out += kAlphabet[hash[i] % kAlphabet.size()];
  return out;
}

bool MailTokens::is_signed(std::string_view what, std::string_view signature) const {
  const bool current = equal_constant_time(mac(key_.current, what), signature);
  const bool previous = !key_.previous.empty() && equal_constant_time(mac(key_.previous, what), signature);
  return current || previous;
}

std::string MailTokens::reply_address(std::int64_t ticket) const {
  const auto what = local_ + "+" + std::to_string(ticket);
  return what + "." + mac(key_.current, "reply:" + what) + "@" + domain_;
}

std::string MailTokens::bounce_address(std::string_view row_key) const {
  if (bounce_local_.empty()) return {};
  const auto what = bounce_local_ + "+" + std::string(row_key);
  return what + "." + mac(key_.current, "bounce:" + what) + "@" + bounce_domain_;
}

std::string MailTokens::message_id(std::string_view row_key, std::int64_t ticket) const {
  const auto what = std::string(row_key) + "." + std::to_string(ticket);
  return "<" + what + "." + mac(key_.current, "id:" + what) + "@" + domain_ + ">";
}

std::optional<std::int64_t> MailTokens::ticket_of_address(std::string_view address) const {
  const auto local = local_of(address);
  const auto dot = local.rfind('.');
  if (domain_of(address) != domain_ || !local.starts_with(local_ + "+") || dot == std::string::npos)
    return std::nullopt;
  if (!is_signed("reply:" + local.substr(0, dot), std::string_view(local).substr(dot + 1))) return std::nullopt;
  return number_in(std::string_view(local).substr(local_.size() + 1, dot - local_.size() - 1));
}

std::optional<std::string> MailTokens::row_of_address(std::string_view address) const {
  const auto local = local_of(address);
  const auto dot = local.rfind('.');
  if (bounce_local_.empty() || domain_of(address) != bounce_domain_) return std::nullopt;
  if (!local.starts_with(bounce_local_ + "+") || dot == std::string::npos) return std::nullopt;
  if (!is_signed("bounce:" + local.substr(0, dot), std::string_view(local).substr(dot + 1))) return std::nullopt;
  return local.substr(bounce_local_.size() + 1, dot - bounce_local_.size() - 1);
}

std::optional<MailTokens::Ours> MailTokens::read_message_id(std::string_view id) const {
  if (id.starts_with('<')) id.remove_prefix(1);
  if (id.ends_with('>')) id.remove_suffix(1);
  const auto local = local_of(id);
  const auto last = local.rfind('.');
  const auto first = local.find('.');
  if (domain_of(id) != domain_ || first == std::string::npos || first == last) return std::nullopt;
  if (!is_signed("id:" + local.substr(0, last), std::string_view(local).substr(last + 1))) return std::nullopt;
  const auto ticket = number_in(std::string_view(local).substr(first + 1, last - first - 1));
  return ticket ? std::optional(Ours{local.substr(0, first), *ticket}) : std::nullopt;
}

std::optional<MailTokens::Ours> MailTokens::find_message_id(std::string_view text) const {
  const auto host = "@" + domain_;
  for (auto at = text.find(host); at != std::string_view::npos; at = text.find(host, at + 1)) {
    const auto before = text.substr(0, at);
    const auto begin = before.find_last_of(" \t\r\n<>\"'():;,[]");
    const auto start = begin == std::string_view::npos ? 0 : begin + 1;
    if (auto ours = read_message_id(text.substr(start, at + host.size() - start))) return ours;
  }
  return std::nullopt;
}

std::string MailTokens::instance() const { return mac(key_.current, "instance:" + local_ + "@" + domain_); }

}  // namespace huiyin::email
