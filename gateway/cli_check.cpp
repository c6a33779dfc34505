#include <date/date.h>
#include <sysexits.h>

#include <algorithm>
#include <iostream>

#include "adapters/registry.h"
#include "gateway/assets.h"
#include "gateway/cli.h"
#include "gateway/daemon.h"
#include "gateway/life_settings.h"
#include "gateway/make_office.h"
#include "gateway/system.h"

namespace huiyin::gateway {
namespace {

/// What owners are told by SMS where the provider knows approved templates only, so that they cannot begin.
constexpr const char* kSmsTexts[] = {"ask_address",
                                     "ask_details",
                                     "ask_description",
                                     "consent_declined",
                                     "danger_gas",
                                     "details_added",
                                     "help",
                                     "human",
                                     "news.accepted",
                                     "news.progress",
                                     "news.result",
                                     "news.message",
                                     "news.result_survey",
                                     "news.survey_reminder",
                                     "news.visit",
                                     "not_understood",
                                     "opted_in",
                                     "opted_out",
                                     "progress_none",
                                     "progress_ticket",
                                     "survey_again",
                                     "survey_thanks",
                                     "ticket_received",
                                     "verify_code"};

/// Approved templates: each must name texts that there are; what none of them carries is told.
void check_carried(const ChannelConfig& stanza, const Channel& channel, const Assets& assets,
                   std::vector<Error>& complaints, std::vector<std::string>& shortcomings) {
  const auto carried = channel.carried();
  if (!carried) return;
  for (const auto& name : *carried)
    if (!name.ends_with('*') && !assets.renderer->has(name))
      complaints.push_back({"line " + std::to_string(stanza.line),
                            stanza.name + ": templates: there is no text \"" + name + "\"",
                            "Name one of templates/zh-CN, or a beginning with a * at its end"});
  std::string missing;
  for (const char* name : kSmsTexts)
    if (!is_carried(*carried, name)) missing += (missing.empty() ? "" : ", ") + std::string(name);
  if (!missing.empty())
    shortcomings.push_back(stanza.name + ": no approved template carries " + missing + ": these cannot be sent here");
}

/// From November on the next year's should be known: that is when they are announced.
void note_holidays(const Config& config, std::vector<std::string>& shortcomings) {
  const date::year_month_day today(date::floor<date::days>(SystemClock().now()));
  std::vector<int> years{static_cast<int>(today.year())};
  if (today.month() >= date::November) years.push_back(years.front() + 1);
  for (const int year : years)
    if (auto missing = missing_holidays(config, year); !missing.empty())
      shortcomings.push_back("calendar: " + std::move(missing) + "; add them to a file of calendar: holidays:");
}

}  // namespace

/// Everything that `serve` would stumble over, all at once.
int run_check(const std::string& config_file, bool offline, Console console) {
  const auto config = load_config(config_file, console.errors);
  if (!config) return EX_CONFIG;
  std::vector<Error> complaints;
  const auto assets = load_assets(*config);
  if (!assets) complaints = assets.error();
  std::vector<std::string> shortcomings;
  for (const auto& stanza : config->channels) {
    const auto channel = make_channel(stanza, process_secrets(), complaints);
    if (!channel) continue;
    for (const auto& line : channel->shortcomings()) shortcomings.push_back(stanza.name + ": " + line);
    if (assets) check_carried(stanza, *channel, *assets, complaints, shortcomings);
  }
  if (assets) (void)make_office(*assets, *config, complaints);
  note_holidays(*config, shortcomings);
  print(complaints, console.errors);
  if (!complaints.empty()) return EX_CONFIG;
  console.out << config_file << ": configuration, flow, lexicon and texts are good; " << config->channels.size()
              << " channel(s)\n";
  for (const auto& stanza : config->channels)
    console.out << "  " << stanza.name << "  " << (stanza.public_url.empty() ? stanza.hook_path() : stanza.hook_url())
                << '\n';
  for (const auto& line : shortcomings) console.out << "  note: " << line << '\n';
  if (offline) return EX_OK;
  const auto store = db::open_store(store_options(*config));
  if (!store) {
    print({store.error()}, console.errors);
    return EX_UNAVAILABLE;
  }
  console.out << "the database answers, and its schema is this program's\n";
  return EX_OK;
}

int run_migrate(const std::string& config_file, Console console) {
  const auto config = load_config(config_file, console.errors);
  if (!config) return EX_CONFIG;
  const auto report = db::migrate(store_options(*config));
  if (!report) {
    print({report.error()}, console.errors);
    return EX_UNAVAILABLE;
  }
  if (report->from == report->to)
    console.out << "the schema is at version " << report->to << " already\n";
  else
    console.out << "the schema went from version " << report->from << " to " << report->to << '\n';
  return EX_OK;
}

}  // namespace huiyin::gateway
