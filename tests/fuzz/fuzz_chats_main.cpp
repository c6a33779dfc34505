#include "tests/fuzz/fuzz_chats.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  huiyin::fuzz::chats(data, size);
  return 0;
}
