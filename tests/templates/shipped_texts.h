#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>

#include "templates/renderer.h"

namespace huiyin {

/// Every file of texts that is shipped, as Renderer::load takes them.
inline std::map<std::string, templates::TextFiles> shipped_texts() {
  std::map<std::string, templates::TextFiles> files;
  for (const std::string locale : {"zh-CN", "en"}) {
    for (const auto& entry : std::filesystem::directory_iterator("templates/" + locale)) {
      std::ifstream in(entry.path(), std::ios::binary);
      files[locale].emplace_back(entry.path().string(),
                                 std::string(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()));
    }
    std::sort(files[locale].begin(), files[locale].end());
  }
  return files;
}

}  // namespace huiyin
