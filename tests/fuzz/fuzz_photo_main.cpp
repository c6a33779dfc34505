// What an owner's phone calls a photo may be anything.
#include "tests/fuzz/fuzz_photo.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  huiyin::fuzz::photo(data, size);
  return 0;
}
