// The documents of the process say what the program does: each command that they name is understood by the real reader
// as that command, each line of the process is the state machine's, each number and address the configuration's.
#include "gateway/guides/guides.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sysexits.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "core/text.h"
#include "dialogs/flow_rules.h"
#include "gateway/cli.h"
#include "gateway/suggestion.h"
#include "pages/markdown.h"
#include "tests/config/fake_secrets.h"
#include "tests/gateway/said.h"
#include "tests/gateway/temporary_folder.h"
#include "tickets/owner_news.h"
#include "tickets/staff_command.h"

namespace huiyin::gateway {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr Time kNoon{Millis{1795406400000}};  // 2026-11-23 12:00 in Shanghai

constexpr const char* kConfig = R"(
company: 滨江|物业 <b>
public_url: https://huiyin.test
emergency_numbers: {gas: "96777"}
alarms: {to: ["web:pager/ops"]}
reports: {monthly: true, day: 3}
estates:
  - {name: riverside, title: 滨江花园, hotline: "0571-88001234"}
  - {name: lake, title: 湖畔*苑, hotline: "0571-88005678"}
codes: [{code: L3-2, title: 3栋2单元电梯, category: repair/elevator}]
departments:
  - {name: repair, title: 工程_部, handles: [repair], mode: round_robin, lead: 王主管}
  - {name: rest, title: 客服部, handles: [cleaning, service, security, internal], mode: dispatcher}
service_times:
  - {for: repair, respond: 37m, resolve: 13h}
after_photo: [repair/wall]
calendar: {weekdays: "07:11-18:00", sunday: closed}
escalation: {overdue_every: 2d}
channels:
  - {name: web:pager, provider: webhook, estate: riverside, url: "https://pager.test/in"}
  - name: wechat:main
    provider: wechat
    estate: riverside
    app_id: wx0123456789abcdef
    account_id: gh_0123456789ab
    mode: plain
    token: {env: T}
    menu:
      - {name: 我要报修, key: MENU_REPAIR}
      - {name: 更多, buttons: [{name: 问一问, key: MENU_FAQ}]}
  - name: sms:estate
    provider: kannel
    estate: riverside
    send_url: "http://127.0.0.1:13013/cgi-bin/sendsms"
    username: huiyin
    password: {env: T}
    callback_secret: {env: S}
    sender: "10690000"
)";

class Guides : public testing::TestWithParam<std::string> {
 protected:
  Guides() {
    auto config = parse_config(kConfig, folder_.file("huiyin.yaml"),
                               fake_secrets({{"T", "abcdefgh"}, {"S", "0123456789abcdef0123456789abcdef"}}, {}));
    if (!config) throw std::runtime_error(describe(config.error().front()));
    config_ = *std::move(config);
    config_.file = folder_.file("huiyin.yaml");
    std::ofstream(config_.file) << kConfig;
    auto assets = load_assets(config_);
    if (!assets) throw std::runtime_error(describe(assets.error().front()));
    assets_ = *std::move(assets);
    std::vector<Error> errors;
    source_ = std::make_unique<GuideSource>(guide_source(config_, assets_, GetParam(), errors));
    EXPECT_TRUE(errors.empty());
    guides_ = make_guides(*source_, "", kNoon);
  }

  [[nodiscard]] const std::string& text(const std::string& file_name) const {
    const auto found = std::find_if(guides_.begin(), guides_.end(),
                                    [&](const Guide& guide) { return guide.file_name() == file_name; });
    if (found == guides_.end()) throw std::runtime_error("no document " + file_name);
    return found->markdown;
  }
  /// What stands in code spans of the first column of tables.
  [[nodiscard]] static std::vector<std::string> commands_in(std::string_view markdown) {
    std::vector<std::string> out;
    for (const auto line : split(markdown, '\n'))
      if (line.starts_with("| `")) out.emplace_back(line.substr(3, line.find('`', 3) - 3));
    return out;
  }
  [[nodiscard]] tl::expected<tickets::StaffCommand, tickets::CommandRefusal> read(const std::string& text) const {
    return tickets::parse_staff_command(text, {.prefix = "HY", .his_open = {{1024}}});
  }

