#include "tests/tidy/tree.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <sstream>

namespace huiyin::tidy {
namespace {

namespace fs = std::filesystem;

/// As .gitignore has it, and what belongs to tools.
bool is_left_out(const fs::path& path) {
  constexpr std::array<std::string_view, 5> kNames = {"build", "var", ".git", ".cache", "node_modules"};
  const auto name = path.filename().string();
  return std::find(kNames.begin(), kNames.end(), name) != kNames.end() || name.ends_with(".swp") ||
         name == "compile_commands.json";
}

std::vector<std::string> split_lines(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(std::move(line));
  return lines;
}

}  // namespace

std::string_view File::top_folder() const {
  const auto slash = path.find('/');
  return slash == std::string::npos ? std::string_view() : std::string_view(path).substr(0, slash);
}

Tree::Tree(fs::path root) : root_(std::move(root)) {
  for (auto entry = fs::recursive_directory_iterator(root_); entry != fs::recursive_directory_iterator(); ++entry) {
    if (is_left_out(entry->path())) {
      entry.disable_recursion_pending();
      continue;
    }
    if (!entry->is_regular_file()) continue;
    paths_.push_back(fs::relative(entry->path(), root_).generic_string());
    std::ifstream in(entry->path(), std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    if (text.find('\0') == std::string::npos) files_.push_back({paths_.back(), split_lines(text)});
  }
  std::sort(paths_.begin(), paths_.end());
  std::sort(files_.begin(), files_.end(), [](const File& a, const File& b) { return a.path < b.path; });
}

const File* Tree::find(std::string_view path) const {
  const auto found = std::find_if(files_.begin(), files_.end(), [&](const File& file) { return file.path == path; });
  return found == files_.end() ? nullptr : &*found;
}

bool Tree::has(std::string_view path) const { return fs::exists(root_ / path); }

std::vector<std::string> Tree::top_folders() const {
  std::vector<std::string> folders;
  for (const auto& file : files_) {
    const std::string folder(file.top_folder());
    if (!folder.empty() && !folder.starts_with('.') && (folders.empty() || folders.back() != folder))
      folders.push_back(folder);
  }
  return folders;
}

std::string at(const File& file, std::size_t line_index, std::string_view what) {
  return file.path + ":" + std::to_string(line_index + 1) + ": " + std::string(what);
}

}  // namespace huiyin::tidy
