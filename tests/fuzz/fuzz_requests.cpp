#include "tests/fuzz/fuzz_requests.h"

#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "net/http_reader.h"

namespace huiyin::fuzz {
namespace {

constexpr std::size_t kMostBody = 64;

/// The requests that a reader found. (How it ended depends on the cut: a head that is wrong may be refused before it
/// is whole.)
std::vector<std::string> read_all(const std::vector<std::string_view>& parts) {
  HttpReader reader({.max_head_bytes = 512, .max_body_bytes = kMostBody});
  std::vector<std::string> out;
  auto state = HttpReader::State::idle;
  for (const auto part : parts) {
    if (state == HttpReader::State::refused) break;
    state = reader.feed(part);
    while (state == HttpReader::State::complete) {
      const auto& request = reader.request();
      if (request.body.size() > kMostBody) std::abort();
      out.push_back(encode(request));
      state = reader.next();
    }
  }
  return out;
}

}  // namespace

void http(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return;
  const std::string_view bytes(reinterpret_cast<const char*>(data + 1), size - 1);
  const std::size_t cut = data[0] % (bytes.size() + 1);
  if (read_all({bytes}) != read_all({bytes.substr(0, cut), bytes.substr(cut)})) std::abort();
}

}  // namespace huiyin::fuzz
