// Every text that may go by SMS: two parts at most with the signature, and no word that Twilio takes for itself.
#include <gtest/gtest.h>

#include <re2/re2.h>

#include <set>

#include "adapters/sms/segments.h"
#include "core/text.h"
#include "templates/renderer.h"
#include "tests/adapters/sms/told_by_sms.h"
#include "tests/templates/shipped_texts.h"

namespace huiyin::sms {
namespace {

const templates::Renderer& texts() {
  static const auto renderer = templates::Renderer::load(shipped_texts(), "zh-CN").value();
  return renderer;
}

/// What owners really have in these places, rather long.
const templates::Data kRealistic = {{"number", "HY10244-4"},
                                    {"name", "欧阳建国"},
                                    {"phone", "138****8000"},
                                    {"address", "12栋3单元1802"},
                                    {"place", "12栋3单元1802"},
                                    {"description", "厨房水槽下面的水管接头漏水"},
                                    {"problem", "厨房水槽下面的水管接头漏水"},
                                    {"category", "设施故障 · 水管漏水"},
                                    {"status", "处理中"},
                                    {"opened", "11-23 12:00"},
                                    {"changed", "11-23 14:30"},
                                    {"change", "张师傅已接单，下午上门"},
                                    {"hotline", "0571-88001234"},
                                    {"ring", "119"},
                                    {"call", "国家电网 95598"},
                                    {"answer", "物业费每月1日至10日在前台或公众号缴纳"},
                                    {"typed", "HY99999-9"},
                                    {"code", "123456"},
                                    {"minutes", "10"},
                                    {"left", "4"},
                                    {"limit", "20"},
                                    {"action", "要催哪张？"},
                                    {"field", "地址"},
                                    {"old", "3栋2单元602"},
                                    {"new", "3栋2单元603"},
                                    {"staff", "张师傅"},
                                    {"department", "工程部"},
                                    {"text", "已更换水管接头和角阀，试水正常"},
                                    {"why", "1"},
                                    {"ask_name", "1"},
                                    {"visit", "今天14:00-16:00"},
                                    {"ticket", "HY10244-4"}};

TEST(SmsTexts, TakeTwoPartsAtMost) {
  const auto names = told_by_sms();
  EXPECT_GT(names.size(), 50U);
  for (const auto& name : names) {
    const auto text = with_signature("滨江花园物业", texts().render(name, "zh-CN", "sms", kRealistic));
    EXPECT_LE(count_billed(text), 2U) << name << " has " << count_characters(text) << " characters: " << text;
  }
}

TEST(SmsTexts, TheCommonOnesTakeOne) {
  for (const char* name : {"ask_details", "ask_address", "ask_description", "ask_details.again", "opted_out",
                           "opted_in", "verify_code", "progress_none", "consent"}) {
    const auto text = with_signature("滨江花园物业", texts().render(name, "zh-CN", "sms", kRealistic));
    EXPECT_EQ(count_billed(text), 1U) << text;
  }
}

TEST(SmsTexts, EnglishOnesAskForNoWordThatTwilioTakes) {
  const std::set<std::string> taken = {"stop",   "stopall", "unsubscribe", "cancel", "end",  "quit", "revoke",
                                       "optout", "start",   "yes",         "unstop", "help", "info"};
  const re2::RE2 offered("(?i)(?:\"([a-z]+)\"|reply ([a-z]+)\\b|or ([A-Z]{3,})\\b)");
  for (const auto& name : told_by_sms("en")) {
    const auto text = texts().render(name, "en", "sms", kRealistic);
    std::string_view rest = text;
    std::string quoted, replied, shouted;
    re2::StringPiece input(rest.data(), rest.size());
    while (re2::RE2::FindAndConsume(&input, offered, &quoted, &replied, &shouted))
      for (const auto& word : {quoted, replied, shouted})
        EXPECT_FALSE(taken.contains(fold(word))) << name << " offers " << word << ": " << text;
  }
}

}  // namespace
}  // namespace huiyin::sms
