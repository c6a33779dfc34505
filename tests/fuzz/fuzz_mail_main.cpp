#include "tests/fuzz/fuzz_mail.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  huiyin::fuzz::mail(data, size);
  return 0;
}
