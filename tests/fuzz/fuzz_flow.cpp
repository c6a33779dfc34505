// The flow and lexicon parsers take what an operator wrote: whatever it is, they refuse it with words or take it.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "dialogs/flow.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto flow = huiyin::dialogs::parse_flow(text, "fuzz.yaml");
  if (!flow && flow.error().empty()) std::abort();  // refused without a word
  if (flow && !flow->rules) std::abort();
  const auto lexicon = huiyin::dialogs::Lexicon::parse({{"fuzz.yaml", text}});
  if (!lexicon && lexicon.error().empty()) std::abort();
  if (lexicon) (void)huiyin::dialogs::understand(*lexicon, text);
  return 0;
}
