#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

namespace huiyin::gateway {

/// What people read, as a file that is reviewed as prose. HUIYIN_UPDATE_GOLDEN=1 rewrites it.
inline void expect_golden(const std::string& name, const std::string& text) {
  const auto path = "tests/golden/" + name;
  if (std::getenv("HUIYIN_UPDATE_GOLDEN") != nullptr) {  // NOLINT(concurrency-mt-unsafe): one thread
    std::ofstream(path, std::ios::binary) << text;
    return;
  }
  std::ifstream in(path, std::ios::binary);
  const std::string stored{std::istreambuf_iterator<char>(in), {}};
  EXPECT_EQ(text, stored) << path << " differs; HUIYIN_UPDATE_GOLDEN=1 rewrites it";
}

}  // namespace huiyin::gateway
