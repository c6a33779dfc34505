#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/ids.h"
#include "core/ticket.h"
#include "core/time.h"

namespace huiyin {

/// What configuration says of a ticket's life (docs/ticket-life.md). Values as written; gateway/life_settings.h makes
/// of them what tickets/ takes. What is not written holds as tickets/ has it by itself.

/// `repair`, `repair/elevator`; category none: everything.
struct KindConfig {
  Category category = Category::none;
  std::string subcategory{};
  friend bool operator==(const KindConfig&, const KindConfig&) = default;
};

struct DepartmentConfig {
  std::string name{};   ///< `repair`: a key, as an estate's
  std::string title{};  ///< 「工程部」
  std::vector<KindConfig> handles{};
  std::vector<std::string> places{};  ///< only there; empty: anywhere
  std::string mode{"grab"};           ///< grab, round_robin, least_loaded, dispatcher
  std::string lead{};                 ///< a staff member's name or phone
  std::vector<std::string> groups{};  ///< `channel/address`
  int most_open = 0;
};

struct ServiceTimeConfig {
  KindConfig kind{};
  std::optional<Priority> priority{};
  Millis respond{}, resolve{};
  bool round_the_clock = false;
};

/// Hours as written (`08:30-12:00, 13:30-18:00`, `closed`), checked.
struct CalendarConfig {
  std::string weekdays{"08:30-18:00"};
  std::string saturday{"09:00-17:00"};
  std::string sunday{"09:00-17:00"};
  std::string holiday_hours{"closed"};
  std::vector<std::string> holidays{"cn"};  ///< names of files shipped, or paths; the later holds over the earlier
};

/// Receivers as written: `assignee`, `duty`, `group`, `lead`, `manager`, `dispatcher`, `channel/address`.
using ReceiverNames = std::vector<std::string>;

struct RungConfig {
  bool of_respond = true;  ///< else of the time to resolve
  int percent = 100;
  ReceiverNames tell{};
};

struct EscalationConfig {
  std::optional<std::vector<RungConfig>> ladder{};
  std::optional<Millis> urgent_every{}, urgent_later{}, overdue_every{}, suspended_every{}, urge_apart{};
  std::optional<std::vector<ReceiverNames>> urgent_tell{};
  std::optional<ReceiverNames> overdue_tell{}, unattended_tell{}, suspended_tell{}, call_back_tell{};
};

struct SurveyConfig {
  std::optional<bool> enabled{};
  std::optional<Millis> remind_after{}, expire_after{}, close_after{}, at_most_every{}, call_back_within{};
  std::optional<int> low_score{};
};

struct SharedThingConfig {
  KindConfig kind{};
  std::string by{"unit"};  ///< unit, building, estate
};

struct DuplicateConfig {
  std::optional<bool> enabled{};
  std::optional<Millis> window{};
  std::optional<std::vector<SharedThingConfig>> shared{};
};

/// What is not the company's to do, and whom its owner is to call.
struct ScopeConfig {
  std::optional<KindConfig> kind{};
  std::vector<std::string> words{};
  std::string call{};
};

struct LifeConfig {
  std::vector<DepartmentConfig> departments{};     ///< empty: one for each category
  std::vector<ServiceTimeConfig> service_times{};  ///< empty: those of tickets/service_times.h
  std::vector<KindConfig> after_photo{};           ///< not done without a photo of it
  std::vector<ScopeConfig> scope{};                ///< beside what the lexicon knows as others' business
  CalendarConfig calendar{};
  EscalationConfig escalation{};
  SurveyConfig survey{};
  DuplicateConfig duplicates{};
};

}  // namespace huiyin
