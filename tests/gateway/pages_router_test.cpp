#include "gateway/pages_router.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/gateway/fake_pages.h"
#include "tests/simulators/fake_account.h"
#include "tests/templates/shipped_texts.h"

namespace huiyin::gateway {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class PagesRouterTest : public testing::Test {
 protected:
  HttpReply get(const std::string& path, const std::string& cookie = {}) {
    return ask({.method = "GET", .path = path}, cookie);
  }
  HttpReply post(const std::string& path, const Fields& form, const std::string& cookie = {}) {
    const auto query = path.find('?');
    return ask({.method = "POST", .path = path.substr(0, query), .body = with_query("", form).substr(1)}, cookie);
  }
  HttpReply ask(HttpRequest request, const std::string& cookie) {
    if (!cookie.empty()) request.headers = {{"cookie", cookie}};
    request.remote = "127.0.0.1";
    request.received_at = clock_.now();
    return fake_.router().handle(request);
  }
  static std::string token_in(const HttpReply& page) {
    const std::string mark = "name=\"form\" value=\"";
    const auto at = page.body.find(mark);
    EXPECT_NE(at, std::string::npos) << page.body;
    return page.body.substr(at + mark.size(), page.body.find('"', at + mark.size()) - at - mark.size());
  }
  static std::string header(const HttpReply& reply, const std::string& name) {
    for (const auto& [given, value] : reply.headers)
      if (given == name) return value;
    return {};
  }

