#include "tests/adapters/sms/told_by_sms.h"

#include <re2/re2.h>

#include "core/yaml.h"
#include "tests/templates/shipped_texts.h"

namespace huiyin::sms {
namespace {

bool is_told_by_sms(const std::string& name) {
  static const re2::RE2 never(
      "(status|missing|survey|about|staff|visit)\\..*|gateway\\.(more|notice_consent)|.*_invalid.*|"
      "verify_(offer|sent|wrong|expired|done|too_often|no_phone)|"
      "(ask_(name|phone|category|subcategory|attachments|confirm|change|place|offer|resume|cancel|another)|menu)(\\."
      "again)?|"
      "required|value_kept|changed|text_cut|taken_for_audit|not_understood\\.2|another_later|welcome|greeting|"
      "restarted|back_at_start|unsupported|media_full|location_received|link_received|cancelled_ticket_kept|"
      "gateway\\.draft_reminder|gateway\\.media_.*");
  return !re2::RE2::FullMatch(name, never);
}

}  // namespace

std::set<std::string> told_by_sms(const std::string& locale) {
  std::set<std::string> out;
  const auto files = shipped_texts();
  for (const auto& [file, text] : files.at(locale)) {
    const bool owners = file.ends_with("messages.yaml") || file.ends_with("news.yaml") || file.ends_with("sms.yaml");
    const auto parsed = YamlNode::parse(text, file);
    if (!owners || !parsed) continue;
    for (const auto& [name, value] : parsed->entries()) {
      const auto bare = name.ends_with(".sms") ? name.substr(0, name.size() - 4) : name;
      if (is_told_by_sms(bare)) out.insert(bare);
    }
  }
  return out;
}

}  // namespace huiyin::sms
