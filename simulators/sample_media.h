#pragma once

#include <string>

namespace huiyin::simulators {

/// Bytes of media as an owner's phone would make them, so small that they stand in the program.
struct SampleMedia {
  std::string bytes{};
  std::string content_type{};
  std::string extension{};
};

/// A JPEG of one pixel, with an EXIF block that holds a place (GPS): what must not leave the house.
[[nodiscard]] SampleMedia sample_photo();
/// A second of silence as AMR.
[[nodiscard]] SampleMedia sample_voice();
/// The beginning of an MP4, without a picture.
[[nodiscard]] SampleMedia sample_video();

}  // namespace huiyin::simulators