  TemporaryFolder folder_;
  Config config_;
  Assets assets_;
  std::unique_ptr<GuideSource> source_;
  std::vector<Guide> guides_;
};

TEST_P(Guides, ThereIsOneForEachReader) {
  std::set<std::string_view> readers;
  for (const auto& guide : guides_) readers.insert(guide.readers.begin(), guide.readers.end());
  EXPECT_EQ(readers.size(), kReaders.size());
  for (const auto reader : kReaders) {
    const auto own = make_guides(*source_, reader, kNoon);
    EXPECT_FALSE(own.empty()) << reader;
    for (const auto& guide : own)
      EXPECT_NE(std::find(guide.readers.begin(), guide.readers.end(), reader), guide.readers.end()) << guide.name;
  }
}

TEST_P(Guides, NothingOfTheFrameIsLeftOver) {
  auto all = guides_;
  all.push_back(make_index(*source_, guides_, "html"));
  for (const auto& guide : all) {
    const auto whole = guide.markdown.empty() ? report_markdown(guide.report) : guide.markdown;
    for (const auto* rest : {"{{", "}}", "guide.", "<b>", "\n\n\n"})
      EXPECT_THAT(whole, Not(HasSubstr(rest))) << guide.file_name();
    EXPECT_TRUE(guide.markdown.find("|  |") == std::string::npos) << guide.file_name() << ": an empty cell";
    EXPECT_EQ(clean_text(whole), whole) << guide.file_name() << " is no clean UTF-8";
    EXPECT_EQ(whole.find("# "), 0U) << guide.file_name();
    EXPECT_THAT(guide.title, Not(IsEmpty()));
  }
}

TEST_P(Guides, EachCommandOfStaffIsUnderstoodAsThat) {
  std::set<tickets::ActionKind> named;
  for (const auto* document : {"staff", "dispatcher"})
    for (const auto& command : commands_in(text(document))) {
      if (!suggestion_in(command).empty()) continue;
      const auto said = read(command);
      ASSERT_TRUE(said) << document << ": " << command;
      if (said->wish != tickets::StaffWish::act) continue;
      named.insert(said->action.kind);
      EXPECT_TRUE(command.starts_with(tickets::word_for(said->action.kind, GetParam()))) << command;
    }
  for (const auto& row : tickets::process()) {
    const bool has_word = !tickets::word_for(row.action, GetParam()).empty();
    const bool is_theirs = std::any_of(row.who.begin(), row.who.end(), [](tickets::Role role) {
      return role == tickets::Role::agent || role == tickets::Role::dispatcher;
    });
    EXPECT_TRUE(!has_word || !is_theirs || named.contains(row.action))
        << tickets::to_string(row.action) << " is not told";
  }
}

TEST_P(Guides, EachWordOfOwnersIsUnderstoodAsThat) {
  const auto commands = commands_in(text("owner-riverside"));
  EXPECT_EQ(commands.size(), 16U) << "of the shipped words none is left out";
  const std::set<std::string> wishes = {source_->word("says_urge"), source_->word("says_not_fixed"),
                                        source_->word("says_withdraw"), source_->word("says_addition")};
  for (const auto& words : commands) {
    const auto spoken = dialogs::read_words(assets_.flow, words);
    const bool talks = words.starts_with(command_word(*source_, "talk"));
    EXPECT_TRUE(!spoken.commands.empty() || wishes.contains(words) || talks) << words;
  }
  const auto intent = [&](const char* name) {
    return dialogs::understand(*assets_.lexicon, source_->word(name)).intent;
  };
  EXPECT_EQ(intent("says_urge"), "urge");
  EXPECT_EQ(intent("says_not_fixed"), "not_fixed");
  EXPECT_EQ(intent("says_withdraw"), "withdraw");
  EXPECT_EQ(intent("says_addition"), "addition");
}

