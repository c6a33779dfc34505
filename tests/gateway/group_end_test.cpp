// The link that stands in a group, of a running daemon: who opens it is told by WeCom's own browser or by a code, and
// then works on the ticket as himself; photos of what was done come with the form.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "net/http_client.h"
#include "simulators/sample_media.h"
#include "tests/gateway/company.h"

namespace huiyin::gateway {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr auto kDepartments = R"(departments:
  - {name: repair, title: 工程部, handles: [repair], groups: [workchat:duty-group/group]}
  - {name: service, title: 客服部, handles: [service, internal, cleaning, security]}
after_photo: [repair]
)";

class GroupEnd : public testing::TestWithParam<db::Driver> {
 protected:
  GroupEnd() { company_.hire("张三", "zhangsan"); }

  /// The link of a fresh ticket, as the group's robot shows it.
  std::string link() {
    number_ = company_.report();
    return company_.wait_for(Company::robot_group(), number_).url;
  }
  HttpReply get(const std::string& url, const std::string& cookie = {}, const std::string& agent = {}) {
    HttpCall call{.url = url, .method = "GET"};
    if (!cookie.empty()) call.headers.emplace_back("Cookie", cookie);
    if (!agent.empty()) call.headers.emplace_back("User-Agent", agent);
    return browser_.call(call);
  }
  static std::string header(const HttpReply& reply, std::string_view name) {
    for (const auto& [given, value] : reply.headers)
      if (given == name) return value;
    return {};
  }
  static std::string cookie_of(const HttpReply& reply) {
    const auto cookie = header(reply, "set-cookie");
    return cookie.substr(0, cookie.find(';'));
  }
  static std::string form_of(const std::string& html) {
    const std::string mark = "name=\"form\" value=\"";
    const auto at = html.find(mark) + mark.size();
    return html.substr(at, html.find('"', at) - at);
  }
  HttpReply post(const std::string& url, const std::string& cookie, Fields form) {
    form.emplace_back("form", form_of(get(url, cookie).body));
    return browser_.call({.url = url, .form = form, .headers = {{"Cookie", cookie}}});
  }
  HttpReply post_with_photo(const std::string& url, const std::string& cookie, Fields form, const std::string& bytes) {
    form.emplace_back("form", form_of(get(url, cookie).body));
    std::string body;
    for (const auto& [name, value] : form)
      body += fmt::format("--b1\r\nContent-Disposition: form-data; name=\"{}\"\r\n\r\n{}\r\n", name, value);
    body +=
        "--b1\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"a.jpg\"\r\n"
        "Content-Type: image/jpeg\r\n\r\n" +
        bytes + "\r\n--b1--\r\n";
    return browser_.call({.url = url,
                          .body = body,
                          .headers = {{"Cookie", cookie}, {"Content-Type", "multipart/form-data; boundary=b1"}}});
  }
  /// Opens the link in WeCom's browser with this member's phone: the session, or nothing.
  std::string sign_in(const std::string& url, const std::string& member) {
    const auto sent = get(url, {}, kChat);
    EXPECT_EQ(sent.status, 302);
    EXPECT_THAT(header(sent, "location"), StartsWith("https://open.weixin.qq.com/connect/oauth2/authorize?"));
    back_ = company_.wecom().browse_sign_in(member, header(sent, "location"));
    EXPECT_THAT(back_, StartsWith(company_.url() + "/t/"));
    state_ = cookie_of(sent);
    const auto let_in = get(back_, state_, kChat);
    return let_in.status == 303 ? cookie_of(let_in) : std::string();
  }

  static constexpr auto kChat = "Mozilla/5.0 (iPhone) MicroMessenger/7.0.1 wxwork/4.1.20";
  Company company_{GetParam(), kDepartments};
  Installation& installation_ = company_.installation();
  HttpClient browser_{};
  std::string number_{}, back_{}, state_{};
};

TEST_P(GroupEnd, WorkChatsBrowserTellsWhoOpensIt) {
  const auto url = link();
  ASSERT_THAT(url, StartsWith(company_.url() + "/t/"));
  EXPECT_THAT(get(url).body, Not(HasSubstr(number_))) << "nobody has signed in";
  const auto session = sign_in(url, "zhangsan");
  ASSERT_THAT(session, StartsWith("huiyin_staff="));
  EXPECT_NE(get(back_, state_, kChat).status, 303) << "a code is good once";
  const auto page = get(url, session);
  EXPECT_THAT(page.body, HasSubstr(number_));
  EXPECT_THAT(page.body, HasSubstr("您好，张三"));
  EXPECT_THAT(post(url, session, {{"action", "accept"}}).body, HasSubstr("归您了"));
  EXPECT_EQ(installation_.ask("SELECT s.name FROM tickets t JOIN staff s ON s.id=t.assignee_id"), "张三");
}

