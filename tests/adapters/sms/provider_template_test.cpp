#include "adapters/sms/provider_template.h"

#include <gtest/gtest.h>

namespace huiyin::sms {
namespace {

TEST(ProviderTemplate, AValueIsMadeToFit) {
  const struct {
    ParameterKind kind;
    std::size_t most;
    std::string value, expect;
  } table[] = {
      {ParameterKind::text, 35, "厨房漏水", "厨房漏水"},
      {ParameterKind::text, 4, "厨房水管漏水", "厨房水…"},
      {ParameterKind::text, 35, "【急】\n３栋\t漏水", "急 3栋 漏水"},
      {ParameterKind::text, 35, "打13800138000找我", "打138**00找我"},
      {ParameterKind::text, 35, "看 https://h.test/x", "! a link, which no variable may hold"},
      {ParameterKind::text, 35, " \n", "! empty"},
      {ParameterKind::text, 3, "👨‍👩‍👧‍👦家", "👨‍…"},
      {ParameterKind::number, 35, "HY1024-4", "HY1024-4"},
      {ParameterKind::number, 35, "工单1", "! no row of letters, digits and dashes"},
      {ParameterKind::code, 6, "１２３４５６", "123456"},
      {ParameterKind::code, 6, "12345678", "! no code of 4 to 6 digits"},
      {ParameterKind::phone, 15, "0571-88001234", "0571-88001234"},
      {ParameterKind::phone, 15, "1234", "! no telephone number"},
      {ParameterKind::time, 35, "1月2日 上午", "1月2日 上午"},
      {ParameterKind::time, 35, "1_2", "! no date or time"},
  };
  for (const auto& row : table) {
    const auto fits = fit_parameter(row.kind, row.most, row.value);
    EXPECT_EQ(fits ? *fits : "! " + fits.error(), row.expect) << row.value;
  }
}

TEST(ProviderTemplate, TheNearestNameCarries) {
  const std::vector<ApprovedTemplate> templates = {{.carries = {"*"}, .id = "any"},
                                                   {.carries = {"danger_*"}, .id = "danger"},
                                                   {.carries = {"danger_gas", "survey"}, .id = "gas"}};
  EXPECT_EQ(find_template(templates, "danger_gas")->id, "gas");
  EXPECT_EQ(find_template(templates, "danger_fire")->id, "danger");
  EXPECT_EQ(find_template(templates, "ticket_received")->id, "any");
  EXPECT_EQ(find_template({templates[2]}, "ticket_received"), nullptr);
}

TEST(ProviderTemplate, TheWordingIsFilledIn) {
  ApprovedTemplate with{.id = "SMS_1", .wording = "工单{number}已登记：{text}"};
  with.parameters = {{.name = "number", .kind = ParameterKind::number, .data = "number"},
                     {.name = "text", .data = "description", .otherwise = "见详情", .most = 5}};
  OutboundMessage message;
  message.text = "原文";
  message.data = {{"number", "HY1-1"}, {"description", "厨房水管漏水"}};
  EXPECT_EQ(worded(with, message), "工单HY1-1已登记：厨房水管…");
  message.data.pop_back();
  EXPECT_EQ(worded(with, message), "工单HY1-1已登记：见详情");
  message.data.clear();
  EXPECT_EQ(worded(with, message), "原文");
}

}  // namespace
}  // namespace huiyin::sms
