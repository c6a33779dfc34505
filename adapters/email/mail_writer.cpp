#include "adapters/email/mail_writer.h"

#include <openssl/sha.h>
#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <cstdio>

#include "adapters/email/ascii.h"
#include "core/text.h"

namespace huiyin::email {
namespace {

constexpr std::size_t kLine = 76;
constexpr std::size_t kWordBytes = 42;  // of UTF-8 in one encoded word: with its frame under 75 characters
constexpr std::size_t kMostReferences = 21;

std::string base64(std::string_view bytes) {
  static constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const auto at = [&](std::size_t k) {
      return k < bytes.size() ? static_cast<unsigned>(static_cast<unsigned char>(bytes[k])) : 0U;
    };
    const unsigned three = (at(i) << 16U) | (at(i + 1) << 8U) | at(i + 2);
    out += kLetters[three >> 18U];
    out += kLetters[(three >> 12U) & 63U];
    out += i + 1 < bytes.size() ? kLetters[(three >> 6U) & 63U] : '=';
    out += i + 2 < bytes.size() ? kLetters[three & 63U] : '=';
  }
  return out;
}

std::string base64_lines(std::string_view bytes) {
  const auto text = base64(bytes);
  std::string out;
  for (std::size_t i = 0; i < text.size(); i += kLine) out += text.substr(i, kLine) + "\r\n";
  return out;
}

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7F; });
}

/// RFC 2047, never cut inside a character, folded between words.
std::string encoded_words(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto piece = first_bytes(text, kWordBytes);
    out += (out.empty() ? "" : "\r\n ") + ("=?UTF-8?B?" + base64(piece) + "?=");
    text.remove_prefix(std::max<std::size_t>(piece.size(), 1));
  }
  return out;
}

std::string unstructured(std::string_view text) {
  const auto line = one_line(text);
  return is_ascii(line) && line.size() <= kLine && line.find("=?") == std::string::npos ? line : encoded_words(line);
}

std::string mailbox(std::string_view name, const std::string& address) {
  const auto line = one_line(name);
  return line.empty() ? address : encoded_words(line) + " <" + address + ">";
}

std::string date_of(Time time) {
  static constexpr std::array kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::seconds>(time - day));
  std::array<char, 64> out{};
  (void)std::snprintf(out.data(), out.size(), "%s, %02u %s %d %02d:%02d:%02d +0000",
                      kDays[std::chrono::weekday(day).c_encoding()], static_cast<unsigned>(date.day()),
                      kMonths[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()),
                      static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                      static_cast<int>(clock.seconds().count()));
  return out.data();
}

/// The first and the newest: enough to thread by, and no header without end.
std::string references_of(const std::vector<std::string>& ids) {
  std::string out;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (i > 0 && i + kMostReferences < ids.size() + 1) continue;
    out += (out.empty() ? "" : "\r\n ") + ids[i];
  }
  return out;
}

/// By the letter's own id: no line of base64 can be it.
std::string boundary_of(const Letter& letter) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> hash{};
  SHA256(reinterpret_cast<const unsigned char*>(letter.message_id.data()), letter.message_id.size(), hash.data());
  return "=_" + base64({reinterpret_cast<const char*>(hash.data()), 18});
}

std::string crlf(std::string_view text) {
  std::string out;
  for (const char c : clean_text(text)) {
    if (c == '\n') out += '\r';
    out += c;
  }
  return out;
}

void add(std::string& out, std::string_view name, const std::string& value) {
  if (!value.empty()) out += std::string(name) + ": " + value + "\r\n";
}

std::string part(std::string_view type, std::string_view content) {
  return "Content-Type: " + std::string(type) + "; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n" +
         base64_lines(content);
}

}  // namespace

std::string escape_html(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '"')
      out += "&quot;";
    else
      out += c;
  }
  return out;
}

bool is_plain_address(std::string_view address) {
  static const RE2 pattern(R"([A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9][A-Za-z0-9.-]{0,250}[A-Za-z0-9])");
  return address.size() <= 254 && RE2::FullMatch(re2::StringPiece(address.data(), address.size()), pattern);
}

std::string reply_subject(std::string_view subject) {
  static const RE2 pattern(R"((?i)^\s*(Re|回复|答复|回覆|AW|SV|Antw)\s*(\[\d+\])?\s*(:|：).*)");
  const auto line = std::string(trim(one_line(subject)));
  return RE2::FullMatch(line, pattern) ? line : "Re: " + line;
}

std::string html_body(std::string_view text) {
  static const RE2 answer(
      R"((?m)^([^\n<>]{1,40}?) (https?://[A-Za-z0-9._:/-]+/s/[A-Za-z0-9._~%-]+\?(?:score|outcome)=[a-z0-9_]+)$)");
  static const RE2 link(R"((^|[^"A-Za-z])(https?://[A-Za-z0-9._~:/?#@!$&*+,;=%-]*[A-Za-z0-9/_=-]))");
  auto body = escape_html(clean_text(text));
  RE2::GlobalReplace(&body, answer, R"(<a href="\2">\1</a>)");
  RE2::GlobalReplace(&body, link, R"(\1<a href="\2">\2</a>)");
  RE2::GlobalReplace(&body, R"(\n{2,})", "</p>\v<p>");
  RE2::GlobalReplace(&body, R"(\n)", "<br>\n");
  std::replace(body.begin(), body.end(), '\v', '\n');
  return "<p>" + body + "</p>";
}

std::string html_of(std::string_view text, std::string_view locale) {
  return "<!DOCTYPE html>\n<html lang=\"" + escape_html(locale) +
         "\"><head><meta charset=\"utf-8\"></head>\n<body style=\"font-size:15px;line-height:1.6;color:#222\">\n" +
         html_body(text) + "\n</body></html>\n";
}

std::string write_mail(const Letter& letter) {
  std::string out;
  add(out, "From", mailbox(letter.from_name, letter.from));
  add(out, "To", letter.to);
  add(out, "Reply-To", letter.reply_to);
  add(out, "Subject", unstructured(letter.subject));
  add(out, "Date", date_of(letter.date));
  add(out, "Message-ID", letter.message_id);
  add(out, "In-Reply-To", letter.in_reply_to);
  add(out, "References", references_of(letter.references));
  for (const auto& [name, value] : letter.more) add(out, name, one_line(value));
  const auto boundary = boundary_of(letter);
  out += "MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=\"" + boundary + "\"\r\n\r\n";
  out += "--" + boundary + "\r\n" + part("text/plain", crlf(letter.text));
  out += "--" + boundary + "\r\n" +
         part("text/html", crlf(letter.html.empty() ? html_of(letter.text, letter.locale) : letter.html));
  return out + "--" + boundary + "--\r\n";
}

}  // namespace huiyin::email
