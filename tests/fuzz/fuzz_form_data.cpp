// A form with photos comes from a browser, or from what pretends to be one.
#include "tests/fuzz/fuzz_staff.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  huiyin::fuzz::form_data(data, size);
  return 0;
}
