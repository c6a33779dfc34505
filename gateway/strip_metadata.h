#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace huiyin::gateway {

/// The same picture without what the camera wrote beside it (EXIF with the place it was taken, XMP, comments, embedded
/// previews, anything behind its end), for copies that go to groups. What is not known to be needed for showing it is
/// dropped, rather than what is known to be harmful. Not decoded; only the orientation and the colour profile stay.
/// JPEG, PNG and WebP; nothing for any other type, or where the bytes are not what the type says. Pure.
[[nodiscard]] std::optional<std::string> strip_metadata(std::string_view bytes, std::string_view mime_type);

}  // namespace huiyin::gateway
