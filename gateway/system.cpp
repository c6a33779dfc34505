#include "gateway/system.h"

#include <openssl/rand.h>

#include <stdexcept>

namespace huiyin::gateway {

Time SystemClock::now() const { return std::chrono::floor<Millis>(std::chrono::system_clock::now()); }

void SystemRandom::fill(std::span<std::byte> out) {
  if (RAND_bytes(reinterpret_cast<unsigned char*>(out.data()), static_cast<int>(out.size())) != 1)
    throw std::runtime_error("the operating system gives no randomness");
}

}  // namespace huiyin::gateway