// A company that changed its words: the document follows, and names nothing that is not understood any more.
TEST_P(Guides, FollowTheFlow) {
  assets_.flow.commands["progress"] = {"走到哪啦", "whereabouts"};
  assets_.flow.commands["skip"].clear();
  const auto table = owner_command_table(*source_, true);
  EXPECT_THAT(table, HasSubstr(GetParam() == "en" ? "`whereabouts`" : "`走到哪啦`"));
  EXPECT_THAT(table, Not(HasSubstr("`" + std::string(GetParam() == "en" ? "progress" : "进度") + "`")));
  EXPECT_THAT(table, Not(HasSubstr(source_->word("means_skip"))));
}

TEST_P(Guides, TheProcessIsTheStateMachines) {
  const auto& document = text("process");
  const auto rows = tickets::process();
  std::size_t lines = 0;
  for (const auto line : split(document, '\n'))
    lines += std::count(line.begin(), line.end(), '|') == 7 && !line.starts_with("| ---") ? 1U : 0U;
  EXPECT_EQ(lines, rows.size() + 1) << "a line each, and their heading";
  for (const auto& row : rows) EXPECT_THAT(document, HasSubstr("\n| " + action_words(*source_, row.action) + " | "));
  for (const auto status : {TicketStatus::opened, TicketStatus::suspended, TicketStatus::merged})
    EXPECT_THAT(document, HasSubstr("| " + status_words(*source_, status) + " | "));
}

TEST_P(Guides, SayWhatTheConfigurationSays) {
  const auto minutes = source_->words("guide.minutes", {{"count", "37"}});
  for (const auto* document : {"owner-riverside", "staff", "process"}) EXPECT_THAT(text(document), HasSubstr(minutes));
  EXPECT_THAT(text("owner-riverside"), HasSubstr("0571-88001234"));
  EXPECT_THAT(text("owner-riverside"), HasSubstr("10690000")) << "where SMS go";
  EXPECT_THAT(text("owner-riverside"), HasSubstr("我要报修")) << "the account's menu";
  EXPECT_THAT(text("owner-lake"), Not(HasSubstr("10690000"))) << "no channel of this estate";
  EXPECT_THAT(text("poster-riverside"), HasSubstr("96777"));
  EXPECT_THAT(text("staff"), HasSubstr(kind_words(*source_, Category::repair, "wall"))) << "a photo is needed";
  EXPECT_THAT(text("staff"), HasSubstr("07:11"));
  EXPECT_THAT(text("process"), HasSubstr(source_->words("guide.days", {{"count", "2"}})));
  EXPECT_THAT(text("process"), HasSubstr("| 工程\\_部 |"));
  EXPECT_THAT(text("manager"), HasSubstr("3"));
  const auto& operators = text("operator");
  EXPECT_THAT(operators, HasSubstr("web:pager/ops"));
  EXPECT_THAT(operators, HasSubstr("`L3-2`"));
  for (const auto& channel : config_.channels) EXPECT_THAT(operators, HasSubstr("`" + channel.hook_url() + "`"));
}

TEST_P(Guides, EveryDangerHasItsNumberAndWords) {
  const auto table = emergency_table(*source_);
  const auto aid = first_aid(*source_);
  for (const auto& danger : assets_.flow.dangers) {
    EXPECT_THAT(table, HasSubstr(source_->word("danger_" + danger.kind)));
    EXPECT_THAT(table, HasSubstr("| " + (danger.kind == "gas" ? "96777" : danger.ring) + " |"));
    EXPECT_THAT(aid, HasSubstr("### "));
  }
}

TEST_P(Guides, EachQuestionOfTheDialogIsInTheList) {
  for (const auto& entry : listed_questions(*assets_.lexicon, "riverside"))
    EXPECT_THAT(text("faq-riverside"), HasSubstr(pages::markdown_text(entry.question.at(GetParam()))));
}

