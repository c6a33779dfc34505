#pragma once

#include <cstddef>
#include <string>

namespace huiyin::bench {

/// The n-th owner's mail to `to`: a few hundred Chinese characters with everything that a ticket needs; of ten mails
/// three have a photo of 60 KB, each another.
[[nodiscard]] std::string letter(std::size_t number, const std::string& to);

/// A mail of about `bytes`, most of it one photo.
[[nodiscard]] std::string big_letter(std::size_t bytes);

}  // namespace huiyin::bench
