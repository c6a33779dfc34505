#include "gateway/report_maker.h"

#include <date/tz.h>

#include <algorithm>

#include "core/text.h"
#include "db/report_reader.h"
#include "dialogs/answers.h"
#include "gateway/clerk.h"
#include "gateway/daemon.h"
#include "gateway/life_settings.h"
#include "gateway/stable_id.h"
#include "tickets/number.h"

namespace huiyin::gateway {
namespace {

// A query that streams a million rows begins to answer at once, but may wait for a busy disk.
constexpr std::chrono::seconds kPatience{300};
constexpr std::size_t kMostBuckets = 200;
constexpr auto kCharts = "/pages/node_modules/echarts/dist/echarts.min.js";

const EstateConfig* find_estate(const Config& config, const std::string& name) {
  const auto found = std::find_if(config.estates.begin(), config.estates.end(),
                                  [&](const EstateConfig& estate) { return estate.name == name; });
  return found == config.estates.end() ? nullptr : &*found;
}

const std::string& zone_of(const Config& config, const std::string& estate) {
  const auto* found = find_estate(config, estate);
  return found == nullptr ? config.time_zone : found->time_zone;
}

db::StoreOptions patient_options(const Config& config) {
  auto options = store_options(config);
  options.statement_timeout = kPatience;
  return options;
}

Error away(const db::StoreError& error) { return {"the database", error.why, "Is it running, and reachable?"}; }

std::function<std::string(const std::string&)> kind_words(const Assets& assets, const pages::Words& words,
                                                          const std::string& locale) {
  return [flow = assets.flow, words, locale](const std::string& key) {
    if (key == to_string(Category::none)) return words("report.no_kind", {});
    if (key == to_string(Category::out_of_scope)) return words("report.figure_out_of_scope", {});
    return dialogs::category_words(flow, key, locale);
  };
}

std::function<std::string(DepartmentId)> department_words(const Config& config, const pages::Words& words) {
  return [departments = departments_of(config), words](DepartmentId id) {
    if (!id) return words("report.no_department", {});
    const auto* found = tickets::find_department(departments, id);
    if (found == nullptr) return std::to_string(id.value);
    return found->title.empty() ? found->name : found->title;
  };
}

}  // namespace

ReportSubject report_subject(const Config& config, const Assets& assets, const ReportRequest& request, Time now) {
  const auto* estate = find_estate(config, request.estate);
  const auto& zone = zone_of(config, request.estate);
  ReportSubject out{.locale = request.locale.empty() ? config.locale : request.locale,
                    .company = config.company,
                    .estate = estate == nullptr ? std::string() : estate->title,
                    .estate_name = request.estate,
                    .period = tickets::report_period(request.from, request.last, request.by, date::locate_zone(zone)),
                    .made = write_local_time(now, utc_offset(zone))};
  out.words = words_of(assets, newer_texts(config, assets, "report.title"), out.locale);
  out.kind = kind_words(assets, out.words, out.locale);
  out.department = department_words(config, out.words);
  out.number = [prefix = config.ticket_prefix](const Ticket& ticket) {
    return tickets::format_number(ticket.number, prefix);
  };
  return out;
}

std::optional<Error> complaint_about(const Config& config, const ReportRequest& request) {
  if (!request.estate.empty() && find_estate(config, request.estate) == nullptr) {
    std::string known;
    for (const auto& estate : config.estates) known += (known.empty() ? "" : ", ") + estate.name;
    return Error{"--estate", "there is no estate \"" + request.estate + "\"", "Take one of " + known};
  }
  if (request.last < request.from)
    return Error{"--from", tickets::format_day(request.from) + " is after --to " + tickets::format_day(request.last),
                 "Change them round"};
  if (tickets::report_period(request.from, request.last, request.by, nullptr).buckets() > kMostBuckets)
    return Error{"--from", "these are more than " + std::to_string(kMostBuckets) + " months or weeks",
                 "Take a shorter time, or --by month"};
  return std::nullopt;
}

Expected<MadeReport> make_report(const Config& config, const Assets& assets, const ReportRequest& request, Time now) {
  if (auto complaint = complaint_about(config, request)) return tl::unexpected(*std::move(complaint));
  MadeReport out{.subject = report_subject(config, assets, request, now)};
  const auto& period = out.subject.period;
  tickets::ReportRules rules;
  rules.low_score = config.life.survey.low_score.value_or(rules.low_score);
  tickets::ReportAccumulator accumulator(period, rules);
  const auto options = patient_options(config);
  const ReportWants wants{.from = period.reads_from(),
                          .until = period.edges.back(),
                          .estate = stable_id<EstateId>(request.estate),
                          .low_score = rules.low_score};
  if (const auto read = db::read_report(options, wants, accumulator); !read) return tl::unexpected(away(read.error()));
  out.report = accumulator.finish(now);
  auto named = db::read_named(options, tickets_named_by(out.report));
  if (!named) return tl::unexpected(away(named.error()));
  for (auto& ticket : named->tickets) out.subject.named.emplace(ticket.id, std::move(ticket));
  out.subject.staff = std::move(named->staff);
  return out;
}

ReportRequest month_before(ReportRequest request) {
  const std::chrono::year_month_day first(request.from);
  const tickets::Day begin(first.year() / first.month() / 1);
  request.from = tickets::Day(std::chrono::year_month_day(begin) - std::chrono::months(1));
  request.last = begin - std::chrono::days(1);
  return request;
}

ReportRequest last_month(const Config& config, const std::string& estate, Time now) {
  const auto local = now + utc_offset(zone_of(config, estate));
  return month_before({.estate = estate, .from = std::chrono::floor<std::chrono::days>(local)});
}

Error no_day(const std::string& option, const std::string& text) {
  return {option, "\"" + text + "\" is no day", "Write it as 2026-11-30"};
}

pages::ReportAssets report_assets() {
  const auto shipped = [](const char* file) { return read_file(share_folder() + file).value_or(std::string()); };
  return {.style = shipped("/pages/report.css"), .script = shipped("/pages/report.js"), .charts = shipped(kCharts)};
}

}  // namespace huiyin::gateway
