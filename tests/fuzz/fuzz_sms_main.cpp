#include "tests/fuzz/fuzz_sms.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  huiyin::fuzz::sms(data, size);
  return 0;
}
