// Whatever somebody writes: an answer, spans that lie within what was written, and nothing read beyond the bound.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "dialogs/understanding/understand.h"

namespace {

using huiyin::dialogs::Found;
using huiyin::dialogs::Lexicon;

Lexicon shipped() {
  std::vector<std::pair<std::string, std::string>> files;
  for (const auto& entry : std::filesystem::directory_iterator(HUIYIN_SOURCE_FOLDER "/dialogs/lexicon")) {
    std::ostringstream text;
    text << std::ifstream(entry.path(), std::ios::binary).rdbuf();
    files.emplace_back(entry.path().filename().string(), text.str());
  }
  auto lexicon = Lexicon::parse(files);
  if (!lexicon) std::abort();
  return *std::move(lexicon);
}

void check(const std::optional<Found>& found, std::size_t size) {
  if (!found) return;
  if (found->begin > found->end || found->end > size) std::abort();
  if (found->value.empty() || found->rule.empty()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Lexicon lexicon = shipped();
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto understood = huiyin::dialogs::understand(lexicon, text);
  for (const auto* found :
       {&understood.phone, &understood.name, &understood.address, &understood.when, &understood.category_by,
        &understood.danger_by, &understood.urgent_by, &understood.intent_by})
    check(*found, size);
  if (understood.plain.origin.size() != understood.plain.text.size() + 1) std::abort();
  if (understood.intent.empty()) std::abort();
  return 0;
}