TEST_P(GroupEnd, StrangersAndStolenCodesAreAskedForACode) {
  const auto url = link();
  EXPECT_EQ(sign_in(url, "stranger"), "");
  EXPECT_THAT(get(back_, state_, kChat).body, HasSubstr("没能从企业微信认出您"));
  const auto sent = get(url, {}, kChat);
  const auto back = company_.wecom().browse_sign_in("zhangsan", header(sent, "location"));
  const auto stolen = get(back, "huiyin_state=00000000000000000000000000000000", kChat);
  EXPECT_EQ(header(stolen, "set-cookie"), "") << "another browser shows what this one was given";
  EXPECT_THAT(stolen.body, HasSubstr("name=\"who\""));
  const auto asked = browser_.call({.url = url, .form = {{"form", form_of(get(url).body)}, {"who", "zhangsan"}}});
  const auto words = company_.wait_for("zhangsan", "验证码").shown;
  const auto code = words.substr(words.find_first_of("0123456789"), 6);
  const auto let_in =
      browser_.call({.url = url, .form = {{"form", form_of(asked.body)}, {"who", "zhangsan"}, {"code", code}}});
  EXPECT_EQ(let_in.status, 303);
  EXPECT_THAT(get(url, cookie_of(let_in)).body, HasSubstr(number_));
}

TEST_P(GroupEnd, APhotoComesWithTheResultWhereOneIsAskedFor) {
  const auto url = link();
  const auto session = sign_in(url, "zhangsan");
  EXPECT_THAT(post(url, session, {{"action", "accept"}}).body, HasSubstr("归您了"));
  const Fields result{{"action", "complete"}, {"text", "换了角阀，试水不漏"}, {"told_by", "phone"}};
  EXPECT_THAT(post(url, session, result).body, HasSubstr("需要一张完工照片"));
  EXPECT_EQ(installation_.ask("SELECT status FROM tickets"), "accepted");
  EXPECT_THAT(post_with_photo(url, session, {{"action", "add_photo"}}, "<html>no photo</html>").body,
              HasSubstr("不是照片"));
  EXPECT_EQ(installation_.count("attachments WHERE stage='after'"), 0);
  const auto photo = simulators::sample_photo().bytes;
  EXPECT_THAT(post_with_photo(url, session, result, photo).body, HasSubstr("已完成"));
  EXPECT_EQ(installation_.ask("SELECT status FROM tickets"), "resolved");
  EXPECT_EQ(installation_.count("attachments WHERE stage='after' AND sha256<>''"), 1);
  const auto id = installation_.ask("SELECT id FROM attachments WHERE stage='after'");
  const auto shown = get(url + "/photo/" + id, session);
  EXPECT_EQ(header(shown, "content-type"), "image/jpeg");
  EXPECT_THAT(shown.body, Not(HasSubstr("GPS")));
}

TEST_P(GroupEnd, OnlyWhoShowsALinkOfOursMaySendMuch) {
  const auto url = link();
  const auto session = sign_in(url, "zhangsan");
  (void)post(url, session, {{"action", "accept"}});
  const auto large = simulators::sample_photo().bytes + std::string(3U << 20, '\0');
  EXPECT_THAT(post_with_photo(url, session, {{"action", "add_photo"}}, large).body, HasSubstr(number_));
  EXPECT_EQ(installation_.count("attachments WHERE stage='after'"), 1);
  auto forged = url;
  forged.back() = forged.back() == 'A' ? 'B' : 'A';
  const HttpCall call{
      .url = forged, .body = large, .headers = {{"Content-Type", "multipart/form-data; boundary=b1"}, {"Expect", ""}}};
  EXPECT_TRUE(browser_.call(call).failure || browser_.call(call).status == 413);
  auto hook = call;
  hook.url = company_.url() + "/hook/wechat/main";
  EXPECT_TRUE(browser_.call(hook).failure || browser_.call(hook).status == 413);
}

INSTANTIATE_TEST_SUITE_P(Drivers, GroupEnd, testing::ValuesIn(db::drivers()),
                         [](const auto& driver) { return driver.param.name; });

}  // namespace
}  // namespace huiyin::gateway
