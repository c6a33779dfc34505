#include "tests/fuzz/fuzz_requests.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  huiyin::fuzz::http(data, size);
  return 0;
}
