#include "tests/fuzz/fuzz_staff.h"

#include <algorithm>
#include <cstdlib>
#include <string>

#include "core/text.h"
#include "net/form_data.h"
#include "tickets/calendar.h"
#include "tickets/staff_command.h"
#include "tickets/survey.h"

namespace huiyin::fuzz {
namespace {

std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

void demand(bool promise) {
  if (!promise) std::abort();
}

}  // namespace

void staff_command(const std::uint8_t* data, std::size_t size) {
  const auto text = text_of(data, size);
  tickets::CommandContext context;
  context.his_open = {{1024}, {7}};
  const auto command = tickets::parse_staff_command(text, context);
  if (!command) {
    const bool is_of_an_action = command.error().fault != tickets::CommandFault::not_a_command &&
                                 command.error().fault != tickets::CommandFault::which_ticket &&
                                 command.error().fault != tickets::CommandFault::wrong_number;
    demand(!is_of_an_action || command.error().action.has_value());
    demand(!is_valid_utf8(text) || is_valid_utf8(command.error().text));
    return;
  }
  demand(command->wish != tickets::StaffWish::act || command->number || !context.his_open.empty());
  demand(!is_valid_utf8(text) || (is_valid_utf8(command->action.text) && is_valid_utf8(command->receiver)));
}

void survey_answer(const std::uint8_t* data, std::size_t size) {
  const auto text = text_of(data, size);
  const auto reading = tickets::read_survey_answer(text);
  if (reading.kind != tickets::SurveyReading::Kind::answer) return;
  demand(reading.score.has_value() || !reading.outcome.empty());
  demand(!reading.score || (*reading.score >= 1 && *reading.score <= 5));
  demand(!is_valid_utf8(text) || is_valid_utf8(reading.words));
}

void calendar(const std::uint8_t* data, std::size_t size) {
  const auto holidays = tickets::parse_calendar(text_of(data, size), "fuzz.yaml");
  if (!holidays) return demand(!holidays.error().empty());
  for (const auto& days : holidays->days) demand(days.from <= days.until);
  tickets::Calendar::Settings settings;
  settings.week.fill(DayHours{OpenSpan{.from = 9 * 60, .until = 17 * 60}});
  settings.days = holidays->days;
  const tickets::Calendar calendar(std::move(settings));
  const Time noon = Time(std::chrono::sys_days(std::chrono::year(2026) / 11 / 23)) + std::chrono::hours(12);
  demand(calendar.add(noon, std::chrono::hours(1)) > noon);
}

void form_data(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return;
  const auto text = text_of(data + 1, size - 1);
  const auto header = text.substr(0, std::min<std::size_t>(data[0], text.size()));
  const auto body = text.substr(header.size());
  constexpr std::size_t kMost = 8;
  const auto parts = read_form_data(header, body, kMost);
  if (!parts) return;
  demand(parts->size() <= kMost);
  for (const auto& part : *parts)
    demand(part.body.data() >= body.data() && part.body.data() + part.body.size() <= body.data() + body.size());
}

}  // namespace huiyin::fuzz
