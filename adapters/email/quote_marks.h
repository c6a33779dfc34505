#pragma once

#include <string>
#include <string_view>

/// What mail programs write between what is new and what is quoted, one line at a time (sms-and-email.md E11). Pure.
/// All but `normal_line` take a line that it returned.
namespace huiyin::email {

/// As marks are compared: NBSP and kin to a space, full-width punctuation to ASCII, trimmed, stars of bold text gone.
/// Empty where the line is too long to be a mark.
[[nodiscard]] std::string normal_line(std::string_view text);

/// `----` or `____`, drawn above a quoted part or a signature: it says nothing.
[[nodiscard]] bool is_rule(const std::string& line);
/// `----- 原始邮件 -----`, `-----Original Message-----`, a help desk's `Reply above this line`.
[[nodiscard]] bool is_separator(const std::string& line);
/// `---------- Forwarded message ---------`.
[[nodiscard]] bool is_forward_separator(const std::string& line);
/// 「在 … 写道：」, `On … wrote:`, with a date or an address.
[[nodiscard]] bool is_introduction(const std::string& line);
/// `2012/4/12 Wang <a@b>`, `Wang wrote on 1/2/26:`: an introduction only where a quotation follows.
[[nodiscard]] bool is_bare_introduction(const std::string& line);
/// Where in the line an introduction begins that shares it with what was written (`好的。On Mon, … wrote:`); 0:
/// nowhere.
[[nodiscard]] std::size_t introduction_within(const std::string& line);

/// Of the answered mail's header, as programs copy it: 发件人, or 发送时间, or another of its lines.
enum class HeaderLine { none, from, date, other };
[[nodiscard]] HeaderLine header_line(const std::string& line);

/// `发自我的iPhone`, `Get Outlook for Android`: a program's line about itself.
[[nodiscard]] bool is_device_line(std::string line);
/// `[cid:image001.png@…]`, `[图片]`: what a program puts into plain text for a picture.
[[nodiscard]] bool is_picture_stand_in(const std::string& line);
/// The first line of what a company's server writes below each mail: confidential, only for whom it is meant.
[[nodiscard]] bool is_disclaimer(const std::string& line);

}  // namespace huiyin::email
