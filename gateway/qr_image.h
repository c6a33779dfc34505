#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace huiyin::gateway {

/// A QR code of `text` with the four blank modules around it that readers need. Error correction M: it is printed, and
/// hangs in a stairwell. Throws std::runtime_error where the text is too long for one (about 2,300 bytes).

/// As SVG, with a caption below it, a line each; scales to any size.
[[nodiscard]] std::string qr_svg(std::string_view text, const std::vector<std::string>& caption);
/// As PNG, black on white, `scale` pixels a module.
[[nodiscard]] std::string qr_png(std::string_view text, int scale);

}  // namespace huiyin::gateway
