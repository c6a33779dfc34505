#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "gateway/pages_router.h"

namespace huiyin::gateway {

/// A property company of two, with one ticket and one survey, behind a PagesRouter: what the pages see of the program.
class FakePages {
 public:
  FakePages(pages::Language language, const Clock& clock, Random& random)
      : clock_(clock), router_(settings(), world(), std::move(language), clock, random) {}

  static PagesRouter::Settings settings() {
    PagesRouter::Settings out;
    out.secret.current = Secret("0123456789abcdef0123456789abcdef");
    out.groups["workchat:duty-group"] = true;
    return out;
  }
  static Peer zhang() { return {"workchat:wecom", "zhangsan"}; }
  static Peer group() { return {"workchat:duty-group", "group"}; }
  static Peer wang() { return {"wechat:main", "oWang"}; }

  [[nodiscard]] std::string link(LinkKind kind, std::int64_t id, const Peer& who,
                                 std::chrono::seconds life = std::chrono::hours(1)) const {
    return (kind == LinkKind::survey ? "/s/" : "/t/") +
           seal_link({.kind = kind, .id = id, .who = who, .expires = clock_.now() + life}, settings().secret);
  }
  PagesRouter& router() { return router_; }

  std::vector<PageDeed> deeds{};
  std::vector<std::string> codes{};
  std::set<std::string> keys{};
  std::string status = "已派单";
  std::string description = "厨房水管漏水 <script>alert(1)</script>";
  std::string photo = "\xff\xd8 photo";
  bool answered = false;
  std::string locale{};  ///< the owner's; empty: not known
  bool away = false;

 private:
  PagesWorld world() {
    PagesWorld out;
    out.ticket = [this](std::int64_t id, const Peer& reader) { return ticket(id, reader); };
    out.survey = [this](std::int64_t id, const Peer& owner) { return survey(id, owner); };
    out.photo = [this](std::int64_t ticket, std::int64_t id, const Peer&) -> std::optional<HttpReply> {
      if (ticket != 42 || id != 7) return std::nullopt;
      return HttpReply{.body = photo, .headers = {{"Content-Type", "image/jpeg"}}};
    };
    out.act = [this](const PageDeed& deed) {
      if (!keys.insert(deed.key).second) return std::string("同上");
      deeds.push_back(deed);
      if (deed.action == "accept") status = "已接单";
      return std::string("HY1024-4 办好了");
    };
    out.answer = [this](const PageDeed& deed) {
      deeds.push_back(deed);
      answered = true;
      return std::string("谢谢您的评价");
    };
    out.find_staff = [](const std::string& who) {
      return who == "zhangsan" || who == "13800138000" ? std::optional(zhang()) : std::nullopt;
    };
    out.send_code = [this](const Peer& staff, const std::string& code) {
      if (staff == zhang()) codes.push_back(code);
    };
    out.style = [](std::string_view name) {
      return name == "huiyin.css" ? std::optional<std::string>("body{}") : std::nullopt;
    };
    return out;
  }
  std::optional<pages::TicketPage> ticket(std::int64_t id, const Peer& reader) const {
    if (away) throw std::runtime_error("the store is away");
    if (id != 42 || reader != zhang()) return std::nullopt;
    pages::TicketPage page{.reader = "张三",
                           .number = "HY1024-4",
                           .status = status,
                           .category = "设施故障 · 水管",
                           .place = "3号楼2单元602",
                           .description = description,
                           .deadline = "11-23 14:00",
                           .holder = status == "已接单" ? "张三" : "",
                           .opened = "11-23 12:00",
                           .urgent = true,
                           .photos = {"7"}};
    page.history = {{"12:05", "系统", "派给 工程部"}, {"12:00", "业主", "报修：" + description}};
    if (status == "已接单") {
      page.deeds = {{"progress", "进度", true, false, false},
                    {"complete", "完成", true, true, false},
                    {"assign", "转派", false, false, true},
                    {"suspend", "挂起", true, false, false},
                    {"send_back", "退回", true, false, false}};
      page.told_by = {{"phone", "电话"}, {"in_person", "当面"}};
    } else {
      page.deeds = {{"accept", "接单", false, false, false}, {"send_back", "退回", true, false, false}};
    }
    return page;
  }
  std::optional<pages::SurveyPage> survey(std::int64_t id, const Peer& owner) const {
    if (id != 9 || owner != wang()) return std::nullopt;
    pages::SurveyPage page{.locale = locale, .number = "HY1024-4", .problem = "3号楼2单元602 水管漏水"};
    if (answered) page.notice = "谢谢您的评价";
    return page;
  }

  const Clock& clock_;
  PagesRouter router_;
};

}  // namespace huiyin::gateway
