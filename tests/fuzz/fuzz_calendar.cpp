// A file of holidays of the operator's own.
#include "tests/fuzz/fuzz_staff.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  huiyin::fuzz::calendar(data, size);
  return 0;
}
