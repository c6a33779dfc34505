// How the dialog goes by SMS: few messages, none to a machine, one effect of what comes twice.
#include <gtest/gtest.h>

#include <deque>
#include <random>

#include "core/yaml.h"
#include "templates/renderer.h"
#include "tests/dialogs/dialog.h"
#include "tests/templates/shipped_texts.h"

namespace huiyin::dialogs {
namespace {

using namespace std::chrono_literals;

const Flow& sms_flow() {
  static const Flow flow = [] {
    auto out = shipped_flow();
    out.manners.brief = true;
    return out;
  }();
  return flow;
}

/// An owner's phone that talks with the engine as the gateway lets it.
class Phone {
 public:
  explicit Phone(const Flow& flow = sms_flow(), std::string number = "+8613800138000")
      : flow_(flow), peer_{"sms:estate", std::move(number)} {
    stored.conversation = Conversation{.id = ConversationId{1}, .peer = peer_, .locale = "zh-CN"};
  }
  /// What the turn does; `after` what came before it has passed.
  std::string says(const std::string& text, Millis after = 1min) {
    now += after;
    const Event event{.key = "sms:estate:1", .peer = peer_, .sent_at = now, .body = TextMessage{text}};
    const auto understood = understand(shipped_lexicon(), text);
    Snapshot snapshot = stored;
    snapshot.read = {.peer = peer_};
    for (int round = 0; round < 4; ++round) {
      auto stepped = step(flow_, state, event, understood, snapshot, now);
      if (const auto* needs = std::get_if<Needs>(&stepped)) {
        snapshot.read.contact |= needs->contact;
        snapshot.read.tickets |= needs->tickets;
        snapshot.read.survey |= needs->survey;
        if (!needs->phone.empty()) snapshot.read.phone = needs->phone;
        snapshot.read.numbers.insert(snapshot.read.numbers.end(), needs->numbers.begin(), needs->numbers.end());
        continue;
      }
      auto& turn = std::get<Turn>(stepped);
      state = std::move(turn.state);
      effects = std::move(turn.effects);
      break;
    }
    for (const auto& effect : effects) {
      if (const auto* open = std::get_if<OpenTicket>(&effect)) {
        opened.push_back(open->ticket);
        state.ticket = TicketId{static_cast<std::int64_t>(opened.size())};
        state.ticket_number = "HY" + std::to_string(1000 + opened.size());
      }
      if (std::holds_alternative<OptOut>(effect)) stored.conversation->opted_out = true;
      if (std::holds_alternative<OptIn>(effect)) stored.conversation->opted_out = false;
    }
    return describe(effects);
  }

  Snapshot stored{};
  DialogState state{};
  Time now = kNoonInShanghai;
  std::vector<Effect> effects{};
  std::vector<Ticket> opened{};

