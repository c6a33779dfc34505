// The link of a survey, of a running daemon: it shows, counts nothing by itself, takes one answer from its own owner,
// and tells whoever comes with an old or another's link so.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>

#include "gateway/link_token.h"
#include "net/http_client.h"
#include "tests/gateway/company.h"

namespace huiyin::gateway {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

class SurveyEnd : public testing::TestWithParam<db::Driver> {
 protected:
  SurveyEnd() { company_.hire("张三", "zhangsan"); }

  /// A ticket that is done; the address of its survey's page, as the message to the owner has it.
  std::string done() {
    number_ = company_.report();
    (void)company_.wait_for("zhangsan", number_);
    EXPECT_THAT(company_.staff("zhangsan", "接单 " + number_), HasSubstr("归您了"));
    EXPECT_THAT(company_.staff("zhangsan", "完成 " + number_ + " 换了角阀，电话告知"), HasSubstr("已完成"));
    EXPECT_EQ(company_.wait_for_row("SELECT count(*) FROM surveys", "1"), "1");
    const auto message = installation_.ask("SELECT message FROM outbox WHERE message LIKE '%news.result_survey%'");
    std::smatch found;
    if (!std::regex_search(message, found, std::regex("http://[^\"]*(/s/[A-Za-z0-9._-]+)"))) return {};
    return company_.url() + found.str(1);
  }
  HttpReply get(const std::string& url) { return browser_.call({.url = url, .method = "GET"}); }
  HttpReply post(const std::string& url, Fields form) {
    const auto page = get(url).body;
    const std::string mark = "name=\"form\" value=\"";
    const auto at = page.find(mark) + mark.size();
    form.emplace_back("form", page.substr(at, page.find('"', at) - at));
    return browser_.call({.url = url, .form = form});
  }
  std::string link_of(const Peer& who, std::int64_t survey) {
    return company_.url() + "/s/" +
           seal_link({.kind = LinkKind::survey, .id = survey, .who = who, .expires = SystemClock().now() + 1h},
                     {.current = Secret(Company::links_secret()), .previous = {}});
  }

  Company company_{GetParam()};
  Installation& installation_ = company_.installation();
  HttpClient browser_{};
  std::string number_{};
};

TEST_P(SurveyEnd, APageIsLookedAtAsOftenAsAnybodyLikesAndAnsweredOnce) {
  const auto link = done();
  ASSERT_NE(link, "");
  // When they began: the thanks spend one of what they hold.
  const std::string windows_sql = "SELECT substr(push_windows,1,15) FROM conversations WHERE address='oWang'";
  const auto windows = installation_.ask(windows_sql);
  for (const char* query : {"", "?score=1", "?score=5&outcome=fixed"}) {
    const auto page = get(link + query);
    EXPECT_EQ(page.status, 200);
    EXPECT_THAT(page.body, HasSubstr(number_));
    EXPECT_THAT(page.body, HasSubstr("厨房水管漏水"));
  }
  EXPECT_EQ(installation_.count("surveys WHERE answered IS NOT NULL"), 0) << "scanners follow links";
  EXPECT_THAT(post(link, {{"score", "5"}, {"outcome", "fixed"}, {"text", "师傅很好"}}).body, HasSubstr("谢谢您的评价"));
  EXPECT_EQ(installation_.ask("SELECT score FROM surveys"), "5");
  EXPECT_EQ(installation_.ask("SELECT suggestion FROM surveys"), "师傅很好");
  EXPECT_EQ(installation_.ask("SELECT outcome FROM surveys"), "fixed");
  EXPECT_EQ(installation_.ask("SELECT status FROM tickets"), "closed");
  EXPECT_EQ(installation_.ask(windows_sql), windows)
      << "who opens a page has not written in the chat: it allows no push";
  EXPECT_THAT(get(link).body, HasSubstr("已经收到"));
  EXPECT_THAT(post(link, {{"score", "1"}}).body, Not(HasSubstr("<form")));
  EXPECT_EQ(installation_.ask("SELECT score FROM surveys"), "5");
  EXPECT_THAT(company_.owner("1"), Not(HasSubstr("评价"))) << "a number is an answer only while a survey waits";
}

TEST_P(SurveyEnd, NotFixedByPageReopens) {
  const auto link = done();
  EXPECT_THAT(post(link, {{"outcome", "not_fixed"}, {"text", "还在漏"}}).body, HasSubstr("抱歉没有修好"));
  EXPECT_EQ(installation_.count("ticket_history WHERE action='reopen'"), 1);
  EXPECT_EQ(installation_.count("ticket_history WHERE action='ask_call_back'"), 1);
}

TEST_P(SurveyEnd, SomebodyElsesAndAnOldLinkAreRefusedInWords) {
  const auto link = done();
  const auto id = std::stoll(installation_.ask("SELECT id FROM surveys"));
  const auto gone = get(link_of({"wechat:main", "oLi"}, id));
  EXPECT_EQ(gone.status, 404);
  EXPECT_THAT(gone.body, HasSubstr("不是发给您的"));
  EXPECT_THAT(gone.body, Not(HasSubstr("HY")));
  const auto old = get(link_of({"wechat:main", "oWang"}, id - 1));
  EXPECT_THAT(old.body, HasSubstr("评价已经结束"));
  EXPECT_THAT(old.body, Not(HasSubstr("<form")));
  auto forged = link;
  forged.back() = forged.back() == 'A' ? 'B' : 'A';
  EXPECT_EQ(get(forged).status, 404);
  EXPECT_EQ(browser_.call({.url = forged, .form = {{"score", "1"}}}).status, 404);
  EXPECT_EQ(installation_.count("surveys WHERE answered IS NOT NULL"), 0);
}

INSTANTIATE_TEST_SUITE_P(Drivers, SurveyEnd, testing::ValuesIn(db::drivers()),
                         [](const auto& driver) { return driver.param.name; });

}  // namespace
}  // namespace huiyin::gateway
