#pragma once

#include <string>
#include <string_view>

namespace huiyin::email {

/// Bytes of a mail as UTF-8, whatever their label claims (sms-and-email.md E9). Never fails: what no charset explains
/// becomes U+FFFD. The order: the label, where the bytes are valid in it; a byte order mark; UTF-8; GB18030; Big5;
/// windows-1252. `gb2312` and its kin always mean GB18030, `us-ascii` and `iso-8859-1` on other bytes mean nothing.
/// Pure, thread-safe. What comes out is valid UTF-8 and holds no NUL.
[[nodiscard]] std::string to_utf8(std::string_view bytes, std::string_view label);

/// The charset's name as it is decoded: lower case, without quotes and blanks, aliases resolved; empty for a label that
/// says nothing (`unknown-8bit`, `default`).
[[nodiscard]] std::string normal_charset(std::string_view label);

/// Are these bytes without a label valid UTF-8 by chance only, and GBK? Of a word or two both may be (`漏水` is `©ˮ`);
/// signs of which nobody writes several together are not what was meant.
[[nodiscard]] bool is_rather_gbk(std::string_view bytes);

}  // namespace huiyin::email
