#include <gtest/gtest.h>

#include <filesystem>

#include "tests/adapters/wechat/wechat_requests.h"
#include "tests/fuzz/fuzz_chats.h"
#include "tests/fuzz/fuzz_mail.h"
#include "tests/fuzz/fuzz_photo.h"
#include "tests/fuzz/fuzz_requests.h"
#include "tests/fuzz/fuzz_sms.h"
#include "tests/fuzz/fuzz_staff.h"
#include "tests/fuzz/fuzz_wechat.h"
#include "tests/fuzz/fuzz_wecom.h"

namespace huiyin::fuzz {
namespace {

using Target = void (*)(const std::uint8_t*, std::size_t);

void run(Target target, const std::string& input) {
  target(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
}

/// Every file of the corpus as it is, cut short, and with each byte changed once. A broken promise aborts.
int run_corpus(Target target, const std::string& folder) {
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const auto input = wechat::read_file(entry.path());
    ++files;
    for (std::size_t size = 0; size <= input.size(); ++size) run(target, input.substr(0, size));
    for (std::size_t at = 0; at < input.size(); ++at) {
      auto changed = input;
      changed[at] = static_cast<char>(changed[at] ^ (1 << (at % 8)));
      run(target, changed);
    }
  }
  return files;
}

TEST(FuzzCorpus, Webhook) { EXPECT_GE(run_corpus(webhook, "tests/fuzz/corpus/webhook"), 8); }
TEST(FuzzCorpus, Http) { EXPECT_GE(run_corpus(http, "tests/fuzz/corpus/http"), 4); }
TEST(FuzzCorpus, Decryption) { EXPECT_GE(run_corpus(decryption, "tests/fuzz/corpus/decryption"), 4); }
TEST(FuzzCorpus, WeCom) { EXPECT_GE(run_corpus(wecom, "tests/fuzz/corpus/wecom"), 5); }
TEST(FuzzCorpus, Chats) { EXPECT_GE(run_corpus(chats, "tests/fuzz/corpus/chats"), 8); }
TEST(FuzzCorpus, Judge) { EXPECT_GE(run_corpus(judge, "tests/fuzz/corpus/judge"), 6); }
TEST(FuzzCorpus, Mail) { EXPECT_GE(run_corpus(mail, "tests/fuzz/corpus/mail"), 5); }
TEST(FuzzCorpus, Sms) { EXPECT_GE(run_corpus(sms, "tests/fuzz/corpus/sms"), 8); }
TEST(FuzzCorpus, Photo) { EXPECT_GE(run_corpus(photo, "tests/fuzz/corpus/photo"), 4); }

TEST(FuzzCorpus, StaffCommand) { EXPECT_GE(run_corpus(staff_command, "tests/fuzz/corpus/staff_command"), 6); }
TEST(FuzzCorpus, SurveyAnswer) { EXPECT_GE(run_corpus(survey_answer, "tests/fuzz/corpus/survey_answer"), 6); }
TEST(FuzzCorpus, Calendar) { EXPECT_GE(run_corpus(calendar, "tests/fuzz/corpus/calendar"), 2); }
TEST(FuzzCorpus, FormData) { EXPECT_GE(run_corpus(form_data, "tests/fuzz/corpus/form_data"), 4); }

TEST(FuzzCorpus, EveryPayloadOfThePlatform) {
  for (const auto& entry : std::filesystem::directory_iterator("tests/data/wechat")) {
    if (entry.path().extension() != ".xml") continue;
    for (const char framing : {'\0', '\1', '\2'}) run(webhook, framing + wechat::read_file(entry.path()));
  }
}

}  // namespace
}  // namespace huiyin::fuzz
