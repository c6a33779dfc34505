// The ten templates of docs/channels/sms.md: they carry all that owners are told, and are such as the clouds approve.
#include <gtest/gtest.h>
#include <re2/re2.h>

#include "adapters/sms/segments.h"
#include "core/text.h"
#include "core/yaml.h"
#include "tests/adapters/sms/sms_requests.h"
#include "tests/adapters/sms/told_by_sms.h"
#include "tests/config/fake_secrets.h"

namespace huiyin::sms {
namespace {

/// The block of the page, as an operator copies it.
std::string block_of_the_page() {
  std::ifstream file("docs/channels/sms.md");
  const std::string page{std::istreambuf_iterator<char>(file), {}};
  const auto begin = page.find("```yaml\ntemplates:");
  if (begin == std::string::npos) throw std::runtime_error("docs/channels/sms.md has no block of templates");
  return page.substr(begin + 8, page.find("```", begin + 8) - begin - 8);
}

/// The same for Tencent: each template's variables counted.
std::string counted(std::string block) {
  std::string out;
  for (std::size_t at = 0; at < block.size();) {
    const auto next = std::min(block.find("\n  - carries", at + 1), block.size());
    auto one = block.substr(at, next - at);
    int number = 0;
    std::string name;
    while (RE2::PartialMatch(one, "\\{([a-z]+)\\}", &name)) {
      const auto count = std::to_string(++number);
      RE2::GlobalReplace(&one, "\\{" + name + "\\}", "{" + count + "}");
      RE2::Replace(&one, "\n      " + name + ":", "\n      \"" + count + "\":");
    }
    out += one;
    at = next;
  }
  return out;
}

std::unique_ptr<Channel> make(Factory* factory, const std::string& yaml) {
  ChannelConfig config{.name = "sms:estate", .kind = "sms", .account = "estate", .public_url = "https://h.test"};
  config.stanza = YamlNode::parse("name: sms:estate\nprovider: x\n" + yaml, "sms.md").value();
  std::vector<Error> errors;
  auto channel = factory(config, fake_secrets({{"SECRET", kSecret}, {"KEY", "key"}}), errors);
  if (channel == nullptr) throw std::runtime_error(lines(errors));
  return channel;
}

std::vector<std::pair<std::string, std::unique_ptr<Channel>>> clouds() {
  std::vector<std::pair<std::string, std::unique_ptr<Channel>>> out;
  const std::string common = "signature: 滨江物业\ncallback_secret: {env: SECRET}\n";
  out.emplace_back("aliyun", make(&make_aliyun, "access_key_id: LTAI\naccess_key_secret: {env: KEY}\n" + common +
                                                    block_of_the_page()));
  out.emplace_back("tencent", make(&make_tencent, "secret_id: AKID\nsecret_key: {env: KEY}\napp_id: '1400006666'\n" +
                                                      common + counted(block_of_the_page())));
  return out;
}

TEST(SmsTemplates, CarryAllThatOwnersAreTold) {
  const auto texts = told_by_sms();
  EXPECT_GT(texts.size(), 50U);
  for (const auto& [name, channel] : clouds())
    for (const auto& text : texts) {
      auto message = sms_to("+8613800138000", "有进展");
      message.template_name = text;
      message.data = {{"number", "HY10244-4"}, {"code", "123456"}, {"ring", "119"}};
      const auto call = channel->compose(message, {.now = kReceived});
      EXPECT_TRUE(call) << name << " cannot send " << text << ": " << call.error().why;
      EXPECT_GE(channel->parts_of(message), 1) << text;
      EXPECT_LE(channel->parts_of(message), 2) << text;
    }
}

TEST(SmsTemplates, SayWhatMatters) {
  const struct {
    const char *text, *expect;
    Fields data;
  } table[] = {
      {"news.result_survey",
       "您的工单HY10244-"
       "4（厨房水槽下面的水管接头漏水了…）已办结，请回复1到5打分，5为最满意，也可附一句话；没修好请回复：没修好。",
       {{"number", "HY10244-4"}, {"description", "厨房水槽下面的水管接头漏水了两天"}, {"status", "已完成"}}},
      {"news.visit",
       "您的工单HY10244-4有新消息：11月26日下午3点。可以直接回复，查进度请回复：进度。",
       {{"number", "HY10244-4"}, {"text", "11月26日下午3点"}}},
      {"news.accepted",
       "您的工单HY10244-4有新进展：已接单。查进度请回复：进度，找人请回复：人工。",
       {{"number", "HY10244-4"}, {"status", "已接单"}}},
      {"danger_gas",
       "请先离开危险的地方并拨打96777。紧急工单HY10244-4已登记，马上派人处理。",
       {{"number", "HY10244-4"}, {"ring", "96777"}}},
      {"danger_again",
       "您的工单HY10244-4有新进展：已记下您的话。查进度请回复：进度，找人请回复：人工。",
       {{"number", "HY10244-4"}}},
      {"ticket_left", "已收到，谢谢。需要帮助请直接回复，找人请回复：人工。", {}},
  };
  const auto yaml = YamlNode::parse("name: sms:estate\nprovider: x\n" + block_of_the_page(), "sms.md").value();
  std::vector<Error> errors;
  const ChannelConfig config{.name = "sms:estate", .kind = "sms", .account = "estate", .stanza = yaml};
  StanzaReader read(config, fake_secrets({}), errors);
  const auto templates = read_approved_templates(read, errors);
  EXPECT_EQ(templates.size(), 10U);
  for (const auto& row : table) {
    auto message = sms_to("+8613800138000", "文字");
    message.template_name = row.text;
    message.data = row.data;
    EXPECT_EQ(worded(*find_template(templates, row.text), message), row.expect) << row.text;
  }
  // As the platforms want a wording: D1.6.
  for (const auto& one : templates) {
    EXPECT_LE(count_characters(one.wording), 500U) << one.wording;
    EXPECT_FALSE(RE2::PartialMatch(one.wording, "[【】\\[\\]★①※→]|https?:|拒收请回复")) << one.wording;
    EXPECT_EQ(one.wording.find("}{"), std::string::npos) << one.wording;
    for (const auto& parameter : one.parameters) {
      const auto place = "{" + parameter.name + "}";
      EXPECT_EQ(one.wording.find(place), one.wording.rfind(place)) << one.wording;
    }
  }
}

}  // namespace
}  // namespace huiyin::sms
