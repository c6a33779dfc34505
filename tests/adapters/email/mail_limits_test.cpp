// Mails made to exhaust somebody: each is read, or refused in words, within bounded memory.
#include <gtest/gtest.h>

#include <string>

#include "adapters/email/mail_parser.h"
#include "tests/adapters/email/mails.h"

namespace huiyin::email {
namespace {

const std::string kHead = "From: w@example.cn\r\nTo: feedback@wuye.example.cn\r\nSubject: x\r\nMIME-Version: 1.0\r\n";

std::string nested(int depth) {
  std::string mail = kHead;
  for (int i = 0; i < depth; ++i)
    mail +=
        "Content-Type: multipart/mixed; boundary=b" + std::to_string(i) + "\r\n\r\n--b" + std::to_string(i) + "\r\n";
  return mail + "Content-Type: text/plain\r\n\r\nburied\r\n";
}

TEST(MailLimits, FiveHundredLevels) {
  const auto mail = parse_mail(nested(500), test_options());
  ASSERT_TRUE(mail);
  EXPECT_EQ(mail->cut, "nested too deep");
  EXPECT_EQ(mail->new_text, "");
}

TEST(MailLimits, FiftyThousandLevels) { EXPECT_TRUE(parse_mail(nested(50000), test_options())); }

TEST(MailLimits, AttachedMailsWithinAttachedMails) {
  std::string mail = kHead;
  for (int i = 0; i < 5000; ++i) mail += "Content-Type: message/rfc822\r\n\r\nSubject: " + std::to_string(i) + "\r\n";
  EXPECT_TRUE(parse_mail(mail + "\r\nburied\r\n", test_options()));
}

TEST(MailLimits, TenThousandParts) {
  std::string mail = kHead + "Content-Type: multipart/mixed; boundary=b\r\n\r\n";
  for (int i = 0; i < 10000; ++i)
    mail += "--b\r\nContent-Disposition: attachment; filename=a\r\n\r\n" + std::to_string(i) + "\r\n";
  const auto read = parse_mail(mail + "--b--\r\n", test_options());
  ASSERT_TRUE(read);
  EXPECT_EQ(read->cut, "too many files");
  EXPECT_EQ(read->files.size(), 100U);
}

TEST(MailLimits, EndlessHeader) {
  const auto read = parse_mail(kHead + "X: " + std::string(400000, 'a'), test_options());
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().why, "the message's header is larger than we take");
  std::string many = kHead;
  for (int i = 0; i < 20000; ++i) many += "X-Header-" + std::to_string(i) + ": value\r\n";
  EXPECT_FALSE(parse_mail(many + "\r\nx\r\n", test_options()));
}

TEST(MailLimits, TwoHundredMegabytes) {
  const auto read = parse_mail(kHead + "\r\n" + std::string(200U << 20U, 'a'), test_options());
  ASSERT_FALSE(read);
  EXPECT_TRUE(read.error().too_large);
}

TEST(MailLimits, DeepAndBrokenHtml) {
  std::string html;
  for (int i = 0; i < 200000; ++i) html += "<b>";
  const auto deep = parse_mail(kHead + "Content-Type: text/html\r\n\r\n" + html + "灯坏了", test_options());
  ASSERT_TRUE(deep);
  EXPECT_EQ(deep->new_text, "灯坏了");
  std::string table;
  for (int i = 0; i < 5000; ++i) table += "<table><td>";
  EXPECT_TRUE(parse_mail(kHead + "Content-Type: text/html\r\n\r\n" + table, test_options()));
}

TEST(MailLimits, AHundredThousandWordsInASubject) {
  std::string subject = "Subject:";
  for (int i = 0; i < 20000; ++i) subject += " =?utf-8?B?5rC0?=";
  const auto read = parse_mail("From: w@example.cn\r\n" + subject + "\r\n\r\nx", test_options());
  ASSERT_FALSE(read);  // over the header's limit
}

TEST(MailLimits, ATypeThatIsNoneGivesAFileNeitherItsTypeNorItsName) {
  struct Row {
    std::string written, type, name;
  };
  const Row rows[] = {
      {"application/x-abc", "application/x-abc", "attachment-1.x-abc"},
      {"text/v/ard", "application/octet-stream", "attachment-1.bin"},
      {"image/../a", "application/octet-stream", "attachment-1.bin"},
      {"application/a\\b", "application/octet-stream", "attachment-1.bin"},
      {"/pdf", "application/octet-stream", "attachment-1.bin"},
      {"model/", "application/octet-stream", "attachment-1.bin"},
      {"application/" + std::string(200, 'x'), "application/octet-stream", "attachment-1.bin"},
  };
  for (const auto& row : rows) {
    const auto mail = parse_mail("From: wang@example.cn\r\nContent-Type: " + row.written +
                                     "\r\nContent-Disposition: attachment\r\n\r\n\x01\x02\x03\r\n",
                                 test_options());
    ASSERT_TRUE(mail) << row.written;
    ASSERT_EQ(mail->files.size(), 1U) << row.written;
    EXPECT_EQ(mail->files[0].type, row.type) << row.written;
    EXPECT_EQ(mail->files[0].name, row.name) << row.written;
  }
}

}  // namespace
}  // namespace huiyin::email
