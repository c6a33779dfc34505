// What staff write is read before anything is known of them but who they are.
#include "tests/fuzz/fuzz_staff.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  huiyin::fuzz::staff_command(data, size);
  return 0;
}
