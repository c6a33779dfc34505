#include "config/report_reader.h"

#include "config/checks.h"

namespace huiyin {
namespace {

constexpr int kMostDay = 28;               // every month has it
constexpr int kAuditMinute = 3 * 60 + 10;  // when little happens
constexpr auto kNever = "never";
constexpr auto kClockRemedy = "Write it as \"09:00\"";

int read_minute(YamlReader& read, const std::string& key, int fallback) {
  const auto text = read.text(key, "");
  if (text.empty()) return fallback;
  if (const auto minute = minute_of_day(text)) return *minute;
  read.complain(key, key + " \"" + text + "\" is no time of day", kClockRemedy);
  return fallback;
}

}  // namespace

ReportConfig read_reports(YamlReader& root, std::vector<Error>& errors) {
  ReportConfig out;
  const auto node = root.child("reports");
  if (!node || node->is_null()) return out;
  if (!node->is_map()) {
    root.complain("reports", "reports is no map", "Write its keys below it, indented");
    return out;
  }
  YamlReader read(*node, "reports", errors);
  out.monthly = read.flag("monthly", true);
  out.day = static_cast<int>(read.number("day", 1, kMostDay, out.day));
  out.minute = read_minute(read, "at", out.minute);
  out.to = read.texts("to");
  for (const auto& to : out.to)
    if (const auto slash = to.find('/'); slash == std::string::npos || slash == 0 || slash + 1 == to.size())
      read.complain("to", "to \"" + to + "\" is nobody's address",
                    "Write a channel and an address: workchat:wecom/zhangsan");
  if (read.text("audit_at", "") != kNever) out.audit_minute = read_minute(read, "audit_at", kAuditMinute);
  read.finish();
  return out;
}

ReportConfig reports_of(std::string_view configuration) {
  const auto root = YamlNode::parse(configuration, "");
  if (!root) return {};
  std::vector<Error> errors;
  YamlReader read(*root, "", errors);
  return read_reports(read, errors);
}

}  // namespace huiyin
