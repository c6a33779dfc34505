#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.h"
#include "config/report_reader.h"
#include "core/ticket.h"
#include "gateway/assets.h"
#include "pages/html.h"
#include "tickets/assignment.h"
#include "tickets/process.h"
#include "tickets/state_machine.h"
#include "tickets/steps.h"

namespace huiyin::gateway {

/// What the documents of the process are made of, in one language: the configuration, the flow and the lexicon, the
/// rules of tickets. The references must outlive it. Immutable once made.
struct GuideSource {
  const Config& config;
  const Assets& assets;
  std::string locale{};
  std::shared_ptr<const templates::Renderer> texts{};  ///< that have `guide.…`
  pages::Words words{};                                ///< `guide.…` of templates/*/guides.yaml, and all others
  std::vector<tickets::Department> departments{};
  tickets::Rules rules{};
  tickets::LifeRules life{};
  ReportConfig reports{};

  [[nodiscard]] std::string word(std::string_view name) const { return words("guide." + std::string(name), {}); }
  [[nodiscard]] bool has_word(std::string_view name) const { return texts->has("guide." + std::string(name)); }
  /// 「、」 or ", " between them.
  [[nodiscard]] std::string join(const std::vector<std::string>& parts) const;
  /// `HY1024-4`, and as staff type it: 10244.
  [[nodiscard]] std::string full_number(std::int64_t sequence) const;
  [[nodiscard]] std::string short_number(std::int64_t sequence) const;
};

/// Complains of what cannot be read (holidays).
[[nodiscard]] GuideSource guide_source(const Config& config, const Assets& assets, const std::string& locale,
                                       std::vector<Error>& errors);

// Words for what has a name in code; plain, not Markdown.
[[nodiscard]] std::string status_words(const GuideSource& source, TicketStatus status);
[[nodiscard]] std::string action_words(const GuideSource& source, tickets::ActionKind action);
[[nodiscard]] std::string role_words(const GuideSource& source, tickets::Role role);
[[nodiscard]] std::string kind_words(const GuideSource& source, Category category, const std::string& subcategory);
/// 「24 小时」: of open hours, a day of which is no day.
[[nodiscard]] std::string duration_words(const GuideSource& source, Millis duration);
/// 「1 天」: by the calendar.
[[nodiscard]] std::string span_words(const GuideSource& source, Millis span);
[[nodiscard]] std::string receiver_words(const GuideSource& source, const std::vector<tickets::Receiver>& receivers);

// Pieces of Markdown that are generated: tables and lists, empty where there is nothing to show.
[[nodiscard]] std::string process_table(const GuideSource& source);
[[nodiscard]] std::string status_table(const GuideSource& source);
[[nodiscard]] std::string role_table(const GuideSource& source);
[[nodiscard]] std::string department_table(const GuideSource& source);
/// `for_owners`: without what only staff report.
[[nodiscard]] std::string service_time_table(const GuideSource& source, bool for_owners);
[[nodiscard]] std::string ladder_table(const GuideSource& source);
/// Only those that `who` is told of; `who` a receiver's name.
[[nodiscard]] std::string ladder_table_of(const GuideSource& source, const std::vector<std::string>& who);
[[nodiscard]] std::string hours_list(const GuideSource& source);
[[nodiscard]] std::string after_photo_words(const GuideSource& source);
/// Which number for which dangers.
[[nodiscard]] std::string emergency_table(const GuideSource& source);
/// What to do first, danger by danger: the dialog's own reviewed texts.
[[nodiscard]] std::string first_aid(const GuideSource& source);

/// What owners say at any time, and what that does. Says only what the dialog understands as that.
[[nodiscard]] std::string owner_command_table(const GuideSource& source, bool by_sms);
/// The word of a command of the flow in the document's language; empty where it has none.
[[nodiscard]] std::string command_word(const GuideSource& source, const std::string& command);
/// What staff write. `more_than_agents`: what dispatchers and managers may do and agents may not, else what agents may.
[[nodiscard]] std::string staff_command_table(const GuideSource& source, bool more_than_agents);
/// What staff write that is about no ticket: 列表, 上班.
[[nodiscard]] std::string staff_wish_table(const GuideSource& source);

/// How owners reach the company, of the channels of an estate that hear.
[[nodiscard]] std::string ways_list(const GuideSource& source, const EstateConfig& estate);
[[nodiscard]] bool has_channel(const GuideSource& source, const EstateConfig& estate, std::string_view kind);
/// The account's own menu, where a WeChat channel of the estate configures one.
[[nodiscard]] std::string menu_list(const GuideSource& source, const EstateConfig& estate);
[[nodiscard]] std::string code_table(const GuideSource& source);
[[nodiscard]] std::string channel_table(const GuideSource& source);
/// Which work chats staff have.
[[nodiscard]] std::string work_chat_words(const GuideSource& source);

}  // namespace huiyin::gateway
