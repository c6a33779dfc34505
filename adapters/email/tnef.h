#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace huiyin::email {

/// What Outlook packs into winmail.dat (sms-and-email.md E10): its files, and the plain text where it has one.
struct TnefContent {
  struct File {
    std::string name{};
    std::string content{};
  };
  std::vector<File> files{};
  std::string text{};
};

/// Reads it; empty where it is none, or broken before its first file. Bounded by its own size; pure.
[[nodiscard]] TnefContent read_tnef(std::string_view bytes);

}  // namespace huiyin::email
