#include "net/form_data.h"

#include <gtest/gtest.h>

namespace huiyin {
namespace {

using std::string_view_literals::operator""sv;

constexpr auto kType = "multipart/form-data; boundary=----WebKitFormBoundaryAbC123";
constexpr auto kLine = "------WebKitFormBoundaryAbC123";

std::string part(const std::string& disposition, std::string_view content) {
  return std::string(kLine) + "\r\nContent-Disposition: form-data; " + disposition + "\r\n\r\n" + std::string(content) +
         "\r\n";
}

std::string describe(const std::optional<std::vector<FormPart>>& parts) {
  if (!parts) return "refused";
  std::string out;
  for (const auto& one : *parts)
    out += (out.empty() ? "" : " ") + one.name + (one.is_file ? "@" : "=") + std::string(one.body);
  return out;
}

TEST(FormData, ReadsWhatBrowsersSend) {
  const auto end = std::string(kLine) + "--\r\n";
  const struct {
    const char* name;
    std::string type, body, expect;
  } table[] = {
      {"fields and a file", kType,
       part("name=\"action\"", "complete") +
           part("name=\"photo\"; filename=\"a.jpg\"\r\nContent-Type: image/jpeg", "J") + end,
       "action=complete photo@J"},
      {"bytes as they are", kType, part("name=\"p\"; filename=\"x\"", "\r\n\0\xff--\r\n"sv) + end,
       "p@" + std::string("\r\n\0\xff--\r\n"sv)},
      {"nothing chosen", kType, part("name=\"photo\"; filename=\"\"", "") + end, "photo@"},
      {"no field at all", kType, end, ""},
      {"quoted boundary", "multipart/form-data; charset=utf-8; boundary=\"----WebKitFormBoundaryAbC123\"", end, ""},
      {"a name in any case", "Multipart/Form-Data; Boundary=----WebKitFormBoundaryAbC123", end, ""},
      {"not closed", kType, part("name=\"a\"", "b"), "refused"},
      {"cut in a head", kType, std::string(kLine) + "\r\nContent-Disp", "refused"},
      {"no name", kType, part("filename=\"x\"", "b") + end, "refused"},
      {"a name that does not end", kType, part("name=\"x", "b") + end, "refused"},
      {"no disposition", kType, std::string(kLine) + "\r\nContent-Type: a/b\r\n\r\nx\r\n" + end, "refused"},
      {"another boundary", kType, "--other--\r\n", "refused"},
      {"no boundary", "multipart/form-data", end, "refused"},
      {"another type", "application/x-www-form-urlencoded", "a=b", "refused"},
      {"a head without end", kType, std::string(kLine) + "\r\n" + std::string(5000, 'x') + "\r\n\r\n\r\n" + end,
       "refused"},
  };
  for (const auto& row : table) EXPECT_EQ(describe(read_form_data(row.type, row.body, 4)), row.expect) << row.name;
}

TEST(FormData, TooManyFieldsAreRefused) {
  std::string body;
  for (int i = 0; i < 5; ++i) body += part("name=\"a\"", "b");
  body += std::string(kLine) + "--\r\n";
  EXPECT_TRUE(read_form_data(kType, body, 5));
  EXPECT_FALSE(read_form_data(kType, body, 4));
}

}  // namespace
}  // namespace huiyin
