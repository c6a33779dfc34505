// What owners said, what is new, what comes again and again, and the worst of all.
#include "core/text.h"
#include "gateway/report_cells.h"
#include "gateway/report_view.h"
#include "tickets/report_words.h"

namespace huiyin::gateway {
namespace {

using pages::ReportCell;
using pages::ReportChart;
using pages::ReportTable;

constexpr std::size_t kMostCharacters = 120;  // of a description or an answer

ReportCell words_cell(std::string text) { return {std::move(text), std::nullopt}; }

/// Number, place and words of a ticket; dashes where it is gone by now.
std::vector<ReportCell> ticket_cells(TicketId id, const ReportSubject& subject) {
  const auto found = subject.named.find(id);
  if (found == subject.named.end()) return {no_number(), no_number(), no_number()};
  const auto& ticket = found->second;
  return {words_cell(subject.number(ticket)), words_cell(shown_words(ticket.address, ticket, subject)),
          words_cell(shown_words(ticket.description, ticket, subject))};
}

ReportTable scores_table(const tickets::SurveyReport& surveys, const ReportSubject& subject) {
  auto out = report_table(subject, "scores", {"score", "count", "share"});
  ReportChart chart{.title = out.title, .series = {{out.title, {}}}};
  for (std::size_t i = surveys.scores.size(); i-- > 0;) {
    const auto score = std::to_string(i + 1);
    out.rows.push_back({count_cell(static_cast<std::int64_t>(i) + 1), count_cell(surveys.scores[i]),
                        percent_cell(surveys.scores[i], surveys.all.scored)});
    chart.labels.push_back(score);
    chart.series.front().values.emplace_back(static_cast<double>(surveys.scores[i]));
  }
  out.charts.push_back(std::move(chart));
  out.notes.push_back(subject.words("report.scores_note", {{"partly", std::to_string(surveys.partly)},
                                                           {"not_fixed", std::to_string(surveys.not_fixed)}}));
  if (surveys.all.asked.all == 0) out.rows.clear();
  return out;
}

/// Who answers and who does not.
template <class Key>
ReportTable bias_table(const ReportSubject& subject, const std::string& key,
                       const std::vector<tickets::SurveyFigures>& figures, const std::optional<double>& p_value,
                       Key words_of) {
  auto out = report_table(subject, key, {"what", "asked", "answered", "answer_rate", "mean_score", "low"});
  for (const auto& one : figures)
    if (one.asked.all != 0)
      out.rows.push_back({words_cell(words_of(one.key)), count_cell(one.asked.all), count_cell(one.asked.answered),
                          percent_cell(one.asked), decimal_cell(one.mean(), 2), count_cell(one.low)});
  out.notes.push_back(p_value ? subject.words("report.bias_note", {{"p", p_cell(*p_value).text}})
                              : subject.words("report.bias_unknown", {}));
  return out;
}

ReportTable low_table(const tickets::SurveyReport& surveys, const ReportSubject& subject) {
  auto out = report_table(subject, "low_answers", {"score", "kind", "words", "number", "place"});
  for (const auto& one : surveys.low) {
    auto ticket = ticket_cells(one.ticket, subject);
    const auto found = subject.named.find(one.ticket);
    const auto words = shown_words(one.words, found == subject.named.end() ? Ticket{} : found->second, subject);
    const auto score = one.score ? count_cell(*one.score) : words_cell(subject.words("report.not_fixed", {}));
    out.rows.push_back(
        {score, words_cell(subject.kind(one.kind)), words_cell(words), std::move(ticket[0]), std::move(ticket[1])});
  }
  if (surveys.all.asked.answered != 0) out.if_empty = subject.words("report.low_answers.none", {});
  return out;
}

ReportTable rise_table(const tickets::RiseReport& rise, const ReportSubject& subject) {
  auto out = report_table(subject, "new_problems", {"what", "before", "usual", "now", "p_value", "p_corrected"});
  if (rise.tested == 0) {
    out.if_empty = subject.words("report.new_problems.short", {});
    return out;
  }
  const auto bucket = bucket_words(subject.period, subject.period.buckets() - 1);
  out.notes.push_back(subject.words("report.new_problems.test", {{"bucket", bucket},
                                                                 {"days", fmt::format("{:.0f}", rise.days_before)},
                                                                 {"tested", std::to_string(rise.tested)}}));
  for (const auto& one : rise.rises)
    out.rows.push_back({words_cell(one.is_place ? place_words(subject, one.key) : subject.kind(one.key)),
                        count_cell(one.before),
                        decimal_cell(static_cast<double>(one.before) / rise.days_before * rise.days_now, 1),
                        count_cell(one.now), p_cell(one.p_value), p_cell(one.corrected)});
  out.if_empty = subject.words("report.new_problems.none", {});
  return out;
}

ReportTable repeat_table(const std::string& key, const std::vector<tickets::Repeat>& repeats,
                         const ReportSubject& subject) {
  auto out = report_table(subject, key, {"times", "place", "last_words", "number"});
  for (const auto& one : repeats) {
    auto ticket = ticket_cells(one.newest, subject);
    out.rows.push_back({count_cell(one.count), std::move(ticket[1]), std::move(ticket[2]), std::move(ticket[0])});
  }
  out.if_empty = subject.words("report.repeats_none", {});
  return out;
}

std::string reasons(const tickets::WorstTicket& one, const ReportSubject& subject) {
  std::vector<std::string> parts;
  if (one.not_fixed) parts.push_back(subject.words("report.not_fixed", {}));
  if (one.score) parts.push_back(subject.words("report.why_score", {{"score", std::to_string(*one.score)}}));
  if (one.reopened > 0)
    parts.push_back(subject.words("report.why_reopened", {{"count", std::to_string(one.reopened)}}));
  if (one.hours_late > 0)
    parts.push_back(subject.words("report.why_late", {{"hours", std::to_string(one.hours_late)}}));
  if (one.late_response) parts.push_back(subject.words("report.why_late_response", {}));
  std::string out;
  for (const auto& part : parts) out += (out.empty() ? "" : subject.words("report.and", {})) + part;
  return out;
}

ReportTable worst_table(const tickets::Report& report, const ReportSubject& subject) {
  auto out = report_table(subject, "worst", {"number", "place", "last_words", "why", "status"});
  for (const auto& one : report.worst) {
    auto cells = ticket_cells(one.ticket, subject);
    const auto found = subject.named.find(one.ticket);
    cells.push_back(words_cell(reasons(one, subject)));
    cells.push_back(
        found == subject.named.end()
            ? no_number()
            : words_cell(subject.words("report.status_" + std::string(to_string(found->second.status)), {})));
    out.rows.push_back(std::move(cells));
  }
  out.if_empty = subject.words("report.worst.none", {});
  return out;
}

}  // namespace

std::string shown_words(const std::string& words, const Ticket& ticket, const ReportSubject& subject) {
  auto names = subject.staff;
  names.push_back(ticket.name);
  names.push_back(ticket.reported_for);
  const auto masked = tickets::masked_words(words, names);
  const auto cut = first_characters(masked, kMostCharacters);
  return std::string(cut) + (cut.size() < masked.size() ? "…" : "");
}

std::vector<ReportTable> owner_tables(const tickets::Report& report, const ReportSubject& subject) {
  const auto& surveys = report.surveys;
  std::vector<ReportTable> out;
  out.push_back(worst_table(report, subject));
  out.push_back(rise_table(report.rise, subject));
  out.push_back(repeat_table("again", report.matters, subject));
  out.push_back(repeat_table("homes", report.homes, subject));
  out.push_back(scores_table(surveys, subject));
  out.push_back(low_table(surveys, subject));
  out.push_back(bias_table(subject, "answers_by_category", surveys.by_category, surveys.p_category,
                           [&](const std::string& key) { return subject.kind(key); }));
  out.push_back(
      bias_table(subject, "answers_by_duration", surveys.by_duration, surveys.p_duration, [&](const std::string& key) {
        if (key == "more" || key == "open") return subject.words("report.duration_" + key, {});
        return subject.words("report.duration", {{"hours", key}});
      }));
  if (surveys.adjusted_mean && surveys.all.mean())
    out.back().notes.push_back(
        subject.words("report.adjusted", {{"mean", decimal_cell(*surveys.all.mean(), 2).text},
                                          {"adjusted", decimal_cell(*surveys.adjusted_mean, 2).text}}));
  return out;
}

}  // namespace huiyin::gateway
