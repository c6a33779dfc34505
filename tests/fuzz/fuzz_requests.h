#pragma once

#include <cstddef>
#include <cstdint>

namespace huiyin::fuzz {

/// Bytes of a connection, cut in two at the place that the first byte says. Aborts where a promise of HttpReader's is
/// broken: a cut changes no request, and no body is longer than its limit.
void http(const std::uint8_t* data, std::size_t size);

}  // namespace huiyin::fuzz
