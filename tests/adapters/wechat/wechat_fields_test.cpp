#include "adapters/wechat/wechat_fields.h"

#include <gtest/gtest.h>

namespace huiyin::wechat {
namespace {

std::string fitted(std::string_view key, std::string_view value) {
  const auto kind = field_kind(key);
  if (!kind) return "no key";
  const auto fits = fit_field(*kind, value);
  return fits ? *fits : "! " + fits.error();
}

TEST(WeChatFields, EachKind) {
  const struct {
    const char *key, *value, *expect;
  } table[] = {
      {"thing1", "三号楼电梯坏了", "三号楼电梯坏了"},
      {"thing1", "一二三四五六七八九十一二三四五六七八九十", "一二三四五六七八九十一二三四五六七八九十"},
      {"thing1", "一二三四五六七八九十一二三四五六七八九十一", "一二三四五六七八九十一二三四五六七八九…"},
      {"thing1", "𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷", "𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷…"},  // each counts twice
      {"thing1", "  两行\r\n\t文字 ", "两行 文字"},
      {"thing1", "", "! empty"},
      {"thing1", "　\n", "! empty"},
      {"number3", "1024", "1024"},
      {"number3", "3.14", "3.14"},
      {"number3", "3.", "! not a number"},
      {"number3", "三", "! not a number"},
      {"number3", "1234567890123456789012345678901234", "! over 32 digits"},
      {"letter1", "abcXYZ", "abcXYZ"},
      {"letter1", "abc1", "! not at most 32 letters"},
      {"symbol1", "***", "***"},
      {"symbol1", "******", "! over 5 symbols"},
      {"character_string12", "HY1024-4", "HY1024-4"},
      {"character_string12", "0123456789012345678901234567890123", "01234567890123456789012345678..."},
      {"character_string12", "工单4", "! holds more than letters, digits and symbols"},
      {"time4", "15:01", "15:01"},
      {"time4", "2019年10月1日 15:01", "2019年10月1日 15:01"},
      {"time4", "15:01~17:30", "15:01~17:30"},
      {"time4", "25:01", "! not a time such as 15:01 or 2026年11月23日 15:01"},
      {"time4", "下午三点", "! not a time such as 15:01 or 2026年11月23日 15:01"},
      {"date5", "2026-11-23", "2026-11-23"},
      {"date5", "2026年11月23日 12:00", "2026年11月23日 12:00"},
      {"date5", "2026.11.23~2026.11.24", "2026.11.23~2026.11.24"},
      {"date5", "2026-13-23", "! not a date such as 2026-11-23"},
      {"date5", "2026-11/23", "! not a date such as 2026-11-23"},
      {"amount6", "¥12.50", "¥12.50"},
      {"amount6", "100元", "100元"},
      {"amount6", "12345678901", "! not an amount such as ¥12.50"},
      {"phone_number7", "+8613800138000", "+8613800138000"},
      {"phone_number7", "+86-0766-66888866", "+86-0766-66888866"},
      {"phone_number7", "+86-0766-66888866-123", "! not a phone number of at most 17 digits and symbols"},
      {"car_number8", "粤A8Z888挂", "粤A8Z888挂"},
      {"car_number8", "粤A粤Z888", "! not a car's number of at most 8"},
      {"name9", "王建国", "王建国"},
      {"name9", "阿不都热合曼·买买提明·托合提", "阿不都热合曼·买买…"},
      {"name9", "Bartholomew Montgomery-Smythe", "Bartholomew Montg..."},
      {"phrase10", "已派单", "已派单"},
      {"phrase10", "已派单！", "! not at most 5 Chinese characters"},
      {"phrase10", "正在处理请等候", "! not at most 5 Chinese characters"},
      {"const1", "物业", "物业"},
      {"enum2", "待处理", "待处理"},
      {"keyword1", "随便什么", "随便什么"},
      {"thing", "x", "no key"},
      {"1", "x", "no key"},
      {"thing1234", "x", "no key"},
      {"things1", "x", "no key"},
      {"", "x", "no key"},
  };
  for (const auto& row : table) EXPECT_EQ(fitted(row.key, row.value), row.expect) << row.key << " " << row.value;
}

TEST(WeChatFields, ALongEmojiIsNotCutInside) {
  std::string value = "家家家家家家家家家家家家家家家家";
  value += "👨‍👩‍👧‍👦👨‍👩‍👧‍👦";
  EXPECT_EQ(fitted("thing1", value), "家家家家家家家家家家家家家家家家…");
}

TEST(WeChatFields, BytesThatAreNoTextAreReplaced) { EXPECT_EQ(fitted("thing1", "a\xff\x01z"), "a\uFFFDz"); }

}  // namespace
}  // namespace huiyin::wechat
