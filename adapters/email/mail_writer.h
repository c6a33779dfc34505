#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/time.h"

namespace huiyin::email {

/// A mail that we send. Addresses are checked by is_plain_address() before.
struct Letter {
  std::string from_name{};
  std::string from{};
  std::string to{};
  std::string reply_to{};
  std::string subject{};
  std::string message_id{};
  std::string in_reply_to{};              ///< empty: it answers nothing
  std::vector<std::string> references{};  ///< with in_reply_to as its last
  Time date{};
  std::vector<std::pair<std::string, std::string>> more{};  ///< further headers, ASCII
  std::string text{};
  std::string html{};  ///< the same as a page; empty: a plain one is made of the text
  std::string locale{};
};

/// The message as SMTP carries it: CR LF, 7 bits, multipart/alternative of text and HTML. What is in it from others
/// (names, subjects) can make no header of its own. Pure: the same letter gives the same bytes.
[[nodiscard]] std::string write_mail(const Letter& letter);

/// local@domain in ASCII without anything that an SMTP command or a header could be broken with.
[[nodiscard]] bool is_plain_address(std::string_view address);

/// `Re: ` before a subject that has no such beginning yet, in whatever language.
[[nodiscard]] std::string reply_subject(std::string_view subject);

/// The text as HTML for a page's body: escaped, with paragraphs, and links that can be clicked. A survey's answer and
/// the link behind it become one link.
[[nodiscard]] std::string html_body(std::string_view text);
[[nodiscard]] std::string escape_html(std::string_view text);
/// A plain page around html_body().
[[nodiscard]] std::string html_of(std::string_view text, std::string_view locale);

}  // namespace huiyin::email