TEST_P(Guides, CommandsOfTheShellAreThere) {
  const auto main = read_file("gateway/main.cpp").value();
  int named = 0;
  for (const auto& guide : guides_) {
    const auto& markdown = guide.markdown;
    for (auto at = markdown.find("`huiyin "); at != std::string::npos; at = markdown.find("`huiyin ", at)) {
      at += std::string_view("`huiyin ").size();
      const auto end = markdown.find('`', at);
      for (const auto word : split(std::string_view(markdown).substr(at, end - at), ' ')) {
        if (word.empty() || std::any_of(word.begin(), word.end(), [](char c) { return c < 'a' || c > 'z'; })) break;
        EXPECT_THAT(main, HasSubstr("\"" + std::string(word) + "\"")) << guide.name;
        ++named;
      }
    }
  }
  EXPECT_GT(named, 20);
}

INSTANTIATE_TEST_SUITE_P(Languages, Guides, testing::Values("zh-CN", "en"), [](const auto& language) {
  return std::string(language.param == "en" ? "English" : "Chinese");
});

// What the prose says of the process in words of its own: staff.md and dispatcher.md.
TEST(GuideProse, SaysOfWhatOwnersAreTold) {
  using tickets::ActionKind;
  const auto told = [](ActionKind kind, TicketStatus status) {
    Ticket ticket{.id = TicketId{1}, .number = {1024}, .peer = {"wechat:main", "oWang"}};
    ticket.status = status;
    ticket.assignee = StaffId{7};
    const tickets::Action action{.kind = kind, .text = "换了轴承", .told_by = "phone"};
    const auto done = tickets::apply(ticket, action, HistoryId{1}, {.role = tickets::Role::agent, .id = 7}, kNoon, {});
    return done && tickets::news_of(done->ticket, {done->history}).has_value();
  };
  EXPECT_TRUE(told(ActionKind::accept, TicketStatus::assigned));
  for (const auto kind :
       {ActionKind::arrange_visit, ActionKind::progress, ActionKind::suspend, ActionKind::complete, ActionKind::tell})
    EXPECT_TRUE(told(kind, TicketStatus::accepted)) << tickets::to_string(kind);
  for (const auto kind : {ActionKind::inspect, ActionKind::plan, ActionKind::note, ActionKind::send_back})
    EXPECT_FALSE(told(kind, TicketStatus::accepted)) << tickets::to_string(kind);
}

TEST(GuideProse, OnlyManagersCloseWhatIsNotDone) {
  for (const auto& row : tickets::process()) {
    const auto from = [&](TicketStatus status) {
      return std::find(row.from.begin(), row.from.end(), status) != row.from.end();
    };
    if (row.action != tickets::ActionKind::close || !from(TicketStatus::opened)) continue;
    EXPECT_THAT(row.who, testing::ElementsAre(tickets::Role::manager, tickets::Role::admin, tickets::Role::operator_));
    EXPECT_EQ(row.need, tickets::Need::words);
  }
}

TEST(Markdown, ValuesStayWords) {
  const struct {
    const char *value, *html;
  } table[] = {{"滨江 <b>物业</b>", "<p>滨江 &lt;b&gt;物业&lt;/b&gt;</p>\n"},
               {"[点我](javascript:alert(1))", "<p>[点我](javascript:alert(1))</p>\n"},
               {"*a* _b_ `c` \\d", "<p>*a* _b_ `c` \\d</p>\n"},
               {"两\n行", "<p>两 行</p>\n"},
               {"a & b &amp; c", "<p>a &amp; b &amp;amp; c</p>\n"}};
  for (const auto& row : table) EXPECT_EQ(pages::markdown_to_html(pages::markdown_text(row.value)), row.html);
  EXPECT_THAT(pages::markdown_to_html("<script>alert(1)</script>"), Not(HasSubstr("<script")));
  const auto cells = pages::markdown_to_html(
      pages::markdown_table({"一", "二"}, {{pages::markdown_text("a|b"), pages::markdown_code("c|`d")}}));
  EXPECT_THAT(cells, HasSubstr("<td>a|b</td>"));
  EXPECT_THAT(cells, HasSubstr("<td><code>c｜d</code></td>"));
  EXPECT_EQ(pages::markdown_table({"一"}, {}), "");
}

