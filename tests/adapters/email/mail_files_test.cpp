// Each tests/data/email/*.eml beside a .json that says what must come out of it.
#include <gtest/gtest.h>
#include <openssl/sha.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "adapters/email/mail_parser.h"
#include "tests/adapters/email/mails.h"

namespace huiyin::email {
namespace {

using nlohmann::json;

std::string sha256(const std::string& bytes) {
  unsigned char hash[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), hash);
  std::string out;
  for (const auto byte : hash) {
    char two[3];
    (void)std::snprintf(two, sizeof two, "%02x", byte);
    out += two;
  }
  return out;
}

std::string kind_of(const Mail& mail) { return std::string(to_string(mail.kind)); }

json files_of(const Mail& mail, const json& wanted) {
  json out = json::array();
  for (std::size_t i = 0; i < mail.files.size(); ++i) {
    const auto& file = mail.files[i];
    json one{{"name", file.name}, {"type", file.type}, {"size", file.content.size()}, {"sha256", sha256(file.content)}};
    if (i < wanted.size() && wanted[i].contains("inline")) one["inline"] = file.is_inline;
    out.push_back(std::move(one));
  }
  return out;
}

void expect_rest(const Mail& mail, const json& wanted) {
  if (wanted.contains("kind")) {
    EXPECT_EQ(kind_of(mail), wanted["kind"]);
  }
  if (wanted.contains("from_name")) {
    EXPECT_EQ(mail.from.name, wanted["from_name"]);
  }
  if (wanted.contains("aligned")) {
    EXPECT_EQ(mail.trust.aligned, wanted["aligned"]);
  }
  if (wanted.contains("dropped_parts")) {
    EXPECT_EQ(mail.dropped.size(), wanted["dropped_parts"].size());
  }
  if (wanted.contains("cut")) {
    EXPECT_EQ(mail.cut, wanted["cut"]);
  }
  for (const auto* key : {"dsn", "arf"}) {
    if (!wanted.contains(key)) continue;
    ASSERT_TRUE(mail.report);
    EXPECT_EQ(mail.report->recipient, wanted[key]["recipient"]);
    EXPECT_EQ(mail.report->original_id, wanted[key]["original_message_id"]);
    EXPECT_EQ(mail.report->action, wanted[key].contains("action") ? wanted[key]["action"] : wanted[key]["type"]);
    if (wanted[key].contains("status")) {
      EXPECT_EQ(mail.report->status, wanted[key]["status"]);
    }
  }
}

class MailFiles : public testing::TestWithParam<std::string> {};

TEST_P(MailFiles, GiveWhatIsWrittenBesideThem) {
  const auto path = std::filesystem::path("tests/data/email") / (GetParam() + ".json");
  const auto wanted = json::parse(read_mail_file(path));
  const auto mail = parse_mail(read_mail_file(std::filesystem::path(path).replace_extension(".eml")), test_options());
  if (wanted.contains("refused")) {
    ASSERT_FALSE(mail);
    EXPECT_EQ(mail.error().why, wanted["refused"]);
    return;
  }
  ASSERT_TRUE(mail) << mail.error().why;
  EXPECT_EQ(mail->subject, wanted["subject"]);
  EXPECT_EQ(mail->from.address, wanted["from"]);
  EXPECT_EQ(mail->new_text, wanted["new_text"]);
  EXPECT_EQ(mail->automatic, wanted["automatic"]);
  EXPECT_EQ(mail->quoted_stripped, wanted["quoted_stripped"]);
  EXPECT_EQ(files_of(*mail, wanted["attachments"]), wanted["attachments"]);
  expect_rest(*mail, wanted);
}

std::vector<std::string> names() {
  std::vector<std::string> out;
  for (const auto& entry : std::filesystem::directory_iterator("tests/data/email"))
    if (entry.path().extension() == ".eml") out.push_back(entry.path().stem());
  std::sort(out.begin(), out.end());
  return out;
}

INSTANTIATE_TEST_SUITE_P(Mails, MailFiles, testing::ValuesIn(names()), [](const auto& one) {
  auto name = one.param;
  std::replace_if(
      name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
  return name;
});

}  // namespace
}  // namespace huiyin::email
