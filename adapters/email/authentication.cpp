#include "adapters/email/authentication.h"

#include <libpsl.h>

#include <algorithm>
#include <cctype>
#include <optional>

#include "adapters/email/ascii.h"
#include "core/text.h"

namespace huiyin::email {
namespace {

/// Lower case, folded lines joined, comments (which nest) gone.
std::string without_comments(std::string_view raw) {
  std::string out;
  int depth = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < raw.size(); ++i) {
    const char c = raw[i];
    if (c == '"' && depth == 0) quoted = !quoted;
    if (!quoted && c == '(') ++depth;
    if (depth == 0 && c != '"') out += c == '\r' || c == '\n' || c == '\t' ? ' ' : c;
    if (!quoted && c == ')' && depth > 0) --depth;
  }
  return lower(out);
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> out;
  for (const auto word : split(text, ' '))
    if (!word.empty()) out.emplace_back(word);
  return out;
}

std::string domain_of(std::string_view address) {
  const auto at = address.rfind('@');
  auto domain = lower(at == std::string_view::npos ? address : address.substr(at + 1));
  while (domain.ends_with('.')) domain.pop_back();
  return domain;
}

std::string organisation_of(const std::string& domain) {
  const char* found = psl_registrable_domain(psl_builtin(), domain.c_str());
  return found == nullptr ? domain : std::string(found);
}

bool aligns(const std::string& domain, const std::string& from) {
  return !domain.empty() && organisation_of(domain) == organisation_of(from);
}

/// One result, `dkim=pass header.d=a.example`: does it speak for the From domain?
bool speaks_for(std::string_view result, const std::string& from) {
  const auto words = words_of(result);
  if (words.empty()) return false;
  const auto& method = words.front();
  const auto value = [&](std::string_view name) {
    for (const auto& word : words)
      if (word.starts_with(name)) return domain_of(std::string_view(word).substr(name.size()));
    return std::string();
  };
  if (method == "dmarc=pass") return value("header.from=") == from;
  if (method == "dkim=pass") return aligns(value("header.d="), from) || aligns(value("header.i="), from);
  if (method == "spf=pass") return aligns(value("smtp.mailfrom="), from);
  return false;
}

/// The host that wrote a Received header, where it is a domain name.
std::string received_by(std::string_view raw) {
  const auto words = words_of(without_comments(raw));
  const auto by = std::find(words.begin(), words.end(), "by");
  if (by == words.end() || by + 1 == words.end()) return {};
  auto host = domain_of(*(by + 1));
  const bool is_name = host.find('.') != std::string::npos && host.find(':') == std::string::npos &&
                       std::isalpha(static_cast<unsigned char>(host.back())) != 0;
  return is_name ? host : std::string();
}

/// Does this Received end what our own servers wrote? Those of `servers` themselves do, and those of strangers.
bool ends_ours(std::string_view received, const std::vector<std::string>& servers) {
  const auto host = received_by(received);
  if (host.empty()) return false;
  const auto is_it = [&](const std::string& server) { return host == lower(server); };
  const auto is_neighbour = [&](const std::string& server) { return aligns(host, lower(server)); };
  return std::any_of(servers.begin(), servers.end(), is_it) ||
         std::none_of(servers.begin(), servers.end(), is_neighbour);
}

/// Adds what one Authentication-Results says, where a server of ours says it.
void add_results(std::string_view value, const std::vector<std::string>& servers, const std::string& from,
                 MailTrust& trust) {
  const auto text = without_comments(value);
  const auto parts = split(text, ';');
  const auto head = words_of(parts.front());
  const auto is_it = [&](const std::string& server) { return !head.empty() && lower(server) == head.front(); };
  if (std::none_of(servers.begin(), servers.end(), is_it)) return;
  trust.server = head.front();
  for (std::size_t i = 1; i < parts.size(); ++i) trust.aligned = trust.aligned || speaks_for(parts[i], from);
}

}  // namespace

MailTrust read_trust(const RawHeaders& headers, const std::vector<std::string>& servers, const std::string& from,
                     bool several_senders) {
  MailTrust trust;
  const auto from_domain = domain_of(from);
  for (const auto& [name, value] : headers) {
    const auto small = lower(name);
    if (small == "received" && (!trust.server.empty() || ends_ours(value, servers))) break;
    if (small == "authentication-results") add_results(value, servers, from_domain, trust);
  }
  if (several_senders || from_domain.empty()) trust.aligned = false;
  return trust;
}

}  // namespace huiyin::email
