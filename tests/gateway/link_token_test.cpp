#include "gateway/link_token.h"

#include <gtest/gtest.h>

#include <set>

namespace huiyin::gateway {
namespace {

using namespace std::chrono_literals;

const Time kNow{Millis(1795428712000)};
const RotatedSecret kSecret{Secret("0123456789abcdef0123456789abcdef"), {}};

Link ticket_link() {
  return {.kind = LinkKind::ticket, .id = 42, .who = {"workchat:wecom", "zhangsan"}, .expires = kNow + 1h};
}

TEST(LinkToken, OpensAsItWasSealed) {
  auto link = ticket_link();
  link.nonce = "12345";
  link.who.address = "张三/a b@x";
  const auto text = seal_link(link, kSecret);
  EXPECT_EQ(text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."),
            std::string::npos)
      << "stands in a URL as it is: " << text;
  EXPECT_EQ(open_link(text, LinkKind::ticket, kSecret, kNow), link);
}

TEST(LinkToken, IsOfOneKindAndExpires) {
  const auto text = seal_link(ticket_link(), kSecret);
  for (const auto kind : {LinkKind::survey, LinkKind::session, LinkKind::form})
    EXPECT_FALSE(open_link(text, kind, kSecret, kNow));
  EXPECT_TRUE(open_link(text, LinkKind::ticket, kSecret, kNow + 1h - 1ms));
  EXPECT_FALSE(open_link(text, LinkKind::ticket, kSecret, kNow + 1h));
}

TEST(LinkToken, NoChangedCharacterIsAccepted) {
  const auto text = seal_link(ticket_link(), kSecret);
  for (std::size_t at = 0; at < text.size(); ++at)
    for (const char other : {'A', 'B', '.', '~', '_'}) {
      auto forged = text;
      if (forged[at] == other) continue;
      forged[at] = other;
      EXPECT_FALSE(open_link(forged, LinkKind::ticket, kSecret, kNow)) << at << " " << other;
    }
  for (std::size_t size = 0; size < text.size(); ++size)
    EXPECT_FALSE(open_link(text.substr(0, size), LinkKind::ticket, kSecret, kNow)) << size;
  EXPECT_FALSE(open_link(text + "A", LinkKind::ticket, kSecret, kNow));
  EXPECT_FALSE(open_link(std::string(5000, 'A') + ".AAAA", LinkKind::ticket, kSecret, kNow));
}

TEST(LinkToken, TheSecretCanBeRotated) {
  const auto text = seal_link(ticket_link(), kSecret);
  const Secret fresh("another secret of thirty-two byt");
  EXPECT_FALSE(open_link(text, LinkKind::ticket, {fresh, {}}, kNow));
  EXPECT_TRUE(open_link(text, LinkKind::ticket, {fresh, kSecret.current}, kNow));
}

TEST(SignInCode, IsSixDigitsOfOnePersonAndOneWindow) {
  const Peer zhang{"workchat:wecom", "zhangsan"}, li{"workchat:wecom", "lisi"};
  const auto window = code_window(kNow);
  std::set<std::string> codes;
  for (const auto& code :
       {sign_in_code(zhang, window, kSecret.current), sign_in_code(zhang, window + 1, kSecret.current),
        sign_in_code(li, window, kSecret.current)}) {
    EXPECT_EQ(code.size(), 6U);
    EXPECT_EQ(code.find_first_not_of("0123456789"), std::string::npos);
    codes.insert(code);
  }
  EXPECT_EQ(codes.size(), 3U);
  EXPECT_EQ(code_window(kNow + 5min), window + 1);
}

}  // namespace
}  // namespace huiyin::gateway
