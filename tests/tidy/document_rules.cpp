#include <re2/re2.h>

#include <algorithm>
#include <filesystem>

#include "tests/tidy/tree.h"

namespace huiyin::tidy {
namespace {

constexpr int kMaxSteps = 10;

bool has_test(const Tree& tree, const std::string& kind, const std::string& name) {
  const auto folder = "tests/adapters/" + kind + "/";
  return std::any_of(tree.files().begin(), tree.files().end(), [&](const File& file) {
    if (!file.path.starts_with(folder) || !file.ends_with("_test.cpp")) return false;
    const auto rest = std::string_view(file.path).substr(folder.size());
    return kind == name || rest.starts_with(name + "_") || rest.starts_with(name + "/");
  });
}

bool has_stanza(const File& example, const std::string& name) {
  const RE2 stanza(R"(^\s*(#\s+)?provider:\s*)" + name + R"(\s*(#.*)?$)");
  return std::any_of(example.lines.begin(), example.lines.end(),
                     [&](const std::string& line) { return RE2::FullMatch(line, stanza); });
}

/// Is `name` defined or declared as a function in `file`?
bool has_function(const File& file, const std::string& name) {
  const RE2 function("\\b" + RE2::QuoteMeta(name) + "\\(");
  return std::any_of(file.lines.begin(), file.lines.end(),
                     [&](const std::string& line) { return RE2::PartialMatch(line, function); });
}

/// Complains of what `line` names that is not there; returns how many functions it names.
int check_functions(const Tree& tree, const File& document, std::size_t line, Complaints& out) {
  static const RE2 kReference(R"(`([a-z_/0-9]+\.(?:h|cpp)):([A-Za-z_0-9:]+)`)");
  re2::StringPiece rest(document.lines[line]);
  int named = 0;
  for (std::string path, function; RE2::FindAndConsume(&rest, kReference, &path, &function); ++named) {
    const auto* const file = tree.find(path);
    if (file == nullptr)
      out.push_back(at(document, line, path + " is not there"));
    else if (!has_function(*file, function))
      out.push_back(at(document, line, path + " has no function " + function));
  }
  return named;
}

bool is_document(const File& file) { return file.ends_with(".md") && !file.path.starts_with("tests/data/"); }

bool leads_somewhere(const Tree& tree, const File& document, std::string target) {
  if (target.find("://") != std::string::npos || target.starts_with("mailto:")) return true;
  target = target.substr(0, target.find('#'));
  if (target.empty()) return true;
  const auto folder = std::filesystem::path(document.path).parent_path();
  return tree.has((folder / target).lexically_normal().generic_string());
}

}  // namespace

Complaints providers(const Tree& tree) {
  static const RE2 kRow(R"(^PROVIDER\((\w+), (\w+)\))");
  Complaints out;
  const auto* const table = tree.find("adapters/providers.def");
  const auto* const example = tree.find("config/huiyin.example.yaml");
  if (table == nullptr || example == nullptr)
    return {"adapters/providers.def or config/huiyin.example.yaml is not there"};
  for (std::size_t i = 0; i < table->lines.size(); ++i) {
    std::string kind;
    std::string name;
    if (!RE2::PartialMatch(table->lines[i], kRow, &kind, &name)) continue;
    if (!has_test(tree, kind, name))
      out.push_back(at(*table, i, "no test tests/adapters/" + kind + "/" + name + "_test.cpp"));
    if (!has_stanza(*example, name)) out.push_back(at(*table, i, "no stanza of " + name + " in " + example->path));
  }
  return out;
}

Complaints links(const Tree& tree) {
  static const RE2 kLink(R"(\]\(([^)\s]+)\))");
  Complaints out;
  for (const auto& file : tree.files()) {
    if (!is_document(file)) continue;
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
      re2::StringPiece rest(file.lines[i]);
      for (std::string target; RE2::FindAndConsume(&rest, kLink, &target);)
        if (!leads_somewhere(tree, file, target))
          out.push_back(at(file, i, "the link to " + target + " leads nowhere"));
    }
  }
  return out;
}

Complaints architecture_steps(const Tree& tree) {
  static const RE2 kStep(R"(^(\d+)\. )");
  const auto* const document = tree.find("docs/architecture.md");
  if (document == nullptr) return {"docs/architecture.md is not there"};
  Complaints out;
  int steps = 0;
  bool is_named = true;  // whether the step that is being read has named a function
  std::size_t step_line = 0;
  const auto end_step = [&] {
    if (!is_named) out.push_back(at(*document, step_line, "the step names no function `folder/file.cpp:function`"));
    is_named = true;
  };
  for (std::size_t i = 0; i < document->lines.size(); ++i) {
    if (RE2::PartialMatch(document->lines[i], kStep)) {
      end_step();
      ++steps;
      step_line = i;
      is_named = false;
    } else if (document->lines[i].starts_with("#")) {
      end_step();
    }
    if (check_functions(tree, *document, i, out) > 0) is_named = true;
  }
  end_step();
  if (steps == 0 || steps > kMaxSteps)
    out.push_back(document->path + ": " + std::to_string(steps) + " steps; 1 to 10 tell the journey");
  return out;
}

}  // namespace huiyin::tidy