class CliDocs : public testing::Test {
 protected:
  CliDocs() {
    std::ofstream(folder_.file("huiyin.yaml"))
        << "company: 滨江物业\nestates: [{name: riverside, title: 滨江花园, hotline: '0571'}]\nchannels:\n"
           "  - {name: web:pager, provider: webhook, url: 'https://pager.test/in'}\n";
  }
  Said run(DocsOptions options) {
    if (options.config_file.empty()) options.config_file = folder_.file("huiyin.yaml");
    if (options.folder == "docs-out") options.folder = folder_.file("out");
    return said_by([&](Console console) { return run_docs(options, console); });
  }
  TemporaryFolder folder_;
};

/// The charts' library lies in the page whole, where it is installed, and what it could load is not loaded.
std::string without_scripts(std::string html) {
  constexpr std::string_view kBegin = "<script>", kEnd = "</script>";
  for (auto at = html.find(kBegin); at != std::string::npos; at = html.find(kBegin, at)) {
    const auto end = html.find(kEnd, at);
    EXPECT_NE(end, std::string::npos);
    html.erase(at, end == std::string::npos ? end : end + kEnd.size() - at);
  }
  return html;
}

TEST_F(CliDocs, WritesEveryDocumentInBothLanguages) {
  const auto said = run({});
  EXPECT_EQ(said.code, EX_OK) << said.errors;
  for (const std::string locale : {"zh-CN", "en"})
    for (const auto* name :
         {"index", "poster", "owner", "faq", "staff", "dispatcher", "manager", "process", "report", "operator"}) {
      const auto html = read_file(folder_.file("out/" + locale + "/" + name + ".html"));
      ASSERT_TRUE(html) << name;
      EXPECT_THAT(*html, HasSubstr("<!doctype html>"));
      const auto markup = without_scripts(*html);
      for (const auto* loads : {"src=", "@import", "url("}) EXPECT_EQ(markup.find(loads), std::string::npos) << name;
    }
  EXPECT_THAT(read_file(folder_.file("out/zh-CN/index.html")).value(), HasSubstr("href=\"staff.html\""));
}

TEST_F(CliDocs, OrWhatOneReads) {
  const auto said = run({.locale = "en", .role = "staff", .format = "markdown"});
  EXPECT_EQ(said.code, EX_OK) << said.errors;
  EXPECT_TRUE(std::filesystem::exists(folder_.file("out/en/staff.md")));
  EXPECT_TRUE(std::filesystem::exists(folder_.file("out/en/process.md")));
  EXPECT_FALSE(std::filesystem::exists(folder_.file("out/en/operator.md")));
  EXPECT_FALSE(std::filesystem::exists(folder_.file("out/zh-CN")));
}

TEST_F(CliDocs, SaysInOneLineWhatIsWrong) {
  const auto file = folder_.file("a-file");
  std::ofstream(file) << "x";
  const auto broken = folder_.file("broken.yaml");
  std::ofstream(broken) << "company: c\nsurprise: 1\n";
  const struct {
    DocsOptions options;
    int code;
    std::string complaint;
  } table[] = {
      {{.role = "boss"},
       EX_USAGE,
       "--role: there is no \"boss\". Take one of owner, staff, dispatcher, lead, manager, operator.\n"},
      {{.locale = "fr"}, EX_USAGE, "--locale: there is no \"fr\". Take one of zh-CN, en.\n"},
      {{.format = "pdf"}, EX_USAGE, "--format: there is no \"pdf\". Take one of html, markdown.\n"},
      {{.folder = file}, EX_IOERR, "cannot be written: Not a directory. Check that this user may write there"},
      {{.config_file = broken}, EX_CONFIG, "broken.yaml:2: "},
      {{.config_file = folder_.file("none.yaml")}, EX_CONFIG, "none.yaml: cannot be read"},
  };
  for (const auto& row : table) {
    const auto said = run(row.options);
    EXPECT_EQ(said.code, row.code) << row.complaint;
    EXPECT_THAT(said.errors, HasSubstr(row.complaint));
    EXPECT_THAT(said.out, IsEmpty());
  }
}

}  // namespace
}  // namespace huiyin::gateway
