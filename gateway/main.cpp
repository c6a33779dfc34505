#include <spdlog/cfg/env.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <sysexits.h>
#include <CLI/CLI.hpp>

#include <cstdlib>
#include <iostream>

#include "core/ticket.h"
#include "gateway/cli.h"

namespace huiyin::gateway {
namespace {

constexpr auto kDefaultConfig = "huiyin.yaml";

/// Lines of `time level event key=value …` on standard error; HUIYIN_LOG chooses the level.
void set_up_log() {
  auto logger = spdlog::stderr_logger_mt("huiyin");
  logger->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %l %v", spdlog::pattern_time_type::utc);
  spdlog::set_default_logger(std::move(logger));
  const char* level = std::getenv("HUIYIN_LOG");  // NOLINT(concurrency-mt-unsafe): no thread runs yet
  spdlog::set_level(level == nullptr ? spdlog::level::info : spdlog::level::from_str(level));
}

class Commands {
 public:
  Commands() {
    app_.require_subcommand(1);
    app_.set_version_flag("--version", HUIYIN_VERSION);
    add_daemon_commands();
    add_ticket_commands();
    add_staff_commands();
    add_outbox_commands();
    add_report_commands();
    add_replay_commands();
    add_provider_commands();
    add_talking_commands();
  }

  int run(int argc, char** argv) {
    try {
      app_.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
      return app_.exit(error) == 0 ? EX_OK : EX_USAGE;
    }
    return result_;
  }

 private:
  CLI::App* command(CLI::App& parent, const char* name, const char* what, std::function<int()> run) {
    auto* added = parent.add_subcommand(name, what);
    added->callback([this, run = std::move(run)] { result_ = run(); });
    return added;
  }
  void with_config(CLI::App* command) {
    command->add_option("--config", config_, "The configuration file")->capture_default_str();
  }

  void add_daemon_commands() {
    with_config(command(app_, "serve", "Run the gateway", [this] { return run_serve(config_, console_); }));
    auto* deliver = command(app_, "deliver", "Take one mail from standard input (for a mail server's pipe)",
                            [this] { return run_deliver(deliver_, console_); });
    deliver->add_option("--config", deliver_.config_file, "The configuration file")->default_val(kDefaultConfig);
    deliver->add_option("--channel", deliver_.channel, "Where there is more than one of email");
    deliver->add_option("--sender", deliver_.sender, "Of the envelope; empty for a bounce");
    deliver->add_option("--recipient", deliver_.recipient, "Of the envelope");
    deliver->add_option("--socket", "The daemon's control.socket, where it is not found by the configuration");
    auto* check = command(app_, "check", "Check configuration, flow, lexicon, texts and the reach of the database",
                          [this] { return run_check(config_, offline_, console_); });
    with_config(check);
    check->add_flag("--offline", offline_, "Leave the database out");
    with_config(command(app_, "migrate", "Bring the database's schema up to this program's",
                        [this] { return run_migrate(config_, console_); }));
    auto* demo = command(app_, "demo", "Serve on SQLite and play a recorded owner's conversation over the real webhook",
                         [this] { return run_demo(demo_, console_); });
    demo->add_flag("--once", demo_.once, "End after the conversation");
    demo->add_option("--folder", demo_.folder, "Where its files lie")->capture_default_str();
  }

  void add_ticket_commands() {
    auto* ticket = app_.add_subcommand("ticket", "Look at tickets, open them, act on them");
    ticket->require_subcommand(1);
    auto* list = command(*ticket, "list", "Open tickets, newest first",
                         [this] { return run_ticket_list(config_, status_, all_, limit_, console_); });
    with_config(list);
    list->add_flag("--all", all_, "Closed ones too");
    list->add_option("--status", status_, "Only these: opened, resolved, out_of_scope …")
        ->check(
            [](const std::string& text) { return parse_ticket_status(text) ? std::string() : "no status: " + text; });
    list->add_option("--limit", limit_, "At most so many")->check(CLI::Range(1, 1000))->capture_default_str();
    auto* show =
        command(*ticket, "show", "One ticket, whole", [this] { return run_ticket_show(config_, number_, console_); });
    with_config(show);
    show->add_option("number", number_, "HY1024-4")->required();
    add_ticket_changes(*ticket);
  }

