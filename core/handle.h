#pragma once

#include <memory>

namespace huiyin {

/// Calls a C library's own release function.
template <class T, auto Free>
struct Freed {
  void operator()(T* object) const noexcept { Free(object); }
};

/// Owns an object of a C library: `using CipherContext = Handle<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free>;`
template <class T, auto Free>
using Handle = std::unique_ptr<T, Freed<T, Free>>;

}  // namespace huiyin
