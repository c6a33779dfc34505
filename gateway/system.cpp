#include "gateway/system.h"

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include <algorithm>
#include <stdexcept>

namespace huiyin::gateway {

Time SystemClock::now() const { return std::chrono::floor<Millis>(std::chrono::system_clock::now()); }

void SystemRandom::fill(std::span<std::byte> out) {
  if (out.size() > ahead_.size()) return draw(out);
  const std::lock_guard lock(mutex_);
  if (left_ < out.size()) {
    draw(ahead_);
    left_ = ahead_.size();
  }
  const auto taken = std::span(ahead_).subspan(left_ - out.size(), out.size());
  std::copy(taken.begin(), taken.end(), out.begin());
  OPENSSL_cleanse(taken.data(), taken.size());  // what was handed out is nobody else's
  left_ -= out.size();
}

void SystemRandom::draw(std::span<std::byte> out) {
  if (RAND_bytes(reinterpret_cast<unsigned char*>(out.data()), static_cast<int>(out.size())) != 1)
    throw std::runtime_error("the operating system gives no randomness");
}

}  // namespace huiyin::gateway
