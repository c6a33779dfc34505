#include "dialogs/effects.h"

#include "core/overloaded.h"

namespace huiyin::dialogs {
namespace {

std::string word(const Effect& effect) {
  return std::visit(
      Overloaded{
          [](const Set& set) { return "set(" + set.field + ")"; },
          [](const Say& say) { return "say(" + say.name + ")"; },
          [](const Ask& ask) { return "ask(" + ask.field + ")"; },
          [](const OpenTicket& open) { return "open_ticket(" + std::string(to_string(open.ticket.category)) + ")"; },
          [](const Attach&) { return std::string("attach"); },
          [](const RecordConsent&) { return std::string("record_consent"); },
          [](const SaveContact&) { return std::string("save_contact"); },
          [](const ActOnTicket& act) { return "act(" + act.action + ")"; },
          [](const AnswerSurvey& answer) {
            return "answer_survey(" +
                   (answer.words.score ? std::to_string(*answer.words.score) : answer.words.outcome) + ")";
          },
          [](const SetTimer& timer) { return "set_timer(" + timer.kind + ")"; },
          [](const CancelTimer& timer) { return "cancel_timer(" + timer.kind + ")"; },
          [](const SendCode&) { return std::string("send_code"); },
          [](const ProvePhone&) { return std::string("prove_phone"); },
          [](const OptOut&) { return std::string("opt_out"); },
          [](const OptIn&) { return std::string("opt_in"); },
          [](const HandOver& over) { return "hand_over(" + over.to + ")"; },
      },
      effect);
}

bool is_housekeeping(const Effect& effect) {
  return std::holds_alternative<RecordConsent>(effect) || std::holds_alternative<SaveContact>(effect) ||
         std::holds_alternative<SetTimer>(effect) || std::holds_alternative<CancelTimer>(effect);
}

std::string list(const std::vector<Effect>& effects, bool all) {
  std::string text;
  for (const auto& effect : effects)
    if (all || !is_housekeeping(effect)) text += (text.empty() ? "" : " ") + word(effect);
  return text;
}

}  // namespace

std::string describe(const std::vector<Effect>& effects) { return list(effects, false); }
std::string describe_all(const std::vector<Effect>& effects) { return list(effects, true); }

}  // namespace huiyin::dialogs
