#include "tests/fuzz/fuzz_wecom.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  huiyin::fuzz::wecom(data, size);
  return 0;
}
