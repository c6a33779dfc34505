#pragma once

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "config/config.h"
#include "gateway/assets.h"

namespace huiyin::gateway {

/// The subcommands of `huiyin`. Each returns the exit code of sysexits.h: 0, 64 usage, 65 bad data, 69 unavailable,
/// 70 internal, 74 I/O, 78 configuration. What they say goes to `out`, complaints to `errors`.
struct Console {
  std::istream& in;
  std::ostream& out;
  std::ostream& errors;
};

int run_serve(const std::string& config_file, Console console);
struct DeliverOptions {
  std::string config_file{};
  std::string channel{};  ///< empty: the only one of kind email
  std::optional<std::string> sender{};
  std::string recipient{};
};
/// One mail on `in`, where no daemon runs that could be given it: into the store directly. EX_TEMPFAIL for whatever may
/// mend, so that a mail server keeps the mail.
int run_deliver(const DeliverOptions& options, Console console);

int run_check(const std::string& config_file, bool offline, Console console);
int run_migrate(const std::string& config_file, Console console);

struct ChatOptions {
  std::string channel = "wechat";  ///< kind: wechat, sms, email
  std::string folder{};            ///< where its SQLite file lies; empty: a temporary one that goes with the chat
  std::string peer = "chat";
  std::string config_file{};  ///< for an installation's own flow, lexicon and texts; empty: those shipped
};
int run_chat(const ChatOptions& options, Console console);

struct UnderstandOptions {
  std::string text{};         ///< empty or `-`: one text per line of the input
  std::string config_file{};  ///< for an installation's own lexicon
  std::string estate{};       ///< whose area code counts; empty: the only one's
  bool explain = false;       ///< with each slot's span and rule, and the phrases that were found
};
int run_understand(const UnderstandOptions& options, Console console);

struct LearnOptions {
  std::vector<std::string> files{};  ///< one labelled message per line, as in tests/data/understanding/
  std::string config_file{};         ///< for an installation's own lexicon
};
/// Writes the lexicon file weights.txt to `out`.
int run_learn(const LearnOptions& options, Console console);

/// `status`: only these, whatever `all` says; empty: any.
int run_ticket_list(const std::string& config_file, const std::string& status, bool all, int limit, Console console);
int run_ticket_show(const std::string& config_file, const std::string& number, Console console);

/// A report that came by telephone.
struct TicketOpenOptions {
  std::string config_file{};
  std::string description{};
  std::string name{}, phone{}, address{};
  std::string category{};  ///< `repair/elevator`; empty: as the words say
  std::string estate{};    ///< empty: the only one
  bool urgent = false;
};
int run_ticket_open(const TicketOpenOptions& options, Console console);

struct TicketActOptions {
  std::string config_file{};
  std::string number{};
  std::string action{};  ///< a name of tickets::ActionKind
  std::string text{};
  std::string to{};       ///< assign: a person's or department's name; set_category, set_priority: which
  std::string told_by{};  ///< complete: how the owner was told
};
/// Does what an operator may do to a ticket, or says why not and what may be done instead.
int run_ticket_act(const TicketActOptions& options, Console console);

struct StaffOptions {
  std::string config_file{};
  std::string name{};  ///< or, for somebody who is there: an id or a phone
  std::string role{"agent"};
  std::string department{};  ///< as configured; empty: none
  std::string estate{};      ///< as configured; empty: all
  std::string phone{};
  std::vector<std::string> peers{};  ///< `workchat:wecom/zhangsan`
  std::string from{}, until{};       ///< `2026-11-26 08:00` by the installation's clock
  bool leave = false;
  int days = 1;  ///< the same span on so many days in a row
};
/// Adds somebody, or changes whom the name names already.
int run_staff_add(const StaffOptions& options, Console console);
int run_staff_list(const StaffOptions& options, Console console);
int run_staff_disable(const StaffOptions& options, bool disabled, Console console);
/// Puts spans of duty, or of leave, into the roster.
int run_staff_duty(const StaffOptions& options, Console console);

struct OutboxOptions {
  std::string config_file{};
  std::vector<std::int64_t> ids{};  ///< rows; empty: those that the rest describes
  std::string state{}, channel{}, peer{};
  int limit = 50;
};
int run_outbox_list(const OutboxOptions& options, Console console);
int run_outbox_show(const OutboxOptions& options, Console console);
/// Has dead, unknown or waiting rows sent now, however old they are.
int run_outbox_retry(const OutboxOptions& options, Console console);
/// Gives up rows that are not sent.
int run_outbox_drop(const OutboxOptions& options, Console console);

struct ReportOptions {
  std::string config_file{};
  std::string estate{};         ///< as configured; empty: all
  std::string from{}, until{};  ///< days, both included; empty: of the month before this one
  std::string by{"month"};      ///< or `week`
  std::string format{"text"};   ///< html, csv, json, text
  std::string locale{};         ///< empty: the configuration's
};
/// What the tickets of that time say. EX_USAGE for days that are none or an estate that there is not.
int run_report(const ReportOptions& options, Console console);

struct DocsOptions {
  std::string config_file{};
  std::string folder = "docs-out";
  std::string locale{};         ///< empty: all that there are
  std::string role{};           ///< only what this one reads; empty: everybody's
  std::string format = "html";  ///< or `markdown`
};
/// Writes the documents of the process, of what is configured, a folder a language. EX_USAGE for a role, language or
/// format that there is not, EX_IOERR where the folder cannot be written.
int run_docs(const DocsOptions& options, Console console);

/// Do a day's books come out even? EX_DATAERR, and an alarm, where they do not.
int run_audit(const std::string& config_file, const std::string& day, Console console);

struct ReplayOptions {
  std::string config_file{};
  std::string delivery{};       ///< a delivery key: this one turn
  std::string conversation{};   ///< a conversation's id, or a ticket's number; empty with `delivery` empty: all
  std::string from{}, until{};  ///< days, both included; empty: as long as deliveries are kept
  std::string format{"text"};   ///< or json
  bool unmasked = false;        ///< names and phones are shown
};
/// Stored conversations once more, with today's flow: what owners would be answered otherwise, and which tickets would
/// come out otherwise. Changes nothing.
int run_replay(const ReplayOptions& options, Console console);

struct WeChatMenuOptions {
  std::string channel{};  ///< empty: the only one of WeChat
  bool show = false;      ///< change nothing
};
/// Creates the menu below the chat from the channel's `menu:`, and shows what is in force.
int run_wechat_menu(const std::string& config_file, const WeChatMenuOptions& options, Console console);

struct QrOptions {
  std::vector<std::string> codes{};  ///< of `codes:`; none: all
  std::string channel{};
  std::string folder = "qr";
  int days = 0;  ///< how long they are good; 0: for ever (an account has 100,000 of those, and none can be taken back)
};
/// Makes a QR code for each place or thing of `codes:`, as SVG and PNG.
int run_qr(const std::string& config_file, const QrOptions& options, Console console);

struct DemoOptions {
  bool once = false;
  std::string folder = "var/demo";
};
int run_demo(const DemoOptions& options, Console console);

/// What the channels, the flow, the lexicon and the texts that a configuration names have to complain of.
[[nodiscard]] std::vector<Error> complaints_of_parts(const Config& config, const SecretSources& secrets);

/// Reads and validates a configuration; prints every complaint, those of its parts too, and returns nothing where it
/// is not usable.
[[nodiscard]] std::optional<Config> load_config(const std::string& file, std::ostream& errors);

/// A configuration and what it names, for commands that talk without serving.
struct ConfiguredAssets {
  Config config{};
  Assets assets{};
};
/// Of `config_file`, or, where that is empty, the shipped one; prints every complaint and returns nothing where it is
/// not usable.
[[nodiscard]] std::optional<ConfiguredAssets> load_configured_assets(const std::string& config_file,
                                                                     std::ostream& errors);

/// The configuration of commands that need none: shipped texts, one estate, no channels.
[[nodiscard]] Config default_config();

void print(const std::vector<Error>& complaints, std::ostream& errors);

}  // namespace huiyin::gateway
