// What an owner says while a survey waits.
#include "tests/fuzz/fuzz_staff.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  huiyin::fuzz::survey_answer(data, size);
  return 0;
}
