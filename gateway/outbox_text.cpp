#include "gateway/outbox_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/text.h"

namespace huiyin::gateway {
namespace {

constexpr std::size_t kShownOfError = 60;

std::string local_time(Time time, std::chrono::minutes utc_offset) {
  return format_utc(time + utc_offset).substr(0, 19);
}

void add(std::string& out, std::string_view label, std::string_view value) {
  if (!value.empty()) out += fmt::format("  {:<11} {}\n", label, value);
}

}  // namespace

std::string describe_outbox_line(const OutboxRow& row, std::chrono::minutes utc_offset) {
  std::string error(first_characters(row.last_error, kShownOfError));
  std::replace(error.begin(), error.end(), '\n', ' ');
  const auto when = row.state == OutboxState::waiting ? "due " + local_time(row.due, utc_offset)
                                                      : "of  " + local_time(row.created, utc_offset);
  auto line = fmt::format("{:<19} {:<9} {} {}/{} tries={} {}", row.id.value, to_string(row.state), when,
                          row.message.to.channel, mask_peer(row.message.to.address), row.attempts, error);
  line.erase(line.find_last_not_of(' ') + 1);
  return line + "\n";
}

std::string describe_outbox(const OutboxRow& row, std::chrono::minutes utc_offset) {
  auto out = fmt::format("{} {}\n", row.id.value, to_string(row.state));
  add(out, "to", row.message.to.channel + "/" + row.message.to.address);
  add(out, "created", local_time(row.created, utc_offset));
  if (row.state == OutboxState::waiting) add(out, "due", local_time(row.due, utc_offset));
  if (row.expires) add(out, "expires", local_time(*row.expires, utc_offset));
  add(out, "marked", std::string(row.urgent ? "urgent " : "") + (row.ordered ? "ordered" : ""));
  add(out, "tries", std::to_string(row.attempts));
  add(out, "last error", row.last_error);
  add(out, "key", row.message.key);
  add(out, "provider id", row.provider_id);
  add(out, "template", row.message.template_name);
  return out + "\n" + row.message.text + "\n";
}

}  // namespace huiyin::gateway
