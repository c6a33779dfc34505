#include "tests/fuzz/fuzz_mail.h"

#include <cstdlib>
#include <string>
#include <string_view>

#include "adapters/email/mail_parser.h"
#include "core/text.h"

namespace huiyin::fuzz {
namespace {

void must(bool holds) {
  if (!holds) std::abort();
}

void must_be_line(const std::string& text) {
  must(is_valid_utf8(text));
  must(text.find_first_of(std::string_view("\0\r\n", 3)) == std::string::npos);
}

}  // namespace

void mail(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto read = email::parse_mail(bytes, {.trusted_servers = {"mx.wuye.example.cn"},
                                              .own = {.instance = "i", .domains = {"wuye.example.cn"}},
                                              .most_bytes = 1U << 20U});
  if (!read) return must(!read.error().why.empty());
  for (const auto* line : {&read->subject, &read->from.name, &read->from.address, &read->message_id, &read->reply_to})
    must_be_line(*line);
  for (const auto* text : {&read->new_text, &read->whole_text}) {
    must(is_valid_utf8(*text));
    must(text->find('\0') == std::string::npos);
  }
  must(read->files.size() <= 100);
  for (const auto& file : read->files) {
    must_be_line(file.name);
    must(!file.name.empty() && file.name.size() <= 255 && file.name.find('/') == std::string::npos);
    must_be_line(file.type);
  }
}

}  // namespace huiyin::fuzz
