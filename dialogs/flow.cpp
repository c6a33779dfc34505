#include "dialogs/flow.h"

#include <algorithm>
#include <set>

#include "core/ticket.h"

namespace huiyin::dialogs {
namespace {

// What the engine says beside the flow's own prompts.
constexpr const char* kEngineTexts[] = {"welcome",
                                        "ask_details",
                                        "ask_details.again",
                                        "verify_code",
                                        "verify_done",
                                        "verify_expired",
                                        "verify_no_phone",
                                        "verify_offer",
                                        "verify_sent",
                                        "verify_too_often",
                                        "verify_wrong",
                                        "greeting",
                                        "thanks_reply",
                                        "menu",
                                        "menu.again",
                                        "consent",
                                        "consent_declined",
                                        "help",
                                        "wait_ok",
                                        "not_understood",
                                        "not_understood.2",
                                        "unsupported",
                                        "media_received",
                                        "media_added",
                                        "media_full",
                                        "location_received",
                                        "link_received",
                                        "noted",
                                        "text_cut",
                                        "changed",
                                        "value_kept",
                                        "back_at_start",
                                        "required",
                                        "restarted",
                                        "cancelled",
                                        "cancelled_ticket_kept",
                                        "nothing_to_cancel",
                                        "ask_about",
                                        "ask_about.again",
                                        "about.urge",
                                        "about.withdraw",
                                        "about.reopen",
                                        "ask_known",
                                        "ask_known.again",
                                        "known_joined",
                                        "ask_another",
                                        "ask_another.again",
                                        "another_later",
                                        "ticket_urge",
                                        "ticket_withdraw",
                                        "ticket_reopen",
                                        "ticket_left",
                                        "ticket_tell",
                                        "ticket_add_details",
                                        "about.tell",
                                        "about.add_details",
                                        "survey_over",
                                        "survey_again",
                                        "survey_reopened",
                                        "survey_low",
                                        "survey_thanks",
                                        "survey_reason_noted",
                                        "faq",
                                        "ask_faq",
                                        "ask_faq.again",
                                        "faq_topics",
                                        "faq_none",
                                        "out_of_scope",
                                        "ask_cancel",
                                        "ask_cancel.again",
                                        "ask_resume",
                                        "ask_resume.again",
                                        "ask_offer",
                                        "ask_place",
                                        "ask_place.again",
                                        "ask_offer.again",
                                        "ask_change",
                                        "ask_change.again",
                                        "ask_subcategory",
                                        "ask_subcategory.again",

                                        "taken_for_audit",
                                        "ticket_received",
                                        "ticket_already_received",
                                        "details_added",

                                        "letter_received",
                                        "letter_ask",
                                        "letter_out_of_scope",
                                        "letter_unverified",
                                        "letter_opted_out",

                                        "danger_details_complete",
                                        "danger_again",
                                        "human",
                                        "human_ticket",

                                        "progress_ticket",
                                        "progress_none",
                                        "ticket_not_found",
                                        "opted_out",
                                        "opted_in",
                                        "status.opened",
                                        "status.assigned",
                                        "status.accepted",
                                        "status.in_progress",
                                        "status.suspended",
                                        "status.resolved",
                                        "status.closed",
                                        "status.withdrawn",
                                        "status.out_of_scope",
                                        "status.merged"};

Error at_flow(const Flow& flow, int line, std::string what, std::string remedy) {
  return {flow.name + ".yaml" + (line > 0 ? ":" + std::to_string(line) : ""), std::move(what), std::move(remedy)};
}

std::vector<std::string> names_of(const Field& field) {
  std::vector<std::string> names{field.prompt, field.prompt + ".again"};
  if (field.kind != FieldKind::confirm) {
    names.push_back(field.name + "_invalid");
    names.push_back(field.name + "_invalid.2");
  }
  return names;
}

bool has_sub(const Flow& flow, const std::string& name) {
  const auto* field = flow.find("category");
  const auto slash = name.find('/');
  if (field == nullptr || slash == std::string::npos) return false;
  for (const auto& choice : field->choices)
    if (choice.id == name.substr(0, slash))
      return std::any_of(choice.sub.begin(), choice.sub.end(),
                         [&](const auto& sub) { return sub.id == name.substr(slash + 1); });
  return false;
}

}  // namespace

const Field* Flow::find(std::string_view field) const {
  const auto found = std::find_if(fields.begin(), fields.end(), [&](const Field& one) { return one.name == field; });
  return found == fields.end() ? nullptr : &*found;
}

const Field* Flow::find(FieldKind kind) const {
  const auto found = std::find_if(fields.begin(), fields.end(), [&](const Field& one) { return one.kind == kind; });
  return found == fields.end() ? nullptr : &*found;
}

const DangerRule* Flow::find_danger(std::string_view kind) const {
  const auto found = std::find_if(dangers.begin(), dangers.end(), [&](const auto& one) { return one.kind == kind; });
  return found == dangers.end() ? nullptr : &*found;
}

const std::string& label_of(const Flow& flow, const Labels& labels, const std::string& locale, const std::string& id) {
  for (const auto& wanted : {locale, flow.default_locale})
    if (const auto found = labels.find(wanted); found != labels.end()) return found->second;
  return id;
}

std::vector<std::string> template_names(const Flow& flow) {
  std::set<std::string> names(std::begin(kEngineTexts), std::end(kEngineTexts));
  for (const auto& field : flow.fields)
    for (auto& name : names_of(field)) names.insert(std::move(name));
  for (const auto& danger : flow.dangers) names.insert(danger.say);
  return {names.begin(), names.end()};
}

std::vector<Error> check_flow(const Flow& flow, const Lexicon& lexicon,
                              const std::function<bool(std::string_view)>& has_template) {
  std::vector<Error> errors;
  for (const auto& field : flow.fields)
    for (const auto& name : names_of(field))
      if (!has_template(name))
        errors.push_back(at_flow(flow, field.line, "field \"" + field.name + "\" needs the text \"" + name + "\"",
                                 "Add it to templates/<locale>/messages.yaml"));
  for (const auto& danger : flow.dangers)
    if (!has_template(danger.say))
      errors.push_back(at_flow(flow, 0, "danger \"" + danger.kind + "\" needs the text \"" + danger.say + "\"",
                               "Add it to templates/<locale>/messages.yaml"));
  for (const auto* name : kEngineTexts)
    if (!has_template(name))
      errors.push_back({"templates", std::string("the dialog needs the text \"") + name + "\"",
                        "Add it to templates/<locale>/messages.yaml"});
  for (const auto& kind : lexicon.danger_kinds())
    if (flow.find_danger(kind) == nullptr)
      errors.push_back(at_flow(flow, 0,
                               "the lexicon knows the danger \"" + kind + "\", which this flow does not answer",
                               "Add it under `danger:` with say, category and ring"));
  for (const auto& name : lexicon.subcategories())
    if (!has_sub(flow, name))
      errors.push_back(at_flow(flow, 0,
                               "the lexicon knows the sub-type \"" + name + "\", which field \"category\" lacks",
                               "Add it as a `sub` there, or take it out of the lexicon"));
  return errors;
}

}  // namespace huiyin::dialogs
