#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace huiyin::tidy {

/// One text file of the tree.
struct File {
  std::string path{};  ///< from the root, with `/`
  std::vector<std::string> lines{};
  [[nodiscard]] std::string_view top_folder() const;  ///< `dialogs`; empty: it lies in the root
  [[nodiscard]] bool ends_with(std::string_view ending) const { return path.ends_with(ending); }
  [[nodiscard]] bool is_cpp() const { return ends_with(".h") || ends_with(".cpp"); }
};

/// The source tree as the rules see it: what is built, fetched or hidden (build/, var/, .git) is left out.
class Tree {
 public:
  explicit Tree(std::filesystem::path root);
  [[nodiscard]] const std::vector<File>& files() const { return files_; }         ///< text files, by path
  [[nodiscard]] const std::vector<std::string>& paths() const { return paths_; }  ///< of binary files too
  [[nodiscard]] const File* find(std::string_view path) const;
  [[nodiscard]] bool has(std::string_view path) const;  ///< a file or a folder
  [[nodiscard]] std::vector<std::string> top_folders() const;

 private:
  std::filesystem::path root_;
  std::vector<File> files_;
  std::vector<std::string> paths_;
};

/// A house rule: what it finds, a line each, as `dialogs/x.cpp:3: dialogs/ may not include db/`. Empty: it is kept.
using Complaints = std::vector<std::string>;
using Rule = Complaints(const Tree& tree);

[[nodiscard]] std::string at(const File& file, std::size_t line_index, std::string_view what);

Rule include_arrows;      ///< the folder table of who may include whom
Rule library_headers;     ///< heavy headers in few places, and only in .cpp files
Rule header_first;        ///< x.cpp includes x.h before all else, which proves that x.h stands alone
Rule header_form;         ///< #pragma once; no `using namespace`
Rule clock;               ///< the wall clock is read in gateway/ and in main only
Rule leftovers;           ///< no notes to oneself
Rule machine_paths;       ///< no path of somebody's machine
Rule file_names;          ///< ASCII
Rule file_lengths;        ///< at most 600 lines of code
Rule folder_readmes;      ///< each top folder has one, of 10 to 20 lines
Rule providers;           ///< each row of providers.def has a test and a stanza in the example
Rule links;               ///< each link in a document leads to a file
Rule architecture_steps;  ///< at most ten steps, each names a function that exists

}  // namespace huiyin::tidy
