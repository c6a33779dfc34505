// What is compared, and what is hidden, when stored conversations are gone through once more.
#include <gtest/gtest.h>

#include "gateway/assets.h"
#include "gateway/cli.h"
#include "gateway/replay/mask.h"
#include "gateway/replay/replay.h"

namespace huiyin::gateway {
namespace {

TEST(Replay, LinksAreMadeAnewAndAreNoDifference) {
  struct Case {
    std::optional<std::string> then, now;
    bool same;
  };
  for (const auto& [then, now, same] :
       std::vector<Case>{{"好的", "好的", true},
                         {"好的", "好", false},
                         {std::nullopt, std::nullopt, true},
                         {std::nullopt, "好的", false},
                         {"", std::nullopt, false},
                         {"请看 https://h.test/t/abc?x=1。", "请看 https://h.test/t/def。", true},
                         {"请看https://h.test/t/abc，谢谢", "请看https://h.test/t/def，再见", false},
                         {"http", "https", true}})
    EXPECT_EQ(says_the_same(then, now), same) << then.value_or("-") << " / " << now.value_or("-");
}

TEST(Replay, OfATicketWhatTheOwnersWordsMadeIsCompared) {
  Ticket then{.name = "王建国", .address = "3栋", .category = Category::repair, .subcategory = "water"};
  auto now = then;
  now.id = TicketId{7};
  now.status = TicketStatus::closed;
  now.assignee = StaffId{3};
  EXPECT_TRUE(differences(then, now).empty()) << "what staff do is not";
  now.subcategory = "power";
  now.danger = "electric";
  now.status = TicketStatus::out_of_scope;
  std::string all;
  for (const auto& field : differences(then, now)) all += field.name + ":" + field.then + ">" + field.now + " ";
  EXPECT_EQ(all, "category:repair/water>repair/power scope:>out_of_scope danger:>electric ");
}

TEST(Mask, HidesWhoeverATextNames) {
  const auto lexicon = load_assets(default_config()).value().lexicon;
  Mask mask(lexicon.get());
  mask.learn({.name = "欧阳建国", .phone = "+8613800138000"});
  struct Case {
    std::string text, masked;
  };
  for (const auto& [text, masked] : std::vector<Case>{
           {"欧阳建国，已登记，工单号 HY1000-8", "欧**，已登记，工单号 HY1000-8"},
           {"电话：13800138000（+8613800138000）", "电话：138****8000（+86138****8000）"},
           {"我是李梅，电话139 1234 5678，3栋2单元602水管漏水", "我是李*，电话139****5678，3栋2单元602水管漏水"},
           {"手机号１３８１２３４５６７８", "手机号138****5678"},
           {"138001380001", "138****0001"},
           {"3栋2单元1201", "3栋2单元1201"},
           {"", ""}})
    EXPECT_EQ(mask(text), masked);
  EXPECT_EQ(mask.peer("oDemoOwner000001"), "oDem***1");
  EXPECT_EQ(Mask(nullptr)("我是李梅"), "我是李梅");
}

}  // namespace
}  // namespace huiyin::gateway
