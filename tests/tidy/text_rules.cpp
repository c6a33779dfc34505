#include <re2/re2.h>

#include <algorithm>
#include <array>

#include "tests/tidy/tree.h"

namespace huiyin::tidy {
namespace {

constexpr std::size_t kMaxLines = 600;
constexpr std::size_t kLeastReadme = 10;
constexpr std::size_t kMostReadme = 20;  // that are not blank

/// Complains of every line that matches, in the files that `concerns` takes.
template <class Concerns>
Complaints find_lines(const Tree& tree, const RE2& pattern, std::string_view what, Concerns concerns) {
  Complaints out;
  for (const auto& file : tree.files()) {
    if (!concerns(file)) continue;
    for (std::size_t i = 0; i < file.lines.size(); ++i)
      if (RE2::PartialMatch(file.lines[i], pattern)) out.push_back(at(file, i, what));
  }
  return out;
}

bool has_main(const File& file) {
  return std::any_of(file.lines.begin(), file.lines.end(),
                     [](const std::string& line) { return line.starts_with("int main("); });
}

bool is_data(const File& file) {
  return file.path.starts_with("tests/data/") || file.path.starts_with("tests/golden/") || file.path == "LICENSE";
}

bool is_code(const File& file) {
  if (is_data(file)) return false;
  const bool is_script = file.path.starts_with("script/") && file.path.find('.') == std::string::npos;
  constexpr std::array<std::string_view, 7> kEndings = {".h", ".cpp", ".cmake", ".py", ".sh", ".js", ".sql"};
  return is_script ||
         std::any_of(kEndings.begin(), kEndings.end(), [&](auto ending) { return file.ends_with(ending); });
}

}  // namespace

Complaints header_form(const Tree& tree) {
  auto out = find_lines(tree, RE2(R"(^\s*using namespace\b)"), "no using namespace in a header",
                        [](const File& file) { return file.ends_with(".h"); });
  for (const auto& file : tree.files())
    if (file.ends_with(".h") && std::find(file.lines.begin(), file.lines.end(), "#pragma once") == file.lines.end())
      out.push_back(at(file, 0, "no #pragma once"));
  return out;
}

Complaints clock(const Tree& tree) {
  return find_lines(tree, RE2(R"(\bsystem_clock::now\b|\bgettimeofday\(|\bstd::time\(|\bCLOCK_REALTIME\b)"),
                    "the clock is read in gateway/ and in main only; take a Time or a Clock", [](const File& file) {
                      const auto folder = file.top_folder();
                      const bool may = folder == "gateway" || folder == "tests" || folder == "bench";
                      return file.is_cpp() && !may && !has_main(file);
                    });
}

Complaints leftovers(const Tree& tree) {
  // Written in pieces, so that this file keeps its own rule.
  return find_lines(tree,
                    RE2("\\b(FIX"
                        "ME|TO"
                        "DO|X"
                        "XX)\\b"),
                    "a note to oneself: do it, or leave it out", [](const File& file) { return !is_data(file); });
}

Complaints machine_paths(const Tree& tree) {
  return find_lines(tree,
                    RE2("(^|[^A-Za-z0-9_.~-])/(wo"
                        "rk|ro"
                        "ot|ho"
                        "me)/[A-Za-z0-9_.-]"),
                    "a path of somebody's machine", [](const File& file) { return !is_data(file); });
}

Complaints file_names(const Tree& tree) {
  Complaints out;
  for (const auto& path : tree.paths())
    if (!std::all_of(path.begin(), path.end(), [](char c) { return c > ' ' && c < 127; }))
      out.push_back(path + ": a file name is ASCII, without spaces");
  return out;
}

Complaints file_lengths(const Tree& tree) {
  Complaints out;
  for (const auto& file : tree.files())
    if (is_code(file) && file.lines.size() > kMaxLines)
      out.push_back(at(file, kMaxLines,
                       std::to_string(file.lines.size()) + " lines; split what is over " + std::to_string(kMaxLines)));
  return out;
}

Complaints folder_readmes(const Tree& tree) {
  Complaints out;
  for (const auto& folder : tree.top_folders()) {
    const auto* readme = tree.find(folder + "/README.md");
    if (readme == nullptr) {
      out.push_back(folder + "/: no README.md");
      continue;
    }
    const auto blank = std::count(readme->lines.begin(), readme->lines.end(), "");
    const auto filled = readme->lines.size() - static_cast<std::size_t>(blank);
    if (readme->lines.size() < kLeastReadme || filled > kMostReadme)
      out.push_back(readme->path + ": " + std::to_string(filled) + " lines; 10 to 20 say what one needs to begin");
  }
  return out;
}

}  // namespace huiyin::tidy
