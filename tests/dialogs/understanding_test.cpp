#include <gtest/gtest.h>

#include "tests/dialogs/dialog.h"

namespace huiyin::dialogs {
namespace {

Understood said(std::string_view text) { return understand(shipped_lexicon(), text); }
std::string value(const std::optional<Found>& found) { return found ? found->value : ""; }

TEST(Understanding, Phones) {
  const struct {
    const char *text, *phone;
  } table[] = {{"13800138000", "+8613800138000"},
               {"138 0013 8000", "+8613800138000"},
               {"138-0013-8000", "+8613800138000"},
               {"１３８００１３８０００", "+8613800138000"},
               {"+86 13800138000", "+8613800138000"},
               {"8613800138000", "+8613800138000"},
               {"0086-13800138000", "+8613800138000"},
               {"电话13800138000谢谢", "+8613800138000"},
               {"138\xE2\x80\x8B"
                "00138000",
                "+8613800138000"},
               {"幺三八零零幺三八零零零", "+8613800138000"},
               {"021-58881234", "+862158881234"},
               {"(010)62345678", "+861062345678"},
               {"0755 26001234", "+8675526001234"},
               {"+44 20 7946 0958", "+442079460958"},
               {"订单123138001380001234", ""},
               {"身份证440106199001011234", ""},
               {"1380013800", ""},
               {"138001380001", ""},
               {"12345678901", ""},
               {"58881234", ""},
               {"单号A13800138000", ""}};
  for (const auto& row : table) EXPECT_EQ(value(said(row.text).phone), row.phone) << row.text;
}

TEST(Understanding, Addresses) {
  const struct {
    const char *text, *address;
  } table[] = {{"3号楼2单元602", "3号楼2单元602"},
               {"3栋2单元1201", "3栋2单元1201"},
               {"2-1-602", "2栋1单元602"},
               {"3#2-501", "3号楼2单元501"},
               {"八号楼一单元", "8号楼1单元"},
               {"A座", "A座"},
               {"A座1203室", "A座1203"},
               {"十二栋三单元五楼", "12栋3单元5楼"},
               {"第3幢", "3幢"},
               {"我住在 3 栋 2 单元 1201 室", "3栋2单元1201"},
               {"6座15樓B室", "6座15楼B"},
               {"２栋１单元", "2栋1单元"},
               {"2单元602", "2单元602"},
               {"3栋2单元13800138000", "3栋2单元"},
               {"Building 6, Unit 2, Room 602", "Building 6, Unit 2, Room 602"},
               {"block B flat 12", "Building B, Room 12"},
               {"2026-11-23", ""},
               {"13800138000", ""},
               {"今天来了3个人", ""},
               {"10点30分", ""},
               {"11-23", ""}};
  for (const auto& row : table) EXPECT_EQ(value(said(row.text).address), row.address) << row.text;
}

TEST(Understanding, Names) {
  const struct {
    const char *text, *name;
  } table[] = {{"我是王建国", "王建国"},
               {"我姓王", "王"},
               {"免贵姓李，报修", "李"},
               {"我叫李梅，家里漏水", "李梅"},
               {"我是李梅家里漏水", "李梅"},
               {"王先生", "王先生"},
               {"我是张女士", "张女士"},
               {"姓名：欧阳修", "欧阳修"},
               {"我姓陳，電梯壞了", "陳"},
               {"my name is Anna Lee", "Anna Lee"},
               {"I'm John, the lift is broken", "John"},
               {"我是业主", ""},
               {"我是房东", ""},
               {"我是3栋的", ""},
               {"我是方便的时候再报", ""},
               {"王师傅昨天没来", ""},
               {"你好", ""},
               {"I am calling about the lift", ""},
               {"马桶堵了 13800138000", ""}};
  for (const auto& row : table) EXPECT_EQ(value(said(row.text).name), row.name) << row.text;
}

TEST(Understanding, Categories) {
  const struct {
    const char* text;
    Category category;
    const char* sub;
  } table[] = {{"电梯坏了", Category::repair, "elevator"},
               {"厨房水管漏水", Category::repair, "water"},
               {"馬桶堵了", Category::repair, "drain"},
               {"楼道灯不亮", Category::repair, "light"},
               {"单元门打不开", Category::repair, "door"},
               {"停电了", Category::repair, "power"},
               {"the lift is not working", Category::repair, "elevator"},
               {"楼道垃圾没人清运", Category::cleaning, "garbage"},
               {"电梯里很脏", Category::cleaning, "public_area"},
               {"有蟑螂", Category::cleaning, "pests"},
               {"楼上装修太吵", Category::security, "noise"},
               {"有人遛狗不牵绳", Category::security, "pets"},
               {"电动车被偷了", Category::security, "theft"},
               {"保安态度很差", Category::service, "attitude"},
               {"物业费多收了我两百", Category::service, "fee"},
               {"物业费怎么收的", Category::none, ""},
               {"there is rubbish in the corridor", Category::cleaning, "garbage"},
               {"员工建议：排班太密", Category::internal, ""},
               {"你好", Category::none, ""},
               {"王建国", Category::none, ""},
               {"3号楼2单元602", Category::none, ""}};
  for (const auto& row : table) {
    EXPECT_EQ(said(row.text).category, row.category) << row.text;
    EXPECT_EQ(said(row.text).subcategory, row.sub) << row.text;
  }
}

TEST(Understanding, SpansAreOfTheTextAsGiven) {
  const std::string text = "　我是\xE2\x80\x8B王建国，電話１３８００１３８０００";
  const auto found = said(text);
  ASSERT_TRUE(found.phone && found.name);
  EXPECT_EQ(text.substr(found.phone->begin, found.phone->end - found.phone->begin), "１３８００１３８０００");
  EXPECT_EQ(text.substr(found.name->begin, found.name->end - found.name->begin), "我是\xE2\x80\x8B王建国");
  EXPECT_EQ(found.phone->rule, "mobile");
  EXPECT_EQ(found.plain.text.substr(0, 6), "我是");
}

TEST(Understanding, AnyInputIsBounded) {
  const std::string digits(1 << 20, '1');
  EXPECT_FALSE(said(digits).phone);
  std::string rubbish;
  for (int i = 0; i < 100000; ++i) rubbish += static_cast<char>(i * 7919 % 256);
  EXPECT_LE(said(rubbish).plain.text.size(), 16000U);
  EXPECT_EQ(said("").intent, "other");
  EXPECT_EQ(said("\xFF\xFE").plain.text, "");
}

TEST(Lexicon, RefusesWhatIsBrokenWithLineAndRemedy) {
  const struct {
    const char *text, *complaint;
  } table[] = {
      {"danger:\n  gas:\n    phrases: [(漏气]\n",
       "w.yaml:3: phrase \"(漏气\": brackets do not match. Close each ( with ), and let words stand on both sides of "
       "…."},
      {"danger:\n  gas:\n    phrases: [煤气, …]\n",
       "w.yaml:3: phrase \"…\": it would match anything. Close each ( with ), and let words stand on both sides of …."},
      {"categories:\n  reparis: {words: [坏]}\n",
       "w.yaml:2: category \"reparis\" is not known. Use repair, cleaning, service, security, internal or "
       "out_of_scope."},
      {"intents:\n  thanks: 谢谢\n", "w.yaml:2: \"thanks\" is no list of words. Write `[word, word]`."},
      {"- a\n", "w.yaml:1: is no lexicon. Write sections such as `danger:`, `categories:`, `intents:`."}};
  for (const auto& row : table) {
    const auto parsed = Lexicon::parse({{"w.yaml", row.text}});
    ASSERT_FALSE(parsed) << row.text;
    EXPECT_EQ(huiyin::describe(parsed.error().front()), row.complaint);
  }
}

}  // namespace
}  // namespace huiyin::dialogs
