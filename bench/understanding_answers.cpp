#include "bench/understanding_answers.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>
#include <utility>

#include "core/ticket.h"

namespace huiyin::bench {
namespace {

namespace fs = std::filesystem;

const fs::path kSource = HUIYIN_SOURCE_FOLDER;
const fs::path kLabelled = kSource / "tests" / "data" / "understanding";

std::string read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  if (!in || !(text << in.rdbuf())) throw std::runtime_error(path.string() + " cannot be read");
  return text.str();
}

/// As `huiyin understand` tells it.
nlohmann::json answer(dialogs::Understood understood) {
  if (understood.guess) {
    understood.category = understood.guess->category;
    understood.subcategory = understood.guess->subcategory;
    understood.intent = understood.guess->intent;
  }
  nlohmann::json json;
  if (understood.phone) json["phone"] = understood.phone->value;
  if (understood.name) json["name"] = understood.name->value;
  if (understood.address) json["address"] = understood.address->value;
  if (!understood.danger.empty()) json["danger"] = understood.danger;
  json["category"] = to_string(understood.category);
  if (!understood.subcategory.empty()) json["subcategory"] = understood.subcategory;
  json["urgent"] = understood.urgent;
  json["intent"] = understood.intent;
  return json;
}

}  // namespace

dialogs::Lexicon shipped_lexicon() {
  std::vector<std::pair<std::string, std::string>> files;
  for (const auto& entry : fs::directory_iterator(kSource / "dialogs" / "lexicon"))
    files.emplace_back(entry.path().filename().string(), read_file(entry.path()));
  std::sort(files.begin(), files.end());
  auto lexicon = dialogs::Lexicon::parse(files);
  if (!lexicon) throw std::runtime_error("the shipped lexicon is refused: " + describe(lexicon.error().front()));
  return *std::move(lexicon);
}

std::vector<std::string> labelled_texts(const std::string& half) {
  std::vector<std::string> texts;
  std::istringstream lines(read_file(kLabelled / (half + ".jsonl")));
  for (std::string line; std::getline(lines, line);)
    texts.push_back(nlohmann::json::parse(line).at("text").get<std::string>());
  return texts;
}

std::string answers(const dialogs::Lexicon& lexicon, const std::vector<std::string>& texts) {
  std::string lines;
  for (const auto& text : texts) lines += answer(dialogs::understand(lexicon, text)).dump() + '\n';
  return lines;
}

std::string score(const std::string& half, const std::string& answers, bool wrong) {
  auto file = (fs::temp_directory_path() / "huiyin-understanding.XXXXXX").string();
  const int handle = mkstemp(file.data());
  if (handle < 0) throw std::runtime_error("no file could be made as " + file);
  const std::unique_ptr<FILE, int (*)(FILE*)> out(fdopen(handle, "w"), std::fclose);
  if (std::fwrite(answers.data(), 1, answers.size(), out.get()) != answers.size() || std::fflush(out.get()) != 0)
    throw std::runtime_error(file + " cannot be written");
  const auto command =
      "python3 '" + (kLabelled / "score.py").string() + "' " + half + " '" + file + "'" + (wrong ? " --wrong" : "");
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
  std::string said;
  std::array<char, 4096> part{};
  for (std::size_t size = 0; (size = std::fread(part.data(), 1, part.size(), pipe.get())) > 0;)
    said.append(part.data(), size);
  fs::remove(file);
  if (said.ends_with('\n')) said.pop_back();
  const auto last = said.rfind('\n') + 1;
  if (said.empty() || said[last] != '{') throw std::runtime_error("score.py did not score: " + said);
  std::fputs(said.substr(0, last).c_str(), stdout);
  return said.substr(last);
}

}  // namespace huiyin::bench