  void add_ticket_changes(CLI::App& ticket) {
    auto* open = command(ticket, "open", "Take a telephone call as a ticket; prints its number",
                         [this] { return run_ticket_open(call_, console_); });
    open->add_option("--config", call_.config_file, "The configuration file")->default_val(kDefaultConfig);
    open->add_option("description", call_.description, "What the trouble is")->required();
    open->add_option("--name", call_.name, "Who called");
    open->add_option("--phone", call_.phone, "His number; with one SMS channel he hears by that");
    open->add_option("--address", call_.address, "Where");
    open->add_option("--category", call_.category, "repair/elevator; else as the words say");
    open->add_option("--estate", call_.estate, "As configured, where there is more than one");
    open->add_flag("--urgent", call_.urgent, "Staff on duty are called until somebody takes it");
    add_action(ticket, "assign", "assign", "Give it to a person or a department")
        ->add_option("--to", act_.to, "A name as staff or departments are called")
        ->required();
    add_action(ticket, "progress", "progress", "Say how far it is; the owner hears");
    add_action(ticket, "complete", "complete", "It is done; the owner hears and is asked")
        ->add_option("--told-by", act_.told_by, "phone, in_person, wechat, message or sms")
        ->required();
    add_action(ticket, "close", "close", "Close it; what is not done, with a reason that the owner hears");
    add_action(ticket, "reopen", "reopen", "Open it again, for other hands; what was out of scope is ours after all")
        ->add_option("--to", act_.to, "What was out of scope: its category, repair/elevator");
    add_action(ticket, "out-of-scope", "mark_out_of_scope", "It is not ours to do; the owner hears whom to call");
    add_action(ticket, "tell", "tell", "Words for the owner");
    add_action(ticket, "note", "note", "Words for staff only");
    add_action(ticket, "withdraw", "withdraw", "Take it back for its owner");
    add_action(ticket, "callback", "call_back", "Its owner was called back");
    add_action(ticket, "category", "set_category", "Change what it is about")->add_option("--to", act_.to)->required();
    add_action(ticket, "priority", "set_priority", "Change how urgent it is")->add_option("--to", act_.to)->required();
  }
  CLI::App* add_action(CLI::App& ticket, const char* name, const char* action, const char* what) {
    auto* added = command(ticket, name, what, [this, action] {
      act_.action = action;
      return run_ticket_act(act_, console_);
    });
    added->add_option("--config", act_.config_file, "The configuration file")->default_val(kDefaultConfig);
    added->add_option("number", act_.number, "HY1024-4")->required();
    added->add_option("text", act_.text, "Words for the history");
    return added;
  }

  void add_staff_commands() {
    auto* staff = app_.add_subcommand("staff", "Who works here: add, list, disable, duty roster");
    staff->require_subcommand(1);
    const auto with_person = [this](CLI::App* command) {
      command->add_option("--config", staff_.config_file, "The configuration file")->default_val(kDefaultConfig);
      command->add_option("name", staff_.name, "A name; of somebody who is there also his id or phone")->required();
    };
    auto* add = command(*staff, "add", "Add somebody, or change whom the name names already",
                        [this] { return run_staff_add(staff_, console_); });
    with_person(add);
    add->add_option("--role", staff_.role, "agent, dispatcher, manager or admin")->capture_default_str();
    add->add_option("--department", staff_.department, "As configured; none: all that his role sees");
    add->add_option("--estate", staff_.estate, "As configured; none: all");
    add->add_option("--phone", staff_.phone, "For other staff to call");
    add->add_option("--peer", staff_.peers,
                    "Where he is told, and acts from: workchat:wecom/zhangsan; may be repeated");
    auto* list = command(*staff, "list", "Everybody, with the roster from now on",
                         [this] { return run_staff_list(staff_, console_); });
    list->add_option("--config", staff_.config_file, "The configuration file")->default_val(kDefaultConfig);
    with_person(command(*staff, "disable", "He left: nothing is handed to him, nothing is taken from him",
                        [this] { return run_staff_disable(staff_, true, console_); }));
    with_person(command(*staff, "enable", "He is back", [this] { return run_staff_disable(staff_, false, console_); }));
    auto* duty = command(*staff, "duty", "Put a span of duty, or of leave, into the roster",
                         [this] { return run_staff_duty(staff_, console_); });
    with_person(duty);
    duty->add_option("--from", staff_.from, "\"2026-11-26 08:00\"")->required();
    duty->add_option("--until", staff_.until, "\"2026-11-26 18:00\"")->required();
    duty->add_option("--days", staff_.days, "The same on so many days in a row")->check(CLI::Range(1, 366));
    duty->add_flag("--leave", staff_.leave, "Away, whatever else the roster says");
  }

