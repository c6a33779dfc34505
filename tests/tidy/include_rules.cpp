#include <re2/re2.h>

#include <algorithm>
#include <map>
#include <set>

#include "tests/tidy/tree.h"

namespace huiyin::tidy {
namespace {

using Folders = std::set<std::string, std::less<>>;

// Who may include whom; itself always. A folder that stands here in no row may be included by tests/ and bench/ alone.
const std::map<std::string, Folders, std::less<>> kArrows = {
    {"core", {}},
    {"config", {"core"}},
    {"net", {"core"}},
    {"adapters", {"core", "config", "net"}},
    {"dialogs", {"core"}},
    {"tickets", {"core"}},
    {"templates", {"core"}},
    {"db", {"core"}},
    {"pages", {"core", "templates"}},
    {"gateway", {"core", "config", "net", "adapters", "dialogs", "tickets", "templates", "db", "pages"}},
    {"simulators", {"core", "net"}},
};
const Folders kMayAll = {"tests", "bench"};

/// A library's headers, where they may stand, and whether a header of ours may hold them.
struct Library {
  const char* headers;              // what the include begins with
  std::vector<std::string> places;  // path beginnings; empty: anywhere
  bool in_headers;
};
const std::vector<Library>& libraries() {
  static const std::vector<Library> kLibraries = {
      {"httplib.h", {"net/"}, false},
      {"boost/math/", {"tickets/"}, false},  // exact distributions, for reports
      {"boost/", {"net/"}, true},
      {"curl/", {"net/", "bench/"}, false},
      {"mysql.h", {"db/mysql_"}, true},
      {"cppconn/", {"bench/"}, false},
      {"SQLiteCpp/", {"db/", "gateway/spool", "tests/db/", "tests/gateway/", "bench/"}, false},
      {"sqlite3.h", {"db/", "gateway/spool", "tests/db/", "tests/gateway/", "bench/"}, false},
      {"gtest/", {"tests/"}, true},
      {"gmock/", {"tests/"}, true},
      {"benchmark/", {"bench/"}, false},
      {"CLI/", {"gateway/", "simulators/", "bench/"}, false},
      {"spdlog/", {}, false},
      {"nlohmann/json_fwd.hpp", {}, true},  // declares, and no more: made for headers
      {"nlohmann/", {}, false},
      {"yaml-cpp/", {"core/yaml.cpp"}, false},
      {"re2/", {}, false},
      {"pugixml.hpp", {}, false},
      {"gmime/", {}, false},
      {"opencc/", {}, false},
      {"prometheus/", {}, false},
      {"regex", {"tests/"}, false},  // RE2 instead: no catastrophic backtracking
  };
  return kLibraries;
}

struct Include {
  std::size_t line = 0;
  std::string name{};
  bool is_ours = false;  // "…", not <…>
};

std::vector<Include> includes_of(const File& file) {
  static const RE2 kInclude(R"re(^\s*#\s*include\s*([<"])([^">]+)[">])re");
  std::vector<Include> found;
  for (std::size_t i = 0; i < file.lines.size(); ++i) {
    std::string quote;
    Include include{.line = i};
    if (!RE2::PartialMatch(file.lines[i], kInclude, &quote, &include.name)) continue;
    include.is_ours = quote == "\"";
    found.push_back(std::move(include));
  }
  return found;
}

bool is_in(const File& file, const std::vector<std::string>& places) {
  return places.empty() || std::any_of(places.begin(), places.end(),
                                       [&](const std::string& place) { return file.path.starts_with(place); });
}

void check_library(const File& file, const Include& include, Complaints& out) {
  for (const auto& library : libraries()) {
    if (!include.name.starts_with(library.headers)) continue;
    if (!is_in(file, library.places))
      out.push_back(at(file, include.line, "<" + include.name + "> may not stand here"));
    else if (!library.in_headers && file.ends_with(".h"))
      out.push_back(at(file, include.line, "<" + include.name + "> belongs in a .cpp file"));
    return;
  }
}

void check_arrow(const File& file, const Include& include, Complaints& out) {
  const std::string from(file.top_folder());
  const auto slash = include.name.find('/');
  if (slash == std::string::npos || include.name.starts_with(".")) {
    out.push_back(at(file, include.line, "\"" + include.name + "\" is not written from the root: \"" + from + "/…\""));
    return;
  }
  const auto to = include.name.substr(0, slash);
  const auto row = kArrows.find(from);
  const bool is_allowed = to == from || kMayAll.contains(from) || (row != kArrows.end() && row->second.contains(to));
  if (!is_allowed) out.push_back(at(file, include.line, from + "/ may not include " + to + "/"));
}

}  // namespace

Complaints include_arrows(const Tree& tree) {
  Complaints out;
  for (const auto& file : tree.files()) {
    if (!file.is_cpp()) continue;
    for (const auto& include : includes_of(file))
      if (include.is_ours) check_arrow(file, include, out);
  }
  return out;
}

Complaints library_headers(const Tree& tree) {
  Complaints out;
  for (const auto& file : tree.files()) {
    if (!file.is_cpp()) continue;
    for (const auto& include : includes_of(file))
      if (!include.is_ours) check_library(file, include, out);
  }
  return out;
}

Complaints header_first(const Tree& tree) {
  Complaints out;
  for (const auto& file : tree.files()) {
    if (!file.ends_with(".cpp")) continue;
    const auto header = file.path.substr(0, file.path.size() - 3) + "h";
    if (!tree.find(header)) continue;
    const auto includes = includes_of(file);
    if (includes.empty() || includes.front().name != header)
      out.push_back(at(file, includes.empty() ? 0 : includes.front().line, "include \"" + header + "\" first"));
  }
  return out;
}

}  // namespace huiyin::tidy
