// The addresses in From, To, Cc …
#include <algorithm>

#include "adapters/email/ascii.h"
#include "adapters/email/header_text.h"
#include "core/text.h"

namespace huiyin::email {
namespace {

constexpr std::size_t kMostAddresses = 100;

/// Where commas part addresses: outside quotes, comments and angle brackets.
class AddressScanner {
 public:
  /// Is `c`, read next, on the outside?
  bool is_outside(char c) {
    if (c == '"' && comments_ == 0) quoted_ = !quoted_;
    if (quoted_) return false;
    if (c == '(') ++comments_;
    if (c == ')' && comments_ > 0) --comments_;
    if (comments_ > 0) return false;
    if (c == '<' || c == '>') angle_ = c == '<';
    return !angle_;
  }

 private:
  int comments_ = 0;
  bool quoted_ = false, angle_ = false;
};

/// Takes `"a, b" <c@d>, e@f` apart; the name of a group (`staff: a@b, c@d;`) goes.
std::vector<std::string_view> split_addresses(std::string_view text) {
  std::vector<std::string_view> out;
  AddressScanner scanner;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < text.size() && out.size() < kMostAddresses; ++i) {
    const char c = text[i];
    if (c == '\\') {
      ++i;
      continue;
    }
    if (!scanner.is_outside(c) || (c != ',' && c != ';' && c != ':')) continue;
    if (c != ':') out.push_back(text.substr(begin, i - begin));
    begin = i + 1;
  }
  out.push_back(text.substr(begin));
  return out;
}

std::string unquote(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') continue;
    if (text[i] == '\\' && i + 1 < text.size()) ++i;
    out += text[i];
  }
  return out;
}

/// Comments outside quotes say nothing beside a name.
std::string without_comments(std::string_view text) {
  std::string out;
  bool quoted = false;
  int depth = 0;
  for (const char c : text) {
    if (c == '"') quoted = !quoted;
    if (!quoted && c == '(') ++depth;
    if (depth == 0) out += c;
    if (!quoted && c == ')' && depth > 0) --depth;
  }
  return std::string(trim(out));
}

/// local@domain with the domain folded; empty for what is none.
std::string normal_address(std::string_view text) {
  std::string out;
  for (const char c : text)
    if (!is_blank(c) && c != '<' && c != '>') out += c;
  if (lower(out.substr(0, 7)) == "mailto:") out.erase(0, 7);
  if (out.starts_with('@'))  // a route of old: <@relay.example:wang@example.com>
    out.erase(0, out.find(':') == std::string::npos ? 0 : out.find(':') + 1);
  const auto at = out.rfind('@');
  const bool control = std::any_of(out.begin(), out.end(), [](unsigned char c) { return c < 0x21 || c == 0x7F; });
  if (at == std::string::npos || at == 0 || at + 1 == out.size() || out.size() > 254 || control) return {};
  for (auto i = at; i < out.size(); ++i) out[i] = lower(out[i]);
  return is_valid_utf8(out) ? out : std::string();
}

MailAddress read_address(std::string_view text, std::string_view body_charset) {
  const auto close = std::min(text.rfind('>'), text.size());  // some forget it
  const auto open = text.rfind('<', close);
  if (open != std::string_view::npos) {
    const auto before = trim(text.substr(0, open));
    const auto name = without_comments(before);
    return {.name = decode_header(unquote(name.empty() ? before : std::string_view(name)), body_charset),
            .address = normal_address(text.substr(open + 1, close - open - 1))};
  }
  const auto comment = text.find('(');
  MailAddress out{.address = normal_address(text.substr(0, comment))};
  if (comment != std::string_view::npos)
    out.name = decode_header(text.substr(comment + 1, text.rfind(')') - comment - 1), body_charset);
  return out;
}

}  // namespace

std::vector<MailAddress> parse_addresses(std::string_view raw, std::string_view body_charset) {
  std::vector<MailAddress> out;
  const auto text = unfold(raw);
  for (const auto part : split_addresses(text))
    if (auto address = read_address(part, body_charset); !address.address.empty()) out.push_back(std::move(address));
  return out;
}

}  // namespace huiyin::email