  void add_outbox_commands() {
    auto* outbox = app_.add_subcommand("outbox", "What is owed to somebody: look, try again, drop");
    outbox->require_subcommand(1);
    const auto with_filter = [this](CLI::App* command) {
      command->add_option("--config", outbox_.config_file, "The configuration file")->default_val(kDefaultConfig);
      command->add_option("--state", outbox_.state, "waiting, sent, delivered, unknown, dead or cancelled");
      command->add_option("--channel", outbox_.channel, "wechat:main");
      command->add_option("--peer", outbox_.peer, "An address on it");
      command->add_option("--limit", outbox_.limit, "At most so many")
          ->check(CLI::Range(1, 1000))
          ->capture_default_str();
    };
    with_filter(
        command(*outbox, "list", "Messages, newest first", [this] { return run_outbox_list(outbox_, console_); }));
    auto* show = command(*outbox, "show", "Messages, whole", [this] { return run_outbox_show(outbox_, console_); });
    show->add_option("--config", outbox_.config_file, "The configuration file")->default_val(kDefaultConfig);
    show->add_option("id", outbox_.ids)->required();
    auto* retry = command(*outbox, "retry", "Send them now, though they are dead, unknown or to wait",
                          [this] { return run_outbox_retry(outbox_, console_); });
    auto* drop = command(*outbox, "drop", "Give them up", [this] { return run_outbox_drop(outbox_, console_); });
    for (auto* one : {retry, drop}) {
      with_filter(one);
      one->add_option("id", outbox_.ids, "Rows; none: all that the options find");
    }
  }

  void add_report_commands() {
    auto* report = command(app_, "report", "What tickets and surveys of some months or weeks say",
                           [this] { return run_report(report_, console_); });
    report->add_option("--config", report_.config_file, "The configuration file")->default_val(kDefaultConfig);
    report->add_option("--estate", report_.estate, "As configured; none: all");
    report->add_option("--from", report_.from, "The first day, 2026-11-01; none: of last month");
    report->add_option("--to", report_.until, "The last day, 2026-11-30; none: of last month");
    report->add_option("--by", report_.by)->check(CLI::IsMember({"month", "week"}))->capture_default_str();
    report->add_option("--format", report_.format)
        ->check(CLI::IsMember({"html", "csv", "json", "text"}))
        ->capture_default_str();
    report->add_option("--locale", report_.locale, "none: the configuration's")->check(CLI::IsMember({"zh-CN", "en"}));
    auto* docs =
        command(app_, "docs", "Write the documents of the process: who does what, staff's, owners', operators'",
                [this] { return run_docs(docs_, console_); });
    docs->add_option("--config", docs_.config_file, "The configuration file")->default_val(kDefaultConfig);
    docs->add_option("--folder", docs_.folder, "Where they go, a folder a language")->capture_default_str();
    docs->add_option("--locale", docs_.locale, "zh-CN or en; none: both");
    docs->add_option("--role", docs_.role, "owner, staff, dispatcher, lead, manager or operator; none: all");
    docs->add_option("--format", docs_.format, "html, to print, or markdown")->capture_default_str();
    auto* audit =
        command(app_, "audit", "A day's books: everything received was decided, everything owed was sent or waits",
                [this] { return run_audit(config_, day_, console_); });
    with_config(audit);
    audit->add_option("--day", day_, "2026-11-26, by the installation's clock")->required();
  }

  void add_replay_commands() {
    auto* replay =
        app_.add_subcommand("replay", "Stored conversations once more, with today's flow: what would differ");
    replay->require_subcommand(1);
    const auto with_options = [this](CLI::App* command) {
      command->add_option("--config", replay_.config_file, "The configuration file")->default_val(kDefaultConfig);
      command->add_option("--format", replay_.format)->check(CLI::IsMember({"text", "json"}))->capture_default_str();
      command->add_flag("--unmasked", replay_.unmasked, "Show names and phones");
      return command;
    };
    const auto with_days = [this](CLI::App* command) {
      command->add_option("--from", replay_.from, "The first day, 2026-11-01; none: the oldest that is kept");
      command->add_option("--to", replay_.until, "The last day, 2026-11-30; none: today");
    };
    const auto run = [this] { return run_replay(replay_, console_); };
    with_options(command(*replay, "delivery", "One delivery, after all that came before it", run))
        ->add_option("key", replay_.delivery, "Its delivery key")
        ->required();
    auto* one = with_options(command(*replay, "conversation", "One conversation, turn by turn", run));
    one->add_option("id", replay_.conversation, "Its id, or the number of a ticket that came of it")->required();
    with_days(one);
    with_days(with_options(command(*replay, "all", "All conversations: what differs", run)));
  }

