#include "tests/fuzz/fuzz_wechat.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  huiyin::fuzz::judge(data, size);
  return 0;
}