 private:
  const Flow& flow_;
  Peer peer_;
};

TEST(Brief, AReportInOneMessageIsTakenWhole) {
  Phone phone;
  EXPECT_EQ(phone.says("3栋2单元602厨房水管漏水"),
            "set(address) set(description) set(category) say(consent) open_ticket(repair) say(ticket_received)");
  ASSERT_EQ(phone.opened.size(), 1U);
  EXPECT_EQ(phone.opened[0].phone, "+8613800138000") << "he writes from it: it is not asked";
  EXPECT_EQ(phone.opened[0].address, "3栋2单元602");
}

TEST(Brief, PlaceAndProblemAreAskedAtOnce) {
  Phone phone;
  EXPECT_EQ(phone.says("报修"), "say(consent) ask(details)");
  EXPECT_EQ(phone.says("3栋2单元602,厨房漏水"),
            "set(address) set(description) set(category) open_ticket(repair) say(ticket_received)");
}

TEST(Brief, WhatNoRuleKnowsIsTakenByItsPlaceInTheAnswer) {
  Phone phone;
  EXPECT_EQ(phone.says("报修"), "say(consent) ask(details)");
  EXPECT_EQ(phone.says("老干部活动室，那个东西又响了"),
            "set(address) set(description) set(category) open_ticket(repair) say(ticket_received)");
  ASSERT_EQ(phone.opened.size(), 1U);
  EXPECT_EQ(phone.opened[0].address, "老干部活动室");
}

TEST(Brief, OnlyWhatIsMissingIsAskedAndOnce) {
  Phone phone;
  EXPECT_EQ(phone.says("电梯坏了"), "set(description) set(category) say(consent) ask(address)");
  EXPECT_EQ(phone.says("！！！"), "ask(address)");
  EXPECT_EQ(phone.says("。。。"), "set(address) open_ticket(repair) say(ticket_received)")
      << "the report is not lost over a place that nobody can read";
  ASSERT_EQ(phone.opened.size(), 1U);
  EXPECT_EQ(phone.opened[0].audit, "address");
}

TEST(Brief, WhoseHomeIsKnownIsAskedNothing) {
  Phone phone;
  phone.stored.conversation->contact = ContactId{7};
  phone.stored.contact =
      Contact{.id = ContactId{7}, .name = "王建国", .phone = "+8613800138000", .addresses = {{"3栋602", {}}}};
  EXPECT_EQ(phone.says("厨房漏水"),
            "set(description) set(category) say(consent) open_ticket(repair) say(ticket_received)");
  ASSERT_EQ(phone.opened.size(), 1U);
  EXPECT_EQ(phone.opened[0].name, "王建国");
  EXPECT_EQ(phone.opened[0].address, "3栋602");
}

TEST(Brief, HisNameIsAskedWithWhatConfirmsTheTicket) {
  Phone phone;
  phone.says("3栋2单元602厨房水管漏水");
  const auto asked = [&phone] {
    const auto* said = std::get_if<Say>(&phone.effects.back());
    const std::pair<std::string, std::string> asks{"ask_name", "1"};
    return said != nullptr && std::count(said->data.begin(), said->data.end(), asks) == 1;
  };
  EXPECT_TRUE(asked());
  EXPECT_EQ(phone.says("王先生"), "act(add_details) say(details_added)");
  EXPECT_EQ(phone.opened.size(), 1U);
  EXPECT_EQ(phone.says("王先生", 10min).find("add_details"), std::string::npos) << "asked once, answered once";

  Phone correcting;
  correcting.says("3栋2单元602厨房水管漏水");
  EXPECT_EQ(correcting.says("地址改成3栋2单元603"), "act(add_details) say(details_added)");
  EXPECT_EQ(correcting.says("我是王建国"), "act(add_details) say(details_added)");

  Phone silent;
  silent.says("3栋2单元602厨房水管漏水");
  EXPECT_EQ(silent.says("谢谢"), "") << "not a name";
  EXPECT_EQ(silent.says("进度"), "say(progress_none)");

  Phone english;
  english.stored.conversation->locale = "en";
  english.says("Building 3, Room 602; the kitchen pipe is leaking");
  EXPECT_EQ(english.says("Jim Baker"), "act(add_details) say(details_added)");

  Phone known;
  known.says("我是王建国，3栋2单元602厨房水管漏水");
  EXPECT_FALSE(std::get_if<Say>(&known.effects.back())->data.back().first == "ask_name");
}

TEST(Brief, DangerIsAnsweredFirstAndThePlaceAskedOnce) {
  Phone phone;
  EXPECT_EQ(phone.says("家里闻到煤气味"),
            "open_ticket(repair) say(danger_gas) set(description) set(category) say(consent) ask(address)");
  EXPECT_EQ(phone.says("3栋2单元602"), "set(address) act(add_details)");
}

TEST(Brief, CorrectionsAndProgress) {
  Phone phone;
  phone.says("3栋2单元602厨房水管漏水");
  EXPECT_EQ(phone.says("地址改成3栋2单元603"), "act(add_details) say(details_added)");
  Ticket own;
  own.id = TicketId{1};
  own.number = {1001};
  own.peer = {"wechat:main", "oWang"};
  phone.stored.tickets = {own};
  EXPECT_EQ(phone.says("进度"), "say(progress_none)") << "another's";
  phone.stored.own_peers = {{"sms:estate", "+8613800138000"}, own.peer};
  EXPECT_EQ(phone.says("进度", 3min), "say(progress_ticket)") << "his own, opened by WeChat";
}

TEST(Brief, OptOutWordsAreWholeMessagesAndAnsweredOnce) {
  for (const char* word : {"退订", "TD", "T", "r", "STOP", "unsubscribe", "拒收", "Ｔ", "退订。", "N", "00000"}) {
    Phone phone;
    EXPECT_EQ(phone.says(word), "opt_out say(opted_out)") << word;
    EXPECT_EQ(phone.says(word, 10min), "opt_out") << word;
    EXPECT_EQ(phone.says("订阅"), "opt_in say(opted_in)") << word;
  }
  Phone phone;
  EXPECT_NE(phone.says("我想退订这个服务怎么办"), "opt_out say(opted_out)");
  EXPECT_EQ(phone.says("START"), "say(help)") << "he is in already";
}

TEST(Brief, AProviderThatAnswersOptOutsIsLeftToIt) {
  auto flow = sms_flow();
  flow.manners.provider_answers_opt_out = true;
  flow.manners.opt_out = {"cancel", "end"};
  Phone phone(flow, "+14155550100");
  EXPECT_EQ(phone.says("CANCEL"), "opt_out");
  EXPECT_EQ(phone.says("START"), "opt_in");
}

TEST(Brief, AStormOfOneMessageHasOneEffect) {
  for (const char* text :
       {"3栋2单元602厨房水管漏水", "漏水了", "报修", "1", "进度", "退订", "家里闻到煤气味", "你好"}) {
    Phone phone;
    const auto first = phone.says(text);
    for (int i = 0; i < 100; ++i) EXPECT_EQ(phone.says(text, 2s), "") << text << " after " << first;
    EXPECT_LE(phone.opened.size(), 1U) << text;
  }
}

TEST(Brief, OneAnswerMayBeGivenToTwoQuestions) {
  Phone phone;
  phone.says("报修");
  phone.state.asking = "about";  // another question by then
  EXPECT_FALSE(phone.state.exchange.said == "1");
  phone.says("1", 5s);
  phone.state.asking = "details";
  phone.says("1", 10s);
  EXPECT_NE(phone.state.exchange.asking, "about");
}

TEST(Brief, WhatOrganisationsAndPhonesSendByThemselvesIsNotAnswered) {
  for (const char* text :
       {"【滨江物业】您的工单HY1024-4已完成，满意请回复1", "您的快递到了【顺丰速运】",
        "我正在开车，稍后回复（自动回复）", "Auto-Reply: I am away", "【中国移动】您的话费余额不足"}) {
    Phone phone;
    EXPECT_EQ(phone.says(text), "") << text;
    EXPECT_TRUE(phone.opened.empty());
  }
  Phone phone;
  EXPECT_NE(phone.says("【急】电梯困人"), "") << "danger is answered whatever it looks like";
}

TEST(Brief, WhatOnlyAProgramLikeThisWritesIsItsFlowsToSay) {
  const std::string ours = "已登记紧急工单：着火。请离开";
  EXPECT_EQ(Phone().says(ours), "") << "not even as a danger";
  auto flow = sms_flow();
  flow.own_words.clear();
  EXPECT_NE(Phone(flow).says(ours), "");
  flow.own_words = {"本楼自动报告"};
  EXPECT_EQ(Phone(flow).says("本楼自动报告：着火"), "");
}

TEST(Brief, NoExchangeWithARobotGoesOn) {
  std::mt19937 random(7);
  const std::vector<std::string> words = {"在的亲",
                                          "您好，请问有什么可以帮您",
                                          "稍等，正在为您转接",
                                          "抱歉没有理解您的问题",
                                          "请回复1查询，回复2办理",
                                          "感谢您的来信",
                                          "好的",
                                          "我们已收到",
                                          "请提供订单号",
                                          "谢谢"};
  for (const auto pace : {1s, 4s, 15s, 40s}) {
    for (int robot = 0; robot < 50; ++robot) {
      Phone phone;
      int answers = 0;
      for (int i = 0; i < 30; ++i) {
        auto text = words[random() % words.size()];
        if (robot % 2 == 0) text += std::to_string(i);  // never the same twice
        answers += phone.says(text, pace).find("say(") != std::string::npos ||
                           phone.says(text, 0s).find("ask(") != std::string::npos
                       ? 1
                       : 0;
      }
      EXPECT_LE(answers, 4) << "every " << pace.count() << " s, robot " << robot;
      EXPECT_LE(phone.opened.size(), 2U);
    }
  }
}

TEST(Brief, WhoOptsOutIsToldSoHoweverFastHeTypes) {
  Phone phone;
  for (const char* text : {"报修", "3栋2单元602,电梯不动了", "进度", "几点来", "还要多久"}) (void)phone.says(text, 1s);
  EXPECT_NE(phone.says("TD", 1s).find("say(opted_out"), std::string::npos);
  EXPECT_EQ(phone.says("退订", 1s).find("say("), std::string::npos) << "once";
}

const templates::Renderer& texts() {
  static const auto renderer = templates::Renderer::load(shipped_texts(), "zh-CN").value();
  return renderer;
}

/// As the gateway writes a turn out by SMS.
std::string written(const Phone& phone, const std::string& locale) {
  std::string out;
  const auto add = [&](const std::string& name, templates::Data data) {
    for (auto& [key, value] : data)
      if (key == "number" && value.empty()) value = phone.state.ticket_number;
    out += (out.empty() ? "" : "\n") + texts().render(name, locale, "sms", data);
  };
  for (const auto& effect : phone.effects) {
    if (const auto* say = std::get_if<Say>(&effect)) add(say->name, say->data);
    if (const auto* ask = std::get_if<Ask>(&effect)) {
      add(ask->name, ask->data);
      if (const auto lines = templates::render_choices(ask->choices); !lines.empty()) out += "\n" + lines;
    }
  }
  return out;
}

TEST(Brief, TwoHuiyinsDoNotTalkToEachOther) {
  for (const bool is_signed : {true, false}) {
    for (const auto pace : {2s, 12s, 90s}) {
      for (const std::string locale : {"zh-CN", "en"}) {
        for (const auto& name : template_names(sms_flow())) {
          if (name.find('@') != std::string::npos) continue;
          Phone here, there;
          here.stored.conversation->locale = there.stored.conversation->locale = locale;
          auto text = texts().render(name, locale, "sms",
                                     {{"number", "HY1024-4"},
                                      {"address", "3栋2单元602"},
                                      {"description", "厨房漏水"},
                                      {"status", "处理中"},
                                      {"hotline", "0571-88001234"},
                                      {"ring", "119"},
                                      {"name", "王建国"},
                                      {"opened", "11-23 12:00"},
                                      {"answer", "周一到周五"}});
          int messages = 0;
          for (auto* to = &there; !text.empty() && messages < 20; to = to == &here ? &there : &here) {
            ++messages;
            to->says(is_signed ? "【滨江物业】" + text : text, pace);
            text = written(*to, locale);
          }
          EXPECT_LE(messages, is_signed && !name.starts_with("danger") ? 1 : 5)
              << name << (is_signed ? " signed" : "") << " every " << pace.count() << " s";
        }
      }
    }
  }
}

TEST(Brief, OldDraftsBeginAnew) {
  Phone phone;
  phone.says("报修");
  EXPECT_EQ(phone.says("3栋2单元602厨房水管漏水", 30h),
            "set(address) set(description) set(category) open_ticket(repair) say(ticket_received)");
}

TEST(Brief, ThanksCostNothing) {
  Phone phone;
  phone.says("3栋2单元602厨房水管漏水");
  EXPECT_EQ(phone.says("谢谢"), "");
  EXPECT_EQ(phone.says("不同意", 2min), "act(withdraw) say(consent_declined)");
}

}  // namespace
}  // namespace huiyin::dialogs