  void add_provider_commands() {
    auto* wechat = app_.add_subcommand("wechat", "Set up an official account");
    wechat->require_subcommand(1);
    auto* menu = command(*wechat, "menu", "Create the menu below the chat from the configuration, and show it",
                         [this] { return run_wechat_menu(config_, menu_, console_); });
    with_config(menu);
    menu->add_option("--channel", menu_.channel, "Where there is more than one of WeChat");
    menu->add_flag("--show", menu_.show, "Only show what is in force");
    auto* qr = command(app_, "qr", "Make QR codes for the places and things of the configuration",
                       [this] { return run_qr(config_, qr_, console_); });
    with_config(qr);
    qr->add_option("codes", qr_.codes, "Which; all where none is named");
    qr->add_option("--channel", qr_.channel, "Where there is more than one of WeChat");
    qr->add_option("--folder", qr_.folder, "Where the images go")->capture_default_str();
    qr->add_option("--days", qr_.days, "For so many days only; 0: for ever")
        ->check(CLI::Range(0, 30))
        ->capture_default_str();
  }

  void add_talking_commands() {
    auto* chat = command(app_, "chat", "Be an owner, in the terminal; no account needed",
                         [this] { return run_chat(chat_, console_); });
    chat->add_option("--channel", chat_.channel, "As on this kind of channel")
        ->check(CLI::IsMember({"wechat", "sms", "email"}))
        ->capture_default_str();
    chat->add_option("--folder", chat_.folder, "Keep the conversation here, to go on with later");
    chat->add_option("--as", chat_.peer, "Be this owner")->capture_default_str();
    chat->add_option("--config", chat_.config_file, "Take flow, lexicon and texts from this configuration");
    auto* understand = command(app_, "understand", "What the dialog would fill in from a text, as JSON",
                               [this] { return run_understand(understand_, console_); });
    understand->add_option("text", understand_.text, "The text; `-` or nothing: one per line of the input");
    understand->add_flag("--explain", understand_.explain, "Say why: spans, rules and the phrases of the lexicon");
    understand->add_option("--config", understand_.config_file, "Take the lexicon from this configuration");
    understand->add_option("--estate", understand_.estate, "Read landlines with this estate's area code");
    auto* learn = command(app_, "learn", "Write the lexicon's weights.txt, from labelled messages",
                          [this] { return run_learn(learn_, console_); });
    learn->add_option("files", learn_.files, "One JSON object per line: text, category, subcategory, danger, intent")
        ->required();
    learn->add_option("--config", learn_.config_file, "Take the lexicon from this configuration");
  }

  CLI::App app_{"Huiyin 回音: from an owner's message to a ticket, and back", "huiyin"};
  Console console_{std::cin, std::cout, std::cerr};
  std::string config_ = kDefaultConfig;
  bool offline_ = false;
  bool all_ = false;
  int limit_ = 50;
  std::string status_{};
  std::string number_{};
  std::string day_{};
  DeliverOptions deliver_{};
  ChatOptions chat_{};
  UnderstandOptions understand_{};
  LearnOptions learn_{};
  StaffOptions staff_{};
  TicketOpenOptions call_{};
  TicketActOptions act_{};
  OutboxOptions outbox_{};
  ReportOptions report_{};
  ReplayOptions replay_{};
  DocsOptions docs_{};
  DemoOptions demo_{};
  WeChatMenuOptions menu_{};
  QrOptions qr_{};
  int result_ = EX_OK;
};

}  // namespace
}  // namespace huiyin::gateway

int main(int argc, char** argv) {
  huiyin::gateway::set_up_log();
  try {
    return huiyin::gateway::Commands().run(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << "huiyin: " << error.what() << '\n';
    return EX_SOFTWARE;
  }
}
