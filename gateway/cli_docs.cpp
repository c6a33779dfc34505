// `huiyin docs`: the documents of the process, of what is configured.
#include <sysexits.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "gateway/cli.h"
#include "gateway/guides/guides.h"
#include "gateway/report_maker.h"
#include "gateway/system.h"
#include "pages/markdown.h"

namespace huiyin::gateway {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 2> kFormats = {"html", "markdown"};
constexpr std::array<std::string_view, 2> kLocales = {"zh-CN", "en"};

template <class Allowed>
bool is_one_of(const char* option, const std::string& value, const Allowed& allowed, Console console) {
  if (value.empty() || std::find(allowed.begin(), allowed.end(), value) != allowed.end()) return true;
  std::string all;
  for (const auto one : allowed) all += (all.empty() ? "" : ", ") + std::string(one);
  print({{option, "there is no \"" + value + "\"", "Take one of " + all}}, console.errors);
  return false;
}

class Shelf {
 public:
  Shelf(const DocsOptions& options, Console console)
      : folder_(options.folder),
        is_html_(options.format != "markdown"),
        style_(read_file(share_folder() + "/pages/printed.css").value_or("")),
        report_(report_assets()),
        console_(console) {}

  /// False, with a complaint, where something cannot be written.
  bool put(const GuideSource& source, std::string_view reader, Time now) {
    const auto guides = make_guides(source, reader, now);
    for (const auto& guide : guides)
      if (!write(source.locale, guide)) return false;
    return write(source.locale, make_index(source, guides, extension()));
  }

 private:
  [[nodiscard]] std::string extension() const { return is_html_ ? "html" : "md"; }

  [[nodiscard]] std::string text_of(const std::string& locale, const Guide& guide) const {
    const bool is_report = guide.markdown.empty();
    if (!is_html_) return is_report ? report_markdown(guide.report) : guide.markdown;
    if (is_report) return pages::render_report_html(guide.report, report_);
    return pages::render_printed_page(
        {.locale = locale, .title = guide.title, .kind = guide.name, .markdown = guide.markdown}, style_);
  }

  bool write(const std::string& locale, const Guide& guide) {
    const auto folder = folder_ / locale;
    const auto file = folder / (guide.file_name() + "." + extension());
    std::error_code problem;
    fs::create_directories(folder, problem);
    std::ofstream out(file, std::ios::binary | std::ios::trunc);
    if (!problem && out && out << text_of(locale, guide) << std::flush) {
      console_.out << file.string() << "  " << guide.title << '\n';
      return true;
    }
    print({{file.string(), "cannot be written" + (problem ? ": " + problem.message() : std::string()),
            "Check that this user may write there, or take another --folder"}},
          console_.errors);
    return false;
  }

  fs::path folder_;
  bool is_html_;
  std::string style_;
  pages::ReportAssets report_;
  Console console_;
};

}  // namespace

int run_docs(const DocsOptions& options, Console console) {
  if (!is_one_of("--role", options.role, kReaders, console) ||
      !is_one_of("--locale", options.locale, kLocales, console) ||
      !is_one_of("--format", options.format, kFormats, console))
    return EX_USAGE;
  const auto configured = load_configured_assets(options.config_file, console.errors);
  if (!configured) return EX_CONFIG;
  Shelf shelf(options, console);
  for (const auto locale : kLocales) {
    if (!options.locale.empty() && options.locale != locale) continue;
    std::vector<Error> complaints;
    const auto source = guide_source(configured->config, configured->assets, std::string(locale), complaints);
    if (!complaints.empty()) {
      print(complaints, console.errors);
      return EX_CONFIG;
    }
    if (!shelf.put(source, options.role, SystemClock().now())) return EX_IOERR;
  }
  return EX_OK;
}

}  // namespace huiyin::gateway
