#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace huiyin::email {

/// What a file is, by its first bytes, for the types that owners send (photos, videos, documents); empty: unknown.
[[nodiscard]] std::string type_by_bytes(std::string_view bytes);

struct PictureSize {
  unsigned width = 0, height = 0;
};
/// Of a PNG, GIF, JPEG or BMP; nothing where it does not say.
[[nodiscard]] std::optional<PictureSize> picture_size(std::string_view bytes);

/// Is it a logo, a line or a tracking pixel by its measures (sms-and-email.md E12)?
[[nodiscard]] bool is_logo_size(PictureSize size);

/// A name that a camera or a messenger gave: never a logo.
[[nodiscard]] bool is_camera_name(std::string_view name);

}  // namespace huiyin::email
