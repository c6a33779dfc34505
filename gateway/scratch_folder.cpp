#include "gateway/scratch_folder.h"

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <system_error>

namespace huiyin::gateway {

namespace fs = std::filesystem;

ScratchFolder::ScratchFolder(const std::string& what)
    : path_((fs::temp_directory_path() / ("huiyin-" + what + "-XXXXXX")).string()) {
  if (::mkdtemp(path_.data()) == nullptr)
    throw fs::filesystem_error("no temporary folder", path_, std::error_code(errno, std::generic_category()));
}

ScratchFolder::~ScratchFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

}  // namespace huiyin::gateway
