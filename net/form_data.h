#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace huiyin {

/// One field of a form. `body` points into the request's.
struct FormPart {
  std::string name{};
  bool is_file = false;  ///< chosen from the phone's own; its name and type are not believed, and not read
  std::string_view body{};
};

/// Is it a form with files (multipart/form-data)?
[[nodiscard]] bool is_form_data(std::string_view content_type);

/// The fields of a form with files, as browsers send it (RFC 7578). Nothing where it is malformed, not closed, or has
/// more than `most` fields. A field of files in which none was chosen comes as one that is empty.
[[nodiscard]] std::optional<std::vector<FormPart>> read_form_data(std::string_view content_type, std::string_view body,
                                                                  std::size_t most);

}  // namespace huiyin
