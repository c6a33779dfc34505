#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/guides/guide_source.h"
#include "pages/report_page.h"

namespace huiyin::gateway {

/// Who reads documents of the process.
inline constexpr std::array<std::string_view, 6> kReaders = {"owner", "staff",   "dispatcher",
                                                             "lead",  "manager", "operator"};

/// A document of the process for people (docs/documents.md). What it repeats of flow, lexicon, texts, configuration and
/// the state machine is generated from them; the prose around it is `guide.<name>` of templates/*/guides.yaml.
struct Guide {
  std::string name{};    ///< `staff`, `poster`
  std::string estate{};  ///< of which it is, where there are several and it is of one; else empty
  std::string title{};
  std::vector<std::string_view> readers{};
  std::string markdown{};  ///< empty: `report` is it
  pages::ReportPage report{};

  [[nodiscard]] std::string file_name() const { return estate.empty() ? name : name + "-" + estate; }
};

/// All of them, or those that `reader` reads; owners' for each estate. `now`: the sample report is of the months before
/// it. Pure but for the time zones.
[[nodiscard]] std::vector<Guide> make_guides(const GuideSource& source, std::string_view reader, Time now);

/// The list of them: who reads what. `extension` is that of their files: `html`.
[[nodiscard]] Guide make_index(const GuideSource& source, const std::vector<Guide>& guides,
                               const std::string& extension);

/// A report over made-up tickets, which says so.
[[nodiscard]] pages::ReportPage sample_report(const GuideSource& source, Time now);

/// A report as Markdown.
[[nodiscard]] std::string report_markdown(const pages::ReportPage& page);

}  // namespace huiyin::gateway
