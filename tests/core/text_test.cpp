#include "core/text.h"

#include <gtest/gtest.h>

namespace huiyin {
namespace {

const std::string kFamily = "👨‍👩‍👧‍👦";  // 25 bytes, 7 code points, one sign

TEST(Text, Utf8IsChecked) {
  for (const char* good : {"", "a", "电梯", "𠮷🏠", "\xEF\xBF\xBD"}) EXPECT_TRUE(is_valid_utf8(good)) << good;
  for (const char* bad : {"\xff", "\xe7\x94", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "a\x80"})
    EXPECT_FALSE(is_valid_utf8(bad)) << bad;
}

TEST(Text, CleaningKeepsWordsAndDropsWhatCannotBeShown) {
  using namespace std::string_literals;
  const struct {
    std::string in, out;
  } table[] = {
      {"电梯坏了", "电梯坏了"},
      {"a\0b"s, "ab"},
      {"a\r\nb\rc", "a\nb\nc"},
      {"a\x1b[31m", "a[31m"},
      {"a\xff"s + "b",
       "a\xEF\xBF\xBD"
       "b"},
      {"\tx", "\tx"},
      {"\xC2\x85y", "y"},
      {kFamily, kFamily},
      {"\u202Eabc", "\u202Eabc"},
  };
  for (const auto& row : table) EXPECT_EQ(clean_text(row.in), row.out);
}

TEST(Text, CharactersAreCountedAndNeverCut) {
  EXPECT_EQ(count_characters("电梯🏠a"), 4U);
  EXPECT_EQ(first_characters("电梯坏了", 2), "电梯");
  EXPECT_EQ(first_characters("电梯", 9), "电梯");
  EXPECT_EQ(first_characters("电梯", 0), "");
  const struct {
    std::string text;
    std::size_t bytes;
    std::string expect;
  } table[] = {
      {"电梯", 6, "电梯"},      {"电梯", 5, "电"},      {"电梯", 2, ""},
      {"a" + kFamily, 20, "a"}, {kFamily, 25, kFamily}, {"电" + kFamily + "x", 28, "电" + kFamily},
      {"👍🏻!", 4, "👍"},  // one cluster only: between its code points
  };
  for (const auto& row : table) EXPECT_EQ(first_bytes(row.text, row.bytes), row.expect) << row.text;
}

TEST(Text, TrimsAlsoWhatOnlyLooksEmpty) {
  EXPECT_EQ(trim("\u3000 a b\u200B\n"), "a b");
  EXPECT_EQ(trim("\u200B\u3000"), "");
}

TEST(Text, FoldsWhatPeopleType) {
  EXPECT_EQ(fold("　ＨＹ１０２４－４ "), "hy1024-4");
  EXPECT_EQ(fold("进\u200B度"), "进度");
  EXPECT_EQ(fold("报修！"), "报修!");
}

TEST(Text, OrdinalsHoweverTheyAreWritten) {
  const struct {
    const char* text;
    std::optional<int> expect;
  } table[] = {
      {"2", 2},      {"２", 2},    {"二", 2},    {"两", 2},     {"貳", 2},      {"②", 2},   {"(2)", 2},
      {"（２）", 2}, {"2.", 2},    {"2、", 2},   {"第二个", 2}, {"第2項", 2},   {"选2", 2}, {"選二", 2},
      {"十", 10},    {"十二", 12}, {"二十", 20}, {"12", 12},    {"0", 0},       {"2号", 2}, {"【3】", 3},
      {"", {}},      {"电梯", {}}, {"2楼", {}},  {"13800", {}}, {"一二三", {}}, {"第", {}}, {"2.5", {}},
  };
  for (const auto& row : table) EXPECT_EQ(parse_ordinal(row.text), row.expect) << row.text;
}

TEST(Text, MasksForLogs) {
  EXPECT_EQ(mask_phone("13800138000"), "138****8000");
  EXPECT_EQ(mask_phone("+8613800138000"), "+86138****8000");
  EXPECT_EQ(mask_phone("10086"), "1***6");
  EXPECT_EQ(mask_phone("１３８００１３８０００"), "138****8000") << "never cut inside a character";
  EXPECT_EQ(mask_phone("幺三八零零幺三八零零零"), "幺****");
  EXPECT_EQ(mask_name("王建国"), "王**");
  EXPECT_EQ(mask_name("Anna Lee"), "A**");
  EXPECT_EQ(mask_name(""), "");
  EXPECT_EQ(mask_peer("oHuiYin6tQx8AbCdEfGhIjKlMn_0"), "oHui***0");
  EXPECT_EQ(mask_peer("wang@example.test"), "w***@example.test");
  EXPECT_EQ(mask_peer("+8613800138000"), "+86138****8000");
}

TEST(Text, PagesLoseNothing) {
  EXPECT_EQ(paginate("电梯坏了", 100), std::vector<std::string>{"电梯坏了"});
  EXPECT_EQ(paginate("", 100), std::vector<std::string>{""});
  EXPECT_EQ(paginate("第一行\n第二行很长很长", 16), (std::vector<std::string>{"第一行", "第二行很长", "很长"}));
  std::string text, joined;
  for (int i = 0; i < 400; ++i) text += "电梯坏了。";
  for (const auto& page : paginate(text, 2048)) {
    EXPECT_LE(page.size(), 2048U);
    joined += page;
  }
  EXPECT_EQ(joined, text);
}

TEST(Text, FindsWhatWasMeant) {
  EXPECT_EQ(closest("adress", {"name", "address"}), "address");
  EXPECT_EQ(closest("zzz", {"name", "address"}), std::nullopt);
}

}  // namespace
}  // namespace huiyin
