// `huiyin report`: what the tickets of some months or weeks say.
#include <sysexits.h>

#include <iostream>

#include "gateway/cli.h"
#include "gateway/report_maker.h"
#include "gateway/system.h"

namespace huiyin::gateway {
namespace {

/// False, with a line that says so, where a day that was given is none.
bool read_day(const char* option, const std::string& text, tickets::Day& into, Console console) {
  if (text.empty()) return true;
  const auto day = tickets::parse_day(text);
  if (day) {
    into = *day;
    return true;
  }
  print({no_day(option, text)}, console.errors);
  return false;
}

std::string render(const MadeReport& made, const std::string& format) {
  const auto page = view_of(made.report, made.subject);
  if (format == "html") return pages::render_report_html(page, report_assets());
  if (format == "csv") return pages::render_report_csv(page);
  if (format == "json") return pages::render_report_json(page);
  return pages::render_report_text(page);
}

}  // namespace

int run_report(const ReportOptions& options, Console console) {
  const auto config = load_config(options.config_file, console.errors);
  if (!config) return EX_CONFIG;
  const auto now = SystemClock().now();
  auto request = last_month(*config, options.estate, now);
  if (!read_day("--from", options.from, request.from, console) ||
      !read_day("--to", options.until, request.last, console))
    return EX_USAGE;
  request.by = options.by == "week" ? tickets::ReportBy::week : tickets::ReportBy::month;
  request.locale = options.locale;
  if (const auto complaint = complaint_about(*config, request)) {
    print({*complaint}, console.errors);
    return EX_USAGE;
  }
  const auto assets = load_assets(*config);
  if (!assets) {
    print(assets.error(), console.errors);
    return EX_CONFIG;
  }
  const auto made = make_report(*config, *assets, request, now);
  if (!made) {
    print({made.error()}, console.errors);
    return EX_UNAVAILABLE;
  }
  console.out << render(*made, options.format) << std::flush;
  return console.out ? EX_OK : EX_IOERR;
}

}  // namespace huiyin::gateway
