#include "bench/mail_letters.h"

#include <random>

namespace huiyin::bench {
namespace {

std::string base64_lines(const std::string& bytes) {
  static constexpr char kLetters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i + 2 < bytes.size(); i += 3) {
    const auto at = [&](std::size_t k) { return static_cast<unsigned>(static_cast<unsigned char>(bytes[i + k])); };
    const unsigned three = (at(0) << 16U) | (at(1) << 8U) | at(2);
    for (const unsigned shift : {18U, 12U, 6U, 0U}) out += kLetters[(three >> shift) & 63U];
    if (i / 3 % 19 == 18) out += "\r\n";
  }
  return out + "\r\n";
}

/// Begins as a photo does; the rest is noise, as in one.
std::string photo(std::size_t bytes, std::size_t number) {
  std::mt19937_64 random(number);
  std::string out = "\xFF\xD8\xFF\xE0";
  out += std::string("\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0", 16);
  while (out.size() < bytes) {
    const auto eight = random();
    out.append(reinterpret_cast<const char*>(&eight), sizeof eight);
  }
  return out;
}

std::string head(std::size_t number, const std::string& to) {
  const auto name = "owner" + std::to_string(number);
  return "From: " + name + "@owners.test.invalid\r\nTo: " + to + "\r\nSubject: =?utf-8?B?5oql5L+u?=\r\nMessage-ID: <" +
         name + "@bench>\r\nDate: Fri, 02 Jan 2026 11:30:00 +0800\r\nMIME-Version: 1.0\r\n";
}

/// His own: the reports of one flat are one trouble, and would be merged into one ticket.
std::string flat(std::size_t number) {
  const auto room = std::to_string(number % 4 + 1), floor = std::to_string(number / 4 % 30 + 1);
  return std::to_string(number / 480 + 1) + "栋" + std::to_string(number / 120 % 4 + 1) + "单元" + floor + "0" + room;
}

std::string words(std::size_t number) {
  std::string out =
      "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
      "姓名：王建国\r\n电话：138" +
      std::to_string(10000000 + number) + "\r\n地址：" + flat(number) + "\r\n厨房水管漏水，请尽快派人来修。\r\n";
  for (int i = 0; i < 4; ++i)
    out += "从昨天晚上开始一直在滴水，地上已经积了不少水，楼下的邻居也说天花板湿了一片，我们用盆接着。\r\n";
  return out;
}

}  // namespace

std::string letter(std::size_t number, const std::string& to) {
  if (number % 10 >= 3) return head(number, to) + words(number);
  return head(number, to) + "Content-Type: multipart/mixed; boundary=\"bench\"\r\n\r\n--bench\r\n" + words(number) +
         "\r\n--bench\r\nContent-Type: image/jpeg; name=\"IMG_1.jpg\"\r\nContent-Disposition: attachment; "
         "filename=\"IMG_1.jpg\"\r\nContent-Transfer-Encoding: base64\r\n\r\n" +
         base64_lines(photo(60U << 10U, number)) + "--bench--\r\n";
}

std::string big_letter(std::size_t bytes) {
  return head(0, "feedback@feedback.test.invalid") +
         "Content-Type: multipart/mixed; boundary=\"bench\"\r\n\r\n--bench\r\n" + words(0) +
         "\r\n--bench\r\nContent-Type: image/jpeg; name=\"IMG_1.jpg\"\r\nContent-Transfer-Encoding: base64\r\n\r\n" +
         base64_lines(photo(bytes / 78 * 57, 1)) + "--bench--\r\n";
}

}  // namespace huiyin::bench