  const templates::Renderer texts_ = templates::Renderer::load(shipped_texts(), "zh-CN").value();
  ManualClock clock_{Time(Millis(1795428712000))};
  simulators::SequenceRandom random_;
  FakePages fake_{[this](const std::string& locale) {
                    return [this, locale](std::string_view name, const templates::Data& data) {
                      return texts_.render(name, locale, "", data);
                    };
                  },
                  clock_, random_};
  const std::string page_ = fake_.link(LinkKind::ticket, 42, FakePages::zhang());
};

TEST_F(PagesRouterTest, ShowsTheTicketAndWhatMayBeDone) {
  const auto reply = get(page_);
  EXPECT_EQ(reply.status, 200);
  for (const char* words :
       {"HY1024-4", "3号楼2单元602", "11-23 14:00", "您好，张三", ">接单</button>", "photo/7", "派给 工程部"})
    EXPECT_THAT(reply.body, HasSubstr(words));
  EXPECT_THAT(reply.body, HasSubstr("&lt;script&gt;alert(1)&lt;/script&gt;"));
  EXPECT_THAT(reply.body, Not(HasSubstr("<script")));
  EXPECT_THAT(header(reply, "Content-Security-Policy"), HasSubstr("default-src 'none'"));
  EXPECT_EQ(header(reply, "Cache-Control"), "no-store");
  EXPECT_EQ(header(reply, "Referrer-Policy"), "no-referrer");
  EXPECT_TRUE(fake_.deeds.empty()) << "a GET changes nothing";
  EXPECT_EQ(get(page_ + "/photo/7").status, 200);
  EXPECT_EQ(get(page_ + "/photo/8").status, 404);
  EXPECT_EQ(get(page_ + "/photo/../7").status, 404);
}

TEST_F(PagesRouterTest, AFormIsOneDeedHoweverOftenItIsSent) {
  const auto token = token_in(get(page_));
  const auto done = post(page_, {{"form", token}, {"action", "accept"}});
  EXPECT_THAT(done.body, HasSubstr("HY1024-4 办好了"));
  EXPECT_THAT(done.body, HasSubstr("已接单"));
  ASSERT_EQ(fake_.deeds.size(), 1U);
  EXPECT_EQ(fake_.deeds[0].who, FakePages::zhang());
  EXPECT_TRUE(fake_.deeds[0].key.starts_with("workchat:wecom:page:"));
  EXPECT_EQ(fake_.deeds[0].action, "accept");
  EXPECT_EQ(fake_.deeds[0].about, 42);
  static_cast<void>(post(page_, {{"form", token}, {"action", "accept"}}));
  EXPECT_EQ(fake_.deeds.size(), 1U);
}

TEST_F(PagesRouterTest, AResultCarriesItsWords) {
  fake_.status = "已接单";
  const auto token = token_in(get(page_));
  static_cast<void>(post(
      page_,
      {{"form", token}, {"action", "complete"}, {"text", "  换了\r\n角阀 & \"试水\"\x01 "}, {"told_by", "phone"}}));
  ASSERT_EQ(fake_.deeds.size(), 1U);
  const auto& deed = fake_.deeds[0];
  EXPECT_EQ(deed.text, "换了\n角阀 & \"试水\"");
  EXPECT_EQ(deed.told_by, "phone");
}

TEST_F(PagesRouterTest, ABadLinkTellsNothing) {
  auto forged = page_;
  forged[10] = forged[10] == 'A' ? 'B' : 'A';
  const auto gone = get(forged);
  EXPECT_EQ(gone.status, 404);
  EXPECT_THAT(gone.body, Not(HasSubstr("HY1024")));
  const std::string table[] = {"/t/",
                               "/t/x",
                               "/s/" + page_.substr(3),
                               fake_.link(LinkKind::ticket, 43, FakePages::zhang()),
                               fake_.link(LinkKind::ticket, 42, {"workchat:wecom", "lisi"}),
                               fake_.link(LinkKind::ticket, 42, FakePages::zhang(), -1s),
                               fake_.link(LinkKind::survey, 9, {"wechat:main", "oLi"}),
                               page_ + "/anything"};
  for (const auto& path : table) {
    const auto reply = get(path);
    EXPECT_EQ(reply.status, 404) << path;
    EXPECT_EQ(reply.body, gone.body) << path;
  }
  const auto token = token_in(get(page_));
  EXPECT_EQ(post(forged, {{"form", token}, {"action", "accept"}}).status, 404);
  EXPECT_TRUE(fake_.deeds.empty());
}

TEST_F(PagesRouterTest, AFormOfAnotherPageReaderOrTimeDoesNothing) {
  const auto token = token_in(get(page_));
  const auto other =
      seal_link({.kind = LinkKind::form, .id = 42, .who = FakePages::wang(), .expires = clock_.now() + 1h},
                FakePages::settings().secret);
  for (const auto& bad : {std::string(), std::string("x"), page_.substr(3), other})
    EXPECT_THAT(post(page_, {{"form", bad}, {"action", "accept"}}).body, HasSubstr("刚才没有提交"));
  clock_.advance(2h);
  const auto link = fake_.link(LinkKind::ticket, 42, FakePages::zhang());
  EXPECT_THAT(post(link, {{"form", token}, {"action", "accept"}}).body, HasSubstr("刚才没有提交"));
  EXPECT_TRUE(fake_.deeds.empty());
}

TEST_F(PagesRouterTest, TooMuchOrTheWrongWayIsRefused) {
  EXPECT_EQ(post(page_, {{"text", std::string(20000, 'x')}}).status, 413);
  EXPECT_EQ(ask({.method = "DELETE", .path = page_}, {}).status, 405);
  EXPECT_EQ(ask({.method = "POST", .path = page_, .body = "a=%ff"}, {}).status, 400);
  fake_.away = true;
  const auto busy = get(page_);
  EXPECT_EQ(busy.status, 503);
  EXPECT_THAT(busy.body, Not(HasSubstr("store")));
}

TEST_F(PagesRouterTest, AGroupsLinkAsksWhoOpensIt) {
  const auto link = fake_.link(LinkKind::ticket, 42, FakePages::group());
  const auto asked = get(link);
  EXPECT_EQ(asked.status, 200);
  EXPECT_THAT(asked.body, Not(HasSubstr("HY1024")));
  EXPECT_THAT(asked.body, HasSubstr("name=\"who\""));
  const auto sent = post(link, {{"form", token_in(asked)}, {"who", "zhangsan"}});
  ASSERT_EQ(fake_.codes.size(), 1U);
  const auto unknown = post(link, {{"form", token_in(asked)}, {"who", "nobody"}});
  EXPECT_EQ(fake_.codes.size(), 1U);
  EXPECT_THAT(unknown.body, HasSubstr("name=\"code\"")) << "whether there is such a person is not told";
  const auto wrong = post(link, {{"form", token_in(sent)}, {"who", "zhangsan"}, {"code", "000000"}});
  EXPECT_THAT(wrong.body, HasSubstr("验证码不对"));
  EXPECT_EQ(header(wrong, "Set-Cookie"), "");
  const auto good = post(link, {{"form", token_in(sent)}, {"who", "zhangsan"}, {"code", fake_.codes[0]}});
  EXPECT_EQ(good.status, 303);
  EXPECT_EQ(header(good, "Location"), link);
  const auto cookie = header(good, "Set-Cookie");
  for (const char* mark : {"HttpOnly", "Secure", "SameSite=Lax", "Path=/t/", "Max-Age=43200"})
    EXPECT_THAT(cookie, HasSubstr(mark));
  const auto session = cookie.substr(0, cookie.find(';'));
  EXPECT_THAT(get(link, "a=b; " + session).body, HasSubstr("HY1024-4"));
  EXPECT_THAT(get(link, "x" + session).body, Not(HasSubstr("HY1024-4")));
  clock_.advance(12h + 1s);
  EXPECT_THAT(get(fake_.link(LinkKind::ticket, 42, FakePages::group()), session).body, Not(HasSubstr("HY1024-4")));
}

TEST_F(PagesRouterTest, CodesCannotBeGuessedNorPeopleFlooded) {
  const auto link = fake_.link(LinkKind::ticket, 42, FakePages::group());
  const auto form = token_in(get(link));
  for (int i = 0; i < 6; ++i) static_cast<void>(post(link, {{"form", form}, {"who", "13800138000"}}));
  EXPECT_EQ(fake_.codes.size(), 3U);
  for (int i = 0; i < 5; ++i) static_cast<void>(post(link, {{"form", form}, {"who", "zhangsan"}, {"code", "111111"}}));
  EXPECT_EQ(post(link, {{"form", form}, {"who", "zhangsan"}, {"code", fake_.codes[0]}}).status, 200)
      << "after five wrong ones the right one does not help";
  for (int i = 0; i < 20; ++i) static_cast<void>(post(link, {{"form", form}, {"who", "x" + std::to_string(i)}}));
  EXPECT_EQ(post(link, {{"form", form}, {"who", "y"}}).status, 429);
}

TEST_F(PagesRouterTest, ASurveyIsAnsweredByItsButtonAlone) {
  const auto link = fake_.link(LinkKind::survey, 9, FakePages::wang());
  auto opened = ask({.method = "GET", .path = link, .query = "score=4"}, {});
  EXPECT_THAT(opened.body, HasSubstr("value=\"4\" checked"));
  EXPECT_THAT(opened.body, HasSubstr("3号楼2单元602 水管漏水"));
  EXPECT_TRUE(fake_.deeds.empty()) << "a mail scanner follows links";
  for (const auto& [name, value] : Fields{{"score", "9"}, {"score", ""}, {"outcome", "well"}})
    EXPECT_THAT(post(link, {{"form", token_in(opened)}, {name, value}}).body, HasSubstr("请先选一项")) << value;
  const auto thanks = post(link, {{"form", token_in(opened)}, {"score", "4"}, {"text", "师傅很好"}});
  EXPECT_THAT(thanks.body, HasSubstr("谢谢您的评价"));
  EXPECT_THAT(thanks.body, Not(HasSubstr("<form")));
  ASSERT_EQ(fake_.deeds.size(), 1U);
  EXPECT_EQ(fake_.deeds[0].who, FakePages::wang());
  EXPECT_EQ(fake_.deeds[0].action, "4");
  EXPECT_EQ(fake_.deeds[0].text, "师傅很好");
  EXPECT_THAT(get(link).body, Not(HasSubstr("<form"))) << "it is answered";
}

TEST_F(PagesRouterTest, ASurveySpeaksItsOwnersLanguageAndTakesAnOutcomeAlone) {
  fake_.locale = "en";
  const auto link = fake_.link(LinkKind::survey, 9, FakePages::wang());
  const auto opened = ask({.method = "GET", .path = link, .query = "outcome=not_fixed&score=x"}, {});
  EXPECT_THAT(opened.body, HasSubstr("value=\"not_fixed\" checked"));
  EXPECT_THAT(opened.body, HasSubstr("Is it fixed?"));
  static_cast<void>(post(link, {{"form", token_in(opened)}, {"outcome", "not_fixed"}, {"text", "still leaking"}}));
  ASSERT_EQ(fake_.deeds.size(), 1U);
  EXPECT_EQ(fake_.deeds[0].action, "");
  EXPECT_EQ(fake_.deeds[0].outcome, "not_fixed");
  EXPECT_EQ(fake_.deeds[0].text, "still leaking");
}

TEST_F(PagesRouterTest, OnlyStyleSheetsAreHandedOut) {
  EXPECT_EQ(get("/pages/huiyin.css").status, 200);
  for (const char* path :
       {"/pages/", "/pages/other.css", "/pages/../secret.css", "/pages/huiyin.css/x", "/pages/README.md"})
    EXPECT_EQ(get(path).status, 404) << path;
}

TEST(ReadForm, ReadsWhatBrowsersSend) {
  EXPECT_THAT(
      *read_form("a=1&b=x+y%26%E6%B0%B4&c&=d"),
      ElementsAre(std::pair<std::string, std::string>("a", "1"), std::pair<std::string, std::string>("b", "x y&水"),
                  std::pair<std::string, std::string>("c", ""), std::pair<std::string, std::string>("", "d")));
  EXPECT_FALSE(read_form("a=%ff"));
  std::string many;
  for (int i = 0; i < 17; ++i) many += "a=1&";
  EXPECT_FALSE(read_form(many));
}

}  // namespace
}  // namespace huiyin::gateway
