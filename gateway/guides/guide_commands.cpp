// The words that owners and staff write, as documents name them: each is read by the real reader first, and what that
// does not understand as meant is not named.
#include <algorithm>
#include <array>

#include "core/text.h"
#include "dialogs/flow_rules.h"
#include "gateway/guides/guide_source.h"
#include "gateway/suggestion.h"
#include "pages/markdown.h"
#include "tickets/number.h"
#include "tickets/staff_command.h"

namespace huiyin::gateway {
namespace {

using pages::markdown_code;
using pages::markdown_table;
using tickets::ActionKind;
using tickets::Role;

using Rows = std::vector<std::vector<std::string>>;

constexpr std::int64_t kSample = 1024;
constexpr std::int64_t kOther = 1025;

/// The flow's commands that owners are told of, in the order in which they need them.
constexpr std::array kOwnerCommands = {"progress", "human",  "talk", "faq",    "back",
                                       "change",   "cancel", "skip", "repeat", "verify"};
/// What they say in words of their own, and the lexicon's intent of it.
constexpr std::array<std::pair<const char*, const char*>, 4> kOwnerWishes = {
    {{"urge", "urge"}, {"not_fixed", "not_fixed"}, {"withdraw", "withdraw"}, {"addition", "addition"}}};

/// In the order in which a ticket's work goes.
constexpr std::array kActions = {ActionKind::accept,
                                 ActionKind::arrange_visit,
                                 ActionKind::inspect,
                                 ActionKind::plan,
                                 ActionKind::progress,
                                 ActionKind::suspend,
                                 ActionKind::resume,
                                 ActionKind::complete,
                                 ActionKind::tell,
                                 ActionKind::note,
                                 ActionKind::add_details,
                                 ActionKind::assign,
                                 ActionKind::send_back,
                                 ActionKind::call_back,
                                 ActionKind::merge,
                                 ActionKind::set_category,
                                 ActionKind::set_priority,
                                 ActionKind::audit,
                                 ActionKind::mark_out_of_scope,
                                 ActionKind::reopen,
                                 ActionKind::close,
                                 ActionKind::withdraw,
                                 ActionKind::urge};

bool is_chinese(std::string_view word) { return !word.empty() && static_cast<unsigned char>(word.front()) >= 0xE3; }

std::string heading(const GuideSource& source, const char* name) { return source.word("column_" + std::string(name)); }

bool may(Role role, ActionKind action) {
  const auto all = tickets::process();
  return std::any_of(all.begin(), all.end(), [&](const tickets::ProcessRow& row) {
    return row.action == action && std::find(row.who.begin(), row.who.end(), role) != row.who.end();
  });
}

bool owner_sees(ActionKind action) {
  const auto all = tickets::process();
  return std::any_of(all.begin(), all.end(),
                     [&](const tickets::ProcessRow& row) { return row.action == action && row.owner_sees; });
}

tickets::CommandContext context_of(const GuideSource& source) {
  return {.prefix = source.config.ticket_prefix, .his_open = {{kSample}}};
}

/// `完成 10244 换了轴承，电话告知`; empty where staff would not be understood as wanting that.
std::string example_of(const GuideSource& source, ActionKind action) {
  const auto word = tickets::word_for(action, source.locale);
  const auto name = "example_" + std::string(tickets::to_string(action));
  if (word.empty() || !source.has_word(name)) return {};
  auto example = source.words(
      "guide." + name,
      {{"word", std::string(word)}, {"number", source.short_number(kSample)}, {"other", source.short_number(kOther)}});
  const auto read = tickets::parse_staff_command(example, context_of(source));
  const bool is_meant = read && read->wish == tickets::StaffWish::act && read->action.kind == action;
  return is_meant ? example : std::string();
}

}  // namespace

std::string command_word(const GuideSource& source, const std::string& command) {
  const auto words = source.assets.flow.commands.find(command);
  if (words == source.assets.flow.commands.end()) return {};
  constexpr std::size_t kLeast = 3;  // bytes: TD and T are understood, but say nothing to who reads them
  for (const auto& word : words->second)
    if (word.size() >= kLeast && is_chinese(word) == (source.locale != "en")) return word;
  return {};
}

std::string owner_command_table(const GuideSource& source, bool by_sms) {
  Rows rows;
  const auto add = [&](const std::string& said, const std::string& name) {
    if (!said.empty()) rows.push_back({markdown_code(said), source.word("means_" + name)});
  };
  for (const std::string command : kOwnerCommands) {
    auto said = command_word(source, command);
    if (command == "talk" && !said.empty()) said += " " + source.word("example_talk");
    if (command == "faq" && source.assets.lexicon->faq().empty()) continue;
    if (command == "verify" && !by_sms) continue;  // no code could be sent
    add(said, command);
    if (command != "human") continue;
    for (const auto& [name, intent] : kOwnerWishes) {
      const auto words = source.word("says_" + std::string(name));
      if (dialogs::understand(*source.assets.lexicon, words).intent == intent) add(words, name);
    }
  }
  if (by_sms) {
    add(command_word(source, "opt_out"), "opt_out");
    add(command_word(source, "opt_in"), "opt_in");
  }
  return markdown_table({heading(source, "say"), heading(source, "means")}, rows);
}

std::string staff_command_table(const GuideSource& source, bool more_than_agents) {
  Rows rows;
  for (const auto action : kActions) {
    const bool agents = may(Role::agent, action);
    const auto name = std::string(tickets::to_string(action));
    const bool is_wider = more_than_agents && source.has_word("wider_" + name) && may(Role::dispatcher, action);
    const bool wanted = more_than_agents ? (!agents && may(Role::dispatcher, action)) || is_wider : agents;
    const auto example = wanted ? example_of(source, action) : std::string();
    if (example.empty()) continue;
    rows.push_back({markdown_code(example), source.word((is_wider ? "wider_" : "does_") + name),
                    source.word(owner_sees(action) ? "yes" : "no")});
  }
  return markdown_table({heading(source, "command"), heading(source, "does"), heading(source, "owner_sees")}, rows);
}

std::string staff_wish_table(const GuideSource& source) {
  Rows rows;
  const auto add = [&](const char* name, tickets::StaffWish wish) {
    const auto said = source.words("guide.example_" + std::string(name), {{"number", source.short_number(kSample)}});
    const auto read = tickets::parse_staff_command(said, context_of(source));
    if (read && read->wish == wish) rows.push_back({markdown_code(said), source.word("does_" + std::string(name))});
  };
  add("list", tickets::StaffWish::list);
  add("show", tickets::StaffWish::show);
  add("duty_on", tickets::StaffWish::duty);
  add("duty_off", tickets::StaffWish::duty);
  const auto suggestion = source.word("example_suggestion");
  if (!suggestion_in(suggestion).empty()) rows.push_back({markdown_code(suggestion), source.word("does_suggestion")});
  add("help", tickets::StaffWish::help);
  return markdown_table({heading(source, "command"), heading(source, "does")}, rows);
}

}  // namespace huiyin::gateway
