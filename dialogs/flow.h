#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"
#include "core/ticket.h"
#include "dialogs/understanding/place_tree.h"
#include "dialogs/understanding/understand.h"

namespace huiyin::dialogs {

enum class FieldKind { text, name, phone, address, choice, attachments, confirm };

/// Words for people, by locale: `{zh-CN: 地址, en: address}`.
using Labels = std::map<std::string, std::string>;

/// One answer of a choice field.
// NOLINTNEXTLINE(misc-no-recursion): of the implicit members only; parse_flow() nests no deeper than one level
struct FlowChoice {
  std::string id{};  ///< for field `category` a Category's name
  Labels label{};
  std::vector<std::string> folded_labels{};  ///< as an answer is compared with them
  std::vector<std::string> words{};          ///< other ways to say it, folded and simplified
  bool offered = true;            ///< false: understood, but not among the answers shown (`internal` to an owner)
  std::vector<FlowChoice> sub{};  ///< sub-types, asked for when this one is taken
};

struct Field {
  std::string name{};
  FieldKind kind = FieldKind::text;
  Labels label{};
  std::string prompt{};  ///< template it is asked with; `<prompt>.again` after a miss or a digression
  bool required = true;
  std::vector<std::string> names{};  ///< how owners call it: 「地址」「住址」, for 改地址; folded and simplified
  std::size_t min_characters = 0;
  std::size_t max_characters = 0;  ///< longer is cut, and the owner told
  std::size_t max_items = 0;       ///< attachments
  std::vector<FlowChoice> choices{};
  Labels change{};  ///< confirm: how the answers are called that go back to a field: `改{field}`
  int line = 0;
};

/// An entry of the menu: begins the form (`start`, with the category it suggests) or means a command.
struct MenuEntry {
  std::string id{};
  std::string key{};  ///< of the channel's own menu: `MENU_REPAIR`
  Labels label{};
  std::vector<std::string> folded_labels{};  ///< as an answer is compared with them
  std::vector<std::string> words{};
  bool offered = true;  ///< false: understood, but not shown
  bool start = false;
  std::string category{};  ///< suggested to the form; the owner's own words win; empty: none
  std::string command{};
};

/// What is said and opened at once when a text tells of danger.
struct DangerRule {
  std::string kind{};      ///< of the lexicon: `gas`
  std::string say{};       ///< template: what to do now, whom to ring
  std::string category{};  ///< of the ticket: `repair/gas`
  std::string ring{};      ///< number rung when `emergency_numbers` of the configuration has none for this kind
};

/// What an owner's words say as the answer to a survey (tickets/survey.h reads them).
struct SurveyWords {
  enum class Kind { answer, thanks, out_of_range, other } kind = Kind::other;
  std::optional<int> score{};  ///< 1 to 5
  std::string outcome{};       ///< `fixed`, `partly`, `not_fixed`; empty: not said
  std::string words{};         ///< the rest
};

/// What the installation's configuration gives to every dialog: put in by the gateway after parsing.
struct Site {
  std::string hotline{};                                   ///< named where a person is offered; may be empty
  std::map<std::string, std::string> emergency_numbers{};  ///< by kind of danger; wins over the flow's `ring`
  PlaceTree places{};           ///< of the channel's estate; empty: any place is taken as written
  Locality locality{};          ///< of the channel's estate: what understand() is told
  std::vector<FaqEntry> faq{};  ///< questions that are listed there, each with its answer
  std::chrono::minutes utc_offset{std::chrono::hours{8}};  ///< for times shown to owners
  bool mail_reopens = true;  ///< a mail in a closed ticket's thread opens it again; else it is a comment there
  std::string
      mail_category{};  ///< of every mail of this channel (`internal`: the staff's own mailbox); empty: its words tell
  std::function<std::string(TicketNumber)> write_number{};                     ///< `HY1024-4`
  std::function<std::optional<TicketNumber>(std::string_view)> read_number{};  ///< nothing: no number of ours
  std::function<SurveyWords(std::string_view)> read_survey{};                  ///< empty: surveys are answered by taps
  /// Is `code` the one whose hash this is? In constant time.
  std::function<bool(const std::string& hash, std::string_view code)> fits_code{};
};

/// How a channel wants to be talked on: put in by the gateway from what its adapter says of itself.
struct Manners {
  bool brief = false;                     ///< each message costs: as few as can be, and none to a machine
  std::vector<std::string> opt_out{};     ///< words beside the flow's, folded
  bool provider_answers_opt_out = false;  ///< it confirms by itself: we do not as well
  bool can_verify_phones = false;         ///< codes can be sent to phones
};

struct FlowRules;  // compiled patterns; flow_rules.h

/// A form as data: what is asked, in which order, and the words of its commands. Immutable after parsing but for
/// `site` and `manners`.
struct Flow {
  std::string name{};
  std::string default_locale{};
  std::vector<Field> fields{};
  std::vector<MenuEntry> menu{};
  std::vector<DangerRule> dangers{};
  std::map<std::string, std::vector<std::string>> commands{};  ///< cancel, back, restart, help …: folded words
  std::string human_department{};                              ///< who gets what is handed over: `service`
  std::chrono::hours draft_after{24};
  std::vector<std::string> machine_words{};  ///< folded: a phone's automatic answer says so in these
  std::vector<std::string> own_words{};      ///< folded: only a program like this one writes so
  Site site{};
  Manners manners{};
  std::shared_ptr<const FlowRules> rules{};

  [[nodiscard]] const Field* find(std::string_view field) const;
  [[nodiscard]] const Field* find(FieldKind kind) const;
  [[nodiscard]] const DangerRule* find_danger(std::string_view kind) const;
};

/// The words for `locale`, else for the flow's default locale, else `id`.
[[nodiscard]] const std::string& label_of(const Flow& flow, const Labels& labels, const std::string& locale,
                                          const std::string& id);

/// Parses a flow. The gateway reads the files. Every complaint has file, line and what to do.
[[nodiscard]] tl::expected<Flow, std::vector<Error>> parse_flow(std::string_view text, const std::string& name);

/// What a flow needs of its surroundings: complains of every template that `has_template` lacks, of a danger that the
/// lexicon knows and the flow does not answer, of a sub-category that no choice offers.
[[nodiscard]] std::vector<Error> check_flow(const Flow& flow, const Lexicon& lexicon,
                                            const std::function<bool(std::string_view)>& has_template);

/// Every template name that the engine may use with this flow, sorted.
[[nodiscard]] std::vector<std::string> template_names(const Flow& flow);

}  // namespace huiyin::dialogs
