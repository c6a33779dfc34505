#include <spdlog/cfg/env.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <sysexits.h>
#include <CLI/CLI.hpp>

#include <cstdlib>
#include <iostream>

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
    add_outbox_commands();
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
    auto* ticket = app_.add_subcommand("ticket", "Look at tickets");
    ticket->require_subcommand(1);
    auto* list = command(*ticket, "list", "Open tickets, newest first",
                         [this] { return run_ticket_list(config_, all_, limit_, console_); });
    with_config(list);
    list->add_flag("--all", all_, "Closed ones too");
    list->add_option("--limit", limit_, "At most so many")->check(CLI::Range(1, 1000))->capture_default_str();
    auto* show =
        command(*ticket, "show", "One ticket, whole", [this] { return run_ticket_show(config_, number_, console_); });
    with_config(show);
    show->add_option("number", number_, "HY1024-4")->required();
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
  }

  CLI::App app_{"Huiyin 回音: from an owner's message to a ticket, and back", "huiyin"};
  Console console_{std::cin, std::cout, std::cerr};
  std::string config_ = kDefaultConfig;
  bool offline_ = false;
  bool all_ = false;
  int limit_ = 50;
  std::string number_{};
  ChatOptions chat_{};
  UnderstandOptions understand_{};
  OutboxOptions outbox_{};
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
